"""Policies that succeed each other, read together; `clock.find_in_force` says which judges a ticket."""

from toolkit.clocking.policy import read_policy
from toolkit.errors import PolicyError, ToolkitError, list_mistakes


def read_policies(policies):
    """The policies of a run that succeed each other: one (see `read_policy`) or a list of them, the earliest first.

    Of several, each has a `valid_from` of its own; without `valid_to` one holds until the next begins. Raises
    PolicyError with the mistakes of all of them.
    """
    given = list(policies) if isinstance(policies, (list, tuple)) else [policies]
    if len(given) == 1:
        return [read_policy(given[0])]
    read, mistakes = [], [] if given else ["no policy is named: expected one or several"]
    for one in given:
        try:
            read.append(read_policy(one))
        except ToolkitError as error:
            mistakes.append(str(error))
    undated = [one.name for one in read if not one.valid_from]
    mistakes += [f"{name} has no valid_from: say when it came into force" for name in undated]
    starts = [one.valid_from for one in read if one.valid_from]
    twice = sorted({day for day in starts if starts.count(day) > 1})
    mistakes += [f"two policies are valid from {day}: a ticket is judged by one" for day in twice]
    if mistakes:
        raise PolicyError(list_mistakes(f"the policies: {len(mistakes)} mistake(s)", mistakes))
    return sorted(read, key=lambda one: one.valid_from)
