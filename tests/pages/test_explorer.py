"""The explorer in a real browser: its views filter each other, its tickets are those of pandas and of the page.

The front end is a plain page that plays Jupyter's part; what the kernel answers, the explorer itself answers.
"""

from pathlib import Path

import pytest
from cases.drill import wait_until
from cases.explorer import HOSTILE, mount_explorer, prepare_export
from cases.reports import with_frames
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit.preparing.report import read_report
from toolkit.presenting.drill.coding import pack_table
from toolkit.presenting.drill.files import read_script
from toolkit.presenting.explore import explore
from toolkit.presenting.exploring.columns import meet_condition
from toolkit.presenting.listing import LISTS, ORDERS, describe_tickets
from toolkit.rounding import percent

SHOWN = "document.querySelector('.explorer').shown"


@pytest.fixture(scope="module")
def prepared():
    return prepare_export()


@pytest.fixture(scope="module")
def demo_report(demo_reports):
    """The demo county's report, as its run prepared it."""
    return read_report(Path(demo_reports[1]) / "prepared")


@pytest.fixture
def open_explorer(browser, prepared, tmp_path):
    """Open an explorer; fails the test when the page says anything on its console or asks for any address."""
    pages, trouble = [], []

    def open_one(report=prepared):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text))
        page.on("request", lambda asked: asked.url.startswith("blob:") or trouble.append(asked.url))
        pages.append(page)
        page.own = explore(report, tmp_path / "desk")
        return mount_explorer(page, page.own)

    yield open_one
    for page in pages:
        page.close()
    assert not trouble


def bar(page, column, text):
    return page.locator(f'.explorer-box[data-column="{column}"] .explorer-bar', has_text=text)


def count(page, column, text):
    return bar(page, column, text).locator(".explorer-count").text_content()


def shown(page):
    return "".join(sorted(page.evaluate(SHOWN)))


def open_ticket(page, number):
    page.locator(".drill-row", has=page.get_by_text(number, exact=True)).click()
    page.locator(".explorer-beside .drill-title", has_text=number).wait_for()


# --- views ---------------------------------------------------------------------------------------------


def test_a_view_filters_the_others_and_not_itself(open_explorer):
    page = open_explorer()
    assert shown(page) == "ABCDE"
    bar(page, "category_top", "城乡建设").click()
    assert shown(page) == "ABC"
    assert count(page, "category_top", "环境保护") == "1"
    assert count(page, "due_day", "已超期") == "1"
    assert count(page, "due_day", "4月8日") == "0"
    assert page.get_by_title("青河镇 × 待签收").text_content() == "1"
    page.get_by_title("青河镇 × 待签收").click()
    assert shown(page) == "C"
    assert page.get_by_title("云岭镇 × 已办结").text_content() == "1"
    assert page.own.tickets["ticket_id"].tolist() == ["C"]


def test_control_adds_and_takes_away_and_a_second_click_undoes(open_explorer):
    page = open_explorer()
    bar(page, "due_day", "已超期").click()
    bar(page, "due_day", "4月8日").click(modifiers=["Control"])
    assert shown(page) == "CD"
    bar(page, "due_day", "已超期").click(modifiers=["Control"])
    assert shown(page) == "D"
    bar(page, "due_day", "4月8日").click()
    assert shown(page) == "ABCDE"


def test_chips_name_conditions_and_take_them_away(open_explorer):
    page = open_explorer()
    bar(page, "due_day", "已超期").click()
    assert page.locator(".drill-chip.drill-on").all_text_contents() == [
        "范围：本期、往期未回复 ×",
        "到期日：已超期 ×",
    ]
    page.locator(".drill-chip", has_text="到期日").click()
    assert shown(page) == "ABCDE"


def test_back_forward_and_clear(open_explorer):
    page = open_explorer()
    bar(page, "due_day", "已超期").click()
    page.get_by_role("button", name="单位×分类").click()
    page.get_by_title("青河镇 × 城乡建设").click()
    for name, ids in [
        ("退一步", "C"),
        ("退一步", "C"),
        ("退一步", "ABCDE"),
        ("前进", "C"),
        ("清除", "ABCDE"),
    ]:
        page.get_by_role("button", name=name).click()
        assert shown(page) == ids, name


