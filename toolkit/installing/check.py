"""What a check of the machine says: one line, and what to do where something is amiss."""

from typing import NamedTuple

FINE, DOUBTFUL, BROKEN = "正常", "注意", "不行"


class Check(NamedTuple):
    """One thing looked at: its verdict, what was found, and what to do about it."""

    name: str
    state: str
    found: str
    advice: str = ""


def judge(name, found, broken="", doubtful=""):
    """The check's verdict from its advice: what must be done, else what had better be done, else nothing."""
    state = BROKEN if broken else DOUBTFUL if doubtful else FINE
    return Check(name, state, found, broken or doubtful)
