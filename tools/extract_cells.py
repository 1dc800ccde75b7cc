"""Lints the code cells of the pages: `ruff check page.md` says that all is well without looking inside."""

import re
import sys
import tempfile
from pathlib import Path

from tools.code_cells import code_cells
from tools.environment import PYTHON
from tools.process import ROOT, Stop, quiet

VISIBLE, HIDDEN = 88, 120  # the widest line of a cell

# A cell may show a value, end in a semicolon, and import where a thing is first needed. A function made in a loop is
# used in the same turn of it; and readers have met neither `_` for what is not needed nor `itertools`.
RULES = [
    "--select",
    "E,F,W,B,UP,SIM,RUF",
    "--ignore",
    "B007,B015,B018,B023,B905,E402,E703,E731,RUF001,RUF002,RUF003,RUF007,RUF059,SIM108",
    "--line-length",
    str(VISIBLE),
    "--target-version",
    "py311",
]


def cells(text):
    """The page with everything but the code of its cells made blank, so that line numbers stay right.

    A cell that is meant to raise may hold any fault, so it is left blank as well. What no reader sees may be as wide as
    the rest of our code.
    """
    kept = [""] * len(text.splitlines())
    for cell in code_cells(text):
        if "raises-exception" not in cell.options:
            code = [_widened(line) for line in cell.code] if "remove-cell" in cell.options else cell.code
            kept[cell.first - 1 : cell.first - 1 + len(cell.code)] = code
    return "\n".join(kept).rstrip() + "\n"


def _widened(line):
    return f"{line}  # noqa: E501" if VISIBLE < len(line) <= HIDDEN else line


def extract(book, folder):
    """Writes the cells of every page to a .py of the same path in `folder`; returns how many pages have some."""
    count = 0
    for page in sorted(book.rglob("*.md")):
        code = cells(page.read_text(encoding="utf-8"))
        if code.strip():
            target = folder / page.relative_to(book).with_suffix(".py")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(code, encoding="utf-8")
            count += 1
    return count


def check(env, book=ROOT / "book"):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        if not extract(book, folder):
            raise Stop(f"No page of {book.name}/ has a code cell: the linting of cells has nothing to look at.")
        for command, words in (
            (
                [
                    str(PYTHON),
                    "-m",
                    "ruff",
                    "check",
                    "--isolated",
                    "--no-cache",
                    "--quiet",
                    "--output-format",
                    "concise",
                    *RULES,
                    str(folder),
                ],
                "Ruff found the faults above in code cells",
            ),
            (
                [str(PYTHON.with_name("typos")), "--isolated", "--locale", "en", "--format", "brief", str(folder)],
                "Words in code cells are misspelt",
            ),
        ):
            good, said = quiet(command, env)
            if not good:
                print(re.sub(rf"{re.escape(str(folder))}/(\S+?)\.py", rf"{book.name}/\1.md", said), file=sys.stderr)
                raise Stop(f"{words}: mend them, then run the same command again.")
