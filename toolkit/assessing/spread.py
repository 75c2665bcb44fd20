"""What becomes of the full points of items without a ticket: they go to the unit's other items."""

from decimal import Decimal
from fractions import Fraction

from toolkit.rounding import decimal_text, round_half_up


def spread(rows, scheme):
    """Full points of items without a ticket go to the other rates, in proportion; the sum stays the scheme's.

    Rounding the running sum, not each part, keeps the sum of the parts exact. A share of the group's volume
    says nothing about how well tickets were handled and keeps its own points.
    """
    rates = [item.scoring != "share_in_group" for item in scheme.items]
    whole = sum(item.weight for item, is_rate in zip(scheme.items, rates, strict=True) if is_rate)
    takes_part = [is_rate and row["points"] is not None for is_rate, row in zip(rates, rows, strict=True)]
    scored = sum(row["full"] for row, takes in zip(rows, takes_part, strict=True) if takes)
    others = sum(row["full"] for row, is_rate in zip(rows, rates, strict=True) if not is_rate and row["full"])
    if not scored or scored == whole:
        return rows
    if not scheme.is_evaluable(scored + others):
        return [_leave_out(row, scheme) for row in rows]
    reached, enlarged = Decimal(0), []
    for row, takes in zip(rows, takes_part, strict=True):
        if takes:
            before, reached = reached, reached + row["full"]
            ends = [
                round_half_up(Fraction(s) * Fraction(whole) / Fraction(scored), 2) for s in (before, reached)
            ]
            row = _enlarge(row, ends[1] - ends[0], scheme)
        enlarged.append(row)
    return enlarged


def _leave_out(row, scheme):
    """An item without a ticket where too few of the others have any: nothing is made larger by so little."""
    if row["points"] is not None:
        return row
    least = decimal_text(scheme.least_evaluable)
    said = row["how"].split("，本项不计")[0]
    return row | {"how": f"{said}，本项不计；有数据的项目不足总分的{least}%，不分摊"}


def _enlarge(row, full, scheme):
    """The item's points in proportion to larger full points."""
    points = round_half_up(Fraction(row["points"] * full) / Fraction(row["full"]), scheme.points_decimals)
    said = f"；分摊后满分{decimal_text(full)}分，"
    said += f"{decimal_text(row['points'])}分÷{decimal_text(row['full'])}分×{decimal_text(full)}分，"
    return row | {"full": full, "points": points, "how": f"{row['how']}{said}得{decimal_text(points)}分"}