def test_named_views_choose_and_order(open_explorer):
    page = open_explorer()
    page.get_by_role("button", name="超期最久").click()
    assert page.evaluate(SHOWN) == ["C"]
    page.get_by_role("button", name="三日内到期").click()
    assert page.evaluate(SHOWN) == []
    assert page.get_by_text("没有符合条件的工单").is_visible()


def test_findings_of_units_and_topics_stand_in_their_view(open_explorer, demo_report):
    page = open_explorer(demo_report)
    page.get_by_role("button", name="单位、专题线索").click()
    found = demo_report.findings[
        demo_report.findings["rests_on"].notna() & demo_report.findings["ticket_id"].isna()
    ]
    finding = found.iloc[0]
    page.locator('.explorer-box[data-column="rests_on"] .explorer-bar').filter(
        has_text=f"{finding['unit']}　{finding['rule_name']}"
    ).first.click()
    watched = set(demo_report.tickets.loc[demo_report.tickets["scope"].ne("上年同期"), "ticket_id"])
    assert set(page.evaluate(SHOWN)) == set(finding["rests_on"]) & watched


def test_what_an_export_lacks_leaves_its_views_empty_and_the_explorer_whole(open_explorer, prepared):
    tickets = prepared.tickets
    bare = tickets.assign(
        **{name: None for name in ("unit", "category", "category_top", "township", "due_at")}
    )
    for report, ids in [
        (with_frames(prepared, tickets=tickets.head(0)), ""),
        (with_frames(prepared, tickets=bare), "ABCDE"),
    ]:
        page = open_explorer(report)
        wait_until(page, "document.querySelector('.explorer').isWhole")
        assert shown(page) == ids
        for tab in [
            "单位×分类",
            "单位×线索",
            "属地×月份",
            "细类",
            "流转",
            "等级",
            "单位、专题线索",
            "并排比较",
        ]:
            page.get_by_role("button", name=tab, exact=True).click()
        assert page.locator(".explorer h3", has_text=f"工单 {len(ids)}件").is_visible()


TOPS = """[...document.querySelectorAll('.explorer-box, .explorer-under, .explorer-desk')]
  .map((one) => one.getBoundingClientRect().top)"""


def test_nothing_jumps_and_nothing_scrolls_sideways_at_1280_by_800(open_explorer, demo_report):
    page = open_explorer(demo_report)
    before = page.evaluate(TOPS)
    chosen = [bar(page, "due_day", "已超期"), bar(page, "due_day", "今日到期")]
    for clicked in [*chosen, page.get_by_role("button", name="单位×线索")]:
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        clicked.click()
        assert page.evaluate(TOPS) == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_further_units_of_the_heat_map_are_drawn_when_they_are_scrolled_to(open_explorer, demo_report):
    page = open_explorer(demo_report)
    drawn = page.locator(".explorer-grid tbody tr")
    assert drawn.count() < demo_report.tickets["unit"].nunique()
    bar(page, "due_day", "已超期").click()
    page.locator(".explorer-grid").evaluate("(grid) => (grid.scrollTop = grid.scrollHeight)")
    wait_until(
        page,
        f"document.querySelectorAll('.explorer-grid tbody tr').length === {demo_report.tickets['unit'].nunique()}",
    )
    told = page.locator(".explorer-grid td").all_text_contents()
    assert sum(int(cell) for cell in told if cell.isdecimal()) == len(page.evaluate(SHOWN))


