"""Texts as the masking patterns look at them: half-width, every digit an ASCII digit, no mark that nobody sees."""

import re
import unicodedata

_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# ①, ⑴, ❶, 𝟏 and the digits of other scripts; not ², which stands in m².
_DIGITS = {
    chr(code): str(digit)
    for code in range(0x660, 0x1FC00)
    if (digit := unicodedata.digit(chr(code), None)) is not None
}
BLANKS = "\u3000\u00a0\u2002\u2003\u2009\u202f"
_MARKS = dict.fromkeys("‐‑–—−", "-") | dict.fromkeys("·•．・‧", ".") | dict.fromkeys(BLANKS, " ")
_FOLDED = str.maketrans(_WIDE | _DIGITS | _MARKS)
UNSEEN = (
    "\u00ad\u0300-\u036f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
)
_UNSEEN = re.compile(f"[{UNSEEN}]")
# For a class of a pattern: whatever folds to a letter or digit, and more; whole ranges are searched fast.
ODD = "\u0660-\u0dff\u0e50-\u1fff\u2070-\u2089\u2460-\u24ff\u2776-\u2793\ua620-\uabff"
ODD += "\uff10-\uff19\U000104a0-\U0001fbf9Ａ-Ｚａ-ｚ＠"


def fold(text):
    """The folded text, and where each of its characters stands in the text; None where all stand at the same place."""
    half = text.translate(_FOLDED)
    if half.isascii() or not _UNSEEN.search(half):
        return half, None
    places = [at for at, character in enumerate(half) if not _UNSEEN.match(character)]
    return "".join(half[at] for at in places), places


def replace_spans(text, places, spans):
    """The text with each (start, end, mask) of its folded form in place; spans must not overlap."""
    for start, end, mask in sorted(spans, reverse=True):
        first, last = (start, end) if places is None else (places[start], places[end - 1] + 1)
        text = text[:first] + mask + text[last:]
    return text
