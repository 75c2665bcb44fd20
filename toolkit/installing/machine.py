"""The machine: calendar, browser, kernels, places to write, free disk, LibreOffice."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from toolkit.clocking.workdays import WARN_DAYS, read_calendar
from toolkit.errors import PolicyError
from toolkit.installing.check import judge
from toolkit.settings import PROJECT

PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "chrome", "microsoft-edge", "msedge", "firefox"]
WINDOWS = [  # under Program Files, or a person's own AppData
    *[r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe"],
    *[r"360ChromeX\Chrome\Application\360ChromeX.exe", r"Mozilla Firefox\firefox.exe"],
]
PROGRAM_FOLDERS = ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"]
WRITES = ["outputs", "outputs/desk", ".keys"]  # reports; ticks of the explorer; the key of callers
FULL_GB, LOW_GB = 1, 5  # a county's year with its store and a run's pages stays below the first
SLOW_SECONDS = 15  # of a kernel's start; papermill gives up after 60
UNSCANNED = "请把工具所在的文件夹列入杀毒软件的信任区；虚拟机、网络盘上的，换到本机硬盘"


def check_calendar(as_of, calendar_file):
    """The last day of the working-day calendar, the parameters' own years included, seen from `as_of`."""
    try:
        calendar = read_calendar(calendar_file)
    except PolicyError as error:
        return judge("工作日历", "parameters/calendar.yml有错", broken=str(error))
    end = calendar.last_day.astype(object)
    left = (end - as_of).days
    advice = (
        f"{end.year + 1}年放假安排公布后，按通知填入parameters/calendar.yml的notices"
        if left <= WARN_DAYS
        else ""
    )
    found = f"到{end.year}年{end.month}月{end.day}日，" + (f"还有{left}天" if left >= 0 else "已经过了")
    return judge("工作日历", found, advice if left < 0 else "", advice)


def check_browser(programs):
    """The browsers found, by their files."""
    names = dict.fromkeys(Path(path.replace("\\", "/")).stem for path in programs)
    advice = "" if names else "报告是网页：安装Chrome、Edge或其他近几年的浏览器"
    return judge("浏览器", "、".join(names) or "没有找到", doubtful=advice)


def find_browsers(environ=os.environ, which=shutil.which, is_file=os.path.isfile):
    """Browsers on PATH, and where Windows has them."""
    roots = [environ[name] for name in PROGRAM_FOLDERS if environ.get(name)]
    placed = [f"{root}\\{path}" for root in roots for path in WINDOWS]
    return [*filter(None, map(which, PROGRAMS)), *filter(is_file, placed)]


def check_writing(folder, name):
    """Whether a file can be written in a folder, or where the folder would be made; nothing is left behind."""
    place = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            return judge(f"写入{name}", "可以" if place == folder else "可以（文件夹用时再建）")
    except OSError as error:
        advice = "请管理员给当前用户这个文件夹的写权限，或把工具换到自己能写的文件夹，重新安装"
        return judge(f"写入{name}", f"不能写：{error.strerror or error}", broken=advice)


def check_disk(free_bytes):
    """Free room on the disk that outputs/ stands on."""
    free = free_bytes / 2**30
    broken = f"不足{FULL_GB} GB，报告会写不完整：先清理磁盘" if free < FULL_GB else ""
    doubtful = f"不足{LOW_GB} GB：清理磁盘，outputs里不要的旧报告可以删除" if free < LOW_GB else ""
    return judge("磁盘剩余", f"{free:.1f} GB", broken, doubtful)


def check_kernel(name, start):
    """How long a kernel takes from being asked for until it answers; `start` starts one, and ends it."""
    began = time.perf_counter()
    try:
        start()
    except Exception as error:  # whatever keeps a kernel from starting is what is asked for here
        said = " ".join(str(error).split())[:200]
        return judge(
            name, f"没有启动：{type(error).__name__} {said}", broken=f"{UNSCANNED}；仍不行的，重新安装"
        )
    seconds = time.perf_counter() - began
    return judge(name, f"{seconds:.1f}秒", doubtful=UNSCANNED if seconds > SLOW_SECONDS else "")


def start_kernel():
    """Run a cell as a batch does: start a kernel, wait until it answers, end it."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    from toolkit.running.making import LocalKernelManager

    notebook = new_notebook(cells=[new_code_cell("pass")])
    kernel = {"kernel_name": "python3", "kernel_manager_class": LocalKernelManager}
    NotebookClient(notebook, **kernel, shutdown_kernel="immediate").execute()


def check_kernels():
    """A kernel of its own, and one forked from the warm process, where the system can."""
    from toolkit.running.kernels import CAN_FORK, is_possible, warm_process

    yield check_kernel("启动内核", start_kernel)
    if not CAN_FORK:
        yield judge("启动内核（预热）", "本系统不能分出进程，改为提前启动一个备用的")
    elif not is_possible():
        yield judge("启动内核（预热）", "没有登记", doubtful="批量运行会慢几倍。重新安装即可")
    else:
        with warm_process():
            start_kernel()  # which waits until the warm process has imported everything
            yield check_kernel("启动内核（预热）", start_kernel)


def check_libreoffice(path):
    """LibreOffice, which turns Word documents into PDF; nothing of the toolkit needs it."""
    return judge("LibreOffice（可选）", "有" if path else "没有（只在要把Word文稿转成PDF时用）")


def check_places():
    """The places a person's work is written to."""
    for name in WRITES:
        yield check_writing(PROJECT / name, name)
    yield check_disk(shutil.disk_usage(PROJECT).free)
