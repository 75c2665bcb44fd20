import random
import time

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from toolkit.errors import ParameterError
from toolkit.texts import minhash
from toolkit.texts.similar import (
    SHORTEST,
    cluster,
    cluster_matters,
    find_places,
    normalise,
    similarity,
)

REPAIRED = "尊敬的网友：您好！已安排人员到柳河镇石桥村现场核查，修复路面12平方米，2025年6月3日完工。感谢您对我们工作的支持！"
ELSEWHERE = "您好，已安排人员到青禾乡赵庄村现场核查，修复路面300.5平方米，6月13日上午完工。"
ENGLISH = "Dear Mr Smith, thank you for your message. The pothole on Main Street was repaired on 3 June. Kind regards, Ann"
OTHER_ENGLISH = "Hello, the pothole on Oak Street was repaired on 14 June."
BILL = "经查，水费按阶梯计价，抄表无误，已向用户解释清楚收费依据和标准。"


def texts(*rows, **named):
    return pd.Series(rows, dtype="str", **named)


def numbers(*rows):
    return pd.Series(rows, dtype="Int64")


def first_rows(clusters):
    """For each row the first row of its group, itself where it has none."""
    at = np.arange(len(clusters))
    return (
        pd.Series(at).groupby(clusters.fillna(0).array).transform("first").where(clusters.notna().array, at)
    )


# --- normalising -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("已于2025年6月3日完工并验收", "已于2024年12月13日上午完工并验收"),
        ("已于二〇二五年六月三日完工并验收", "已于2025-06-03完工并验收"),
        ("工单GD20250612-003已经转办镇里", "工单GD20250711-12345已经转办镇里"),
        ("来电人王某某电话139****12已联系", "来电人李某电话138****77已联系"),
        ("修复路面１２平方米，恢复通行", "修复路面300.5平方米恢复通行！"),
        ("已停水三天，现在恢复供水", "已停水12天，现在恢复供水"),
        ("路灯已到柳河镇石桥村修好了", "路灯已到青禾乡赵庄村修好了"),
        ("已在人民路安装护栏两处", "已在建设路安装护栏三处"),
        ("网友“UU0081”您好！您的留言已收悉。" + BILL, BILL + "感谢您对我们工作的理解、支持和监督！"),
        (BILL + "如有疑问请拨打12345咨询。特此回复", "尊敬的李女士：" + BILL),
        (ENGLISH, OTHER_ENGLISH.replace("Hello, t", "Hi Bob! T")),
    ],
)
def test_courtesy_numbers_and_places_are_not_told_apart(one, other):
    first, second = normalise(texts(one, other))
    assert Levenshtein.distance(first, second) <= (len(first) > 60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("道路已经修复，可以通行", "线路已经修复，可以通行"),
        ("全体村民均已领取补贴", "全部居民均已领取补贴"),
        ("情况属实，已经责令整改", "情况不属实，不予整改"),
    ],
)
def test_words_that_mean_something_stay(one, other):
    first, second = normalise(texts(one, other))
    assert first != second


def test_a_missing_text_stays_missing_and_the_rows_keep_their_labels():
    normal = normalise(texts(None, BILL, "", index=["a", "b", "b"]))
    assert normal.isna().tolist() == [True, False, False]
    assert normal.index.tolist() == ["a", "b", "b"]


def test_a_reply_of_nothing_but_courtesy_keeps_it():
    assert normalise(texts("您好！感谢您对我们工作的支持！")).item() == "您好感谢您对我们工作的支持"
    assert cluster(texts(*["您好！您的留言已收悉！"] * 3)).tolist() == [1, 1, 1]


# --- similarity ------------------------------------------------------------------------------------


def test_similarity_is_the_share_of_characters_that_stay():
    alike = similarity(
        texts("甲乙丙丁戊己庚辛壬癸", "abc", None, "！！"), texts("甲乙丙丁戊己庚辛壬子", "xyz", "abc", "abc")
    )
    assert alike.tolist()[:2] == [0.9, 0.0]
    assert alike.isna().tolist() == [False, False, True, True]
    assert alike.dtype == "Float64"


def test_similarity_needs_the_same_rows():
    with pytest.raises(ParameterError, match="found 2 and 1"):
        similarity(texts("a", "b"), texts("a"))


# --- clusters --------------------------------------------------------------------------------------


