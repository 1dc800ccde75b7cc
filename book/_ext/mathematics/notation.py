"""The book's notation: one table, `book/notation.toml`, gives KaTeX its macros and the page *Notation* its rows."""

import functools
import tomllib
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

TABLE = Path(__file__).parents[2] / "notation.toml"
FIELDS = {"look", "read", "meaning", "page"}  # and macro with latex; find is for the tests


@functools.cache
def _table() -> dict:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    for group in table["group"]:
        for row in group["row"]:
            if set(row) - {"macro", "latex", "find"} != FIELDS or ("macro" in row) != ("latex" in row):
                raise ValueError(
                    f"{TABLE.name}: a row has look, read, meaning and page, and macro and latex both or neither; "
                    f"found {row}"
                )
    return table


def macros() -> dict[str, str]:
    """KaTeX's table of macros: name with its backslash, and expansion."""
    return {row["macro"]: row["latex"] for group in _table()["group"] for row in group["row"] if "macro" in row}


class NotationTable(SphinxDirective):
    """`{notation-table}`: every symbol: how it looks, how it is read, what it means and where it is met first."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(TABLE))
        lines = []
        for group in _table()["group"]:
            lines += [
                "",
                f"```{{rubric}} {group['title']}",
                "```",
                "",
                "| you see | you say | it means | you type |",
                "|---|---|---|---|",
            ]
            for row in group["row"]:
                look, read, meaning = (row[field].replace("|", r"\|") for field in ("look", "read", "meaning"))
                met = f"First met in {{doc}}`/{row['page']}`."
                lines.append(f"| {look} | {read} | {meaning}. {met} | `{look.replace('$', '')}` |")
        container = nodes.Element()
        source = StringList(lines, source=str(TABLE))
        self.state.nested_parse(source, 0, container)
        for table in container.findall(nodes.table):
            table["classes"].append("notation")
        return container.children


def setup(app: Sphinx) -> dict:
    app.add_directive("notation-table", NotationTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
