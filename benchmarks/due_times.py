"""How long due times take: 1,000,000 tickets under a policy of six kinds of limits.

The other sides: numpy's `busday_offset` with the holidays, five days for every ticket on the same dates
(it knows no make-up days, hours or conditions), and `chinese_calendar` asked ticket by ticket, day by day,
on the first 2,000 tickets and taken as so many times. All in one run. `python benchmarks/due_times.py [tickets]`
"""

import sys
import time
from datetime import timedelta

import chinese_calendar
import numpy as np
import pandas as pd

from toolkit.clocking.limits import due_times
from toolkit.clocking.policy import read_policy

POLICY = {
    "name": "六种时限",
    "source": "benchmark",
    "reply_limits": [
        {"urgency": ["特急"], "hours": 24},
        {"type": ["咨询"], "working_days": 3},
        {"type": ["举报"], "working_days": 15},
        {"channel": ["网络"], "calendar_days": 7},
        {"type": ["建议"], "working_hours": 20, "rolls_over": True},
        {"working_days": 5},
    ],
}
ONE_BY_ONE = 2_000


def make_tickets(count):
    """Tickets received over ten years."""
    rng = np.random.default_rng(1)
    seconds = rng.integers(0, 10 * 365 * 86_400, count)
    words = {
        "type": ["咨询", "求助", "投诉", "举报", "建议"],
        "urgency": ["普通", "紧急", "特急"],
        "channel": ["电话", "网络"],
    }
    columns = {name: pd.Series(rng.choice(known, count), dtype="str") for name, known in words.items()}
    received = np.datetime64("2015-01-01", "us") + seconds * np.timedelta64(1_000_000, "us")
    return pd.DataFrame(columns | {"received_at": received})


def best_of(function, times=5):
    """The shortest time, because everything else on the machine only ever adds to it."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    return min(taken)


def ask_one_by_one(moments):
    """Five working days after each moment, with a call of chinese_calendar a day."""
    due = []
    for moment in moments:
        day, left = moment.date(), 5
        while left:
            day += timedelta(days=1)
            left -= chinese_calendar.is_workday(day)
        due.append(day)
    return due


def main(count=1_000_000):
    tickets, policy = make_tickets(count), read_policy(POLICY)
    holidays = np.array(list(chinese_calendar.constants.holidays), dtype="datetime64[D]")
    days = tickets["received_at"].to_numpy().astype("datetime64[D]")
    received = tickets["received_at"].iloc[:ONE_BY_ONE].tolist()
    ours = best_of(lambda: due_times(tickets, tickets["received_at"], policy.reply_limits, policy))
    numpys = best_of(lambda: np.busday_offset(days, 5, roll="backward", holidays=holidays))
    calls = best_of(lambda: ask_one_by_one(received), times=2) * count / len(received)
    print(f"{count:,} tickets: ours {ours:.2f} s, busday_offset {numpys:.2f} s, call by call {calls:.0f} s")
    print(f"ours takes {ours / numpys:.1f} times as long as busday_offset")
    print(f"ours is {calls / ours:.0f} times as fast as chinese_calendar ticket by ticket")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
