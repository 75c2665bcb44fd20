"""Charts as drawings: an Altair chart becomes SVG when the page is made, so that the page needs no chart library.

A mark whose data hold `where` is a link to its tickets, one whose data hold `report` a link to that report; what
a mark says when it is pointed at is its description.
"""

import hashlib
import re
from urllib.parse import unquote

import vl_convert
from markupsafe import Markup, escape

LABELLED = re.compile(r'<(path|text|line|rect)( aria-label="([^"]*)"[^>]*)(?:/>|></\1>)')
BASE = "https://vega.github.io/vega-datasets/"  # put before every address within the page
CLIP = re.compile(r"(?<=[\"#])clip\d+(?=[\")])")
TO_REPORT = re.compile(r'<a xlink:href="#report=([^"]*)"[^>]*>')


def draw_chart(spec, links):
    """The chart as SVG, in a frame that scrolls sideways where it is wider than the page."""
    svg = vl_convert.vegalite_to_svg({name: value for name, value in spec.items() if name != "$schema"})
    svg = svg.replace(f'xlink:href="{BASE}#', 'xlink:href="#')
    svg = _name_clips(svg)
    svg = LABELLED.sub(r"<\1\2><title>\3</title></\1>", svg)
    svg = TO_REPORT.sub(lambda found: _link(links.get(unquote(found[1]))), svg)
    return Markup('<div class="wide chart">{}</div>').format(Markup(svg))


def _name_clips(svg):
    """The drawing with its clips named by what it holds: by themselves they are counted through a whole process."""
    found = list(dict.fromkeys(CLIP.findall(svg)))
    plain = CLIP.sub(lambda one: f"clip{found.index(one[0])}", svg)
    mark = hashlib.sha256(plain.encode()).hexdigest()[:8]
    return CLIP.sub(lambda one: f"clip-{mark}-{found.index(one[0])}", svg)


def _link(address):
    return f'<a xlink:href="{escape(address)}">' if address else "<a>"
