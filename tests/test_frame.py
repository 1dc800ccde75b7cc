"""The faults that the frame of the pages refuses, each with its file and line, and the pages for what has moved."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "pages.frame", "pages.files"]
project = html_title = "Small book"
html_theme = "furo"
html_style = ["colours.css"]
html_baseurl = "https://example.org/small/"
html_static_path = [{str(ROOT / "book" / "_static")!r}]
templates_path = [{str(ROOT / "book" / "_templates")!r}]
html_use_index = False
"""
DESCRIBED = "---\nmyst:\n  html_meta:\n    description: {}\n---\n# Page\n\nText.\n"
SENTENCE = "A sentence about this page that is long enough to be shown by a search engine."


def build(folder, moved="", description=SENTENCE):
    """Build a book of two pages, and return what the build complained of and the folder of the site."""
    (folder / "module").mkdir()
    (folder / "conf.py").write_text(CONFIGURATION, encoding="utf-8")
    (folder / "redirects.toml").write_text(moved, encoding="utf-8")
    contents = "\n```{toctree}\nmodule/page\n```\n"
    (folder / "index.md").write_text(DESCRIBED.format(SENTENCE) + contents, encoding="utf-8")
    (folder / "module" / "page.md").write_text(DESCRIBED.format(description), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", folder, folder / "site"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stderr, run.stderr
    return run.stderr, folder / "site"


def test_moved_page_leads_on(tmp_path):
    complaints, site = build(tmp_path, '"old/name" = "module/page"\n')
    assert complaints == ""
    page = (site / "old" / "name.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../module/page.html">' in page
    assert '<link rel="canonical" href="https://example.org/small/module/page.html">' in page
    assert "old/name" not in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_redirect_from_a_page_that_exists_is_an_error(tmp_path):
    complaints, _ = build(tmp_path, '# moved\n"module/page" = "index"\n')
    assert "redirects.toml:2: WARNING: redirect from 'module/page': a page of that name exists" in complaints


def test_redirect_to_nowhere_is_an_error(tmp_path):
    complaints, _ = build(tmp_path, '# moved\n\n"old" = "module/pgae"\n')
    assert "redirects.toml:3: WARNING: redirect to 'module/pgae': there is no such page" in complaints


def test_description_of_the_wrong_length_is_an_error(tmp_path):
    complaints, _ = build(tmp_path, description="Too short.")
    assert "module/page.md:1: WARNING: the page's description has 10 characters" in complaints


def test_addresses_of_the_page_for_wrong_addresses_begin_at_the_root(tmp_path):
    _, site = build(tmp_path)
    page = (site / "404.html").read_text(encoding="utf-8")
    assert 'href="/small/index.html"' in page
    assert 'href="/small/_static/colours.css' in page
    assert 'src="/small/_static/theme.js' in page