def test_further_columns_of_the_heat_map_are_drawn_when_they_are_scrolled_to(open_explorer, demo_report):
    page = open_explorer(demo_report)
    wait_until(page, "document.querySelector('.explorer').isWhole")
    page.get_by_role("button", name="单位×线索").click()
    own = demo_report.findings[demo_report.findings["ticket_id"].notna()]
    heads = page.locator(".explorer-grid thead th")
    assert heads.count() < own["rule"].nunique()
    page.locator(".explorer-grid").evaluate("(grid) => grid.scrollTo(grid.scrollWidth, grid.scrollHeight)")
    across, down = own["rule"].nunique(), demo_report.tickets["unit"].nunique()
    drawn = "document.querySelectorAll('.explorer-grid {}').length === {}"
    wait_until(page, f"{drawn.format('thead th', across)} && {drawn.format('tbody tr', down)}")
    found = own[own["rule_name"].eq(heads.last.text_content()) & own["ticket_id"].isin(page.evaluate(SHOWN))]
    told = page.locator(".explorer-grid td:last-child").all_text_contents()
    assert sum(int(cell) for cell in told if cell.isdecimal()) == found["ticket_id"].nunique() > 0


def test_units_and_periods_stand_side_by_side_with_the_scorecards_figures(open_explorer, demo_report):
    page = open_explorer(demo_report)
    page.get_by_role("button", name="苇渡乡", exact=True).first.click()
    page.get_by_role("button", name="县公安局", exact=True).first.click(modifiers=["Control"])
    page.get_by_role("button", name="并排比较").click()
    lines = page.locator(".explorer-sides tr")
    heads = lines.first.locator("th").all_text_contents()
    assert heads == [
        "",
        *(f"{unit}　{period}" for unit in ("苇渡乡", "县公安局") for period in ("本期", "上年同期")),
    ]
    line = lines.filter(has_text="按期回复率（÷受理）")
    scores = demo_report.counted.scorecard.set_index(["unit", "metric"])
    for place, unit in [(0, "苇渡乡"), (2, "县公安局")]:
        score = scores.loc[(unit, "按期回复率（÷受理）")]
        told = f"{percent(score['rate'])}（{int(score['numerator'])}/{score['denominator']}）"
        assert line.locator("td").nth(place).text_content() == told
    line.locator("td").first.get_by_role("button").first.click()
    score = scores.loc[("苇渡乡", "按期回复率（÷受理）")]
    assert len(page.evaluate(SHOWN)) == score["numerator"]


def test_a_slider_tries_a_limit_and_its_tickets_open(open_explorer):
    page = open_explorer()
    wait_until(page, "document.querySelector('.explorer').isWhole")
    page.get_by_role("button", name="阈值试算").click()
    panel = page.locator(".explorer-panel")
    panel.get_by_label("线索").select_option("即将到期")
    slider = panel.get_by_role("slider")
    wait_until(page, "!document.querySelector('.explorer-slider').disabled")
    for value in ("3", "4", "5"):  # the last of several moves holds
        slider.fill(value)
    panel.get_by_text("试算：5").wait_for()
    told = [line.split("\t") for line in panel.locator("table").inner_text().split("\n")]
    assert told[1] == ["线索", "0条", "1条（蓝1）"]
    assert (
        "在parameters/policies/county_default.yml的rules下写 due_soon_days: 5，再重新运行"
        in panel.inner_text()
    )
    slider.focus()
    page.keyboard.press("ArrowLeft")  # and by the keyboard
    panel.get_by_text("试算：4").wait_for()
    page.keyboard.press("ArrowRight")
    panel.get_by_text("试算：5").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "阈值试算"
    page.keyboard.press("Enter")
    panel.get_by_role("button", name="1", exact=True).first.click()
    assert shown(page) == "D"
    page.get_by_role("button", name="阈值试算").click()
    assert panel.get_by_role("slider").input_value() == "5"  # as it was left


