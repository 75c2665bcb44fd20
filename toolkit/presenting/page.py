"""Executed notebook → one offline HTML file whose figures open their tickets.

The page is built from the outputs alone: no code, no address outside the page, charts as drawings.
JSON stands in it with `<` written \\u003c, so that no text can end a script.
"""

import json
import re
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from toolkit.presenting.charts import VEGA_MIME
from toolkit.presenting.drawing import draw_chart
from toolkit.presenting.drill.coding import pack_bytes
from toolkit.presenting.drill.files import read_script, read_style
from toolkit.presenting.figures import END, REST
from toolkit.presenting.listing import TICKETS_MIME
from toolkit.presenting.sections import FOLD, SECTION_MIME

HERE = Path(__file__).parent
MOST_PLAIN = 60_000  # characters of what is folded; what is longer is packed until it is opened
FOLDED = re.compile(f"{REST}(.*?){END}", re.DOTALL)
PACKED = "application/octet-stream"
MARKDOWN = MarkdownWithMath(IPythonRenderer(escape=False, exclude_anchor_links=True))


def build_page(notebook, title, links=None, notice=""):
    """The page of an executed notebook, as text.

    links: report → address, for figures of other reports; notice: what must be said before anything else.
    """
    sections = [section for cell in notebook.cells for section in _read_cell(cell, links or {})]
    sections = [*([_plain(notice)] if notice else []), *sections]
    if links:
        sections.append(_plain(_json_script("report-links", links)))
    for number, section in enumerate(sections, 1):
        section["id"] = f"s{number}"
        section["content"] = _fold_away(section["content"], section["kind"] == FOLD)
    return _render(title, sections, _page_script())


def _fold_away(content, is_folded):
    """What is folded, packed until it is opened where it is long: a section's content, or the rows beneath its tables."""
    if is_folded:
        return _pack_long(content)
    return Markup(FOLDED.sub(lambda found: _pack_long(Markup(found[1])), content))


def _pack_long(content):
    if len(content) <= MOST_PLAIN:
        return content
    return Markup('<script type="{}">{}</script>').format(PACKED, pack_bytes(content.encode()))


def _render(title, sections, script=""):
    return _template().render(
        title=title,
        css=_read_own("page.css") + Markup(read_style()),
        script=script,
        sections=sections,
        contents=[section for section in sections if section["title"]],
    )


@cache
def _read_own(name):
    return Markup((HERE / name).read_text(encoding="utf-8"))


def embed_json(value):
    """JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


@cache
def _page_script():
    """The drill-down and what the page does with it, in a scope of their own."""
    own = "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("page.js", "contents.js"))
    return Markup(f'(() => {{\n"use strict";\n{read_script()}\n{own}}})();')


@cache
def _template():
    return jinja2.Template((HERE / "page.html").read_text(encoding="utf-8"), autoescape=True)


def _read_cell(cell, links):
    """What a cell shows: the section it opens with what follows; anything else as it comes."""
    if "hide" in cell.metadata.get("tags", []):
        return
    if cell.cell_type == "markdown":
        yield _plain(Markup(MARKDOWN.render(cell.source)))
    if cell.cell_type != "code":
        return
    section = None
    for output in cell.outputs:
        head = output.get("data", {}).get(SECTION_MIME)
        if head:
            section = head | {"answer": Markup(head["answer"]), "content": Markup("")}
            yield section
        elif section:
            section["content"] += _content(output, links)
        else:
            yield _plain(_content(output, links))


def _plain(content):
    return {"kind": "plain", "title": "", "content": content}


def _content(output, links):
    """What an output becomes on the page; a failed cell shows its error, other streams stay in the notebook."""
    if output.output_type == "error":
        return Markup('<pre class="error">{}</pre>').format(f"{output.ename}: {output.evalue}")
    data = output.get("data", {})
    if VEGA_MIME in data:
        return draw_chart(data[VEGA_MIME], links)
    if TICKETS_MIME in data:
        return _packed_script("tickets-data", data[TICKETS_MIME])
    if "text/html" in data:
        return Markup(data["text/html"])
    if "text/plain" in data:
        return Markup("<pre>{}</pre>").format(data["text/plain"])
    return Markup("")


def _json_script(name, value):
    return Markup('<script type="application/json" id="{}">{}</script>').format(name, embed_json(value))


def _packed_script(name, packed):
    return Markup('<script type="{}" id="{}">{}</script>').format(PACKED, name, packed)


def build_plain_page(title, content):
    """A page of content that is HTML already."""
    return _render(title, [_plain(content)])
