"""Ticket numbers whose last digits a spreadsheet has made zeros: it keeps fifteen digits of a number."""

from toolkit.loading.issues import KEPT, REFUSED, list_issues, with_place
from toolkit.loading.rows import keep_rows

EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
ZEROS_BY_CHANCE = (
    3  # zeros together beyond the fifteenth digit of a sheet's numbers: once in a thousand sheets
)


def refuse_zeroed(rows):
    """The rows without those whose zeroed number stands in several: whether they are one ticket is not known.

    Reads ticket_id and the origin. A zeroed number that stands once is kept and doubted.
    """
    zeroed, place = find_zeroed(rows), with_place(rows)
    several = zeroed & rows["ticket_id"].duplicated(keep=False)
    issues = [
        list_issues(
            place[chosen], "ticket_id", rows.loc[chosen, "ticket_id"], check, "完整的编号（按文本导出）", kind
        )
        for chosen, check, kind in [
            (several, "编号第15位以后全为零且重复，疑被表格软件损坏", REFUSED),
            (zeroed & ~several, "编号第15位以后全为零，疑被表格软件损坏", KEPT),
        ]
    ]
    return keep_rows(rows, ~several), issues


def find_zeroed(rows):
    """Which numbers are of a sheet whose long numbers all end in zeros beyond the fifteenth digit."""
    numbers = rows["ticket_id"]
    is_long = numbers.str.len().gt(EXACT_DIGITS) & numbers.str.isdecimal()
    tails = numbers.str.slice(EXACT_DIGITS).where(is_long)
    place = [rows["source_file"], rows["source_sheet"]]
    intact = (is_long & tails.str.strip("0").ne("")).groupby(place).transform("any")
    zeros = tails.str.len().where(~numbers.duplicated()).groupby(place).transform("sum")
    return is_long & ~intact & zeros.ge(ZEROS_BY_CHANCE)
