"""The pictures of the documents, taken of a run's pages: `make pictures` after a change of what people look at."""

import shutil
import sys
import tempfile
from pathlib import Path

from cases.explorer import mount_explorer
from playwright.sync_api import sync_playwright

from toolkit.preparing.report import read_report
from toolkit.presenting.explore import explore

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def take_pictures(run, folder):
    """A unit's page, a ticket in its drawer, the county's page, the unit's page on a phone, and the explorer."""
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
        take_explorer(browser, read_report(run / "prepared"), folder / "explorer.png")
        browser.close()


def take_explorer(browser, report, path):
    """The explorer with the overdue tickets of the county, one of them beside, two in the list to be urged."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    with tempfile.TemporaryDirectory() as desk:
        mount_explorer(page, explore(report, desk))
        page.get_by_role("button", name="超期最久").click()
        page.locator(".drill-row").nth(3).click()
        page.locator(".explorer-beside .drill-title").wait_for()
        for place in (1, 3):
            page.locator(".drill-row .explorer-tick").nth(place).check()
        page.get_by_text("已保存").wait_for()
        page.locator(".explorer").screenshot(path=path)


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
