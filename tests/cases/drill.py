"""What a packed ticket table holds, read back in Python as the drill-down's script reads it."""

import base64
import json
import re
import zlib

import numpy as np

PACKED = re.compile(r'<script type="application/octet-stream" id="tickets-data">([^<]*)</script>')

SECTION = re.compile(r'<script type="application/octet-stream">([^<]*)</script>')


def find_packed(text):
    """The packed table of a page."""
    return PACKED.search(text)[1]


def unpack_page(text):
    """The page with what is packed in its folds written out, as a reader sees them who opens every fold."""
    return SECTION.sub(lambda found: zlib.decompress(base64.b64decode(found[1])).decode(), text)


def read_buffer(packed):
    """The header, and a function that reads one of the arrays it places."""
    buffer = zlib.decompress(base64.b64decode(packed))
    size = int.from_bytes(buffer[:4], "little")
    body = buffer[4 + size :]

    def read(place):
        at, count, width = place
        planes = np.frombuffer(body, "uint8", count * width, at).reshape(width, count)
        if width == 1:
            return planes[0].astype("int64")
        steps = sum(plane.astype("uint64") << np.uint64(8 * byte) for byte, plane in enumerate(planes))
        return (steps.cumsum() % 256**width).astype("int64")

    return json.loads(buffer[4 : 4 + size]), read


def read_column(packed, name):
    """One column: for each ticket its value, None where missing, or its list."""
    header, read = read_buffer(packed)
    columns = {column["name"]: column for column in header["columns"]}
    column = columns[name]
    words = np.array([None, *_list_words(column, read)], dtype="object")
    leader = columns.get(column.get("follows"), column)
    codes = read(leader["arrays"]["codes"])
    if leader is not column:
        codes = read(column["arrays"]["settled"])[codes]
    if "lengths" not in leader["arrays"]:
        return words[codes].tolist()
    ends = read(leader["arrays"]["lengths"]).cumsum()
    return [list(part) for part in np.split(words[codes], ends[:-1])]


def _list_words(column, read):
    arrays = {part: read(place) for part, place in column["arrays"].items()}
    if column["kind"] == "words":
        return column["words"]
    if column["kind"] == "times":
        moments = np.datetime64("1970-01-01T00:00") + (column["first"] + arrays["minutes"])
        return [str(moment).replace("T", " ") for moment in moments]
    stems = [column["stems"][at] for at in arrays["stemsOf"]]
    return [f"{stem}{tail:0{column['tail']}}" for stem, tail in zip(stems, arrays["tails"], strict=True)]


def unfold(page):
    """Open every fold, and wait until those that were packed are there."""
    page.evaluate("document.querySelectorAll('main details').forEach((fold) => (fold.open = true))")
    return wait_until(page, "!document.querySelector('main details script')")


def wait_until(page, condition):
    """Wait until an expression is true on a page that lets no text become script, as `wait_for_function` would."""
    page.evaluate(
        f"""async () => {{
            for (let tries = 0; !({condition}); tries++) {{
                if (tries > 500) throw new Error("not true in time");
                await new Promise((done) => setTimeout(done, 20));
            }}
        }}"""
    )
    return page
