"""Export → tickets + issues. Nothing is lost: read = tickets + refused + merged + left out, per sheet."""

import re
import unicodedata
from dataclasses import dataclass

import pandas as pd

from toolkit import cells, privacy, schema
from toolkit.errors import SourceError, list_mistakes, nearest
from toolkit.policy import parse_as_of, read_headers
from toolkit.read import read_sheets

ISSUES = ["file", "sheet", "row", "ticket_id", "column", "value", "check", "expected", "kind"]
REFUSED, MERGED, LEFT_OUT, REPAIRED, KEPT = "refused", "merged", "left_out", "repaired", "kept"
ACCOUNT = ["read", "tickets", REFUSED, MERGED, LEFT_OUT]
HEADER_DEPTH = 20  # a title, a date line and the like stand above the header, never more
DESTROYED = r"^\d(?:\.\d+)?[Ee]\+?\d+$"


@dataclass(frozen=True)
class Loaded:
    """What an export gave: tickets, issues with single rows, the account per sheet, how headers were read."""

    tickets: pd.DataFrame
    issues: pd.DataFrame
    account: pd.DataFrame
    headers: pd.DataFrame


def load(source, as_of, headers=None, key=None):
    """Read an export as tickets; every row is a ticket or is named in `issues` with the reason.

    source: xlsx, xls, csv (UTF-8, GB18030), Parquet, zip of these, a folder, a pattern, or a frame.
    as_of: times after it are doubtful and named. headers: a run's own headers, before headers.yml.
    key: of the callers' hashes; from its file when not given.
    Raises SourceError where no sheet has a column of ticket numbers.
    """
    settings = read_headers(headers)
    sheets = read_sheets(source)
    parts = [_read_sheet(sheet, settings) for sheet in sheets]
    _require_tickets(sheets, parts)
    rows = pd.concat([part["rows"] for part in parts], ignore_index=True)
    issues = [part["issues"] for part in parts]

    rows, refused = _refuse_unnumbered(rows)
    typed, doubtful = cells.type_columns(rows, settings)
    typed = _hash_and_mask(typed, privacy.caller_key() if key is None else key)
    tickets, repeated = _merge_repeated(typed)
    issues += [refused, repeated, doubtful, _check_tickets(tickets, parse_as_of(as_of))]

    issues = _finish_issues(issues)
    account = _account(parts, tickets, issues)
    recognised = pd.concat([part["headers"] for part in parts], ignore_index=True)
    return Loaded(tickets, issues, account, recognised)


def plain(text):
    """A header or word as it is compared: half-width, no white space, no trailing mark, lower case."""
    text = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return re.sub(r"\s+", "", text).strip("*:").lower()


# --- one sheet -------------------------------------------------------------------------------------


def _read_sheet(sheet, settings):
    """Rows under the canonical names with their origin, issues of rows left out, and the headers found."""
    at, assigned = _find_header(sheet.rows, settings)
    if at is None:
        return _sheet_without_tickets(sheet)
    body = [(number, row) for number, row in enumerate(sheet.rows[at + 1 :], at + 2) if _filled(row)]
    totals = {plain(word) for word in settings.totals}
    header_cells = _filled(sheet.rows[at])
    left_out = {number: _why_left_out(_filled(row), header_cells, totals) for number, row in body}
    rows = [(number, row) for number, row in body if not left_out[number]]
    issues = [
        _issue(sheet, number, "", " ".join(_filled(row))[:60], why, "a ticket", LEFT_OUT)
        for number, row in body
        if (why := left_out[number])
    ]
    header = [str(name) for name in sheet.rows[at]]
    return {
        "sheet": sheet,
        "read": len(body),
        "rows": _canonical_rows(sheet, rows, assigned),
        "issues": pd.DataFrame(issues, columns=ISSUES),
        "headers": _headers_found(sheet, header, assigned, settings),
    }


def _sheet_without_tickets(sheet):
    body = [(number, row) for number, row in enumerate(sheet.rows, 1) if _filled(row)]
    issues = [
        _issue(
            sheet, number, "", " ".join(_filled(row))[:60], "说明页", "a sheet with a ticket number", LEFT_OUT
        )
        for number, row in body
    ]
    return {
        "sheet": sheet,
        "read": len(body),
        "rows": pd.DataFrame(columns=["ticket_id", *schema.ORIGIN]),
        "issues": pd.DataFrame(issues, columns=ISSUES),
        "headers": pd.DataFrame(columns=["file", "sheet", "header", "column", "hint"]),
    }


def _filled(row):
    return [str(cell).strip() for cell in row if cell is not None and str(cell).strip()]


