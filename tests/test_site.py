"""The built site as a reader meets it: every page in a real browser, light and dark, on a phone."""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.site_visits import ROOT, base_path, ids_of, pages_of, soup_of, visit_all, weights

THEMES = ("light", "dark")
WIDTH = 390
BUDGETS = {"html": 60_000, "css": 22_000, "fonts": 90_000, "scripts": 8_000, "all": 200_000}
# A page that is the first to need bold letters, or signs, fetches their fonts once.
NEXT_PAGE = {"but for fonts": 60_000, "all": 90_000}


@pytest.fixture(scope="session")
def visits(browser_program, site_url, built_site):
    """One visit to every page in both themes."""
    jobs = [(page, theme, WIDTH) for page in pages_of(built_site) for theme in THEMES]
    return visit_all(browser_program, site_url, built_site, jobs)


@pytest.fixture(scope="session")
def soups(built_site):
    """Every page, parsed."""
    return {page: soup_of(built_site / page) for page in pages_of(built_site)}


@pytest.fixture
def tab(browser):
    """An empty tab of the width of a phone, whose clipboard may be read."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 800}, color_scheme="light")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def page_with(soups, selector):
    """Return the first page that holds such an element; there must be one."""
    found = next((page for page, soup in soups.items() if soup.select_one(selector)), None)
    assert found, f"no page of the site has {selector}: this test looks at nothing"
    return found


def faults(visits, name):
    """Return what the visits saw of one kind, page by page."""
    return {str(seen): getattr(seen, name) for seen in visits if getattr(seen, name)}


@pytest.mark.parametrize("kind", ["console", "failed", "foreign", "violations", "axe"])
def test_pages_are_without_fault(visits, kind):
    assert faults(visits, kind) == {}


def test_no_page_is_wider_than_the_screen(visits):
    assert {str(seen): seen.overflow for seen in visits if seen.overflow > 0} == {}


def test_layout_stays_put(visits):
    assert {str(seen): seen.shift for seen in visits if seen.shift > 0.02} == {}


def test_pages_keep_their_weight(visits, built_site):
    heavy = {}
    for seen in visits:
        # The search page loads the index of the whole book, and the other is at an address of its own.
        if seen.page not in {"search.html", "404.html"}:
            bytes_of = weights(built_site, seen.requested)
            over = {kind: bytes_of[kind] for kind, most in BUDGETS.items() if bytes_of[kind] > most}
            heavy |= {str(seen): over} if over else {}
    assert heavy == {}


def test_next_page_is_light(visits, soups, built_site):
    requested = {seen.page: set(seen.requested) for seen in visits if seen.theme == "light"}
    heavy, looked = {}, 0
    for page, soup in soups.items():
        link = soup.select_one('link[rel="next"]')
        if link:
            looked += 1
            following = resolve(built_site, page, link["href"])[0].relative_to(built_site).as_posix()
            new = weights(built_site, requested[following] - requested[page])
            new["but for fonts"] = new["all"] - new["fonts"]
            over = {kind: new[kind] for kind, most in NEXT_PAGE.items() if new[kind] > most}
            heavy |= {f"{page} to {following}": over} if over else {}
    assert looked, "no page has a next page"
    assert heavy == {}


def resolve(site, page, address):
    """Return the file and the anchor that an address on a page leads to."""
    parts = urlsplit(address)
    path = (site / page).parent / unquote(parts.path) if parts.path else site / page
    return (path / "index.html" if path.is_dir() else path).resolve(), unquote(parts.fragment)


def test_every_link_inside_the_site_leads_somewhere(soups, built_site):
    dead, site = [], built_site.resolve()
    for page, soup in soups.items():
        for element in soup.select("[href], [src]"):
            address = element.get("href") or element.get("src")
            if urlsplit(address).scheme or element.get("rel") == ["canonical"]:
                continue
            if page == "404.html" and not address.startswith("#"):
                # It is shown at any depth, so its links begin at the root of the host.
                if not address.startswith(base_path(built_site)):
                    dead.append(f"{page}: {address}")
                    continue
                address = address.removeprefix(base_path(built_site)) or "index.html"
            target, anchor = resolve(site, page, address)
            if not target.is_file() or not target.is_relative_to(site):
                dead.append(f"{page}: {address}")
            elif anchor and target.suffix == ".html" and anchor not in ids_of(target):
                dead.append(f"{page}: {address} (no such place on that page)")
    assert dead == []


def test_every_picture_has_a_name(soups):
    nameless = []
    for page, soup in soups.items():
        for picture in soup.select("img, svg"):
            hidden = picture.get("aria-hidden") == "true" or picture.find_parent(class_="katex")
            named = picture.get("alt") or (picture.get("role") == "img" and picture.get("aria-label"))
            if not hidden and not named:
                nameless.append(f"{page}: {str(picture)[:120]}")
        nameless += [f"{page}: a figure without caption" for figure in soup.select("figure") if not figure.figcaption]
    assert nameless == []


def test_every_formula_is_there_as_mathml(soups):
    assert any(soup.select_one(".katex") for soup in soups.values()), "no page has a formula"
    for page, soup in soups.items():
        for formula in soup.select(".katex"):
            assert formula.find("math"), f"{page}: {formula.get_text()[:80]} has no MathML"
            assert formula.find("annotation", encoding="application/x-tex"), (
                f"{page}: {formula.get_text()[:80]} has no LaTeX"
            )


def test_html_is_valid(built_site):
    program = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    config = Path(__file__).with_name("html-validate.config.mjs")
    command = ["node", program, "--config", config, "--formatter", "text", *sorted(built_site.rglob("*.html"))]
    report = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert report.returncode == 0, report.stdout + report.stderr


def test_pages_read_the_same_without_scripts(browser, site_url, soups):
    texts = {}
    for scripts in (True, False):
        context = browser.new_context(viewport={"width": WIDTH, "height": 800}, java_script_enabled=scripts)
        reader = context.new_page()
        for page in soups.keys() - {"search.html"}:
            reader.goto(f"{site_url}/{page}")
            words = reader.locator("main").inner_text()
            texts.setdefault(page, []).append(re.sub(r"\n*(?<=\n)Copy(?=\n|$)|\s+", "", words))
        context.close()
    assert {page for page, (with_scripts, without) in texts.items() if with_scripts != without} == set()
    assert all(len(without) > 40 for _, without in texts.values()), "a page is empty without scripts"


def test_copied_equation_is_its_latex_once(tab, site_url, soups):
    page = page_with(soups, "main p .katex")
    tab.goto(f"{site_url}/{page}")
    latex, before = tab.evaluate("""() => {
      const formula = document.querySelector("main p .katex");
      getSelection().selectAllChildren(formula.closest("p"));
      const copy = formula.closest("p").cloneNode(true);
      const latexOf = (one) => one.querySelector("annotation").textContent;
      for (const one of copy.querySelectorAll(".katex")) one.replaceWith(`$${latexOf(one)}$`);
      return [latexOf(formula), copy.textContent];
    }""")
    tab.keyboard.press("Control+c")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert f"${latex}$" in copied
    assert " ".join(copied.split()) == " ".join(before.split())


def test_copied_display_is_its_latex_once_even_if_selected_in_part(tab, site_url, soups):
    page = page_with(soups, "main .katex-display")
    tab.goto(f"{site_url}/{page}")
    latex = tab.evaluate("""() => {
      const formula = document.querySelector("main .katex-display");
      const visible = formula.querySelector(".katex-html");
      getSelection().setBaseAndExtent(visible.firstChild, 0, visible.lastChild, 1);
      return formula.querySelector("annotation").textContent;
    }""")
    tab.keyboard.press("Control+c")
    assert tab.evaluate("navigator.clipboard.readText()").strip() == f"$${latex}$$"


def test_copy_button_gives_code_without_prompts(tab, site_url, soups):
    page = page_with(soups, "main .cell_input .highlight")
    session = (
        '<div class="highlight"><pre id="session"><span class="gp">&gt;&gt;&gt; </span>for i in range(2):\n'
        '<span class="gp">... </span>    print(i)\n<span class="go">0</span>\n<span class="go">1</span>\n</pre></div>'
        "</main>"
    )

    def add_session(route):
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("</main>", session))

    tab.route(f"{site_url}/{page}", add_session)
    tab.goto(f"{site_url}/{page}")
    for block, expected in (
        (".cell_input .highlight", tab.locator("main .cell_input .highlight pre").first.text_content().rstrip("\n")),
        (".highlight:has(#session)", "for i in range(2):\n    print(i)"),
    ):
        button = tab.locator(f"main {block} button.copy").first
        button.focus()
        tab.keyboard.press("Enter")
        tab.wait_for_function("document.querySelector('[role=status]').textContent === 'Copied'")
        assert tab.evaluate("navigator.clipboard.readText()") == expected
    assert tab.locator(".cell_output button.copy").count() == 0


def test_search_finds_a_word(tab, site_url, soups):
    page = page_with(soups, ".cell")
    title = soups[page].find("h1").find(string=True, recursive=False).strip()
    tab.goto(f"{site_url}/index.html")
    tab.get_by_role("button", name="Contents").click()
    tab.get_by_role("searchbox").fill(max(re.findall(r"[A-Za-z]+", title), key=len))
    tab.keyboard.press("Enter")
    tab.wait_for_selector("ul.search li a")
    found = tab.eval_on_selector_all("ul.search li a", "links => links.map((link) => new URL(link.href).pathname)")
    assert f"/{page}" in found
    assert tab.evaluate("Object.keys(localStorage)") == []


def test_theme_is_remembered(tab, site_url):
    tab.goto(f"{site_url}/index.html")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = tab.evaluate(paper)
    tab.locator("[data-theme-toggle]").click()
    dark = tab.evaluate(paper)
    assert dark != light
    tab.reload(wait_until="commit")
    tab.wait_for_function("document.body")
    assert tab.evaluate(paper) == dark, "the page is first shown in the other theme"
    assert tab.evaluate("Object.entries(localStorage)") == [["theme", "dark"]]
    assert "dark" in tab.locator("[data-theme-toggle]").get_attribute("aria-label")


def test_first_tab_stop_skips_to_the_text(tab, site_url):
    tab.goto(f"{site_url}/index.html")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip-link"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"


def test_keyboard_reaches_every_box_that_scrolls_and_no_other(tab, site_url, soups):
    page = page_with(soups, "main .cell_input .highlight")
    tab.goto(f"{site_url}/{page}")
    tab.wait_for_function("document.querySelector('button.copy')")
    scrolling, bare = tab.evaluate("""() => {
      const scrolls = (box) => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === "auto";
      const boxes = [...document.querySelectorAll("main *")].filter((box) => scrolls(box) && box.checkVisibility());
      boxes.forEach((box, number) => (box.dataset.box = number));
      // Chromium gives such boxes a tab stop of its own; other browsers need it said.
      const bare = boxes.filter((box) => !(box.hasAttribute("tabindex") && box.role && box.ariaLabel));
      return [boxes.length, bare.map((box) => box.outerHTML.slice(0, 200))];
    }""")
    assert scrolling, "nothing on this page is wider than a phone: this test looks at nothing"
    assert bare == []
    reached, idle = set(), []
    tab.locator("#content").focus()
    for _ in range(2000):
        tab.keyboard.press("Tab")
        inside, box, role = tab.evaluate("""() => {
          const now = document.activeElement;
          return [Boolean(now.closest("main")), now.dataset.box ?? null, now.getAttribute("role")];
        }""")
        if not inside:
            break
        if box is not None:
            reached.add(box)
        elif role == "group":
            idle.append(tab.evaluate("document.activeElement.outerHTML.slice(0, 200)"))
    assert len(reached) == scrolling
    assert idle == []


def test_drawers_open_and_close_by_keyboard(tab, site_url):
    tab.goto(f"{site_url}/index.html")
    button = tab.get_by_role("button", name="Contents")
    button.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#navigation").is_visible()
    tab.keyboard.press("Escape")
    assert not tab.locator("#navigation").is_visible()
    assert tab.evaluate("document.activeElement.textContent.trim()") == "Contents"


def test_sitemap_names_every_page(soups, built_site):
    base = soups["index.html"].select_one('link[rel="canonical"]')["href"]
    addresses = re.findall("<loc>(.*?)</loc>", (built_site / "sitemap.xml").read_text(encoding="utf-8"))
    listed = {address.removeprefix(base) or "index.html" for address in addresses}
    listed = {f"{name}index.html" if name.endswith("/") else name for name in listed}
    assert listed == soups.keys() - {"404.html", "search.html"}
    assert f"{base}sitemap.xml" in (built_site / "robots.txt").read_text(encoding="utf-8")


def test_every_page_describes_itself(soups):
    for page in soups.keys() - {"404.html", "search.html"}:
        for selector in (
            'meta[name="description"]',
            'meta[property="og:title"]',
            'meta[property="og:description"]',
            'meta[property="og:url"]',
            'link[rel="canonical"]',
            'meta[http-equiv="Content-Security-Policy"]',
        ):
            assert len(soups[page].select(selector)) == 1, f"{page}: expected one {selector}"


def test_site_tells_nothing_of_the_machine_that_built_it(built_site):
    telling = []
    for path in sorted(built_site.rglob("*")):
        if path.is_file() and path.suffix in {".html", ".js", ".css", ".xml", ".txt", ".svg", ".json", ".inv"}:
            data = path.read_bytes()
            telling += [
                f"{path.name}: {word}"
                for word in (str(ROOT), str(built_site), str(Path.home()) + "/")
                if word.encode() in data
            ]
    assert telling == []
    assert not (built_site / "_sources").exists()