def test_the_same_reply_with_another_place_date_and_number_is_found():
    found = cluster(
        texts(REPAIRED, BILL, ELSEWHERE, ENGLISH, OTHER_ENGLISH, "无关的一条答复，与其他各条都不相同")
    )
    assert found.equals(numbers(1, None, 1, 2, 2, None))


def test_missing_short_and_empty_texts_are_in_no_group():
    short = "字" * (SHORTEST - 1)
    assert cluster(texts(None, None, "", "", short, short, "！？", "！？", "😀😀😀", "😀😀😀")).isna().all()
    assert cluster(texts(short + "字", short + "字")).tolist() == [1, 1]


def test_an_empty_table_gives_an_empty_column():
    empty = texts()
    assert cluster(empty).equals(pd.Series(dtype="Int64", index=empty.index))
    assert cluster_matters(empty, empty, empty).empty
    assert similarity(empty, empty).empty
    assert normalise(empty).empty


def test_units_are_not_compared_with_each_other_nor_with_nobody():
    units = pd.Series(["甲镇", "乙镇", "甲镇", None, None])
    assert cluster(texts(*[REPAIRED] * 5), within=units).equals(numbers(1, None, 1, None, None))


def test_exactly_on_the_threshold_is_near_identical():
    ten, changed = "甲乙丙丁戊己庚辛壬癸", "甲乙丙丁戊己庚辛壬子"
    assert cluster(texts(ten, changed), threshold=0.9).notna().all()
    assert cluster(texts(ten, changed), threshold=0.91).isna().all()


def test_a_group_does_not_drift_away_from_its_first_text():
    steps = ["甲乙丙丁戊己庚辛壬癸", "甲乙丙丁戊己庚辛壬子", "甲乙丙丁戊己庚辛丑子", "甲乙丙丁戊己庚寅丑子"]
    assert cluster(texts(*steps)).equals(numbers(1, 1, 2, 2))


def test_labels_may_repeat_and_numbers_follow_first_appearance():
    found = cluster(texts(BILL, REPAIRED, ELSEWHERE, BILL, index=[7, 7, "x", None]))
    assert found.tolist() == [1, 2, 2, 1]
    assert found.index.tolist() == [7, 7, "x", None]


@pytest.mark.parametrize("threshold", [0.49, 1.01, 90, float("nan")])
def test_a_threshold_that_makes_no_sense_is_refused(threshold):
    with pytest.raises(ParameterError, match="must be from"):
        cluster(texts("a"), threshold=threshold)


def test_units_of_another_table_are_refused():
    with pytest.raises(ParameterError, match="same rows"):
        cluster(texts("a", "b"), within=texts("a", "b", index=[1, 2]))


def test_hostile_texts_are_texts():
    hostile = [
        "</script>" * 50,
        "\x00" * 100,
        "a" * 50_000,
        "(" * 5_000,
        "\\1$0" * 100,
        "镇" * 9_000,
        "尊敬的" * 5_000,
    ]
    start = time.perf_counter()
    found = cluster(texts(*hostile, *hostile))
    assert time.perf_counter() - start < 30  # a pattern that backtracks would take hours
    assert found.iloc[[0, 2, 5, 6]].tolist() == found.iloc[[7, 9, 12, 13]].tolist()


def test_categories_and_objects_are_read_as_text():
    assert cluster(pd.Series([BILL, BILL, None], dtype="category")).tolist()[:2] == [1, 1]
    assert cluster(pd.Series([BILL, BILL, None], dtype=object)).tolist()[:2] == [1, 1]


def test_nothing_given_is_changed():
    given_texts, units = texts(REPAIRED, ELSEWHERE), texts("甲", "甲")
    kept = given_texts.copy(), units.copy()
    cluster(given_texts, units)
    cluster_matters(given_texts, units, units)
    assert given_texts.equals(kept[0])
    assert units.equals(kept[1])


# --- matters ---------------------------------------------------------------------------------------

DARK = "反映{}主路的路灯坏了半个多月，晚上出行很不方便，希望有关部门尽快维修。"


def test_the_same_words_about_another_place_are_another_matter():
    said = texts(*(DARK.format(place) for place in ("石桥村", "赵庄村", "石桥村")))
    assert cluster(said).tolist() == [1, 1, 1]
    assert cluster_matters(said).equals(numbers(1, None, 1))


