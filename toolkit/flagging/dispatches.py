"""What the flow log tells rules: to whom a ticket was sent, and in what order."""

from toolkit import schema
from toolkit.clocking.flow_log import HANDED_OVER


def handled(watch, log):
    """The events of tickets that are not void."""
    is_void = watch.tickets["due_state"].eq(schema.VOID).to_numpy()
    return log[~is_void[log["row"]]]


def find_sent(watch):
    """Each time a ticket that is not void was sent to a named unit, in order."""
    return handled(watch, watch.log[watch.log["event"].isin(HANDED_OVER) & watch.log["unit"].notna()])


def first_sent(watch):
    """When each ticket first went to each unit; and the moments of that: several units at once are one."""
    sent = watch.once(find_sent)
    units = len(sent["unit"].cat.categories)
    first = sent[~(sent["row"] * units + sent["unit"].cat.codes).duplicated()]
    return first, first.drop_duplicates(["row", "at"])


def is_before(log, column, steps):
    """Whether the event so many places before is the same in a column."""
    values = log[column].cat.codes if column == "unit" else log[column]
    return values.eq(values.shift(steps))
