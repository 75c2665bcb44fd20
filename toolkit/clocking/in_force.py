"""Policies that succeed each other, read together, and which of them judges a ticket."""

import re
from datetime import date

import numpy as np
import pandas as pd

from toolkit.clocking.policy import read_policy
from toolkit.errors import PolicyError, ToolkitError, list_mistakes
from toolkit.settings import is_file, project_path


def read_policies(policies):
    """The policies of a run that succeed each other: one (see `read_policy`) or several, the earliest first.

    Several are a list, or names in one text: "old, new". Each has a `valid_from` of its own; without `valid_to` one
    holds until the next begins. Raises PolicyError with the mistakes of all of them.
    """
    given = _list_given(policies)
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


def _list_given(policies):
    if isinstance(policies, (list, tuple)):
        return list(policies)
    if isinstance(policies, str) and re.search("[,，、]", policies) and not is_file(project_path(policies)):
        return [name.strip() for name in re.split("[,，、]", policies) if name.strip()]
    return [policies]


def find_in_force(received, policies):
    """The number of the policy in force at each receipt: before all of them the first, without a receipt the last."""
    since = np.array([str(one.valid_from or date.min) for one in policies], dtype="datetime64[us]")
    days = received.fillna(pd.Timestamp.max.floor("us")).to_numpy().astype("datetime64[us]")
    return np.maximum(np.searchsorted(since, days, side="right") - 1, 0)
