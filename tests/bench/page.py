"""How long a lecture keeps the browser busy while it loads, on a machine slowed down to a phone's speed."""

import os
import statistics

from playwright.sync_api import sync_playwright

from tests.bench import ROOT, record
from tests.site_visits import pages_of, served, soup_of, weights
from tools import browser as browsers

SITE = ROOT / "_build" / "html"
SLOWDOWN = 4
ROUNDS = 5
# A task blocks for as long as it runs beyond fifty milliseconds.
WATCH = """
window.blocking = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) blocking += Math.max(0, task.duration - 50);
}).observe({ type: "longtask", buffered: true });
"""


def measure(chromium, site_url, page):
    """Return the milliseconds of blocking and the files asked for, at one first visit to a page."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(WATCH)
    tab = context.new_page()
    requested = []
    tab.on("request", lambda request: requested.append(request.url.removeprefix(f"{site_url}/").split("?")[0]))
    context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    tab.goto(f"{site_url}/{page}", wait_until="networkidle")
    blocking = tab.evaluate("blocking")
    context.close()
    return blocking, requested


def main():
    """Measure every lecture, and record the median of each and the worst of all."""
    program = os.environ.get("BOOK_BROWSER") or browsers.find()
    if not program:
        raise SystemExit("bench: no Chromium or Chrome on this machine, so pages cannot be measured")
    lectures = {}
    with served(SITE) as site_url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=browsers.flags())
        for page in pages_of(SITE):
            if not soup_of(SITE / page).select_one(".goals"):
                continue
            visits = [measure(chromium, site_url, page) for _ in range(ROUNDS)]
            lectures[page] = {
                "blocking_ms": round(statistics.median(blocking for blocking, _ in visits)),
                "bytes": weights(SITE, visits[0][1]),
            }
        chromium.close()
    if not lectures:
        raise SystemExit(f"bench: {SITE} holds no lecture: run `make html` first")
    worst = max(lecture["blocking_ms"] for lecture in lectures.values())
    record("page", {"slowdown": SLOWDOWN, "rounds": ROUNDS, "worst_blocking_ms": worst, "lectures": lectures})


if __name__ == "__main__":
    main()
