"""The pictures of the documents, taken of a run's pages: `make pictures` after a change of what people look at."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def take_pictures(run, folder):
    """A unit's page, a ticket in its drawer, the county's page, and the unit's page on a phone."""
    units = sorted((run / "units").glob("*.html"))
    unit = next((page for page in units if page.stem == "苇渡乡"), units[0])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        wide, phone = browser.new_page(viewport=WIDE), browser.new_page(viewport=PHONE)
        wide.goto(unit.as_uri())
        wide.screenshot(path=folder / "page.png", full_page=True)
        wide.locator("main a.figure").nth(4).click()
        wide.locator(".drill-row").first.click()
        wide.screenshot(path=folder / "ticket.png")
        wide.goto((run / "index.html").as_uri())
        wide.screenshot(path=folder / "county.png", full_page=True)
        phone.goto(unit.as_uri())
        phone.screenshot(path=folder / "phone.png")
        browser.close()


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
