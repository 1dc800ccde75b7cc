"""Visits to the pages of the built site in a real browser: what the tests of the site look at."""

import contextlib
import gzip
import http.server
import os
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from tools import browser as browsers

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

# Runs before anything else in a page.
WATCH = """
window.watched = { shift: 0, violations: [] };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) watched.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (event) => {
  watched.violations.push(`${event.violatedDirective}: ${event.blockedURI || event.sourceFile}`);
});
"""
SCROLL_THROUGH = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise(requestAnimationFrame);
  }
  await document.fonts.ready;
}"""
# What a formula looks like is hidden from screen readers, and its colour is that of the text around it; without it a
# page has half as many parts. Only contrast depends on the theme.
RUN_AXE = """async (theme) => {
  const options = { resultTypes: ["violations"], ...(theme === "dark" ? { runOnly: ["color-contrast"] } : {}) };
  const { violations } = await axe.run({ exclude: [[".katex-html"]] }, options);
  return violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).join(" | ")}`);
}"""


@dataclass
class Visit:
    """What was seen of one page in one theme at one width."""

    page: str
    theme: str
    width: int
    console: list = field(default_factory=list)
    failed: list = field(default_factory=list)
    foreign: list = field(default_factory=list)
    violations: list = field(default_factory=list)
    axe: list = field(default_factory=list)
    requested: list = field(default_factory=list)
    overflow: int = 0
    shift: float = 0.0

    def __str__(self):
        return f"{self.page} ({self.theme}, {self.width} px)"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Say nothing."""

    def copyfile(self, source, outputfile):
        """A browser may go on to the next page before it has read all of this one."""
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)


@contextlib.contextmanager
def served(site):
    """Serve a folder on a free port of this machine, and give its address, without a slash at the end."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def is_redirect(page):
    """Say whether a file only leads on to a page that has moved."""
    return 'http-equiv="refresh"' in page.read_text(encoding="utf-8")


def pages_of(site):
    """Return the paths of all pages of the site, without those that only lead on."""
    return sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html") if not is_redirect(page))


@cache
def soup_of(path):
    """Return the parsed page; it is not to be changed."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def ids_of(path):
    """Return the places on a page to which a link may lead."""
    return {element["id"] for element in soup_of(path).select("[id]")}


def base_path(site):
    """Return the path below which the site is published, from the address that its first page gives itself."""
    return urlsplit(soup_of(site / "index.html").select_one('link[rel="canonical"]')["href"]).path


def serve_below_base(site, route):
    """Answer as the published site does: files below its base path, the page for wrong addresses for all others."""
    name = urlsplit(route.request.url).path.removeprefix(base_path(site))
    route.fulfill(path=site / name if (site / name).is_file() else site / "404.html")


WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def visit(browser, site_url, site, page, theme, width):
    """Open a page in a fresh browser context and write down what happens."""
    seen = Visit(page, theme, width)
    # The test brings axe into the page by the debugging protocol, which no policy of the page can refuse.
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    context.add_init_script(WATCH)
    tab = context.new_page()
    address = f"{site_url}/{page}"
    if page == "404.html":
        address = f"{site_url}{base_path(site)}no/such/page.html"
        tab.route(f"{site_url}{base_path(site)}**", partial(serve_below_base, site))
    tab.on("console", lambda message: message.type in ("error", "warning") and seen.console.append(message.text))
    tab.on("pageerror", lambda error: seen.console.append(str(error)))
    tab.on("requestfailed", lambda request: seen.failed.append(request.url))
    tab.on("response", lambda response: response.status >= 400 and seen.failed.append(response.url))
    tab.on("request", lambda request: note_request(seen, site_url, request.url))
    tab.goto(address, wait_until="networkidle" if page == "search.html" else "load")
    tab.evaluate(SCROLL_THROUGH)
    watched = tab.evaluate("watched")
    seen.shift, seen.violations = watched["shift"], watched["violations"]
    seen.overflow = tab.evaluate(WIDER)
    tab.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    seen.overflow = max(seen.overflow, tab.evaluate(WIDER))
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    seen.axe = tab.evaluate(RUN_AXE, theme)
    context.close()
    return seen


def visit_all(program, site_url, site, jobs):
    """Make many visits, jobs of (page, theme, width), in as many browsers at once as there are processors."""
    from playwright.sync_api import sync_playwright

    waiting, seen = queue.SimpleQueue(), []
    for job in jobs:
        waiting.put(job)

    def work():
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=browsers.flags())
            with contextlib.suppress(queue.Empty):
                while True:
                    seen.append(visit(browser, site_url, site, *waiting.get_nowait()))

    with ThreadPoolExecutor() as pool:
        for worker in [pool.submit(work) for _ in range(os.cpu_count() or 1)]:
            worker.result()
    return sorted(seen, key=str)


def note_request(seen, site_url, url):
    """Sort a request: to the site, or off it."""
    if url.startswith(site_url + "/"):
        seen.requested.append(urlsplit(url).path.removeprefix("/"))
    elif not url.startswith(("data:", "blob:")):
        seen.foreign.append(url)


@cache
def weight(path):
    """Return the bytes of a file as a server sends it: gzip, or as it is where that is no gain."""
    data = path.read_bytes()
    return min(len(gzip.compress(data, 9)), len(data))


def weights(site, requested):
    """Return the bytes of each kind of file among those requested, and of all."""
    kinds = {".html": "html", ".css": "css", ".woff2": "fonts", ".js": "scripts"}
    total = dict.fromkeys(["html", "css", "fonts", "scripts", "other", "all"], 0)
    for name in set(requested):
        path = site / name
        path = path / "index.html" if path.is_dir() else path
        total[kinds.get(path.suffix, "other")] += weight(path)
        total["all"] += weight(path)
    return total
