"""Executed cells: where a fault is, what warns, and what a page depends on."""

import re

import numpy as np
import pytest
from small_book import build

from cells.figures import shortened
from tools.code_cells import code_cells

HEAD = "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n# Title\n\n"
SETTINGS = {
    "extensions": ["myst_nb", "mathematics.katex", "text.page_lines", "cells.execution", "cells.figures"],
    "nb_execution_mode": "force",
}


def faults(tmp_path, text, **settings):
    return build(tmp_path, {"page": HEAD + text}, **SETTINGS | settings).of("page")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("```{code-cell}\n1 / 0\n```", 8, "ZeroDivisionError"),
        ("```{code-cell}\nx = 1\n\n\ny = x +* 2\n```", 11, "invalid syntax"),
        ("Text.\n\n```{code-cell}\n:tags: [remove-cell]\n\nassert 1 == 2\n```", 12, "AssertionError"),
        ("```{code-cell}\n---\nmystnb:\n  code_prompt_show: x\n---\nok = 1\nnot_ok\n```", 13, "NameError"),
        ("```{code-cell}\ndef f():\n    return 1 / 0\n\nf()\n```", 9, "ZeroDivisionError"),
        ("```{code-cell}\nimport warnings\nwarnings.warn('careful')\n```", 9, "UserWarning: careful"),
        ("```{code-cell}\nx = 1\n```\n\n```{code-cell}\nimport numpy\nnumpy.log(-1.0 * x)\n```", 13, "RuntimeWarning"),
    ],
)  # fmt: skip
def test_a_fault_is_reported_with_its_line(tmp_path, text, line, words):
    [(where, message)] = [fault for fault in faults(tmp_path, text) if fault[1].startswith("cell failed")]
    assert where == line and words in message


def test_an_error_that_is_the_point_may_stand(tmp_path):
    assert faults(tmp_path, "```{code-cell}\n:tags: [raises-exception]\n1 / 0\n```") == []


def test_stderr_is_a_fault(tmp_path):
    text = "```{code-cell}\nimport sys\nprint('hidden trouble', file=sys.stderr)\n```"
    [(_, message)] = faults(tmp_path, text, nb_output_stderr="error")
    assert "stderr" in message


def test_what_a_slow_cell_prints_stays_in_one_piece(tmp_path):
    wait = "import time\ntime.sleep(0.4)\n"
    cells = [f"{wait}print('first')", f"print('at 2:', end='')\n{wait}print('  4')"]
    text = "\n\n".join(f"```{{code-cell}}\n{cell}\n```" for cell in cells)
    soup = build(tmp_path, {"page": HEAD + text}, **SETTINGS).soup("page")
    assert [part.get_text().rstrip() for part in soup.select(".cell_output pre")] == ["first", "at 2:  4"]


def test_a_cell_that_never_ends_is_ended(tmp_path):
    found = faults(tmp_path, "```{code-cell}\nwhile True: pass\n```", nb_execution_timeout=3)
    assert any("failed" in message for _, message in found)


FIGURE = """```{code-cell}
---
mystnb:
  figure:
    name: fig-line
    caption: A *line*, $y = x$.
  image:
    alt: A straight line "through" 0 & 1.
---
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([0, 1], [0, 1]%s);
```

See {numref}`fig-line`.
"""


def test_a_drawing_becomes_part_of_the_page(tmp_path):
    book = build(tmp_path, {"page": HEAD + FIGURE % ""}, **SETTINGS)
    page = book.text("page")
    assert book.faults == []
    [svg] = re.findall(r'<svg class="plot".*?</svg>', page, flags=re.S)
    assert 'aria-label="A straight line &quot;through&quot; 0 &amp; 1."' in svg
    assert "var(--plot-0," in svg and "var(--plot-ink," in svg and "<style" not in svg and "<metadata" not in svg
    assert set(re.findall(r'href="#([^"]+)', svg)) <= set(re.findall(r' id="([^"]+)', svg))
    assert all(name.startswith("page-1-") for name in re.findall(r' id="([^"]+)', svg))
    assert "See <a" in page and 'href="#fig-line"' in page and not (tmp_path / "out" / "_images").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("    alt: A straight line", "    scale: A straight line"), "image: alt"),
        (("    caption: A *line*, $y = x$.\n", ""), "figure: caption"),
        (("[0, 1]%s", "[0, 1], color='red'%s"), "do not follow the theme: #ff0000"),
        (("[0, 1]%s", "[0, 1], color='black'%s"), "do not follow the theme: #000000"),
        (
            ("ax.plot([0, 1], [0, 1]%s);", "import random\nax.plot(random.Random(1).choices(range(999), k=9000)%s);"),
            "bytes, compressed",
        ),
    ],
)
def test_a_drawing_that_cannot_be_heard_or_seen_is_refused(tmp_path, change, words):
    found = faults(tmp_path, (FIGURE.replace(*change) % "").replace("See {numref}`fig-line`.", ""))
    assert any(words in message and line == 7 for line, message in found), found