def test_the_address_tells_matters_apart_that_name_no_place():
    said = texts(*[DARK.format("")] * 5)
    assert cluster_matters(said, texts("柳河镇", "青禾乡", "柳河镇", "北关", "北关")).tolist()[::2] == [
        1,
        1,
        2,
    ]
    assert cluster_matters(said).tolist() == [1] * 5


def test_a_missing_address_is_read_from_the_words():
    said = texts("柳河镇路灯坏了半个多月，晚上出行很不方便", "路灯坏了半个多月，晚上出行很不方便")
    assert cluster_matters(said, texts(None, "柳河镇"), threshold=0.8).tolist() == [1, 1]


def test_matters_are_compared_within_a_caller():
    said = texts(*[DARK.format("石桥村")] * 4)
    assert cluster_matters(said, None, texts("甲", "乙", "甲", None)).equals(numbers(1, None, 1, None))


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("家住柳河镇石桥村，门前道路积水", "柳河镇 石桥村"),
        ("阳光小区3号楼电梯坏了，小区业主不满", "3号楼 阳光小区"),
        ("The light at 5 Oak Street, Building 7 is out", "building 7 oak street"),
        ("咨询医保报销比例和农村低保", None),
    ],
)
def test_places_are_known_by_how_they_end(said, named):
    found = find_places(texts(said))
    assert found.isna().item() if named is None else found.item() == named


def test_groups_are_numbered_as_their_first_text_comes_and_keep_the_rows_labels():
    replies = texts(REPAIRED, BILL, ELSEWHERE, BILL, None, index=list("abcde"))
    assert cluster(replies).equals(numbers(1, 2, 1, 2, None).set_axis(list("abcde")))


# --- what holds for any texts ----------------------------------------------------------------------

TEMPLATES = [
    "经核实情况属实已安排施工队对破损路面进行修复并加强日常巡查维护",
    "经核实情况属实已责令商户停止占道经营并安排人员加强日常巡查",
    "thestreetlighthasbeenrepairedbyourteamandtheareawillbecheckedregularly",
]
edits = st.lists(st.tuples(st.integers(0, 90), st.sampled_from(["", "甲", "乙", "丙丁", "x"])), max_size=6)


def edit(template, changes):
    for at, letters in changes:
        template = template[:at] + letters + template[at + 1 :]
    return template


replies = st.lists(st.builds(edit, st.sampled_from(TEMPLATES), edits), max_size=25)


def join_by_comparing_all(normal, threshold):
    """The same rule without any shortcut: each text joins the earliest first text it is like."""
    firsts, joined = [], []
    for at, text in enumerate(normal):
        alike = (f for f in firsts if Levenshtein.normalized_similarity(text, normal[f]) >= threshold)
        first = next(alike, at)
        firsts += [at] if first == at else []
        joined.append(first)
    return joined


@examples(25)
@given(replies, st.sampled_from([0.8, 0.85, 0.9, 0.95, 1.0]))
def test_nothing_is_missed_that_comparing_all_with_all_finds(rows, threshold):
    found = cluster(texts(*rows), threshold=threshold)
    assert first_rows(found).tolist() == join_by_comparing_all(normalise(texts(*rows)).tolist(), threshold)


