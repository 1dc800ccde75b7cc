"""Decimals and relations in the text of a page: what is computed passes, what is typed does not."""

import pytest
from small_book import build

EXTENSIONS = [
    "myst_nb",
    "mathematics.katex",
    "text.page_lines",
    "devices.directives",
    "questions.directives",
    "claims.directives",
    "text.prose",
]


def faults(tmp_path, text):
    return build(tmp_path, {"page": "# Title\n\n" + text}, extensions=EXTENSIONS).of("page")


@pytest.mark.parametrize(
    "text",
    [
        "About 35 years, in 1998, on the 3rd try.",
        "`0.34` and [version 0.34](https://example.org) are not claims.",
        "A step of {given}`0.1`, or {given}`$h = 0.1$`.",
        "So $2 + 2 = 4$, and $\\ln(2)/0.02 \\approx 34.66$, and $\\tfrac12 < 0.75$.",
        "So $0.52 \\cdot 4 \\approx 2$.",
        "So $(1, 2) \\cdot (3, 4) = 11$, $|(3, -4)| = 5$ and $\\sqrt{2}\\,(1, -2) \\approx (1.41, -2.83)$.",
        "So $\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}\\begin{pmatrix}1\\\\0\\end{pmatrix} = (1, 3)$.",
        "So $\\nabla f = \\vect{0}$ at $(1, 2)$, and $A\\vect{x} = \\lambda\\vect{x}$.",
        "Let $f(x) = x^2$.",
        "```python\nx = 0.34\n```",
        "$$ x^2 + 1 $$",
        ":::{predict} sum\nWhat?\n\n- [ ] $2 + 2 = 5$\n  : No.\n- [x] $2 + 2 = 4$\n  : Yes.\n:::",
        ":::{definition} square\ny = x^2\n:::",
        ":::{checked} sum\nx + x = 2x\n---\nx = symbols(\"x\")\nassert holds(x + x, 2*x)\n:::",
    ],
)  # fmt: skip
def test_passes(tmp_path, text):
    assert faults(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Three lines\non, it is\n0.34 years.", 3, "decimal 0.34 typed"),
        ("It is **0.34** years.", 3, "decimal 0.34 typed"),
        ("It is -1.5 degrees.", 3, "decimal 1.5 typed"),
        ("- one\n- 0.34", 4, "decimal 0.34 typed"),
        ("We take $h = 0.1$.", 3, "mark an input with {given}"),
        ("About $0.1$.", 3, "state the relation"),
        ("So $2 + 2 = 5$.", 3, "not true"),
        ("So $\\sqrt{2} \\approx 1.42$.", 3, "not true"),
        (":::{predict} sum\nWhat?\n\n- [ ] $2 + 2 = 5$\n  : No, $2 + 2 = 3$.\n- [x] $4$\n  : Yes.\n:::", 7, "not true"),
        ("So $\\tfrac12 > 0.75$.", 3, "not true"),
        ("So $(1, 2) \\cdot (3, 4) = 12$.", 3, "not true"),
        ("So $(1, 2) \\cdot (3, 4, 5) = 11$.", 3, "2x1 and a matrix of shape 3x1"),
        ("So $\\sqrt{2}\\,(1, -2) \\approx (1.41, -2.82)$.", 3, "not true"),
        ("So $(1, 2) < (3, 4)$.", 3, "not true"),
        ("So $\\det\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix} = 2$.", 3, "not true"),
        ("So $\\sqrt{-1} < 2$.", 3, "not true"),
        ("So $\\pi=3$.", 3, "not true"),
        ("So $\\sqrt{2} = 1.4142135623731$.", 3, "not true"),
        ("$$ y=x $$", 3, "displayed relation without a source"),
        ("$$ x ≤ y $$", 3, "displayed relation without a source"),
        ("$$ x \\lt y $$", 3, "displayed relation without a source"),
        ("$$ y = x^2 $$", 3, "displayed relation without a source"),
        ("$$\nx \\le 2\n$$", 3, "displayed relation without a source"),
        (":::{definition} a\nx\n:::\n\nText.\n\n:::", 9, "fence"),
        (":::{definition} a\nx\n:::\n\n:::{notation} a\nx\n:::", 7, "is taken"),
        (":::{definition} A_b\nx\n:::", 3, "lower-case"),
        ("# Title 0.34", 3, "decimal 0.34 typed"),
    ],
)  # fmt: skip
def test_refuses(tmp_path, text, line, words):
    [(where, message)] = faults(tmp_path, text)
    assert where == line and words in message


def test_counts(tmp_path):
    page = (
        "# Title\n\n$1 + 1 = 2$, $x = y$\n\n:::{definition} a\ny = x\n:::\n\n:::{notation} b\nf'(x)\n:::\n\n"
        ':::{checked} c\nx + x = 2x\n---\nx = symbols("x")\nassert holds(x + x, 2*x)\n:::\n\n'
        '```{claim-counts}\n```\n'
    )  # fmt: skip
    book = build(tmp_path, {"page": page, "other": "# Other\n\n$2 < 3$\n"}, extensions=EXTENSIONS)
    assert book.faults == []
    cells = [cell.text for cell in book.soup("page").select("td")]
    assert [int(count) for count in cells[1::2]] == [1, 0, 1, 1, 2, 1]


def test_counts_survive_workers_and_changes(tmp_path):
    pages = {f"page{i}": f"# Page {i}\n\n$1 + {i} < 10$\n" for i in range(8)}  # enough for Sphinx to read in parallel
    pages["table"] = "# Table\n\n```{claim-counts}\n```\n"

    def recomputed():
        book = build(tmp_path, pages, parallel=2, extensions=EXTENSIONS)
        assert book.faults == []
        return int(book.soup("table").select("td")[9].text)

    assert recomputed() == 8
    pages["page0"] = "# Page 0\n\nNothing.\n"
    assert recomputed() == 7
