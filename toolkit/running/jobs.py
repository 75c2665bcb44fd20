"""What a run will make: a job a report, each with its parameters checked and its files named before anything is written."""

from dataclasses import dataclass
from pathlib import Path

import papermill

from toolkit import schema
from toolkit.errors import ParameterError, list_mistakes, nearest
from toolkit.loading.generations import PART
from toolkit.preparing.file_names import name_files
from toolkit.presenting.writing.drafts import FILES
from toolkit.running.manifest import MANIFEST
from toolkit.running.whole import LOCK, NEW, OLD
from toolkit.settings import PROJECT, is_file, project_path

REFUSED_FILE = "待修正.xlsx"
BANDS_FILE = "分档表.xlsx"
NOTICES = "督办单"  # the folder of the notices issued by the run
INDEX = "index.html"  # the county's page
FORMER = ["county.html"]  # the county's page in folders of earlier versions
OWN = [
    "prepared",
    "units",
    NOTICES,
    REFUSED_FILE,
    BANDS_FILE,
    "county.ipynb",
    INDEX,
    "runs.csv",
    MANIFEST,
    *FILES,
    *FORMER,
]


@dataclass(frozen=True)
class Job:
    """One report to make: which notebook with which parameters, and where its files go."""

    report: str
    group: str
    template: Path
    parameters: dict
    notebook: Path
    page: Path
    title: str


def plan(run, report, folder):
    """The jobs of a run: the county's overview, then one a unit."""
    reports = report.about["reports"]
    wanted = [name for name in reports if not run.units or name in run.units]
    files = name_files(wanted)
    policy = ", ".join(run.policy) if isinstance(run.policy, list) else run.policy
    settings = {"source": "", "period": str(run.period), "as_of": str(run.as_of), "policy": policy}
    settings["prepared"] = run.shared or _as_parameter(folder / "prepared")
    units = [_plan_unit(run, name, reports[name], file, folder, settings) for name, file in files.items()]
    return [_plan_county(run, folder, settings), *units]


def _plan_county(run, folder, settings):
    return Job(
        report=schema.COUNTY,
        group="",
        template=project_path(run.county_notebook),
        parameters=settings,
        notebook=folder / "county.ipynb",
        page=folder / INDEX,
        title=f"{schema.COUNTY}　{run.title}",
    )


def _plan_unit(run, name, group, file, folder, settings):
    return Job(
        report=name,
        group=group,
        template=project_path(run.unit_notebook),
        parameters=settings | {"unit": name},
        notebook=folder / "units" / f"{file}.ipynb",
        page=folder / "units" / f"{file}.html",
        title=f"{name}　{run.title}",
    )


def _as_parameter(path):
    """A path as a notebook's parameter: relative to the project where it lies inside, so that it travels."""
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else str(path)


def list_missing_notebooks(run):
    for template in dict.fromkeys([project_path(run.county_notebook), project_path(run.unit_notebook)]):
        if not is_file(template):
            yield f"no notebook '{template.name}' in {template.parent.name}/"


def check_parameters(jobs):
    """Every parameter must be one the notebook declares, and of its type; all mistakes are named at once."""
    mistakes = []
    for template in dict.fromkeys(job.template for job in jobs):
        declared = papermill.inspect_notebook(str(template))
        given = next(job.parameters for job in jobs if job.template == template)
        mistakes += [f"{template.name}: {text}" for text in _parameter_mistakes(given, declared)]
    if mistakes:
        raise ParameterError(list_mistakes("the notebooks do not take these parameters", mistakes))


def _parameter_mistakes(given, declared):
    for name, value in given.items():
        if name not in declared:
            yield f"no parameter '{name}'.{nearest(name, declared)}"
        elif (kind := declared[name]["inferred_type_name"]) not in ("None", type(value).__name__):
            yield f"parameter '{name}' is {kind}, found {value!r}"


# --- the run's folder ------------------------------------------------------------------------------


def list_strangers(folder):
    """A run replaces what an earlier run wrote, and touches no folder that holds anything else."""
    own = {start + name for name in OWN for start in ("", NEW, OLD)} | {name + PART for name in OWN} | {LOCK}
    strange = [path.name for path in folder.glob("*") if path.name not in own] if folder.is_dir() else []
    if strange or (folder.exists() and not folder.is_dir()):
        yield (
            f"output '{folder.name}' holds what no run wrote ({', '.join(strange[:5]) or 'it is a file'}): "
            "name a folder of the run's own"
        )
