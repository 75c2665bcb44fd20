"""Python and the packages: what is installed against the lower bounds of pyproject.toml."""

import importlib.metadata
import struct
import sys
import tomllib

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from toolkit.installing.check import judge
from toolkit.settings import PROJECT

EXTRAS = {"cluster": "多机批量", "database": "读数据库", "leader": "领导页面", "dev": "开发和测试"}
AGAIN = "重新安装：离线的运行安装包里的install脚本，联网的按docs/install.md"
LANGUAGE_PACK, LAB = "jupyterlab-language-pack-zh-CN", "jupyterlab"


def read_project():
    """The [project] part of pyproject.toml."""
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def check_python(version, bits, asked):
    """Python's own version, e.g. "3.11.7", against what the project asks for, e.g. ">=3.11"."""
    broken = ""
    if bits != 64:
        broken = "换装64位的Python：所用的包没有32位的"
    elif version not in SpecifierSet(asked):
        broken = f"换装Python {asked.removeprefix('>=')}或更高版本，再重新安装"
    return judge("Python", f"{version}，{bits}位（要求{asked}）", broken)


def check_packages(requirements, version_of):
    """The packages that are always needed: each installed, and not below its lower bound.

    version_of: a package's name → its version, None where it is not installed.
    """
    wrong = list_wrong(requirements, version_of)
    found = "；".join(wrong) or f"{len(requirements)}个必需的包都在，版本都够"
    return judge("必需的包", found, AGAIN if wrong else "")


def check_extras(extras, version_of):
    """The packages of what is optional; one that is installed has to be new enough, one that is not is told."""
    for extra, requirements in extras.items():
        name = f"可选：{EXTRAS.get(extra, extra)}"
        wrong = list_wrong(requirements, version_of)
        old = [said for said in wrong if "未装" not in said]
        found = "；".join(wrong) or f"{len(requirements)}个包都在"
        yield judge(name, found, doubtful=AGAIN if old else "")


def list_wrong(requirements, version_of):
    """What is missing or too old among requirements such as "pandas>=3.0", in words."""
    wrong = []
    for asked in map(Requirement, requirements):
        found = version_of(asked.name)
        if found is None:
            wrong.append(f"{asked.name}未装")
        elif not asked.specifier.contains(found, prereleases=True):
            wrong.append(f"{asked.name} {found}，要求{asked.specifier}")
    return wrong


def check_language_pack(version_of):
    """JupyterLab's Chinese: whether it is there; one of another version than JupyterLab's leaves a few words in English."""
    pack, lab = version_of(LANGUAGE_PACK), version_of(LAB)
    if pack is None:
        return judge("JupyterLab中文", "没有语言包", doubtful=f"菜单将是英文的。{AGAIN}")
    same = lab is None or pack.split(".")[:2] == lab.split(".")[:2]
    found = f"语言包{pack}，JupyterLab {lab or '未装'}"
    return judge("JupyterLab中文", found if same else f"{found}：版本不同，个别菜单可能是英文的")


def version_of(name):
    """A package's version, None where it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def check_installed():
    """All of the above, of this machine."""
    project = read_project()
    own = project["name"]
    extras = {
        extra: [asked for asked in requirements if Requirement(asked).name != own]
        for extra, requirements in project["optional-dependencies"].items()
    }
    version = ".".join(map(str, sys.version_info[:3]))
    yield check_python(version, 8 * struct.calcsize("P"), project["requires-python"])
    yield check_packages(project["dependencies"], version_of)
    yield from check_extras(extras, version_of)
    yield check_language_pack(version_of)