@pytest.mark.parametrize(("more", "folded"), [(7, False), (8, True)])
def test_long_code_is_folded_above_its_figure(tmp_path, more, folded):
    cell = FIGURE.replace("ax.plot(", "ax.axhline(0)\n" * more + "ax.plot(", 1) % ""
    page = build(tmp_path, {"page": HEAD + cell}, **SETTINGS).text("page")
    closed = re.findall(r'<details class="figure-code.*?</details>', page, flags=re.S)
    assert len(closed) == folded
    assert not folded or ("axhline" in closed[0] and "<svg" not in closed[0])


def test_a_picture_needs_its_text(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    [(line, message)] = faults(tmp_path, "![](dot.png)\n\n![A dot](dot.png)")
    assert line == 7 and "image without alt text" in message


def test_two_figures_share_no_id(tmp_path):
    page = HEAD + FIGURE % "" + "\n" + (FIGURE % "").replace("fig-line", "fig-second")
    identifiers = re.findall(r' id="([^"]+)"', build(tmp_path, {"page": page}, **SETTINGS).text("page"))
    assert len(identifiers) == len(set(identifiers))


def test_code_cells_are_found_where_they_stand():
    page = "text\n\n```{code-cell}\n:tags: [x]\n\na = 1\nb = 2\n```\n\n````{code-cell}\n---\nk: v\n---\nc\n````\n"
    assert [(cell.first, cell.code) for cell in code_cells(page)] == [(6, ["a = 1", "b = 2"]), (14, ["c"])]
    assert [cell.options for cell in code_cells(page)] == [":tags: [x]\n", "---\nk: v\n---"]


@pytest.mark.parametrize("fence", ["```", "````", "~~~", ":::", "::::"])
@pytest.mark.parametrize("options", ["", ":tags: [x]\n", "---\ntags: [x]\n---\n"])
def test_code_cells_are_found_in_every_fence(fence, options):
    page = f"{fence}{{code-cell}}\n{options}\na = 1\n\nb = 2\n\n{fence}\n\n{fence}\nno = cell\n{fence}\n"
    [cell] = code_cells(page)
    assert cell.code == ["a = 1", "", "b = 2"] and page.splitlines()[cell.first - 1] == "a = 1"
    assert ("tags: [x]" in cell.options) == bool(options)


@pytest.mark.parametrize(
    "page", ["```{code-cell}", "```{code-cell}\n```", "```{code-cell}\n---\nk: v", "~~~{code-cell}\n:k: v"]
)
def test_a_cell_without_code_or_end_is_no_trouble(page):
    assert [cell.code for cell in code_cells(page)] == [[]]


def test_a_page_depends_on_the_package_that_it_uses(tmp_path):
    book = build(tmp_path, {"a": "# A\n\nUses `mmlbook`.\n", "b": "# B\n\nDoes not.\n"}, **SETTINGS)
    names = {page: {str(path).rsplit("/", 1)[-1] for path in book.env.dependencies[page]} for page in "ab"}
    assert "slope.py" in names["a"] and "slope.py" not in names["b"]


@pytest.mark.parametrize(
    "path",
    [
        "M 10.04 20 L 11.26 21.33 L 12 21.33 L 5 -3 z",
        "M 1 1 L 2 2 L 3 1 z L 5 5 M 100.55 0.04 L 0 -0.04 L 1e-05 5",
        "M 0 0 L -1.5 3 Q 1 2 3 4 L 4.01 4.04 C 1 2 3 4 5 6 L 7 8 z M 9 9",
    ],
)
def test_a_shortened_path_goes_the_same_way(path):
    """Followed by hand: each place of the old path is within a tenth of the new one's."""

    def places(text):
        here, start, found = np.zeros(2), np.zeros(2), []
        for command, numbers in re.findall(r"([MLlQCz])([^MLlQCz]*)", text):
            pairs = np.array(re.findall(r"-?[\d.]+(?:e-?\d+)?", numbers), dtype=float).reshape(-1, 2)
            for k, pair in enumerate(pairs):
                here = here + pair if command == "l" else pair
                found.append(here)
                start = here if command == "M" and k == 0 else start
            here = start if command == "z" else here
        return np.array(found)

    assert np.abs(places(path) - places(shortened(path))).max() < 0.0501
    assert len(shortened(path)) < len(path)
