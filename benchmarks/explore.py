"""How long the explorer takes until it is drawn, and from a click until all its views are, in the machine's Chromium.

The demo county's tickets many times over, under numbers of their own. The kernel's side answers from a server on this
machine; its work is measured apart, since a notebook has it in a process of its own. First view: the kernel codes the
columns, the browser reads them and draws.
"""

import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
from drill import open_demo

from toolkit.presenting.exploring.answers import list_chosen, search_tickets
from toolkit.presenting.exploring.columns import write_first, write_rest
from toolkit.presenting.exploring.files import read_module, read_styles
from toolkit.presenting.exploring.ticket import write_ticket

TIMES = [20, 333]  # the demo's 3,000 tickets become 60,000 and a million
NUMBERED = {
    "tickets": ["ticket_id"],
    "marks": ["ticket_id"],
    "legs": ["ticket_id"],
    "issues": ["ticket_id"],
    "related": ["ticket_id", "other"],
}
CLICKS = [
    '.explorer-box[data-column="due_day"] .explorer-bar:nth-child(1)',
    '.explorer-box[data-column="category_top"] .explorer-bar:nth-child(1)',
    '.explorer-box[data-column="severities"] .explorer-bar:nth-child(1)',
    ".explorer-grid tbody tr:nth-child(2) td:nth-child(2) button",
    ".explorer-heat .explorer-tab:nth-child(2)",
    ".explorer-heat .explorer-tab:nth-child(3)",
    ".explorer-heat .explorer-tab:nth-child(1)",
    ".drill-sort:nth-child(5)",
]
MODEL = """async () => {
  const hears = [];
  const answer = async (content) => {
    const parts = ["first", "rest"].includes(content.kind) ? [await (await fetch(`/${content.kind}`)).arrayBuffer()] : [];
    const told = { number: content.number, state: { ticks: {} }, ticks: {} };
    hears.forEach((hear) => hear(told, parts.map((part) => new DataView(part))));
  };
  const model = { on: (name, hear) => hears.push(hear), off: () => {}, send: answer };
  const started = performance.now();
  (await import("/module.js")).default.render({ model, el: document.body });
  const root = document.querySelector(".explorer");
  const wait = async (isDone) => { while (!isDone()) await new Promise((done) => setTimeout(done, 2)); };
  await wait(() => root.ready);
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const drawn = performance.now() - started;
  await wait(() => root.isWhole);
  return [drawn, performance.now() - started];
}"""
CLICK = """(selector) => new Promise((done) => {
  const started = performance.now();
  document.querySelector(selector).click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
})"""


def grow_report(report, times):
    """The report with its tickets so many times, and all that hangs on each."""
    whole = report.findings[report.findings["ticket_id"].isna()]
    own = report.findings[report.findings["ticket_id"].notna()]
    frames = {name: grow(getattr(report, name), columns, times) for name, columns in NUMBERED.items()}
    findings = pd.concat([grow(own, ["ticket_id"], times), whole], ignore_index=True)
    return replace(report, findings=findings, **frames)


def grow(frame, columns, times):
    """The rows so many times, numbers with three digits in their midst."""
    parts = [
        frame.assign(
            **{name: frame[name].str[:-6] + str(100 + at) + frame[name].str[-6:] for name in columns}
        )
        for at in range(times)
    ]
    return pd.concat(parts, ignore_index=True)


def clock(work, *given):
    """What some work gives, and how many seconds of the processor it took."""
    started = time.process_time()
    return work(*given), time.process_time() - started


def write_files(folder, first, rest):
    """What the page asks for, as files."""
    style = f"<meta charset='utf-8'><style>{read_styles()}</style><body style='margin:0'></body>"
    (folder / "index.html").write_text("<!doctype html>" + style, encoding="utf-8")
    (folder / "module.js").write_text(read_module(), encoding="utf-8")
    (folder / "first").write_bytes(first)
    (folder / "rest").write_bytes(rest)


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not say what it serves."""

    def log_message(self, *_):
        pass


def measure_front(browser, folder):
    """Milliseconds until drawn, until whole, and per click: the usual one and the longest."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    drawn, whole = page.evaluate(MODEL)
    clicks = [page.evaluate(CLICK, selector) for _ in range(4) for selector in CLICKS]
    page.close()
    server.shutdown()
    return drawn, whole, statistics.median(clicks), max(clicks)


def measure_kernel(report):
    """Seconds of the processor for a ticket, for a search, for the chosen frame."""
    asked = [
        (write_ticket, report, report.tickets["ticket_id"].iloc[-1]),
        (search_tickets, report.tickets, "路灯"),
        (list_chosen, report, {"where": {"due_day": ["已超期"]}}),
    ]
    return [clock(*one)[1] for one in asked]


def measure(report, browser, folder):
    """Print a few lines about a report."""
    (first, coding), (rest, others) = clock(write_first, report), clock(write_rest, report)
    write_files(folder, first, rest)
    drawn, whole, usual, longest = measure_front(browser, folder)
    held = report.tickets.memory_usage(deep=True).sum() / 1e9
    print(
        f"{len(report.tickets):>9,} tickets, {held:.2f} GB; {len(first) / 1e6:.1f} and {len(rest) / 1e6:.1f} MB"
    )
    print(f"  kernel: first view {coding:.2f} s, the rest {others:.2f} s")
    print(
        "  kernel: a ticket {:.2f} s, a search {:.2f} s, the chosen frame {:.2f} s".format(
            *measure_kernel(report)
        )
    )
    print(f"  browser: drawn after {drawn:.0f} ms, whole after {whole:.0f} ms")
    print(f"  click to all views: {usual:.0f} ms, at most {longest:.0f} ms", flush=True)


def main():
    """Measure the demo county many times over; `explore.py 20` twenty times over alone."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        demo = open_demo(Path(name))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for times in [int(given) for given in sys.argv[1:]] or TIMES:
            measure(grow_report(demo, times), browser, Path(name))
        print(
            f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB"
        )
        browser.close()


if __name__ == "__main__":
    main()