def test_what_would_be_if_tickets_were_answered_is_told_as_supposed_and_opens_its_tickets(open_explorer):
    page = open_explorer()
    wait_until(page, "document.querySelector('.explorer').isWhole")
    page.get_by_role("button", name="青河镇", exact=True).first.click()
    page.get_by_role("button", name="假如今天都办结").click()
    panel = page.locator(".explorer-panel")
    line = panel.locator("tbody tr", has_text="青河镇")
    line.wait_for()
    assert "假设，不是事实" in panel.inner_text()
    cell = line.locator("td", has_text="0.0%（0/2） → 50.0%（1/2）")
    cell.get_by_role("button").nth(2).click()
    wait_until(page, f"{SHOWN}.length === 1")
    assert shown(page) == "D"
    page.locator(".drill-row .explorer-tick").first.check()
    page.get_by_role("button", name="清除").click()
    page.get_by_role("button", name="假如今天都办结").click()
    panel.get_by_text("督办清单1件").wait_for()
    panel.get_by_role("button", name="改看当前所选5件").click()
    panel.get_by_text("当前所选5件").wait_for()


# --- the same tickets as the page, and as pandas ----------------------------------------------------------

WHERE = st.fixed_dictionaries(
    {},
    optional={
        "unit": st.lists(st.sampled_from(["云岭镇", "青河镇", None]), min_size=1, max_size=2),
        "due_state": st.lists(
            st.sampled_from(["按期回复", "超期回复", "超期未回复", "未到期"]), min_size=1, max_size=3
        ),
        "category_top": st.lists(st.sampled_from(["城乡建设", "环境保护", None]), min_size=1, max_size=2),
        "rules": st.lists(
            st.sampled_from(["overdue_open", "sign_late", "reply_short"]), min_size=1, max_size=2
        ),
        "received_month": st.just(["2025-03"]),
        "按期回复率（÷受理）": st.lists(st.sampled_from([0, 1]), min_size=1, max_size=2),
        "scope": st.lists(st.sampled_from(["本期", "往期未回复"]), min_size=1, max_size=2),
    },
)
CHOOSE = """([packed, wheres]) => unpackTable(packed).then((table) => wheres.map((where) =>
  Array.from(selectRows(table, where), (row) => valueAt(table, "ticket_id", row))))"""


@examples(4)
@given(wheres=st.lists(WHERE, min_size=1, max_size=6))
def test_explorer_page_and_pandas_find_the_same_tickets(front, prepared, wheres):
    page, plain = front
    table = describe_tickets(prepared)
    packed = pack_table(table, {}, [name for name in LISTS if name in table], ORDERS)
    on_page = plain.evaluate(CHOOSE, [packed, wheres])
    for where, ids in zip(wheres, on_page, strict=True):
        page.evaluate("(where) => window.chooseWhere(where)", where)
        found = prepared.tickets.loc[meet_condition(prepared, where), "ticket_id"]
        assert sorted(page.evaluate(SHOWN)) == sorted(ids) == sorted(found), where


@pytest.fixture(scope="module")
def front(browser, prepared, tmp_path_factory):
    """The explorer's page, which takes a condition by hand, and a page that holds the drill-down of a report."""
    page, plain = browser.new_page(), browser.new_page()
    mount_explorer(page, explore(prepared, tmp_path_factory.mktemp("desk")))
    page.evaluate("window.chooseWhere = (where) => document.querySelector('.explorer').choose(where)")
    plain.add_script_tag(content=read_script())
    yield page, plain
    page.close()
    plain.close()


# --- tickets -------------------------------------------------------------------------------------------


def test_a_ticket_opens_beside_the_table_with_what_a_units_page_shows(open_explorer, prepared):
    page = open_explorer()
    open_ticket(page, "B")
    said = page.locator(".explorer-beside").inner_text()
    for text in [
        "云岭镇",
        "水压不足",
        "已调压",
        "2025-03-20 09:00",
        "2025-03-10 17:30",
        "来自",
        "截止时间怎样数",
    ]:
        assert text in said
    for sentence in prepared.findings.loc[prepared.findings["ticket_id"].eq("B"), "evidence"]:
        assert sentence in said


