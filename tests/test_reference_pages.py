"""The reference pages: all that the package offers is on one of them, and lectures lead there."""

import re
from pathlib import Path

import pytest

import mmlbook
from tests.site_visits import soup_of

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(page.stem for page in (ROOT / "book" / "reference").glob("*.md") if page.stem != "index")
AUTOMODULE = re.compile(r"^\.\. automodule:: mmlbook\.(\w+)$", re.MULTILINE)
MODULES = sorted(file.stem for file in (ROOT / "mmlbook").glob("*.py") if file.stem != "__init__")


def text_of(page):
    """The source of a page of the reference."""
    return (ROOT / "book" / "reference" / f"{page}.md").read_text(encoding="utf-8")


def test_each_module_is_on_one_page_and_each_page_in_the_list():
    shown = [module for page in PAGES for module in AUTOMODULE.findall(text_of(page))]
    assert sorted(shown) == MODULES
    assert [page for page in PAGES if f"{{doc}}`{page}`" not in text_of("index")] == []


@pytest.mark.parametrize("name", mmlbook.__all__)
def test_each_public_name_can_be_looked_up(name, built_site):
    found = getattr(mmlbook, name)
    home = found.__module__
    page = next(page for page in PAGES if home.removeprefix("mmlbook.") in AUTOMODULE.findall(text_of(page)))
    place = f"{home}.{found.__qualname__}"
    assert soup_of(built_site / "reference" / f"{page}.html").find(id=place), f"{page} does not document {name}"


def test_names_of_the_package_are_linked_and_files_are_not(built_site):
    page = soup_of(built_site / "reference" / "slope.html")
    assert page.select_one('a[href="#mmlbook.slope.richardson"]')
    assert "inputs.py" in {code.get_text() for code in page.select("code.literal")}
    assert page.select_one('a[href$="/blob/main/mmlbook/slope.py"]')
    assert "`" not in page.select_one("main").get_text()


def test_examples_are_shown_as_they_stand(built_site):
    page = soup_of(built_site / "reference" / "gradient.html")
    assert "got an array of shape (2,); `jacobian` is the transform for that" in page.select_one("main").get_text()
