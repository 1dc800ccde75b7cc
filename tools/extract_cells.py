"""Lints the code cells of the pages: `ruff check page.md` says that all is well without looking inside."""

import re
import sys
import tempfile
from pathlib import Path

from tools.environment import PYTHON
from tools.process import ROOT, Stop, quiet

OPEN = re.compile(r"(?P<fence>`{3,}|~{3,})\{code-cell\}")
# A cell may show a value, end in a semicolon, and import where a thing is first needed.
RULES = [
    "--select",
    "E,F,W,B,UP,SIM,RUF",
    "--ignore",
    "B015,B018,B905,E402,E703,E731,RUF001,RUF002,RUF003,RUF059,SIM108",
    "--line-length",
    "88",
    "--target-version",
    "py311",
]


def cells(text):
    """The page with everything but the code of its cells made blank, so that line numbers stay right.

    A cell that is meant to raise may hold any fault, so it is left blank as well.
    """
    kept, fence, options, held = [], None, "", []
    for line in text.splitlines():
        kept.append("")
        if fence is None:
            if match := OPEN.match(line):
                fence, options, held, in_options = match["fence"], "", [], "start"
            continue
        if line.rstrip().startswith(fence) and not line.strip().strip(fence[0]):
            if "raises-exception" not in options:
                for place, code in held:
                    kept[place] = code
            fence = None
        elif in_options == "start" and line.strip() == "---":
            in_options = "yaml"
        elif in_options == "yaml":
            options += line
            in_options = "" if line.strip() == "---" else "yaml"
        elif in_options == "start" and line.startswith(":"):
            options += line
        else:
            in_options = ""
            held.append((len(kept) - 1, line))
    return "\n".join(kept).rstrip() + "\n"


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
