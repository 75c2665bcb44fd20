"""The other counties' published rates, as a user enters them from bulletins; `peer_ranks` compares ours."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import BeforeValidator

from toolkit.errors import ParameterError, PeersError, list_mistakes
from toolkit.loading.files import read_sheets
from toolkit.loading.header_rows import filled, find_header
from toolkit.period import parse_period
from toolkit.rounding import percent
from toolkit.settings import SHOWN, Settings, load_yaml, project_path, try_settings

HEADINGS = {
    "county": ["县(市、区)", "县市区", "县区", "县", "单位", "地区"],
    "metric": ["指标", "指标名称"],
    "period": ["期间", "统计期间", "时间"],
    "rate": ["比率", "数值", "完成率", "公布数", "率"],
    "numerator": ["分子", "分子件数"],
    "denominator": ["分母", "分母件数"],
    "definition": ["口径", "计算口径", "定义"],
    "source": ["来源", "出处", "通报"],
}
PEERS = ["county", "metric", "period", "rate", "decimals", "numerator", "denominator", "definition", "source"]
PEERS += ["doubt"]
MOST_DECIMALS = 6  # of a published percentage: more are no rate but a slip, or a formula's


def _under_rate(value):
    return value if isinstance(value, dict) else {"rate": value}


def _as_written(value):
    return str(value) if isinstance(value, (int, date)) and not isinstance(value, bool) else value


class Told(Settings):
    """What a bulletin prints for one county; what it says of itself alone comes before the bulletin's."""

    rate: Any
    numerator: Any = ""
    denominator: Any = ""
    definition: str = ""
    source: str = ""


class Bulletin(Settings):
    """What one bulletin publishes: one metric of one period, county by county."""

    metric: str
    period: Annotated[str, BeforeValidator(_as_written)]
    definition: str = ""
    source: str = ""
    rates: dict[str, Annotated[Told, BeforeValidator(_under_rate)]]


class PeersFile(Settings):
    """The shape of peers.yml."""

    note: str = ""
    bulletins: list[Bulletin]


def read_peers(path):
    """各县（市、区）公布的比率：县、指标、期间、公布值，有分子分母、口径、来源的一并录入。

    path: peers.yml (see parameters/peers.yml) or a workbook with the columns 县（市、区）, 指标, 期间, 比率, 分子,
    分母, 口径, 来源. A rate is 91.6% or, in a percent cell, 0.916; a bare number above 1 is a percentage. Gives
    county, metric, period, rate (0 to 1), decimals (decimals of the percentage as published), numerator,
    denominator, definition, source (missing where not published), doubt (where rate and counts differ).
    Raises PeersError with every mistake at once.
    """
    file = project_path(path)
    rows, mistakes = _read_file(file) if file.suffix in (".yml", ".yaml") else (_read_workbook(file), [])
    peers = pd.DataFrame(rows, columns=["place", *HEADINGS])
    if not rows and not mistakes:
        mistakes = [f"{Path(path).name}: no rate: expected one row a county, metric and period"]
    periods, unread = _read_periods(peers)
    peers = peers.assign(period=periods)
    values, wrong = _read_rates(peers)
    counts, bad = _read_counts(peers)
    mistakes += [*_list_missing(peers), *unread, *wrong, *bad, *_list_twice(peers)]
    if mistakes:
        raise PeersError(list_mistakes(f"the peers' rates: {len(mistakes)} mistake(s)", mistakes))
    read = peers.assign(**values, **counts)
    texts = ["county", "metric", "period", "definition", "source"]
    read = read.assign(**{name: read[name].replace("", None).astype("str") for name in texts})
    return read.assign(doubt=pd.Series(_list_doubts(read), read.index, dtype="str"))[PEERS]


def _read_file(file):
    """The rows of every bulletin that can be read, and what is wrong with the others."""
    values, mistakes = load_yaml(file, PeersError)
    _, wrong = try_settings(PeersFile, values)
    given = values.get("bulletins")
    bulletins = [try_settings(Bulletin, bulletin)[0] for bulletin in given] if isinstance(given, list) else []
    rows = []
    for number, bulletin in enumerate(bulletins, 1):
        if bulletin is None:
            continue
        common = bulletin.model_dump(exclude={"rates"})
        for county, given in bulletin.rates.items():
            told = {name: value for name, value in given.model_dump().items() if value != ""}
            row = {"place": f"bulletins.{number} {county}", **dict.fromkeys(HEADINGS, "")}
            row |= {name: _text(value) for name, value in {**common, **told, "county": county}.items()}
            rows.append(row)
    return rows, [f"{file.name}: {mistake}" for mistake in [*mistakes, *wrong]]


def _read_workbook(file):
    rows = []
    for sheet in read_sheets(str(file)):
        header = find_header(sheet.rows, HEADINGS, {"county", "metric", "rate"})
        rows += _rows_below(sheet, header) if header else []
    return rows


