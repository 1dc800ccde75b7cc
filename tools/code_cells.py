"""Finds the code cells of a page: for the linter, and for the build when it says on which line a cell failed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPEN = re.compile(r"(?P<fence>`{3,}|~{3,}|:{3,})\{code-cell\}")
OPTION = re.compile(r":[\w-]+:")


@dataclass(frozen=True)
class Cell:
    """The options of a cell as they stand there, its lines of code, and the line of the page with the first of them."""

    options: str
    first: int
    code: list[str]


def code_cells(page: str) -> Iterator[Cell]:
    """Yield every code cell of a page; blank lines around its code belong to no code."""
    lines = page.splitlines()
    number = 0
    while number < len(lines):
        opening = OPEN.match(lines[number])
        number += 1
        if opening:
            end = next((n for n in range(number, len(lines)) if _closes(lines[n], opening["fence"])), len(lines))
            first = _first_of_code(lines, number, end)
            last = max((n for n in range(first, end) if lines[n].strip()), default=first - 1)
            yield Cell("\n".join(lines[number:first]), first + 1, lines[first : last + 1])
            number = end + 1


def _closes(line: str, fence: str) -> bool:
    """A fence is closed by one of the same sign that is at least as long."""
    return line.startswith(fence) and not line.strip().strip(fence[0])


def _first_of_code(lines: list[str], start: int, end: int) -> int:
    """Pass over the options, between two lines `---` or each as `:name: value`, and over blank lines."""
    if start < end and lines[start].strip() == "---":
        start = next((n for n in range(start + 1, end) if lines[n].strip() == "---"), end - 1) + 1
    while start < end and (OPTION.match(lines[start]) or not lines[start].strip()):
        start += 1
    return start
