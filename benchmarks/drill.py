"""How large a county's page grows with its tickets, and how long a click takes until the drawer shows them.

The tickets are drawn at random from the demo county's, with numbers and times of their own. Measured in the
machine's Chromium: the page opened from disk, the tickets read (after the page is drawn), then figures clicked.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd

import toolkit
from toolkit.demo.county import write_demo
from toolkit.preparing.run_file import read_run
from toolkit.presenting import listing
from toolkit.presenting.figures import figure, join
from toolkit.presenting.listing import TICKETS_MIME, TITLED, describe_tickets, pack_tickets
from toolkit.presenting.page import build_page
from toolkit.settings import PROJECT

COUNTS = [3_000, 60_000, 1_000_000]
FIGURES = {
    "超期未回复": {"due_state": ["超期未回复"], "scope": ["本期"]},
    "红色线索": {"colour": ["红"]},
    "按期回复率：分母": {"按期回复率（÷受理）": [0, 1], "against": ["本期"], "is_excluded": [False]},
    "全部": {},
}
# A frame is drawn after the click before the clock stops.
READY = """async () => {
  while (!document.querySelector(".drill-drawer").ready) await new Promise((done) => setTimeout(done, 5));
}"""
CLICK = """(at) => new Promise((done) => {
  const started = performance.now();
  document.querySelectorAll('a.figure')[at].click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
})"""


def open_demo(folder):
    """The demo county's report."""
    run = read_run(PROJECT / "parameters" / "demo.yml")
    source = write_demo(folder / "county") / "export"
    settings = {name: getattr(run, name) for name in ("as_of", "period", "policy", "scheme")}
    return toolkit.open_report(None, {"source": source, **settings})


def grow_table(table, count):
    """So many tickets, drawn from the table's, each within three weeks of its original and numbered by day."""
    rng = np.random.default_rng(1)
    grown = table.iloc[rng.integers(len(table), size=count)].reset_index(drop=True)
    shift = pd.Series(pd.to_timedelta(rng.integers(-21 * 1440, 21 * 1440, count), unit="min"))
    moved = {name: grown[name] + shift for name in ("received_at", "answered_at")}
    grown = grown.assign(**moved, due_at=grown["due_at"] + shift.dt.round("D"))
    grown = grown.sort_values("received_at", kind="stable").reset_index(drop=True)
    day = grown["received_at"].dt.strftime("%Y%m%d")
    number = (grown.groupby(day).cumcount() + 1).astype("str").str.zfill(6)
    named = grown.assign(ticket_id=day + number, received_month=grown["received_at"].dt.strftime("%Y-%m"))
    return named if count <= TITLED else named.drop(columns=["title", "answered_at", "due_explained"])


def write_page(table, report, path):
    """A page of a few figures and this table; how long packing took, in seconds."""
    started = time.perf_counter()
    packed = pack_tickets(table, report)
    took = time.perf_counter() - started
    figures = str(join([figure(what, what, **where) for what, where in FIGURES.items()]))
    outputs = [
        nbformat.v4.new_output("display_data", data=data)
        for data in ({"text/html": figures}, {TICKETS_MIME: packed})
    ]
    cell = nbformat.v4.new_code_cell(outputs=outputs)
    path.write_text(build_page(nbformat.v4.new_notebook(cells=[cell]), "x"), encoding="utf-8")
    return took


def measure_page(browser, path):
    """Milliseconds until the first figure is drawn, until the tickets are read, and per click (median, longest)."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.evaluate(READY)
    ready = page.evaluate("performance.now()")
    clicks = [page.evaluate(CLICK, at) for _ in range(5) for at in range(len(FIGURES))]
    page.close()
    return painted, ready, statistics.median(clicks), max(clicks)


def main():
    """Print a line per number of tickets."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        report = open_demo(Path(name))
        listing.DETAILED = (
            0  # the demo's own tickets are few: its page would hold what one of many tickets does not
        )
        table = describe_tickets(report)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for count in COUNTS:
            page = Path(name) / f"{count}.html"
            packed = write_page(grow_table(table, count), report, page)
            painted, ready, usual, longest = measure_page(browser, page)
            print(
                f"{count:>9,} tickets: page {page.stat().st_size / 1e6:.2f} MB, packed in {packed:.1f} s; "
                f"drawn after {painted:.0f} ms, tickets read after {ready:.0f} ms; "
                f"a click {usual:.0f} ms, at most {longest:.0f} ms"
            )
        browser.close()


if __name__ == "__main__":
    main()