def _find_header(rows, settings):
    """The row with most recognised headers, if it names a ticket number; and column → positions."""
    found = [(_assign(row, settings), at) for at, row in enumerate(rows[:HEADER_DEPTH])]
    found = [(len(assigned), -at, assigned) for assigned, at in found if "ticket_id" in assigned]
    if not found:
        return None, {}
    _, minus_at, assigned = max(found, key=lambda candidate: candidate[:2])
    return -minus_at, assigned


def _assign(header, settings):
    """Canonical column → positions in the row; the first variant listed wins, each header serves once."""
    positions = {}
    for position, name in enumerate(header):
        positions.setdefault(plain(name), position)
    positions.pop("", None)
    assigned, used = {}, set()
    for column, variants in _by_need(settings.columns, positions):
        free = [positions[v] for v in map(plain, variants) if v in positions and positions[v] not in used]
        if free:
            assigned[column] = [free[0]]
            used.add(free[0])
    levels = [
        [positions[v] for v in map(plain, level) if v in positions][:1] for level in settings.category_levels
    ]
    if any(levels) and "category" not in assigned:
        assigned["category"] = [position for level in levels for position in level]
    return assigned


def _by_need(columns, positions):
    """Columns with a header that serves no other column first, so that a shared header goes where it is needed."""
    wanted = {
        column: {v for v in map(plain, variants) if v in positions} for column, variants in columns.items()
    }
    shared = {v for vs in wanted.values() for v in vs if sum(v in other for other in wanted.values()) > 1}
    return sorted(columns.items(), key=lambda item: not (wanted[item[0]] - shared))


def _why_left_out(filled, header, totals):
    if len(filled[0]) < 10 and plain(filled[0]) in totals:
        return "合计行"
    if filled == header:
        return "重复表头"
    if len(filled) == 1 and not re.fullmatch(r"[\w\-]+", filled[0]):
        return "说明行"
    return ""


def _canonical_rows(sheet, rows, assigned):
    width = max((len(row) for _, row in rows), default=0)
    grid = [list(row) + [None] * (width - len(row)) for _, row in rows]
    table = pd.DataFrame(grid, columns=range(width), dtype="object")
    canonical = {
        column: cells.join_levels(table, positions) if len(positions) > 1 else table.get(positions[0])
        for column, positions in assigned.items()
    }
    canonical |= {
        "source_file": sheet.file,
        "source_sheet": sheet.name,
        "source_row": [number for number, _ in rows],
    }
    return pd.DataFrame(canonical, index=table.index)


def _headers_found(sheet, header, assigned, settings):
    columns = {position: column for column, positions in assigned.items() for position in positions}
    known = [variant for variants in settings.columns.values() for variant in variants]
    found = [
        (
            sheet.file,
            sheet.name,
            name,
            columns.get(at, ""),
            "" if at in columns else nearest(name, known).strip(),
        )
        for at, name in enumerate(header)
    ]
    return pd.DataFrame(found, columns=["file", "sheet", "header", "column", "hint"])


def _require_tickets(sheets, parts):
    if any("ticket_id" in part["headers"]["column"].values for part in parts):
        return
    seen = [f"{s.file} [{s.name}]: {', '.join(_first_row(s)) or 'no filled cell'}" for s in sheets]
    raise SourceError(
        list_mistakes(
            "no sheet has a column of ticket numbers: expected one headed 工单编号, 受理编号 or the like "
            "(or name yours under headers: columns: ticket_id: in the run's file); the first rows found are",
            seen or ["no sheet at all"],
        )
    )


def _first_row(sheet):
    return next((_filled(row)[:8] for row in sheet.rows if _filled(row)), [])


# --- all rows --------------------------------------------------------------------------------------


def _refuse_unnumbered(rows):
    """Rows without a ticket number, or with one that a spreadsheet has destroyed, are refused."""
    numbers = cells.to_id(rows["ticket_id"])
    missing = numbers.isna()
    destroyed = numbers.str.match(DESTROYED, na=False)
    refused = [
        _issues_of(rows[missing], "ticket_id", None, "无工单编号", "a ticket number", REFUSED),
        _issues_of(
            rows[destroyed],
            "ticket_id",
            numbers[destroyed],
            "工单编号已被表格软件损坏",
            "all its digits",
            REFUSED,
        ),
    ]
    good = ~missing & ~destroyed
    return rows[good].assign(ticket_id=numbers[good]).reset_index(drop=True), pd.concat(refused)


def _hash_and_mask(typed, key):
    personal = [privacy.as_series(typed.get(column.name), typed.index) for column in schema.PERSONAL]
    names, phones, cards = personal
    free = {name: privacy.mask_texts(typed[name]) for name in schema.names("free") if name in typed}
    callers = privacy.hash_callers(names, phones, cards, key)
    kept = typed.drop(columns=[column.name for column in schema.PERSONAL], errors="ignore")
    return schema.make_tickets(kept.assign(caller=callers, **free))


