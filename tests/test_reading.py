"""The words that are counted in a page's source are those that the built page shows."""

import re

import pytest
from bs4 import BeautifulSoup

from tests.course_map import COURSE, is_written
from tests.page_reader import read_page
from tests.reading import prose

# What is no prose, as the built page marks it.
APART = (
    "h1, h2, h3, pre, figure, details, svg, .cell, .claim, div.math, .question, .predict, .find-the-error, .goals, "
    ".summary, .words, .device-title"
)


def words_shown(html):
    """The number of words of prose of a built page."""
    main = BeautifulSoup(html, "html.parser").select_one("main")
    for part in main.select(APART):
        part.extract()
    for part in main.select(".katex, code"):
        part.replace_with(" formula ")
    return len(re.findall(r"[^\W_][\w'’-]*", main.get_text(" ")))


@pytest.mark.parametrize("row", [row for row in COURSE if is_written(row.name)], ids=lambda row: row.name)
def test_the_source_has_the_words_of_the_built_page(built_site, row):
    counted = prose(read_page(row.name))
    shown = words_shown((built_site / f"{row.name}.html").read_text(encoding="utf-8"))
    assert abs(counted - shown) <= 0.02 * shown + 5, f"book/{row.name}.md: {counted} words counted, {shown} shown"
