"""The explorer's module and style as a widget takes them: the drill-down's functions and its own in one scope."""

from pathlib import Path

from toolkit.presenting.drill.files import read_script, read_style

HERE = Path(__file__).parent
SHARED = ["decode", "engine", "export", "elements", "timeline", "ticket", "table", "narrow", "save"]
SCRIPTS = [
    "kernel",
    "cross",
    "history",
    "bars",
    "heat",
    "beside",
    "desk",
    "top",
    "panel",
    "sides",
    "trial",
    "supposing",
    "explorer",
]


def read_module():
    """The ES module: what a front end calls is `render`."""
    own = "\n".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return f"{read_script(SHARED)}\n{own}\nexport default {{ render }};\n"


def read_styles():
    """The page's colours, the drill-down's style and the explorer's."""
    colours, own = (
        file.read_text(encoding="utf-8") for file in (HERE.parent / "page.css", HERE / "explorer.css")
    )
    return colours.partition("}")[0].replace(":root", ".explorer") + "}\n" + read_style() + own
