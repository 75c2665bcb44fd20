"""Which tickets are explored: those of a run that is prepared, of a store, or of an export, as one cell names them."""

import pyarrow as pa

from toolkit.errors import SourceError
from toolkit.loading.load import load
from toolkit.loading.stored import is_store, load_store
from toolkit.preparing.prepare import prepare
from toolkit.preparing.report import ABOUT, read_report
from toolkit.settings import project_path

DEMO_RUN = "outputs/demo"
DEMO_SOURCE = "outputs/demo_county/export"


def open_explored(run="", source="", period="", as_of="", policy="county_default"):
    """The county's report: read from a run's folder where it is prepared, else made from a store or an export.

    run: what `toolkit batch` wrote, such as outputs/demo; empty where source is meant. source: an export, or the folder
    of a store; period, as_of and policy are its own, those of a run stand in the run. The demo's export stands in
    for the demo's run. Says in Chinese what it does, and in a SourceError which command makes what is missing.
    """
    pa.set_memory_pool(
        pa.system_memory_pool()
    )  # which gives back at once what reading took beside the frames
    folder = find_prepared(run)
    if folder:
        print(f"读取{run}……")
        return read_report(folder)
    _require_source(run, source)
    print(f"{run or '本页'}没有生成过报告，改读{source}，现读现算，需要几秒到几分钟……")
    loaded = load_store(source, as_of) if is_store(source) else load(source, as_of)
    return prepare(loaded, {"period": period, "as_of": as_of, "policy": policy})


def find_prepared(run):
    """The folder of a run's prepared frames, from the run's folder or itself; None where nothing is prepared."""
    places = [project_path(run) / "prepared", project_path(run)] if run else []
    return next((place for place in places if (place / ABOUT).is_file()), None)


def _require_source(run, source):
    """A run that is not there is never passed over in silence: another one's tickets would be taken for its own."""
    is_demo = run == DEMO_RUN and source in ("", DEMO_SOURCE)
    if is_demo and not project_path(DEMO_SOURCE).is_dir():
        raise SourceError(
            "示例还没有生成：先在终端执行 toolkit demo，再执行 toolkit batch parameters/demo.yml"
        )
    if run and not is_demo:
        raise SourceError(
            f"“{run}”里没有生成好的报告：先在终端执行 toolkit batch 加这次运行的参数文件（如 parameters/demo.yml）；"
            "要直接读导出表或历次导出的存放处，把 run 留空，在 source 填它的路径"
        )
    if not source:
        raise SourceError(
            "没有指明看哪些工单：run 填批量运行的文件夹（如 outputs/demo），或 source 填导出表、存放处的路径"
        )
