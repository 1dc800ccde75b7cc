"""Reads the source of a page for the tests: its blocks, nested as they stand there, each with its line."""

import re
from dataclasses import dataclass, field
from pathlib import Path

BOOK = Path(__file__).resolve().parents[1] / "book"
# Directives whose content is text again; that of all others is read as it stands.
NESTING = set(
    "goals why-it-matters beyond summary predict find-the-error reveal question hint solution mistake container "
    "note tip warning admonition".split()
)
FENCE = re.compile(r"(?P<fence>`{3,}|~{3,}|:{3,})\s*(?P<name>\{[\w-]+\}|[\w-]*)\s*(?P<argument>.*?)\s*$")
OPTION = re.compile(r":(?P<name>[\w-]+):\s*(?P<value>.*)")
CHOICE = re.compile(r"- \[([x ])\] (.*)")


@dataclass
class Block:
    """A piece of a page: `text` (a paragraph, list or table), `heading`, `comment`, `display`, or a directive's name.

    `lines` are its own as (number, text), without fences and options; `children` are the blocks of a directive that
    holds text.
    """

    kind: str
    line: int
    lines: list = field(default_factory=list)
    argument: str = ""
    options: dict = field(default_factory=dict)
    children: list = field(default_factory=list)

    @property
    def text(self):
        """Its own lines, joined as they stand."""
        return "\n".join(text for _, text in self.lines)

    def walk(self):
        """Yield this block and all within it, in the order of the page."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Page:
    """A page by its name, such as `what-is-calculus/functions`, with its blocks in order."""

    name: str
    blocks: list

    @property
    def file(self):
        """The path as a message names it."""
        return f"book/{self.name}.md"

    def walk(self):
        """Yield every block, those within others too."""
        for block in self.blocks:
            yield from block.walk()

    def all(self, *kinds):
        """Return the blocks of these kinds, wherever they stand."""
        return [block for block in self.walk() if block.kind in kinds]


def course_order():
    """Return the names of all pages in the order of the table of contents, the cover first."""
    index = (BOOK / "index.md").read_text(encoding="utf-8")
    trees = re.findall(r"```\{toctree\}\n(.*?)```", index, re.DOTALL)
    return ["index", *(line for tree in trees for line in tree.split("\n") if line and not line.startswith(":"))]


def read_page(name, source=None):
    """Read a page of the book, or `source` under its name."""
    text = (BOOK / f"{name}.md").read_text(encoding="utf-8") if source is None else source
    lines = list(enumerate(text.splitlines(), start=1))
    if lines and lines[0][1] == "---":
        lines = lines[next((n for n in range(1, len(lines)) if lines[n][1] == "---"), 0) + 1 :]
    return Page(name, blocks(lines))


def blocks(lines):
    """Return the blocks that these numbered lines hold."""
    found, at = [], 0
    while at < len(lines):
        number, line = lines[at]
        opening = FENCE.match(line)
        if not line.strip():
            at += 1
        elif opening:
            end = next((n for n in range(at + 1, len(lines)) if _closes(lines[n][1], opening["fence"])), len(lines))
            found.append(_fenced(opening, number, lines[at + 1 : end]))
            at = end + 1
        elif line.startswith("$$"):
            alone = len(line.strip()) > 4 and line.strip().endswith("$$")
            end = at if alone else next((n for n in range(at + 1, len(lines)) if "$$" in lines[n][1]), len(lines) - 1)
            found.append(Block("display", number, lines[at : end + 1]))
            at = end + 1
        elif re.match(r"#{1,6} |%|\([\w-]+\)=$", line):
            kind = {"#": "heading", "%": "comment", "(": "label"}[line[0]]
            found.append(Block(kind, number, [lines[at]], argument=line.strip("#%()= ")))
            at += 1
        else:
            end = at + 1
            while (
                end < len(lines) and lines[end][1].strip() and not re.match(r"`{3}|:{3}|~{3}|\$\$|#+ |%", lines[end][1])
            ):
                end += 1
            found.append(Block("text", number, lines[at:end]))
            at = end
    return found


def _closes(line, fence):
    return line.startswith(fence) and not line.strip().strip(fence[0])


def _fenced(opening, number, inner):
    name, options = opening["name"], {}
    if not name.startswith("{"):
        return Block("listing", number, inner, argument=name)
    if inner and inner[0][1].strip() == "---":
        end = next((n for n in range(1, len(inner)) if inner[n][1].strip() == "---"), 0)
        options = {"yaml": "\n".join(text for _, text in inner[1:end])}
        inner = inner[end + 1 :]
    while inner and (option := OPTION.match(inner[0][1])):
        options[option["name"]] = option["value"]
        inner = inner[1:]
    name = name.strip("{}")
    children = blocks(inner) if name in NESTING else []
    return Block(name, number, inner, opening["argument"], options, children)


@dataclass(frozen=True)
class Choice:
    """One choice of a list: its line, whether it is right, its text and its feedback."""

    line: int
    right: bool
    text: str
    feedback: str


def choices(block):
    """Return the choices of a question, a prediction or a find-the-error, in the order of the page."""
    found = []
    for number, line in block.lines:
        if match := CHOICE.match(line):
            found.append([number, match[1] == "x", [match[2]], []])
        elif found and (feedback := re.match(r"\s+: (.*)", line)) and not found[-1][3]:
            found[-1][3].append(feedback[1])
        elif found and line.startswith("  ") and line.strip():
            found[-1][3 if found[-1][3] else 2].append(line.strip())
        elif found and line.strip():
            break
    return [Choice(line, right, " ".join(text), " ".join(feedback)) for line, right, text, feedback in found]


def question_kind(block):
    """Return the kind of a `{question}`: choice, number, match and so on."""
    return next(iter(block.options), "")
