"""A process killed while it writes the register leaves a whole one, and no number is given twice."""

import multiprocessing
import os
import time

import pytest
from cases.registers import read_rows
from cases.supervising import AS_OF, enter

from toolkit.supervising.ledger import read_register, write_register


def write_on(path, started):
    """Enter one more order again and again, until somebody ends it."""
    for place in range(1000):
        ledger = read_register(path, AS_OF)
        entries = enter(ledger.entries, {"ticket_id": f"u{os.getpid()}-{place}"})
        write_register(path, ledger._replace(entries=entries), AS_OF)
        started.set()


@pytest.mark.skipif(os.name == "nt", reason="no process can be forked")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_killed_at_any_moment_the_register_is_whole_and_no_number_is_lost(tmp_path):
    path, known = tmp_path / "督办台账.xlsx", {}
    processes = multiprocessing.get_context("fork")
    for delay in (0.0, 0.05, 0.12):
        started = processes.Event()
        process = processes.Process(target=write_on, args=(path, started))
        process.start()
        assert started.wait(30)
        time.sleep(delay)
        process.kill()
        process.join()
        ledger = read_register(path, AS_OF)
        tickets = ledger.entries.set_index("number")["ticket_id"].to_dict()
        assert len(tickets) == len(ledger.entries)
        assert {number: tickets.get(number) for number in known} == known
        assert ledger.changes.empty
        assert set(column[0] for column in read_rows(path)[1:]) <= set(tickets)
        known = tickets
