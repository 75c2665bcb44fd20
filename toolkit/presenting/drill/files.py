"""The drill-down's script and style as the page, and a widget, take them: plain functions, one file after another."""

from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = [
    *["inflate", "decode", "engine", "export", "elements", "timeline", "ticket", "table", "state"],
    *["narrow", "save", "drawer"],
]


def read_script(scripts=SCRIPTS):
    """The functions of the drill-down, to stand in one scope: a page's script, or of some files a widget's module."""
    return "\n".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in scripts)


def read_style():
    """The style of the drawer; its colours are the page's variables, with a fallback each."""
    return (HERE / "drill.css").read_text(encoding="utf-8")
