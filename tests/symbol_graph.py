"""Which page introduces a symbol, and where it is used before; which commands stand in no row of the notation.

Each row of `book/notation.toml` names the page that introduces its symbol. A row's symbol is known by the row's `find`,
a pattern; without one, by its macro or by the commands of its look. A row of letters alone, such as $h$, and one with
an empty `find` are for readers: no test can tell this $h$ from another.
"""

import functools
import re
import tomllib
from dataclasses import dataclass

from tests.page_reader import BOOK
from tests.word_graph import Place, prose_lines

# How a formula is laid out, and what is known from school; none of these needs a row.
LAYOUT = set(
    r"\left \right \big \Big \bigl \bigr \Bigl \Bigr \quad \qquad \begin \end \text \textbf \displaystyle \limits \mid "
    r"\operatorname \mathrm \mathbf \mathsf \boldsymbol \substack \underbrace \overbrace \phantom \colon "
    r"\underset \overset \longrightarrow \uparrow \downarrow".split()
) | {"\\" + sign for sign in "\\,;:! {}|%#&_"}
SCHOOL = set(r"\frac \tfrac \dfrac \sqrt \cdot \times \ldots \cdots \vdots \ddots \dots \lt \gt \circ".split())
# Other names of one sign, and letters that a page may use for its own story; the rest are kept for later modules.
SAME = {r"\neq": r"\ne", r"\leq": r"\le", r"\geq": r"\ge"}
STORY = set(r"\alpha \beta \gamma \rho \tau \omega \kappa \ell \phi \psi".split())
COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
CLAIMS = ("checked", "definition", "notation", "display")


@dataclass(frozen=True)
class Symbol:
    """A row of the notation: its look, the page that introduces it, and the pattern that finds it, if there is one."""

    look: str
    page: str
    find: str
    commands: frozenset


@functools.cache
def symbols():
    """Return the rows of the notation."""
    return read_symbols((BOOK / "notation.toml").read_text(encoding="utf-8"))


def read_symbols(source):
    """Return the rows of a table of notation."""
    rows = [row for group in tomllib.loads(source)["group"] for row in group["row"]]
    macros = {row["macro"] for row in rows if "macro" in row}
    return [_symbol(row, macros) for row in rows]


def _symbol(row, macros):
    look = row["look"]
    commands = frozenset(COMMAND.findall(look)) - LAYOUT - SCHOOL
    own = [row["macro"]] if "macro" in row else sorted(commands - macros)
    find = row.get("find", "|".join(map(_pattern, own)))
    return Symbol(look, row["page"], find, commands | {row.get("macro", look)})


def _pattern(command):
    return re.escape(command) + ("(?![A-Za-z])" if command[-1].isalpha() else "")


def formulas(page):
    """Yield the mathematics of a page, displayed and within sentences, as (line, LaTeX)."""
    for block in page.walk():
        if block.kind in CLAIMS:
            for number, line in block.lines:
                if line.strip() == "---":
                    break
                yield number, line
    last, run = None, []
    for number, line in [*prose_lines(page), (None, "")]:
        if run and number != last + 1:
            yield from _inline(run)
            run = []
        run.append((number, line))
        last = number


def _inline(run):
    text = "\n".join(line for _, line in run)
    for match in re.finditer(
        r"(?<![\\$])\$([^$]+)\$", re.sub(r"(?<!\{given\})`[^`]*`", lambda code: " " * len(code[0]), text)
    ):
        yield run[0][0] + text[: match.start()].count("\n"), match[1]


def first_uses(pages, table):
    """Return where each symbol that can be found is used first, in the order of the pages; None where nowhere."""
    found = {symbol: None for symbol in table if symbol.find}
    for page in pages:
        shown = list(formulas(page))
        for symbol in found:
            if found[symbol] is None:
                lines = (Place(page.name, line, match[0]) for line, latex in shown
                         if (match := re.search(symbol.find, latex)))  # fmt: skip
                found[symbol] = next(lines, None)
    return found


def misplaced(pages, table):
    """Say which rows name another page than the one that uses their symbol first."""
    for symbol, place in first_uses(pages, table).items():
        if place is None and symbol.page in {page.name for page in pages}:
            yield f"book/notation.toml: {symbol.look}: expected a use on {symbol.page}; no page of the course has one"
        elif place is None:
            continue  # its page is not written yet, as another test says
        elif place.page != symbol.page:
            said = f"book/notation.toml says that {symbol.page} introduces {symbol.look}"
            yield f"{place}: {place.text!r} is used here first; {said}"


def unknown(pages, table):
    """Say which commands in use stand in no row, each once, at its first place."""
    known = LAYOUT | SCHOOL | STORY | {command for symbol in table for command in symbol.commands}
    known |= {command for symbol in table for command in COMMAND.findall(symbol.find.replace("\\\\", "\\"))}
    told = set()
    for page in pages:
        for line, latex in formulas(page):
            for command in COMMAND.findall(latex):
                if SAME.get(command, command) not in known | told:
                    told.add(command)
                    yield f"book/{page.name}.md:{line}: {command}: expected a row of book/notation.toml for this symbol"