def _merge_repeated(tickets):
    """One row per number: the furthest state wins, gaps are filled from the others; conflicts are refused."""
    again = tickets["ticket_id"].duplicated(keep=False)
    if not again.any():
        return tickets, pd.DataFrame(columns=ISSUES)
    groups = tickets[again].groupby("ticket_id")
    conflicting = groups["received_at"].nunique().gt(1) | groups["content"].nunique().gt(1)
    in_conflict = tickets["ticket_id"].map(conflicting).eq(True)
    refused = _issues_of(
        tickets[in_conflict], "ticket_id", None, "同一编号内容矛盾", "one ticket per number", REFUSED
    )

    rest = tickets[again & ~in_conflict]
    furthest = rest[schema.names("time")].max(axis=1)
    ordered = rest.assign(_furthest=furthest).sort_values("_furthest", kind="stable", na_position="first")
    merged = ordered.drop(columns="_furthest").groupby("ticket_id", sort=False).last().reset_index()
    last = ordered.drop_duplicates("ticket_id", keep="last")
    merged = merged.set_index(last.index)[tickets.columns].astype(tickets.dtypes)
    gone = ordered.loc[ordered.index.difference(last.index)]
    repeats = _issues_of(gone, "ticket_id", None, "同一工单重复出现", "one row per ticket", MERGED)
    whole = pd.concat([tickets[~again], merged]).sort_index().reset_index(drop=True)
    return whole, pd.concat([refused, repeats])


ORDER = ["received_at", "dispatched_at", "signed_at", "replied_at", "closed_at"]


def _check_tickets(tickets, as_of):
    """Doubtful values: the ticket stays as it is, the doubt is named."""
    doubts = []
    for at, later in enumerate(ORDER[1:], 1):
        wrong = tickets[tickets[later] < tickets[ORDER[:at]].max(axis=1)]
        doubts.append(
            _issues_of(wrong, later, wrong[later].astype("str"), "时间顺序矛盾", "不早于前一环节", KEPT)
        )
    early = tickets[tickets["platform_due_at"] < tickets["received_at"]]
    due = early["platform_due_at"].astype("str")
    doubts.append(_issues_of(early, "platform_due_at", due, "截止早于受理", "不早于受理时间", KEPT))
    for stage in [*ORDER, "visited_at"]:
        late = tickets[tickets[stage] > as_of]
        doubts.append(
            _issues_of(late, stage, late[stage].astype("str"), "晚于统计截止", f"不晚于{as_of}", KEPT)
        )
    unowned = tickets[tickets["unit"].isna()]
    doubts.append(_issues_of(unowned, "unit", None, "无承办单位", "a unit", KEPT))
    return pd.concat(doubts)


# --- issues and account ----------------------------------------------------------------------------


def _issue(sheet, row, column, value, check, expected, kind):
    return (sheet.file, sheet.name, row, None, column, value, check, expected, kind)


def _issues_of(rows, column, values, check, expected, kind):
    """One issue for each of the rows about one column."""
    return pd.DataFrame(
        {
            "file": rows["source_file"],
            "sheet": rows["source_sheet"],
            "row": rows["source_row"],
            "ticket_id": rows["ticket_id"] if kind != REFUSED or values is not None else None,
            "column": column,
            "value": "" if values is None else values,
            "check": check,
            "expected": expected,
            "kind": kind,
        },
        columns=ISSUES,
    )


def _finish_issues(parts):
    parts = [part for part in parts if len(part)]
    issues = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=ISSUES)
    text = [name for name in ISSUES if name != "row"]
    issues = issues.astype(dict.fromkeys(text, "str") | {"row": "Int64"})
    issues["value"] = privacy.mask_texts(issues["value"])
    return issues.sort_values(["file", "sheet", "row", "column"], kind="stable", ignore_index=True)


def _account(parts, tickets, issues):
    """Rows read and what became of them, per file and sheet; they must add up."""
    account = pd.DataFrame(
        [(p["sheet"].file, p["sheet"].name, p["read"]) for p in parts], columns=["file", "sheet", "read"]
    )
    index = pd.MultiIndex.from_frame(account[["file", "sheet"]])
    account["tickets"] = _count(tickets, ["source_file", "source_sheet"], index)
    for kind in (REFUSED, MERGED, LEFT_OUT):
        account[kind] = _count(issues[issues["kind"] == kind], ["file", "sheet"], index)
    out = account[["tickets", REFUSED, MERGED, LEFT_OUT]].sum(axis=1)
    if not account["read"].eq(out).all():
        raise AssertionError(f"rows were lost or counted twice:\n{account[account['read'].ne(out)]}")
    return account


def _count(frame, by, index):
    return frame.groupby(by, dropna=False).size().reindex(index, fill_value=0).to_numpy()
