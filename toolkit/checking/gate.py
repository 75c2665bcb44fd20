"""The page gate: what a page must be before it may leave the office, told from its file alone.

What only a browser can tell (that every figure opens, that the page says nothing on its console) is in `browsing`.
"""

import base64
import re
import zlib

from lxml import html

MOST_BYTES = 8_000_000  # what a mail box of the office takes, with room for a second page
DATA = "application/octet-stream"

ALLOWED = re.compile(
    r"#|data:image/|(?![/\\])[^:/?#]*(?:[/?#]|$)"
)  # in the page, a picture in it, a file beside it
ADDRESSES = (
    "href",
    "src",
    "xlink:href",
    "{http://www.w3.org/1999/xlink}href",
    "action",
    "data",
    "poster",
    "srcset",
)
STYLED = re.compile(r"url\(\s*['\"]?(?!#|data:)|@import", re.I)
DRAWN, UNDRAWABLE = (
    ("d", "transform", "width", "height", "viewbox", "x", "y"),
    re.compile(r"NaN|Infinity|e\+30"),
)
FORBIDDEN = ("iframe", "object", "embed", "form", "base", "link", "applet")


def check_page(text):
    """What is wrong with a page, a sentence each: size, addresses outside, scripts that no template wrote."""
    size = len(text.encode())
    if size > MOST_BYTES:
        yield f"页面{size / 1e6:.1f}MB，超过{MOST_BYTES / 1e6:.0f}MB：减少单位或缩短期间"
    page = html.fromstring(text)
    for packed in page.xpath(f'//script[@type="{DATA}"][not(@id)]'):
        yield from _check_tree(html.fromstring(f"<div>{_unpack(packed.text)}</div>"))
    yield from _check_tree(page)
    yield from _check_scripts(page)


def _unpack(packed):
    return zlib.decompress(base64.b64decode(packed)).decode()


def _check_tree(tree):
    for element in tree.iter(html.etree.Element):
        if element.tag in FORBIDDEN:
            yield f"有<{element.tag}>：页面不得嵌入或提交到别处"
        for name, value in element.items():
            if name.lower().startswith("on"):
                yield f"<{element.tag}>带有{name}：文字变成了程序"
            elif name in ADDRESSES and not ALLOWED.match(value.strip()):
                yield f"<{element.tag}>指向外部地址：{value[:60]}"
            elif name in DRAWN and UNDRAWABLE.search(value):
                yield f"图中<{element.tag}>的{name}画不出来：{value[:40]}"
            elif name == "style" and STYLED.search(value):
                yield f"<{element.tag}>的样式指向外部：{value[:60]}"
        if element.tag == "style" and STYLED.search(element.text or ""):
            yield "样式指向外部地址"


def _check_scripts(page):
    """The page holds data, and one script at its end: a second one came from a text."""
    scripts = page.xpath("//script")
    running = [script for script in scripts if script.get("type") not in (DATA, "application/json")]
    if len(running) > 1 or any(script.get("src") for script in scripts):
        yield f"有{len(running)}段程序，应只有页面自带的1段：文字变成了程序"
    if not page.xpath("//meta[@http-equiv='Content-Security-Policy']"):
        yield "没有Content-Security-Policy：浏览器不会拦外部地址"
