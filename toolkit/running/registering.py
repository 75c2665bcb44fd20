"""The orders of a run: entered in the register its file names, or drafts without numbers where it names none."""

import sys
from dataclasses import replace
from functools import partial

import pandas as pd

from toolkit.clocking.clock import clock
from toolkit.clocking.in_force import read_policies
from toolkit.settings import project_path
from toolkit.supervising.entering import enter_in_register
from toolkit.supervising.entries import show_orders
from toolkit.supervising.ledger import write_register
from toolkit.supervising.orders import choose_orders
from toolkit.supervising.states import DRAFT
from toolkit.supervising.swap import list_strays


def register_orders(report, loaded, run):
    """The report with its orders, and the register to be kept: None where there is nothing to keep.

    Nothing is written yet. A run by month orders nothing, nor does a version for others, which lacks what a notice says. A
    run for a moment before the register was last written enters nothing: it shows how the orders issued by then stood.
    """
    if report.about["by"] != "unit" or report.about["redaction"]:
        return report, None
    policies, as_of = read_policies(run.policy), pd.Timestamp(run.as_of)
    orders = choose_orders(report, policies[-1].workdays)
    if not run.register_file:
        return replace(report, orders=show_orders(orders.assign(state=DRAFT), report)), None
    tell = partial(_find_tickets, report=report, loaded=loaded, policies=policies, as_of=as_of)
    entered = enter_in_register(project_path(run.register_file), orders, as_of, tell)
    if entered.entries is None:
        return replace(report, orders=show_orders(entered.before, report)), None
    return replace(report, orders=show_orders(entered.entries, report)), entered.to_write


def find_issued(report):
    """The orders that the run itself issues: those of its own day."""
    return report.orders[report.orders["issued_on"].eq(pd.Timestamp(report.about["as_of"]).normalize())]


def _find_tickets(entries, report, loaded, policies, as_of):
    """The clocked tickets that tell how the orders stand: the report's, or all of the export where one is older."""
    if entries["ticket_id"].isin(report.tickets["ticket_id"]).all():
        return report.tickets
    return clock(loaded.tickets, policies, as_of, loaded.logged)


def keep_register(ledger, run):
    """Write the register of a run; where it is open in a spreadsheet, say what stands beside it."""
    if ledger is None:
        return
    path = project_path(run.register_file)
    written = write_register(path, ledger, run.as_of)
    if strays := list_strays(path):
        print(
            f"与台账同一文件夹的 {'、'.join(strays)} 没有读入：在其中填写过的，请移到 {path.name} 里；没有用的，请移开。",
            file=sys.stderr,
        )
    if written != path:
        print(
            f"{path.name} 正在 Excel 或 WPS 中打开，或运行期间有人保存过，没有覆盖；新的一份是 {written.name}。"
            "请保存并关闭，下次运行把两份并成一本。",
            file=sys.stderr,
        )
