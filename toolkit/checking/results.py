"""What a check found, a row a check: as a table for people, as JUnit XML for a build server, as an exit code."""

from typing import NamedTuple
from xml.etree import ElementTree

from toolkit.errors import list_mistakes

PASSED, FAILED, SKIPPED = "通过", "不通过", "未检查"
MOST_LINES = 12  # of what is wrong, on the screen; the XML has all
NO_XML = {
    number: None for number in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))
}


class Row(NamedTuple):
    """One check: of which case and notebook, what was checked, how it ended, and what is wrong in sentences."""

    case: str
    notebook: str
    check: str
    result: str
    said: tuple = ()


def judge(case, notebook, check, said):
    """The row of a check that passes where nothing is said against it."""
    said = tuple(said)
    return Row(case, notebook, check, FAILED if said else PASSED, said)


def skip(case, notebook, check, why):
    """The row of a check that was not made, which is no pass."""
    return Row(case, notebook, check, SKIPPED, (why,))


def is_passed(rows):
    """Whether there was something to check and nothing failed."""
    return bool(rows) and all(row.result != FAILED for row in rows)


def say_results(rows):
    """The table in lines: every check with what is said of it, and how many there were in all."""
    for row in rows:
        more = [f"另有{len(row.said) - MOST_LINES}处"] if len(row.said) > MOST_LINES else []
        yield list_mistakes(f"{row.result}　{_name(row)}", [*row.said[:MOST_LINES], *more])
    counts = [
        f"{result}{sum(row.result == result for row in rows)}项" for result in (PASSED, FAILED, SKIPPED)
    ]
    yield f"共{len(rows)}项：{'，'.join(counts)}"


def _name(row):
    return "　".join(filter(None, row[:3]))


def write_junit(rows, path):
    """The rows as JUnit XML: a case a suite's class, what is wrong as its failure."""
    failures, skipped = (sum(row.result == result for row in rows) for result in (FAILED, SKIPPED))
    counts = {"tests": len(rows), "failures": failures, "skipped": skipped}
    suite = ElementTree.Element(
        "testsuite", {"name": "toolkit check"} | {k: str(v) for k, v in counts.items()}
    )
    for row in rows:
        names = {"classname": _clean(row.case), "name": _clean("　".join(filter(None, row[1:3])))}
        case = ElementTree.SubElement(suite, "testcase", names)
        if row.result != PASSED:
            kind = "failure" if row.result == FAILED else "skipped"
            ElementTree.SubElement(case, kind, message=_clean(row.said[0])).text = _clean("\n".join(row.said))
    ElementTree.indent(suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ElementTree.tostring(suite, "utf-8", xml_declaration=True) + b"\n")


def _clean(text):
    """The text without characters that XML cannot hold."""
    return str(text).translate(NO_XML)
