"""No symbol is used before the page that introduces it, and each symbol in use has a row in the notation."""

import pytest

from mathematics import notation
from tests.page_reader import read_page
from tests.small_book import build
from tests.symbol_graph import misplaced, read_symbols, symbols, unknown
from tests.test_terms import PAGES, WRITTEN


def complain(found):
    if found := list(found):
        pytest.fail("\n".join(found), pytrace=False)


def test_each_row_names_a_page_of_the_course():
    complain(
        f"book/notation.toml: {symbol.look}: expected a page of the course; got {symbol.page}"
        for symbol in symbols()
        if symbol.page not in PAGES
    )


def test_each_symbol_is_used_first_on_the_page_that_its_row_names():
    complain(misplaced(WRITTEN, symbols()))


def test_each_symbol_in_use_has_a_row():
    complain(unknown(WRITTEN, symbols()))


# Planted faults

TABLE = r"""
[[group]]
title = "Two"

[[group.row]]
look = '$\nabla f$'
read = "grad f"
meaning = "a"
page = "m/late"

[[group.row]]
look = "$y_i$"
read = "y i"
meaning = "b"
page = "m/late"
find = 'y_\{?i'

[[group.row]]
look = "$h$"
read = "h"
meaning = "c"
page = "m/late"
"""
LATE = read_page("m/late", "# Late\n\nThe arrow $\\nabla f$ and\nthe value $y_i$.\n")


def found(early, table=TABLE):
    pages = [read_page("m/early", early), LATE]
    return [*misplaced(pages, read_symbols(table)), *unknown(pages, read_symbols(table))]


def test_a_sound_book_has_no_fault():
    assert (
        found("# Early\n\nA slope $\\frac{a}{h}$, and `$\\nabla$` in code.\n\n```{code-cell}\nx = r'$y_i$'\n```\n")
        == []
    )


@pytest.mark.parametrize(
    ("early", "line", "words"),
    [
        ("# Early\n\nText, then\n$\\nabla f$.", 4, "is used here first"),
        (":::{checked} a\ny_i = 1\n---\nassert True\n:::", 2, "is used here first"),
        ("$$\ny_{i} + 1\n$$", 2, "is used here first"),
        ("::::{question} a\n:choice:\nWhich?\n\n- [x] $y_i$\n  : Yes\n- [ ] no\n  : No\n::::", 5, "is used here first"),
        ("A step {given}`$y_i = 2$`.", 1, "is used here first"),
        ("An angle $\\varpi$.", 1, "\\varpi: expected a row"),
    ],
)  # fmt: skip
def test_a_symbol_too_early_or_without_a_row_is_found(early, line, words):
    [fault] = found(early)
    assert fault.startswith(f"book/m/early.md:{line}: ") and words in fault


def test_a_symbol_that_its_page_does_not_use_is_found():
    [fault] = found(
        "# Early\n", TABLE + "\n[[group.row]]\nlook = '$\\det A$'\nread = 'd'\nmeaning = 'd'\npage = 'm/late'\n"
    )
    assert "\\det A" in fault and "no page of the course has one" in fault


# The page of notation


@pytest.fixture
def notation_page(tmp_path, monkeypatch):
    """A function that builds a book whose notation is the given table."""

    def made(table):
        path = tmp_path / "notation.toml"
        path.write_text(table, encoding="utf-8")
        monkeypatch.setattr(notation, "TABLE", path)
        notation._table.cache_clear()
        pages = {"late": "# A late page\n", "notation": "# Notation\n\n```{notation-table}\n```\n"}
        return build(tmp_path, pages, extensions=["myst_nb", "mathematics.notation"])

    yield made
    notation._table.cache_clear()


def test_the_notation_says_where_each_symbol_is_first_met(notation_page):
    book = notation_page(TABLE.replace("m/late", "late"))
    assert book.faults == []
    first = book.soup("notation").select_one("table.notation tbody tr")
    assert "First met in A late page." in " ".join(first.get_text(" ").split()).replace(" .", ".")
    assert first.select_one("a")["href"] == "late.html"


def test_a_row_that_names_no_page_of_the_book_stops_the_build(notation_page):
    assert any("unknown document" in message for *_, message in notation_page(TABLE).faults)


def test_a_row_without_a_page_is_refused(notation_page):
    with pytest.raises(Exception, match="a row has look, read, meaning and page"):
        notation_page(TABLE.replace('page = "m/late"\n', "", 1))
