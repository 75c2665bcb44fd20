"""What the tests in a real browser share."""

import shutil

import pytest

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
