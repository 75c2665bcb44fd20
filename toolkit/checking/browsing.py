"""The page gate's second half, in the machine's own browser: every figure opens, nothing is said, nothing is asked for."""

import shutil
from contextlib import contextmanager

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
OFFLINE = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]  # no sandbox: may run as root
NO_BROWSER = "没有浏览器：需要 playwright 和 Chromium"
WAITING = 20  # seconds
# Opens every fold, waits until it is unpacked, and then every figure: what it says, and how many tickets it shows.
OPEN_ALL = """async (seconds) => {
  const until = Date.now() + seconds * 1000;
  const wait = async (done) => {
    while (!done()) {
      if (Date.now() > until) throw new Error("未在规定时间内打开");
      await new Promise((go) => setTimeout(go, 20));
    }
  };
  const drawer = document.querySelector(".drill-drawer");
  if (!drawer) return [];
  await wait(() => drawer.ready);
  document.querySelectorAll("details").forEach((fold) => (fold.open = true));
  await wait(() => !document.querySelector("details script"));
  history.pushState = history.replaceState = () => {};  // of hundreds of them a browser complains
  const wrong = [];
  for (const link of document.querySelectorAll("a.figure")) {
    link.click();
    const text = link.textContent.trim();
    if (/^[0-9]{1,8}$/.test(text) && drawer.shown.length !== Number(text))
      wrong.push(`${link.dataset.what}：写明${text}件，点开${drawer.shown.length}件`);
  }
  return wrong;
}"""


@contextmanager
def open_browser():
    """The machine's Chromium, headless; None where it, or playwright, is not there."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OFFLINE)
        yield browser
        browser.close()


def check_in_browser(browser, path):
    """What is wrong with a page that is opened, a sentence each: console, addresses, figures."""
    wrong, page = [], browser.new_page()
    page.on("pageerror", lambda error: wrong.append(f"程序出错：{error}"))
    page.on("console", lambda message: wrong.append(f"控制台有消息：{message.text}"))
    page.on(
        "request",
        lambda request: request.url.startswith("file:") or wrong.append(f"请求外部地址：{request.url}"),
    )
    try:
        page.goto(path.as_uri())
        wrong += page.evaluate(OPEN_ALL, WAITING)
        if page.evaluate("window.attacked !== undefined"):
            wrong.append("文字变成了程序并已运行")
    except Exception as error:  # playwright's own, of many kinds
        wrong.append(f"页面打不开：{str(error).splitlines()[0]}")
    finally:
        page.close()
    return wrong