def test_arrows_go_through_the_list(open_explorer):
    page = open_explorer()
    page.locator(".drill-body").focus()
    page.keyboard.press("ArrowDown")
    page.locator(".explorer-beside .drill-title", has_text="D").wait_for()
    page.keyboard.press("ArrowDown")
    page.locator(".explorer-beside .drill-title", has_text="A").wait_for()
    page.get_by_role("button", name="上一件").click()
    page.locator(".explorer-beside .drill-title", has_text="D").wait_for()


def test_an_answer_that_comes_late_opens_no_other_ticket(open_explorer):
    page = open_explorer()
    page.evaluate("kernel.isHeld = true")
    page.locator(".drill-row").nth(2).click()
    page.locator(".drill-row").nth(0).click()
    wait_until(page, "kernel.held.length === 2")
    page.evaluate("letGo()")  # the first asked is answered last
    page.locator(".explorer-beside .drill-title", has_text="C").wait_for()
    assert page.locator(".explorer-beside").inner_text().count("停水两日") == 0


def test_a_search_reads_the_texts_and_holds_through_a_choice(open_explorer):
    page = open_explorer()
    search = page.get_by_role("searchbox")
    search.fill("水")
    search.press("Enter")
    page.locator(".drill-chip", has_text="查找：水").wait_for()
    assert shown(page) == "AB"
    page.get_by_role("button", name="截止时间").click()
    bar(page, "category_top", "城乡建设").click()
    assert page.evaluate(SHOWN) == ["A", "B"]
    page.locator(".drill-chip", has_text="查找：水").click()
    assert page.evaluate(SHOWN) == ["A", "B", "C"]


def test_the_frame_stands_in_the_order_of_the_list_whatever_it_is_sorted_by(open_explorer):
    page = open_explorer()
    for place in range(page.locator(".drill-sort").count()):
        for _ in range(2):
            page.locator(".drill-sort").nth(place).click()
            assert page.evaluate(SHOWN) == page.own.tickets["ticket_id"].tolist(), place


def test_hostile_text_is_shown_and_never_run(open_explorer):
    page = open_explorer()
    open_ticket(page, "C")
    assert HOSTILE in page.locator(".explorer-beside").inner_text()
    assert HOSTILE in page.locator(".drill-row").first.inner_text()
    search = page.get_by_role("searchbox")
    search.fill(HOSTILE)
    search.press("Enter")
    page.locator(".drill-chip", has_text="查找").wait_for()
    assert shown(page) == "CE"
    assert page.evaluate("window.attacked") is None


def test_copied_replies_stand_side_by_side_with_their_differences(open_explorer, demo_report):
    page = open_explorer(demo_report)
    finding = demo_report.findings[demo_report.findings["rule"].eq("reply_copied")].iloc[0]
    bar(page, "severities", "回复雷同").click()
    open_ticket(page, finding["ticket_id"])
    page.locator(".drill-list li", has_text="线索所指").get_by_role("button", name="对照").first.click()
    page.locator(".explorer-texts del").first.wait_for()
    other = page.locator(".explorer-texts .drill-id").nth(1).text_content()
    texts = page.locator(".explorer-pair").last.locator(".drill-text").all_text_contents()
    replies = demo_report.tickets.set_index("ticket_id")["reply"]
    assert texts == [replies[finding["ticket_id"]], replies[other]]
    assert other in finding["evidence"]


# --- the list of those to be urged -----------------------------------------------------------------------


def test_ticks_levels_and_notes_are_kept_and_counted_by_unit(open_explorer):
    page = open_explorer()
    page.locator(".drill-row .explorer-tick").nth(0).check()
    open_ticket(page, "D")
    page.locator(".explorer-order .explorer-tick").check()
    page.get_by_role("textbox", name="备注").fill("先电话催")
    page.locator(".explorer-order").get_by_label("等级").select_option("重点督办")
    page.get_by_text("已保存").wait_for()
    assert page.locator(".explorer-units").inner_text().split() == [
        "督办清单",
        "2件",
        "青河镇2",
        "其中1件未见超期",
    ]
    again = open_explorer()
    assert again.own.state["ticks"] == {
        "C": {"level": "一般督办", "days": 5, "note": ""},
        "D": {"level": "重点督办", "days": 5, "note": "先电话催"},
    }
    again.locator(".explorer-units").get_by_role("button", name="2件").click()
    assert shown(again) == "CD"
    again.locator(".explorer-desk").get_by_label("等级").select_option("提级督办")
    again.get_by_text("已保存").wait_for()
    assert {tick["level"] for tick in again.own.state["ticks"].values()} == {"提级督办"}
    again.locator(".drill-row .explorer-tick").nth(0).uncheck()
    again.get_by_text("已保存").wait_for()
    assert set(again.own.state["ticks"]) == {"D"}


