"""The site serves the package that it shows: the wheel, its links, and the same bytes each time."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

import mmlbook
from tests.small_book import build

ROOT = Path(__file__).resolve().parents[1]
NAME = f"mmlbook-{mmlbook.__version__}-py3-none-any.whl"
PAGE = "# Install\n\nTake {wheel}`the file`.\n\n```{from-site}\npip install WHEEL\n```\n"
SETTINGS = {"extensions": ["myst_nb", "pages.wheel"], "html_baseurl": "https://example.org/book/"}


def project(folder):
    """A folder with all that a wheel is made from, for a small book to lie in."""
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "mmlbook", folder / "mmlbook", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_site_serves_the_package_as_it_is_now(built_site):
    assert [path.name for path in (built_site / "packages").iterdir()] == [NAME]
    with zipfile.ZipFile(built_site / "packages" / NAME) as archive:
        served = {name: archive.read(name) for name in archive.namelist() if name.startswith("mmlbook/")}
    assert served == {f"mmlbook/{path.name}": path.read_bytes() for path in (ROOT / "mmlbook").glob("*.py")}


def test_pages_link_to_it_and_name_its_address(tmp_path):
    book = build(project(tmp_path / "one"), {"page": PAGE}, **SETTINGS)
    assert book.faults == []
    link = book.soup("page").find("a", string="the file")
    assert link["href"] == f"packages/{NAME}"
    assert (book.folder / "out" / link["href"]).is_file()
    command = book.soup("page").find("pre").text.strip()
    assert command == f"pip install https://example.org/book/packages/{NAME}"


def test_two_builds_give_the_same_bytes(tmp_path):
    made = []
    for name in ("one", "another-longer-name"):
        folder = project(tmp_path / name)
        if made:
            for path in folder.rglob("*.py"):
                path.touch()
        book = build(folder, {"page": PAGE}, **SETTINGS)
        made.append((book.folder / "out" / "packages" / NAME).read_bytes())
    assert made[0] == made[1]


def test_an_e_book_links_to_the_published_site(tmp_path):
    book = build(project(tmp_path / "one"), {"page": PAGE}, builder="pseudoxml", **SETTINGS)
    assert f'refuri="https://example.org/book/packages/{NAME}"' in book.text("page", ".pseudoxml")


def test_the_wheel_of_an_older_version_is_taken_away(tmp_path):
    folder = project(tmp_path / "one")
    build(folder, {"page": PAGE}, **SETTINGS)
    init = folder / "mmlbook" / "__init__.py"
    init.write_text(init.read_text().replace(f'"{mmlbook.__version__}"', '"99.0"'))
    build(folder, {"page": PAGE}, **SETTINGS)
    assert [path.name for path in (folder / "out" / "packages").iterdir()] == ["mmlbook-99.0-py3-none-any.whl"]


def test_a_wheel_that_cannot_be_built_stops_the_build(tmp_path):
    folder = project(tmp_path / "one")
    (folder / "LICENSE").unlink()
    with pytest.raises(ExtensionError, match=r"wheel of mmlbook could not be built.*LICENSE"):
        build(folder, {"page": PAGE}, **SETTINGS)


def test_the_backend_is_pinned_with_what_builds_the_book():
    assert re.search(r"^flit-core==\S", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
