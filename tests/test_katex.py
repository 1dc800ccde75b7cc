"""Mathematics at build time: KaTeX's markup, its faults with their lines, and fonts cut to what the book uses."""

import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from small_book import build

from mathematics import fonts, node_process, notation
from mathematics.katex import typeset

PAGE = "# Title $x$\n\nText $a_1$.\n\n$$\n\\R\n$$ (reals)\n\nSee {eq}`reals`.\n"


@pytest.fixture
def book(tmp_path):
    return build(
        tmp_path,
        {"page": PAGE},
        extensions=["myst_nb", "mathematics.katex", "mathematics.fonts", "mathematics.notation"],
        html_math_renderer="katex",
    )


def test_page(book):
    assert book.faults == []
    page = book.soup("page")
    assert len(page.select(".katex")) == len(page.select("math annotation")) >= 3
    [equation] = page.select("#equation-reals")
    assert equation.select_one(".math")["aria-label"] == "Equation 1" and "(1)" in equation.text
    assert page.select_one('p a[href="#equation-reals"]').text == "(1)"


@pytest.mark.parametrize(
    ("tex", "words"), [(r"\nosuch", "Undefined control sequence"), (r"\frac{1}{", "end of input"), ("é", "é")]
)
def test_faults_are_reported_with_their_line(tmp_path, tex, words):
    [(line, message)] = build(
        tmp_path, {"page": f"# Title\n\nText.\n\nHere: ${tex}$.\n"}, extensions=["myst_nb", "mathematics.katex"]
    ).of("page")
    assert line == 5 and "KaTeX" in message and words in message


def test_every_macro_of_the_table_is_set():
    for group in notation._table()["group"]:
        for row in group["row"]:
            for formula in re.findall(r"\$([^$]+)\$", row["look"] + row["meaning"]):
                assert "katex" in typeset(formula, display=False)


def test_node_that_dies_or_hangs_is_reported(monkeypatch):
    node_process.close()
    monkeypatch.setattr(node_process, "HELPER", Path("no-such-file.mjs"))
    with pytest.raises(node_process.NodeError, match="ended before"):
        node_process.ask("tex", tex="x")
    node_process.close()
    monkeypatch.undo()
    assert "katex" in node_process.ask("tex", tex="x", display=False, macros={})
    with pytest.raises(node_process.NodeError, match="not a function"):
        node_process.ask("no-such-operation")


def test_node_that_hangs_is_ended(monkeypatch, tmp_path):
    helper = tmp_path / "hang.mjs"
    helper.write_text("setInterval(() => {}, 1000);")
    node_process.close()
    monkeypatch.setattr(node_process, "HELPER", helper)
    monkeypatch.setattr(node_process, "SECONDS", 1)
    with pytest.raises(node_process.NodeError, match="no answer"):
        node_process.ask("tex", tex="x")
    node_process.close()


def test_fonts_hold_the_characters_in_use_and_little_else(book):
    [folder] = (book.folder / "out" / "_static").glob("katex-*")
    italic = TTFont(io.BytesIO((folder / "Math-Italic.woff2").read_bytes()))
    assert not [n for n in italic["name"].names if n.nameID in (1, 3, 4, 6) and "KaTeX" in n.toUnicode()]
    assert {ord("x"), ord("a")} <= set(italic.getBestCmap()) and len(italic.getBestCmap()) < 12
    assert (folder / "Math-Italic.woff2").stat().st_size < 6_000
    assert not (folder / "Fraktur-Regular.woff2").exists() and (folder / "AMS-Regular.woff2").exists()
    css = (folder / "katex.css").read_text()
    assert "Fraktur-Regular" not in css and "url(Math-Italic.woff2)" in css
    assert all((folder / name).exists() for name in re.findall(r"url\(([^)]+)\)", css))
    assert f'href="_static/{folder.name}/Math-Italic.woff2"' in book.text("page")


@pytest.mark.parametrize(
    ("tex", "font"),
    [
        ("x", "Math-Italic"), (r"\mathbf{x}", "Main-Bold"), (r"\R", "AMS-Regular"),
        (r"\mathcal{L}", "Caligraphic-Regular"),
        (r"\boldsymbol{\theta}", "Math-BoldItalic"), (r"\mathsf{T}", "SansSerif-Regular"), (r"\sum", "Size1-Regular"),
        (r"\textbf{a}", "Main-Bold"), (r"\textit{a}", "Main-Italic"), (r"\mathtt{a}", "Typewriter-Regular"),
    ],
)  # fmt: skip
def test_font_of_each_style(tex, font):
    assert font in fonts.fonts_in(typeset(tex, display=False))


def test_no_rule_names_a_font_that_is_not_there():
    assert {font for _, font in fonts.FONT_RULES} <= {
        path.stem.removeprefix("KaTeX_") for path in (fonts.DIST / "fonts").glob("*.woff2")
    }


def test_sizes_of_type_are_not_mistaken_for_fonts():
    assert fonts.fonts_in(typeset("x^2", display=False)) == {"Main-Regular", "Math-Italic"}
    assert "Size3-Regular" in fonts.fonts_in(typeset(r"\left(\frac{\frac{a}{b}}{\frac{c}{d}}\right)", display=True))