def test_two_windows_take_no_tick_off_each_other(open_explorer):
    page, other = open_explorer(), open_explorer()
    page.locator(".drill-row .explorer-tick").nth(0).check()
    page.get_by_text("已保存").wait_for()
    other.locator(".drill-row .explorer-tick").nth(1).check()
    other.locator(".explorer-units", has_text="2件").wait_for()  # the other window's tick has come too
    assert set(other.own.state["ticks"]) == {"C", "D"}


def test_a_condition_that_was_kept_holds_when_its_column_has_come(open_explorer):
    page = open_explorer()
    page.evaluate("document.querySelector('.explorer').choose({ '按期回复率（÷受理）': [1] })")
    page.get_by_text("已保存").wait_for()
    again = open_explorer()
    wait_until(again, "document.querySelector('.explorer').isWhole")
    assert shown(again) == "AE"
    assert (
        again.locator(".drill-chip.drill-on")
        .get_attribute("title")
        .startswith("点击去掉这一条件。截止时间前回复的件")
    )
    assert set(again.own.tickets["ticket_id"]) == {"A", "E"}


def test_notices_are_written_of_what_is_ticked_and_where_they_are_is_said(open_explorer):
    page = open_explorer()
    assert page.get_by_role("button", name="生成督办单（Word）").is_disabled()
    page.locator(".drill-row .explorer-tick").nth(0).check()
    page.get_by_role("button", name="生成督办单（Word）").click()
    page.locator(".explorer-message", has_text="1份督办单在").wait_for()


def test_the_step_is_shown_as_code(open_explorer):
    page = open_explorer()
    bar(page, "due_day", "已超期").click()
    page.get_by_role("button", name="把这一步写成代码").click()
    assert "已超期" in page.locator(".explorer-lines").input_value()


def test_what_is_shown_goes_into_a_file_with_numbers_as_text(open_explorer):
    page = open_explorer()
    bar(page, "due_day", "已超期").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[0].startswith("工单编号,") and lines[1].startswith("C,")


# --- the kernel ----------------------------------------------------------------------------------------


def test_a_kernel_that_does_not_answer_is_said_and_one_that_speaks_again_too(open_explorer):
    page = open_explorer()
    page.clock.install()
    page.evaluate("kernel.isDead = true")
    page.locator(".drill-row").nth(0).click()
    page.clock.run_for(9_000)
    message = page.locator(".explorer-message")
    assert "内核已停止，重新运行本单元即可" in message.text_content()
    page.evaluate("kernel.isDead = false")
    open_ticket(page, "D")
    assert not message.is_visible()


def test_the_keyboard_alone_reaches_every_view_and_a_ticket(open_explorer):
    page = open_explorer()
    reached = set()
    page.locator(".explorer-top button:enabled").first.focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("document.activeElement.closest('[aria-label]')?.getAttribute('aria-label')")
        )
    assert {"到期日", "在办时长", "单位×环节", "问题分类", "线索", "查找"} <= reached
    bar(page, "due_day", "已超期").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert shown(page) == "C"
    assert page.evaluate("document.activeElement.textContent").startswith("已超期")
    page.locator(".drill-body").focus()
    page.keyboard.press("Space")
    page.locator(".explorer-units", has_text="1件").wait_for()
    page.keyboard.press("Enter")
    page.locator(".explorer-beside .drill-title", has_text="C").wait_for()
