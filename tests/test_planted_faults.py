"""A book of three pages, with one fault planted at a time: each fails the build, by file and line, twice in a row."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FIXTURE = ROOT / "tests" / "fixture_book"
BUILD = "from tools import build, environment; build.build(environment.variables())"

PAGE = "book/lecture.md"
DOCSTRING = '"""Planted.\n\n>>> 1 + 1\n3\n"""\n'
WARN = "import warnings; warnings.warn('x')\nfig, ax ="

# What is planted: file, text, its replacement, the text on whose line the fault must be reported, words of the report.
ALT = "    alt: A line that rises from left to right."

FAULTS = {
    "broken cell": (PAGE, "rise_over_run(lambda", "rise_over_ran(lambda", "rise_over_ran(", "NameError"),
    "warning in a cell": (PAGE, "fig, ax =", WARN, "import warnings", "UserWarning"),
    "false claim": (PAGE, "x**2 + 2*x + 1)", "x**2 + 3*x + 1)", "x**2 + 3*x", "is"),
    "false formula": (PAGE, "= x^2 + 2x", "= x^2 + 3x", "x^2 + 3x", "never mentions"),
    "false doctest": ("mmlbook/planted.py", "", DOCSTRING, ">>> 1 + 1", "gave `2`, not `3`"),
    "undefined term": (PAGE, "{term}`slope`", "{term}`slant`", "{term}`slant`", "term not in glossary"),
    "missing alt text": (PAGE, ALT, "    width: 80%", "cell}\n---", "alt"),
    "KaTeX error": (PAGE, "$2 + 2 = 4$", "$\\nosuch$", "\\nosuch", "Undefined control sequence"),
    "dead cross-reference": (PAGE, "{doc}`glossary`", "{doc}`glosary`", "{doc}`glosary`", "glosary"),
    "dead equation reference": (PAGE, "{eq}`square`", "{eq}`sqare`", "{eq}`sqare`", "sqare"),
    "decimal in prose": (PAGE, "holds for every number", "holds for 0.34 too", "0.34", "decimal 0.34"),
    "false answer": (PAGE, ":number: 3", ":number: 4", ":of:", "the derivation gives 3"),
    "missing description": ("book/glossary.md", "    description: ", "    keywords: ", None, "description"),
}


def _own_pages(folder, names):
    """What of the book is its own text, and no part of the small book."""
    keep = {"_ext", "_static", "_templates", "notation.toml", "redirects.toml"}
    return [name for name in names if name == "__pycache__" or (Path(folder) == ROOT / "book" and name not in keep)]


@pytest.fixture(scope="module")
def small_book(tmp_path_factory):
    """The project with three pages in place of its own."""
    root = tmp_path_factory.mktemp("small") / "project"
    shutil.copytree(ROOT / "book", root / "book", ignore=_own_pages)
    for name in ("mmlbook", "tools"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conf.py", "pyproject.toml", "README.md", "LICENSE"):  # the last three for the wheel
        shutil.copy(ROOT / name, root)
    for name in ("node_modules", ".venv"):
        (root / name).symlink_to(ROOT / name)
    for page in FIXTURE.glob("*.md"):
        shutil.copy(page, root / "book")
    return root


def build(root: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", BUILD], cwd=root, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_without_a_fault_it_builds(small_book):
    result = build(small_book)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_fails_the_build_twice(small_book, name):
    file, old, new, at, words = FAULTS[name]
    path = small_book / file
    before = path.read_text() if path.exists() else None
    text = new if before is None else before.replace(old, new)
    assert text != before
    path.write_text(text)
    line = text[: text.index(at)].count("\n") + 1 if at else None
    try:
        for _ in range(2):
            result = build(small_book)
            output = result.stdout + result.stderr
            assert result.returncode != 0, output
            place = rf"{re.escape(file)}" + (rf":{line}: " if line else r"\S*: ")
            assert re.search(place + rf".*{re.escape(words)}", output), output
    finally:
        path.unlink() if before is None else path.write_text(before)
