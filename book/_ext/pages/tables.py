"""A plain table as nodes, for the directives that print what the build or a benchmark has counted."""

from docutils import nodes


def measured(text: str) -> nodes.inline:
    """Return text whose numbers were measured or counted, which text/prose.py lets pass."""
    return nodes.inline("", text, classes=["measured"])


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> nodes.table:
    """Return a table with one row of headings."""
    group = nodes.tgroup("", cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    for part, lines in ((nodes.thead(), [head]), (nodes.tbody(), rows)):
        for line in lines:
            part += nodes.row("", *(nodes.entry("", nodes.paragraph("", "", measured(cell))) for cell in line))
        group += part
    return nodes.table("", group)
