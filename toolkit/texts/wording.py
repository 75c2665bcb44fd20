"""What a text says apart from its wording: courtesies, numbers and places taken out, places found."""

import re
from itertools import chain, islice

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.texts.in_threads import do_in_threads, split_texts

SHORTEST = 8  # characters left after normalising; fewer say too little to be called copied

# Patterns for RE2, which needs time in proportion to the text, whatever the text: no look-around here.

_END = r"[^,。.!;:\n]"
COURTESY = [
    rf"尊敬的{_END}{{1,20}}[,:!]|^\s*[“\"][^”\"]{{1,20}}[”\"][,:]?|(?:网友|网民|市民)(?:\s*[“\"][^”\"]{{1,20}}[”\"]|[,:])",
    r"(?:您|你|大家)好|(?:您|你)的(?:留言|来信|来电|诉求|反映)[^,。!:]{0,6}(?:收悉|收到|知悉)",
    r"现?(?:就|将|对|针对)[^,。!:]{0,40}(?:答复|回复|反馈|说明)(?:如下|您)|现?(?:答复|回复|反馈)如下",
    r"(?:首先|再次|最后)?,?(?:非常|衷心|十分)?的?(?:感谢|谢谢)(?:您|你|广大)?[^。!;\n]{0,12}(?:对|的)[^。!;\n]{0,40}",
    r"(?:感谢|谢谢)(?:您|你)[^。!;\n]{0,12}|特此(?:回复|答复|函复)|祝(?:您|你)[^。!\n]{0,15}|此致\s*敬礼",
    r"如(?:您|你)?(?:还|仍)?有(?:其他|任何|什么)?(?:疑问|问题|需要)[^。!]{0,30}(?:拨打|致电|联系|咨询)[^。!]{0,30}",
    r"\bdear [^,:!\n]{1,40}[,:!]|\b(?:hello|hi|good (?:morning|afternoon|day))\b[^,:!.\n]{0,20}[,:!.]",
    r"\bthank(?:s| you)(?: very much| again)? (?:for|to) [^.!\n]{0,90}[.!]?|\bthank you[.!]",
    r"\bplease (?:do not|don't|feel free)[^.!\n]{0,20}contact[^.!\n]{0,60}[.!]?",
    r"\b(?:kind|best|warm) regards\b[^.]{0,60}|\byours (?:sincerely|faithfully|truly)\b[^.]{0,60}",
]
_COUNTED = "年月日号时点分秒个天米元次户人名件处条辆台盏栋楼层亩吨里家周岁万"
DETAILS = [  # masked names, then dates, numbers and ticket numbers; what is left of each is one character
    (r"\p{Han}某+", "某"),
    (r"[a-z]{0,12}[-_]?[\d*][\da-z*@]*(?:[-./:~,][\da-z*]*[\d*][\da-z*]*)*", "0"),
    (rf"[〇零一二两三四五六七八九十百千]+([{_COUNTED}])", r"0\1"),
    (r"(?:0[年月日号时点分秒](?:上午|下午|晚上|中午)?)+", "0"),
]

# A place is told by how it ends. What begins it is not told, so words that hardly stand in a name end it there.
_NO_NAME = (
    "的了在到去对向由从经和与及是将把被请让于至往赴住为因我你您他她该此本全各某两位个员会府委局们等并已"
)
# A Chinese character but none of these; left open for more.
_HAN = f"[^\x00-\u33ff\ua000-\U0010ffff{_NO_NAME}"
_ENDINGS = [  # how a place ends; what, right before or after, makes that a common noun; the longest name
    ("镇", "乡城村小", "痛静定", 3),
    ("乡", "城老家下返回外水", "镇村亲", 3),
    ("街道", "条镇", "", 4),
    ("村", "农乡政然驻进入出城", "民委干级镇", 3),
    ("社区", "辖进入", "", 4),
    ("小区", "旧宅型开商", "", 5),
    ("大街", "条上", "", 4),
    ("路", "道公线马铁电主陆泥思出网走绕修土水", "灯面边况基过程由障", 3),
]
AREAS = [
    rf"({_HAN}]{{0,{most - 1}}}{_HAN}{before}]{ending})" + (f"([^{after}]|$)" if after else "()")
    for ending, before, after, most in _ENDINGS
]
STREETS = r"((?:\b[a-z]+ )?\b[a-z]+ (?:street|road|avenue|lane|drive|square|village)\b)()"
_BUILDING = r"([0-9]+ ?(?:号楼|栋|幢|单元)|\b(?:building|block|unit) [0-9a-z]+\b)()"
_SEARCHED = [re.compile(pattern) for pattern in (STREETS, *AREAS, _BUILDING)]


def normalise(texts):
    """What a text says, without greeting, thanks, dates, numbers, names of places and punctuation.

    Reads and gives a Series of the same index. Each number, date, ticket number or masked number becomes 0,
    each place 地. A missing text stays missing; a text of nothing but courtesies keeps them.
    """
    words = pa.array(texts.astype("str"), pa.large_string(), from_pandas=True)
    words = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    parts = do_in_threads(_normalise, split_texts(words))
    normal = pa.chunked_array(parts, pa.large_string()).to_pandas()
    return pd.Series(normal.array, texts.index, dtype="str")


def _normalise(words):
    words = pc.utf8_lower(pc.utf8_normalize(words, "NFKC"))
    bare = words
    for pattern in COURTESY:
        bare = pc.replace_substring_regex(bare, pattern, "。")
    bare = _fold(bare)
    too_bare = pc.fill_null(pc.less(pc.utf8_length(bare), SHORTEST), False)
    return pc.replace_with_mask(bare, too_bare, _fold(words.filter(too_bare)))


def _fold(words):
    places = [(pattern, r"地\2") for pattern in (STREETS, *AREAS)]
    for pattern, left in [*DETAILS, *places, (r"[^\p{L}\p{N}]+", ""), ("0+", "0")]:
        words = pc.replace_substring_regex(words, pattern, left)
    return words


def find_places(texts):
    """The places and buildings a text names first, in one string of sorted words; missing where it names none.

    Two of each kind are kept: a long text names more in passing, and there a word may be taken for a place.
    """
    codes, distinct = pd.factorize(texts.astype("str"))
    words = pa.array(distinct, pa.large_string())
    words = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    parts = do_in_threads(_find_places, split_texts(words))
    named = pd.array(list(chain.from_iterable(parts)), dtype="str").take(codes, allow_fill=True)
    return pd.Series(named, texts.index)


def _find_places(words):
    """The places that each of the texts names, each kind cut out before the next: a township does not begin a village's name."""
    words, found = pc.utf8_lower(pc.utf8_normalize(words, "NFKC")), [set() for _ in range(len(words))]
    for pattern in _SEARCHED:
        holding = pc.match_substring_regex(words, pattern.pattern)  # whatever Python finds, RE2 finds too
        rows = pc.indices_nonzero(holding)
        texts = words.take(rows).to_pylist()
        for row, text in zip(rows.to_pylist(), texts, strict=True):
            found[row].update(match[1] for match in islice(pattern.finditer(text), 2))
        left = pa.array([pattern.sub(r"，\2", text) for text in texts], pa.large_string())
        words = pc.replace_with_mask(words, holding, left)
    return [" ".join(sorted(names)) or None for names in found]
