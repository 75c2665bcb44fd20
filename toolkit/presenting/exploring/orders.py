"""What becomes of the tickets that were ticked: orders to the units, numbered in the register, and their notices in Word."""

import pandas as pd

from toolkit.clocking.in_force import read_policies
from toolkit.errors import ToolkitError
from toolkit.presenting.word.notice import write_notices
from toolkit.settings import PROJECT, project_path
from toolkit.supervising.entering import enter_in_register
from toolkit.supervising.ledger import write_register
from toolkit.supervising.levels import read_supervision
from toolkit.supervising.orders import choose_orders, make_orders

ANSWER_DAYS = [1, 2, 3, 5, 7, 10, 15]  # working days to choose from
NO_REGISTER = "本次运行没有写明台账（register），号待编"
BY_HAND = "督查室列入督办"  # the reason of an order that no ground of 督办办法 calls for
NOTICES = "督办单"


def list_levels():
    """The levels to choose from, the lightest first, and the working days the lightest has."""
    levels = read_supervision().levels
    return [level.level for level in levels], levels[0].answer_in


def issue_orders(report, ticks, folder, with_notices=True):
    """Enter the ticked tickets into the register and write the units' notices below the desk's folder; what was done, in words.

    ticks: ticket_id → level, days (working days to answer), note. A ticket that stands under an order already is not
    numbered again unless at a higher level: its notice is written as it was issued. A run without a register gives
    drafts. Raises ToolkitError where nothing can be ordered.
    """
    if report.about.get("redaction"):
        raise ToolkitError("这一版隐去了部分内容，不能据此督办：请打开内部版的运行")
    orders = order_ticked(report, ticks)
    entries, said = _enter(report, orders) if report.about.get("register") else (orders, [NO_REGISTER])
    if with_notices:
        said.append(_write_notices(entries, orders["ticket_id"], folder / NOTICES))
    return "；".join([*said, *_tell_left_out(ticks, orders)])


def order_ticked(report, ticks):
    """The orders for what was ticked, with the level and days chosen; the reason is the ground there is, and the note."""
    policy = read_policies(report.about.get("policy_files") or "county_default")[-1]
    tickets = report.tickets[report.tickets["ticket_id"].isin(list(ticks)) & report.tickets["unit"].notna()]
    if tickets.empty:
        raise ToolkitError("勾选的工单都不在本次数据中，或者没有承办单位：没有可以督办的")
    grounds = choose_orders(report, policy.workdays).set_index("ticket_id")["reason"]
    notes = tickets["ticket_id"].map(lambda number: (ticks[number].get("note") or "").strip())
    reasons = tickets["ticket_id"].map(grounds).astype("str").fillna(BY_HAND)
    chosen = tickets[["unit", "ticket_id", "title", "due_explained"]].assign(
        level=tickets["ticket_id"].map(lambda number: ticks[number]["level"]),
        days=tickets["ticket_id"].map(lambda number: ticks[number]["days"]),
        reason=reasons + notes.where(notes.eq(""), "；" + notes),
    )
    return make_orders(chosen, tickets, report, policy.workdays)


def _enter(report, orders):
    """The register's entries with these orders, written; and what was entered, in words."""
    path, as_of = project_path(report.about["register"]), pd.Timestamp(report.about["as_of"])
    is_whole = not report.about["outside"]
    found = enter_in_register(path, orders, as_of, lambda _: report.tickets, is_whole)
    if found.entries is None:
        raise ToolkitError(
            f"台账已记到{found.ledger.as_of:%Y-%m-%d %H:%M}，本次统计截止{as_of:%Y-%m-%d %H:%M}更早，不能补记：请用最近一次运行"
        )
    entries, before = found.entries, found.before
    written = write_register(path, found.to_write, as_of)
    new = entries[~entries["number"].isin(before["number"])]
    said = [
        f"{notice}（{unit}{len(own)}件）"
        for (notice, unit), own in new.groupby(["notice", "unit"], sort=False)
    ]
    told = [f"已写入{written.name}：{'、'.join(said)}"] if said else []
    old = len(orders) - len(new)
    return entries, [*told, *([f"{old}件已在督办中，沿用原号"] if old else [])]


def _write_notices(entries, ids, folder):
    """The notices that these tickets stand under, each whole, as files; where they stand, in words."""
    if "notice" in entries:
        latest = entries[entries["ticket_id"].isin(ids)].drop_duplicates("ticket_id", keep="last")
        entries = entries[entries["notice"].isin(latest["notice"])]
    else:
        entries = entries.assign(notice=None, number=None)
    folder.mkdir(parents=True, exist_ok=True)
    notices = write_notices(entries)
    for name, content in notices.items():
        (folder / name).write_bytes(content)
    place = folder.relative_to(PROJECT) if folder.is_relative_to(PROJECT) else folder
    return f"{len(notices)}份督办单在 {place.as_posix()}"


def _tell_left_out(ticks, orders):
    left = len(set(ticks) - set(orders["ticket_id"]))
    return [f"{left}件不在本次数据中或没有承办单位，没有督办"] if left else []
