"""Executed notebook → one offline HTML file whose figures open their tickets.

The page is built from the outputs alone: no code, no address outside the page, one copy of the chart
library. JSON stands in it with `<` written \\u003c, so that no text can end a script.
"""

import json
from functools import cache
from pathlib import Path

import jinja2
import vl_convert
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from toolkit.presenting.charts import VEGA_MIME
from toolkit.presenting.drill.files import read_script, read_style
from toolkit.presenting.listing import TICKETS_MIME

HERE = Path(__file__).parent


def build_page(notebook, title, links=None):
    """The page of an executed notebook, as text. links: report → address, for figures of other reports."""
    blocks = [block for cell in notebook.cells for block in _blocks(cell)]
    if links:
        blocks.append({"kind": "html", "content": _json_script("report-links", links)})
    has_charts = any(block["kind"] == "chart" for block in blocks)
    return _template().render(
        title=title,
        css=Markup((HERE / "page.css").read_text(encoding="utf-8") + read_style()),
        script=Markup(_page_script()),
        vega=Markup(chart_library()) if has_charts else "",
        has_charts=has_charts,
        blocks=blocks,
    )


def embed_json(value):
    """JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


@cache
def chart_library():
    """Vega, Vega-Lite and vega-embed in one script, without the addresses it offers as links."""
    script = vl_convert.javascript_bundle()
    for address in ("https://vega.github.io/editor/", "https://github.com/vega/vega-lite/issues/2415"):
        script = script.replace(address, "")
    return script.replace("</script", "<\\/script")


@cache
def _page_script():
    """The drill-down and what the page does with it, in a scope of their own."""
    own = (HERE / "page.js").read_text(encoding="utf-8")
    return f'(() => {{\n"use strict";\n{read_script()}\n{own}}})();'


@cache
def _template():
    return jinja2.Template((HERE / "page.html").read_text(encoding="utf-8"), autoescape=True)


def _blocks(cell):
    if "hide" in cell.metadata.get("tags", []):
        return []
    if cell.cell_type == "markdown":
        return [
            _html(
                MarkdownWithMath(IPythonRenderer(escape=False, exclude_anchor_links=True)).render(cell.source)
            )
        ]
    if cell.cell_type != "code":
        return []
    return [block for output in cell.outputs if (block := _block(output))]


def _block(output):
    """What an output becomes on the page; a failed cell shows its error, other streams stay in the notebook."""
    if output.output_type == "error":
        return _html(Markup('<pre class="error">{}</pre>').format(f"{output.ename}: {output.evalue}"))
    data = output.get("data", {})
    if VEGA_MIME in data:
        spec = {name: value for name, value in data[VEGA_MIME].items() if name != "$schema"}
        return {"kind": "chart", "content": embed_json(spec)}
    if TICKETS_MIME in data:
        return _html(_packed_script("tickets-data", data[TICKETS_MIME]))
    if "text/html" in data:
        return _html(data["text/html"])
    if "text/plain" in data:
        return _html(Markup("<pre>{}</pre>").format(data["text/plain"]))
    return None


def _html(content):
    return {"kind": "html", "content": Markup(content)}


def _json_script(name, value):
    return Markup('<script type="application/json" id="{}">{}</script>').format(name, embed_json(value))


def _packed_script(name, packed):
    return Markup('<script type="application/octet-stream" id="{}">{}</script>').format(name, packed)


def build_plain_page(title, content):
    """A page of content that is HTML already."""
    css = Markup((HERE / "page.css").read_text(encoding="utf-8"))
    return _template().render(title=title, css=css, blocks=[_html(content)])
