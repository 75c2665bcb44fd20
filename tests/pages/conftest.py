"""What the tests in a real browser share."""

import shutil
from pathlib import Path

import pytest
from cases.drill import wait_until

CHROMIUM = ["chromium", "chromium-browser", "google-chrome"]
OFFLINE = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]  # no sandbox: may run as root


@pytest.fixture(scope="session")
def browser():
    """The machine's own Chromium, started once; tests that need it are skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip(f"no browser on PATH: looked for {', '.join(CHROMIUM)}")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=OFFLINE)
        yield started
        started.close()


@pytest.fixture
def open_page(browser, demo_reports):
    """Open a report's page; fails the test when the page says anything on its console or asks for any address."""
    pages, trouble = [], []

    def open_report(name, address="", width=1280, before=""):
        page = browser.new_page(viewport={"width": width, "height": 1000})
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text))
        page.on("request", lambda request: request.url.startswith("file:") or trouble.append(request.url))
        if before:
            page.add_init_script(before)
        page.goto((Path(demo_reports[1]) / name).as_uri() + address)
        if page.locator(".drill-drawer").count():
            wait_until(page, "document.querySelector('.drill-drawer').ready")
        pages.append(page)
        return page

    yield open_report
    for page in pages:
        page.close()
    assert not trouble
