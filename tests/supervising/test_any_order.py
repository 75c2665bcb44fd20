"""Whatever runs and edits follow each other: no entry changes its number or vanishes, and what the office wrote stays."""

from pathlib import Path
from tempfile import TemporaryDirectory

from cases.registers import edit
from cases.supervising import enter
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from toolkit.supervising.ledger import read_register, write_register

TICKETS = st.lists(st.sampled_from("abcd"), max_size=3, unique=True)
STEPS = st.one_of(
    st.tuples(st.just("run"), TICKETS),
    st.tuples(st.just("write"), st.tuples(st.integers(0, 5), st.sampled_from(["已修复", "=1", "6月12日"]))),
    st.tuples(st.just("sort"), st.randoms(use_true_random=False)),
    st.tuples(st.just("delete"), st.integers(0, 5)),
)


def run(path, day, tickets):
    ledger = read_register(path, day)
    orders = [{"ticket_id": ticket} for ticket in tickets]
    before = ledger.entries
    entries = enter(before, *orders, as_of=day) if orders else before
    write_register(path, ledger._replace(entries=entries), day)


def change(path, kind, told, pending):
    """One edit of the office; pending: what it has written since the last run, which nobody has read yet."""

    def fill(rows):
        number, text = told
        if number < len(rows) - 1:
            row = rows[1 + number]
            row[rows[0].index("办理情况")] = text
            pending[row[0]] = text

    def shuffle(rows):
        rest = rows[1:]
        told.shuffle(rest)
        return [rows[0], *rest]

    def delete(rows):
        for row in rows[told + 1 : told + 2]:
            pending.pop(row[0], None)  # written and deleted between two runs: no run has seen it
        return [row for place, row in enumerate(rows) if place != told + 1]

    edit(path, {"write": fill, "sort": shuffle, "delete": delete}[kind])


@examples(5)
@given(steps=st.lists(STEPS, min_size=2, max_size=5))
def test_entries_keep_their_number_and_the_office_its_cells(steps):
    with TemporaryDirectory() as folder:
        path, known, seen, pending = Path(folder) / "督办台账.xlsx", {}, {}, {}
        run(path, "2025-06-10 12:00", ["a", "b"])
        for place, (kind, told) in enumerate(steps):
            day = f"2025-06-{11 + place} 12:00"
            if kind == "run":
                run(path, day, told)
                seen, pending = seen | pending, {}
            else:
                change(path, kind, told, pending)
            entries = read_register(path, day).entries
            found = entries.set_index("number")
            assert found.index.is_unique
            assert {number: found["ticket_id"].get(number) for number in known} == known
            written = seen | pending
            assert {number: found["handling"][number] for number in written} == written
            known = found["ticket_id"].to_dict()
