"""Every example of markup in CONTRIBUTING.md is markup that builds."""

import re
from pathlib import Path

import pytest
from small_book import build

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^````(?:md|markdown)\n(.*?)^````$", TEXT, flags=re.M | re.S)
EXTENSIONS = [
    "myst_nb",
    "mathematics.katex",
    "text.page_lines",
    "claims.directives",
    "devices.directives",
    "questions.directives",
    "devices.interactive",
]
WORDS = "# Words\n\n```{glossary}\ndomain\n  a\n\nslope\n  b\n```\n"
FIGURE = "(fig-tram-distance)=\n```{figure} tram.svg\n:alt: A curve.\n\nA curve.\n```\n"


def test_the_table_of_modules_names_each_of_them_once():
    table = TEXT.split("modules of `mmlbook/`")[1].split("\n\n")[0]
    modules = [path.stem for path in (Path(__file__).parents[1] / "mmlbook").glob("*.py") if path.stem != "__init__"]
    assert sorted(re.findall(r"`(\w+)`", table)) == sorted(modules)


def test_there_are_examples():
    assert len(EXAMPLES) > 10


@pytest.mark.parametrize("example", [e for e in EXAMPLES if "{code-cell}" not in e and "literalinclude" not in e])
def test_example_builds(tmp_path, example):
    figure = FIGURE if ":figure:" in example else ""
    pages = {"page": f"# Title\n\n{example}\n\n{figure}", "words": WORDS, "functions": "# Functions\n"}
    files = {"puddle.js": "", "tram.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}
    faults = build(tmp_path, pages, files=files, extensions=EXTENSIONS).of("page")
    assert faults == []
