"""A formula and the full stop behind it stay on one line."""

import pytest
from small_book import build

SETTINGS = {"extensions": ["myst_nb", "mathematics.katex", "mathematics.line_breaks"], "html_math_renderer": "katex"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It is $x^2$.", ["."]),
        ("With $a$, $b$ and so on", [","]),
        ("(the larger of $a$).", [")."]),
        ("Is it $x$? Or $y$; or $z$.", ["?", ";", "."]),
        ("It is $x$ and more.", []),
        ("The $x$-axis, and $x$.5 of it", []),
        ("It is $x + x^2 + x^3 + x^4 + x^5 + x^6$.", []),
    ],
)
def test_a_short_formula_keeps_what_closes_it(tmp_path, text, kept):
    book = build(tmp_path, {"page": f"# Title of $x$.\n\n{text}"}, **SETTINGS)
    pieces = book.soup("page").select(".unbroken")
    assert book.faults == []
    assert [piece.select_one(".math").next_sibling for piece in pieces] == kept
    paragraph = book.soup("page").select_one("section p")
    assert len(paragraph.select(".math")) == text.count("$") / 2
    assert paragraph.get_text().endswith(text.rsplit("$", 1)[1])  # nothing lost, nothing twice
