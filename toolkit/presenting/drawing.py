"""Charts as drawings: an Altair chart becomes SVG when the page is made, so that the page needs no chart library.

A mark whose data hold `where` is a link to its tickets, one whose data hold `report` a link to that report; what
a mark says when it is pointed at is its description.
"""

import hashlib
import json
import re
from urllib.parse import unquote

import vl_convert
from markupsafe import Markup, escape

LABELLED = re.compile(r'<(path|text|line|rect)( aria-label="([^"]*)"[^>]*)(?:/>|></\1>)')
BASE = "https://vega.github.io/vega-datasets/"  # put before every address within the page
# Characters of 12 px that stay within the limits, 220 px on an axis and 160 px in a legend: none is wider than it is high.
MOST_LABEL = {"x": 18, "y": 18, "color": 13}
CLIP = re.compile(r"(?<=[\"#])clip\d+(?=[\")])")
TO_REPORT = re.compile(r'<a xlink:href="#report=([^"]*)"[^>]*>')


def draw_chart(spec, links):
    """The chart as SVG, in a frame that scrolls sideways where it is wider than the page."""
    plain = {name: value for name, value in spec.items() if name != "$schema"}
    svg = vl_convert.vegalite_to_svg(_without_limits(plain))
    svg = svg.replace(f'xlink:href="{BASE}#', 'xlink:href="#')
    svg = _name_clips(svg)
    svg = LABELLED.sub(r"<\1\2><title>\3</title></\1>", svg)
    svg = TO_REPORT.sub(lambda found: _link(links.get(unquote(found[1]))), svg)
    return Markup('<div class="wide chart">{}</div>').format(Markup(svg))


def _without_limits(spec):
    """The same chart without the limits of labels' widths where no label can reach them: to see whether one does, its
    text is measured once more, which took most of the time of drawing.
    """
    if not _is_short(spec):
        return spec
    config = spec.get("config", {})
    free = {part: config.get(part, {}) | {"labelLimit": 0} for part in ("axis", "legend")}
    return spec | {"config": config | free}


def _is_short(spec):
    """Whether every label of a chart of one layer is short; not where the chart itself says how wide a label may be."""
    shown, rows = spec.get("encoding"), spec.get("datasets", {}).get(spec.get("data", {}).get("name"))
    if shown is None or rows is None or "labelLimit" in json.dumps(shown):
        return False
    most = {shown[side].get("field"): most for side, most in MOST_LABEL.items() if side in shown}
    return all(len(str(row.get(field, ""))) <= most[field] for row in rows for field in most)


def _name_clips(svg):
    """The drawing with its clips named by what it holds: by themselves they are counted through a whole process."""
    found = list(dict.fromkeys(CLIP.findall(svg)))
    plain = CLIP.sub(lambda one: f"clip{found.index(one[0])}", svg)
    mark = hashlib.sha256(plain.encode()).hexdigest()[:8]
    return CLIP.sub(lambda one: f"clip-{mark}-{found.index(one[0])}", svg)


def _link(address):
    return f'<a xlink:href="{escape(address)}">' if address else "<a>"