def _rows_below(sheet, header):
    columns = {position: column for column, (position,) in header.assigned.items()}
    for number, cells in enumerate(sheet.rows[header.last + 1 :], header.last + 2):
        row = {columns[at]: _text(cell) for at, cell in enumerate(cells) if at in columns}
        if len(filled(cells)) > 1:
            yield {"place": f"{sheet.file} row {number}", **dict.fromkeys(HEADINGS, "")} | row


def _text(cell):
    if isinstance(cell, date):  # a spreadsheet makes a day of 2025-03
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer() and cell > 1:
        cell = int(cell)  # a spreadsheet has no whole numbers: 2025.0, 456.0
    return "" if cell is None else str(cell).strip()


# --- checks ------------------------------------------------------------------------------------------


def _list_missing(peers):
    names = {"county": "县（市、区）", "metric": "指标", "period": "期间"}
    return [
        f"{row['place']}: no {name}: give every rate its county, metric and period"
        for row in peers.to_dict("records")
        for column, name in names.items()
        if not row[column]
    ]


def _list_twice(peers):
    keys = ["county", "metric", "period"]
    return [
        f"{'、'.join(key)} stands in {'; '.join(places)}: expected one rate"
        for key, places in peers.groupby(keys, sort=False)["place"]
        if len(places) > 1
    ]


def _read_periods(peers):
    """The days of every row's period, written as a run's period is, and the periods that cannot be read."""
    days, wrong = [], []
    for row in peers.itertuples():
        try:
            days.append(str(parse_period(row.period)) if row.period else "")
        except ParameterError as error:
            days.append(row.period)
            wrong.append(f"{row.place}: {error}")
    return days, wrong


def _read_rates(peers):
    """Rate and published decimals of every row, and what cannot be read.

    A cell that is a number has lost its last zeros: it counts as printed like the longest of its bulletin.
    """
    bare = pd.Series([_bare(text) for text in peers["rate"]], peers.index, dtype="float64")
    in_percent = bare.gt(1).groupby([peers["metric"], peers["period"]]).transform("any")
    read = [_read_rate(*pair) for pair in zip(peers["rate"], in_percent, strict=True)]
    wrong = [
        f"{place}: {mistake}" for place, (*_, mistake) in zip(peers["place"], read, strict=True) if mistake
    ]
    decimals = pd.Series([decimals for _, decimals, _ in read], peers.index, dtype="float64")
    longest = decimals.groupby([peers["metric"], peers["period"]]).transform("max")
    decimals = decimals.mask(bare.notna(), longest).astype("Int64")
    return {
        "rate": pd.Series([r for r, *_ in read], peers.index, dtype="float64"),
        "decimals": decimals,
    }, wrong


def _bare(text):
    found = re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text)
    return float(text) if found else None


def _read_rate(text, in_percent):
    """0.916, 1 for 91.6%: the rate, its decimals as a percentage, and what is wrong."""
    told = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]+))?[%％﹪]", text)
    if not told and _bare(text) is None:
        return None, None, f"{SHOWN.repr(text)} is no rate: write 91.6%"
    if told and len(told[2] or "") > MOST_DECIMALS:
        return None, None, f"{SHOWN.repr(text)} has more decimals than a bulletin prints: write 91.6%"
    if told or _bare(text) > 1:
        digits = text.rstrip("%％﹪")
        if float(digits) > 100:
            return None, None, f"'{text}' is above 100%: a rate is 0% to 100%"
        return float(Decimal(digits) / 100), min(len(digits.partition(".")[2]), MOST_DECIMALS), ""
    if in_percent:
        return None, None, f"'{text}' stands among percentages and could be a share: write it with %"
    return float(text), min(max(len(text.partition(".")[2]) - 2, 0), MOST_DECIMALS), ""


def _read_counts(peers):
    counts, wrong = {}, []
    for column in ("numerator", "denominator"):
        found = peers[column].str.replace(",", "").str.replace("件", "")
        bad = found.ne("") & ~found.str.fullmatch(r"[0-9]{1,12}")
        wrong += [
            f"{row.place}: {SHOWN.repr(getattr(row, column))} is no count" for row in peers[bad].itertuples()
        ]
        counts[column] = pd.to_numeric(found.where(~bad), errors="coerce").astype("Int64")
    top, among = counts["numerator"], counts["denominator"]
    half = top.isna() ^ among.isna()
    wrong += [
        f"{place}: give numerator and denominator, or neither" for place in peers.loc[half, "place"]
    ] * (not wrong)
    over = (top.gt(among) | among.eq(0)).fillna(False)
    wrong += [
        f"{place}: the numerator is above the denominator, or it is 0" for place in peers.loc[over, "place"]
    ]
    return counts, wrong


def _list_doubts(peers):
    """Where the published rate is not that of its published counts."""
    for row in peers.itertuples():
        if pd.isna(row.numerator):
            yield None
            continue
        counted = percent(row.numerator / row.denominator, int(row.decimals))
        printed = percent(row.rate, int(row.decimals))
        same = counted == printed
        yield None if same else f"公布{printed}，按{row.numerator}/{row.denominator}应为{counted}"
