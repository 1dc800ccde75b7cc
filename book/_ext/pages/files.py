"""Files of the site that belong to no page: sitemap, robots.txt, the page for wrong addresses, redirects."""

import shutil
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx

from text.faults import report

# Copied by the theme and by MyST-NB; no page asks for them.
UNUSED = (
    "basic.css", "debug.css", "skeleton.css", "pygments.css", "mystnb.*.css", "sphinx_highlight.js",
    "file.png", "minus.png", "plus.png",
)  # fmt: skip
UNUSED_FOLDERS = ("_sources", "_static/styles", "_static/scripts")


def _redirects(app: Sphinx) -> dict[str, str]:
    """Read the table of pages that have moved; every fault in it is a warning with its line."""
    path = Path(app.srcdir, "redirects.toml")
    text = path.read_text(encoding="utf-8")
    moved = tomllib.loads(text)
    sound = {}
    for old, new in moved.items():
        line = next((n for n, row in enumerate(text.splitlines(), 1) if row.lstrip("\"'").startswith(old)), 1)
        if old in app.env.found_docs:
            report(f"{path}:{line}", "redirect", f"redirect from {old!r}: a page of that name exists")
        elif new not in app.env.found_docs:
            report(f"{path}:{line}", "redirect", f"redirect to {new!r}: there is no such page")
        else:
            sound[old] = new
    return sound


def extra_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """The page for wrong addresses and a small page for each address that has moved."""
    yield "404", {"title": "Page not found", "body": ""}, "404.html"
    for old, new in _redirects(app).items():
        target = app.builder.get_relative_uri(old, new)
        address = app.config.html_baseurl + app.builder.get_target_uri(new).removesuffix("index.html")
        title = app.env.titles[new].astext()
        yield old, {"title": title, "target": target, "address": address}, "redirect.html"


def make_absolute(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Let the page for wrong addresses work at any depth: its links start at the root of the host."""
    if pagename != "404":
        return
    base = urlsplit(app.config.html_baseurl).path or "/"
    pathto, css_tag, js_tag, toctree = (context[name] for name in ("pathto", "css_tag", "js_tag", "toctree"))
    context["pathto"] = lambda *args, **options: base + pathto(*args, **options)
    context["css_tag"] = lambda asset: css_tag(asset).replace(' href="', f' href="{base}')
    context["js_tag"] = lambda asset: js_tag(asset).replace(' src="', f' src="{base}')
    context["toctree"] = lambda **options: (toctree(**options) or "").replace(' href="', f' href="{base}')


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the files that are no pages, and remove what no page asks for."""
    if exception is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    base = app.config.html_baseurl
    pages = sorted(app.builder.get_target_uri(name).removesuffix("index.html") for name in app.env.found_docs)
    entries = "".join(f"<url><loc>{escape(base + page)}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    (out / "sitemap.xml").write_text(f"{head}{entries}</urlset>\n", encoding="utf-8")
    (out / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n", encoding="utf-8")
    (out / ".nojekyll").touch()  # GitHub Pages would leave out the folders whose names begin with an underscore
    for pattern in UNUSED:
        for path in (out / "_static").glob(pattern):
            path.unlink()
    for folder in UNUSED_FOLDERS:
        shutil.rmtree(out / folder, ignore_errors=True)


def setup(app: Sphinx) -> dict:
    """Register the files of the site with Sphinx."""
    app.connect("html-collect-pages", extra_pages)
    app.connect("html-page-context", make_absolute, priority=800)  # before frame.py makes use of them
    app.connect("build-finished", write_files, priority=900)  # after the theme has written its last style sheet
    return {"parallel_read_safe": True, "parallel_write_safe": True}
