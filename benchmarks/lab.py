"""How long an official waits in the morning: from `toolkit lab` to the explorer, and after sixty choices to a ticket.

In the machine's Chromium, on the demo as `make report` leaves it. Each row click is timed to the ticket's number beside.
"""

import os
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from toolkit.presenting.exploring.source import DEMO_RUN, find_prepared

SHOWN = ".jp-OutputArea-output .explorer .drill-row"
CHOICES, CLICKS = 60, 5
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


def start_lab(home):
    """The server's process and the address it says; its settings and its notebook's changes are its own."""
    port = 20_000 + secrets.randbelow(20_000)
    command = [sys.executable, "-m", "toolkit", "lab", "--no-browser", "--allow-root", f"--port={port}"]
    places = {"JUPYTER_CONFIG_DIR": home, "JUPYTER_DATA_DIR": home, "IPYTHONDIR": home}
    server = subprocess.Popen(
        command, env=os.environ | places, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return server, server.stdout.readline().strip()


def open_when_up(page, address):
    """The address, as soon as something answers there; the browser's own wait is part of the official's."""
    while True:
        try:
            return page.goto(address)
        except Exception as error:
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            time.sleep(0.05)


def time_start(page, home):
    started = time.perf_counter()
    server, address = start_lab(home)
    open_when_up(page, address)
    page.locator(SHOWN).first.wait_for(timeout=120_000)
    print(f"toolkit lab → explorer on the demo: {time.perf_counter() - started:.1f} s")
    return server


def say_times(what, took):
    middle, slowest = (1000 * value for value in (statistics.median(took), max(took)))
    print(f"{what}: the middle one {middle:.0f} ms, the slowest {slowest:.0f} ms")


def choose_often(page):
    """Sixty choices one after another, each a bar of one of the views."""
    took = []
    for number in range(CHOICES):
        bars = page.locator(".explorer .explorer-bar:not([disabled])")
        started = time.perf_counter()
        bars.nth(number % max(1, min(6, bars.count()))).click()
        took.append(time.perf_counter() - started)
    say_times(f"{CHOICES} choices", took)
    page.locator(".explorer").get_by_role("button", name="清除", exact=True).click()


def time_rows(page):
    took = []
    for number in range(CLICKS):
        row = page.locator(".explorer .drill-row").nth(number + 1)
        ticket = row.locator(".drill-id").inner_text()
        started = time.perf_counter()
        row.locator(".drill-said").click()
        page.locator(".explorer-beside").get_by_text(ticket).first.wait_for()
        took.append(time.perf_counter() - started)
    say_times("row click → ticket after them", took)


def main():
    if CHROMIUM is None or find_prepared(DEMO_RUN) is None:
        print("not measured: needs Chromium and the demo's reports (make report)")
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        server = time_start(page, home)
        try:
            if page.locator(".explorer").count():
                choose_often(page)
                time_rows(page)
        finally:
            browser.close()
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
