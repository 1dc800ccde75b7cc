"""Decimals and relations in the text of a page: what is computed passes, what is typed does not."""

import re

import pytest
import tiny_book

EXTENSIONS = ["page_lines", "claims", "prose"]


def complaints(tmp_path, text):
    return tiny_book.build(tmp_path, {"index.md": "# Title\n\n" + text}, EXTENSIONS)[1]


@pytest.mark.parametrize(
    "text",
    [
        "About 35 years, in 1998, on the 3rd try.",
        "`0.34` and [version 0.34](https://example.org) are not claims.",
        "A step of {given}`0.1`, or {given}`$h = 0.1$`.",
        "So $2 + 2 = 4$, and $\\ln 2/0.02 \\approx 34.66$, and $\\tfrac12 < 0.75$.",
        "Let $f(x) = x^2$.",
        "```python\nx = 0.34\n```",
        "$$ x^2 + 1 $$",
        ":::{definition} square\ny = x^2\n:::",
        ":::{checked} sum\nx + x = 2x\n---\nx = symbols(\"x\")\nassert holds(x + x, 2*x)\n:::",
    ],
)  # fmt: skip
def test_passes(tmp_path, text):
    assert complaints(tmp_path, text) == []


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
        ("So $\\tfrac12 > 0.75$.", 3, "not true"),
        ("$$ y = x^2 $$", 3, "displayed relation without a source"),
        ("$$\nx \\le 2\n$$", 3, "displayed relation without a source"),
        (":::{definition} a\nx\n:::\n\nText.\n\n:::", 9, "fence"),
        ("# Title 0.34", 3, "decimal 0.34 typed"),
    ],
)  # fmt: skip
def test_refuses(tmp_path, text, line, words):
    found = complaints(tmp_path, text)
    assert len(found) == 1
    assert re.match(rf"index\.md:{line}: WARNING: .*{re.escape(words)}", found[0]), found


def test_counts(tmp_path):
    page = (
        "# Title\n\n$1 + 1 = 2$, $x = y$\n\n:::{definition} a\ny = x\n:::\n\n:::{notation} b\nf'(x)\n:::\n\n"
        ':::{checked} c\nx + x = 2x\n---\nx = symbols("x")\nassert holds(x + x, 2*x)\n:::\n\n'
        '```{claim-counts}\n```\n\n```{toctree}\n:hidden:\nother\n```\n'
    )  # fmt: skip
    app, found = tiny_book.build(tmp_path, {"index.md": page, "other.md": "# Other\n\n$2 < 3$\n"}, EXTENSIONS)
    assert found == []
    cells = re.findall(r"<td><p>(.*?)</p></td>", tiny_book.html(app))
    assert [int(c) for c in cells[1::2]] == [1, 0, 1, 1, 2, 1]