@examples(15)
@given(replies, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_where_groups_are_apart(rows, rng):
    given_rows = texts(*rows)
    normal = normalise(given_rows)
    alike = pd.DataFrame(
        {at: [Levenshtein.normalized_similarity(a, b) >= 0.9 for b in normal] for at, a in enumerate(normal)}
    )
    chained = any((alike[a] & ~alike[b]).any() for a in alike for b in alike if alike.loc[a, b])
    order = rng.sample(range(len(rows)), len(rows))
    found = cluster(given_rows)
    again = cluster(given_rows.iloc[order]).sort_index()
    assert chained or first_rows(found).equals(first_rows(again))


@examples(15)
@given(replies, st.lists(st.sampled_from("甲乙"), min_size=25, max_size=25))
def test_equal_texts_are_together_and_units_apart(rows, units):
    given_rows, units = texts(*rows), texts(*units[: len(rows)])
    found = cluster(given_rows, units)
    assert units.groupby(found).nunique().le(1).all()
    sizes = found.groupby([normalise(given_rows), units]).agg(["nunique", "size"])
    assert (sizes["nunique"].eq(1) | sizes["size"].eq(1)).all()


@examples(25)
@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_text_at_all_can_be_read(rows):
    given_rows = texts(*(row.encode("utf-8", "replace").decode() for row in rows))
    found = cluster_matters(given_rows, given_rows)
    assert found.index.equals(given_rows.index)
    assert (found.value_counts() >= 2).all()


# --- among many texts, of which not all are compared -------------------------------------------------


@pytest.fixture
def no_room(monkeypatch):
    """Few texts are searched like many."""
    monkeypatch.setattr(minhash, "ROOM", 0)
    monkeypatch.setattr(minhash, "NEAR", 6)
    monkeypatch.setattr(minhash, "WHOLE", 0)


def make_alike(rows):
    """Texts of one of three patterns with two words filled in, half of them another's with slips in a few places."""
    rng = random.Random(5)
    words = "".join(chr(0x4E00 + at) for at in range(0, 600))
    made = []
    for _ in range(rows // 2):
        pattern, fill = rng.choice(TEMPLATES), ["".join(rng.choices(words, k=8)) for _ in range(2)]
        made.append(pattern[:12] + fill[0] + pattern[12:] + fill[1])
        slips = [(rng.randrange(len(made[-1])), rng.choice(["", *words[:9]])) for _ in range(4)]
        made.append(edit(made[-1], slips))
    return rng.sample(made, len(made))


def test_among_many_texts_at_least_99_in_100_are_found(no_room):
    rows = make_alike(2_000)
    found = first_rows(cluster(texts(*rows))).to_numpy()
    expected = np.array(join_by_comparing_all(normalise(texts(*rows)).tolist(), 0.9))
    joined = expected != np.arange(len(rows))
    assert joined.mean() > 0.4
    assert (found == expected)[joined].mean() >= 0.99


def test_among_many_texts_those_of_a_group_of_up_to_a_thousand_are_all_found(monkeypatch):
    monkeypatch.setattr(minhash, "ROOM", 0)
    monkeypatch.setattr(minhash, "NEAR", 1)
    monkeypatch.setattr(minhash, "BATCH", 300)
    rows = make_alike(900)
    units = texts(*("甲乙丙"[at % 3] for at in range(900)))
    found = first_rows(cluster(texts(*rows), units)).to_numpy()
    expected = [join_by_comparing_all(normalise(texts(*rows[at::3])).tolist(), 0.9) for at in range(3)]
    joined = np.concatenate([np.array(own) != np.arange(300) for own in expected])
    assert joined.sum() > 100
    assert (np.concatenate([found[at::3] != np.arange(at, 900, 3) for at in range(3)]) == joined).all()


def test_among_many_texts_every_member_is_like_its_first(no_room):
    rows = texts(*make_alike(1_000), *[DARK.format(place) for place in TEMPLATES], *TEMPLATES)
    normal, first = normalise(rows), first_rows(cluster(rows, threshold=0.8))
    assert (similarity(rows, rows.iloc[first].set_axis(rows.index)) >= 0.8 - 1e-9).all()
    assert (first.to_numpy() == first.to_numpy()[first]).all()
    assert first.groupby(normal.array).nunique().eq(1).all()


def test_one_boilerplate_with_other_words_in_it_is_few_groups(no_room):
    start, end = TEMPLATES[0][:20], TEMPLATES[0][20:]
    rows = texts(*(start + chr(0x4E00 + at) + end + chr(0x5E00 + at % 70) for at in range(3_000)))
    assert cluster(rows).eq(1).all()


def test_units_are_not_compared_with_each_other_among_many_texts_either(no_room):
    rows = make_alike(1_000)
    units = texts(*(["甲", "乙", "丙"][at % 3] for at in range(1_000)))
    found = cluster(texts(*rows), units)
    assert found.notna().any()
    assert units.groupby(found).nunique().le(1).all()


@examples(25)
@given(replies)
def test_a_text_left_behind_by_its_first_finds_another(rows):
    words = np.array(list(dict.fromkeys(rows)), dtype=object)
    allowed = np.array([len(word) // 10 for word in words], dtype=np.int64)
    leaders, at = np.arange(len(words)), np.arange(len(words))
    for gap in (3, 1, 2):  # as if different ways of sorting had brought these together
        one = (
            at[gap:][(leaders[gap:] == at[gap:]) & (leaders[:-gap] == at[:-gap])] if len(at) > gap else at[:0]
        )
        alike = minhash._compare(words, one, one - gap, allowed)
        minhash._settle(leaders, one[alike], one[alike] - gap, words, allowed)
        assert (leaders[leaders] == leaders).all()
        assert minhash._compare(words, at, leaders, allowed).all()
