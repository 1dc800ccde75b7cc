"""`{measurements}`: the times that `make bench` last measured, with their date and machine.

Executed cells print no times, so that two builds of the same sources agree; these come from a file that changes only
when somebody measures.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .tables import measured, table

FILE = "measurements.json"


def read(directive: SphinxDirective) -> dict:
    """Return the data file, on which the page then depends."""
    path = Path(directive.env.srcdir, FILE)
    directive.env.note_dependency(str(path))
    if not path.exists():
        raise directive.error(f"{directive.name}: {path.name} is missing: `make bench` updates it, git restores it")
    return json.loads(path.read_text(encoding="utf-8"))


class Measurements(SphinxDirective):
    """A sentence and a table for the build, and for the pages in a browser."""

    def run(self) -> list[nodes.Node]:
        found = read(self)
        build, page = found["build"], found["page"]
        rows = [
            (name.removesuffix(".html"), f"{round(values['bytes']['all'] / 1000)} kB", f"{values['blocking_ms']} ms")
            for name, values in sorted(page["lectures"].items())
        ]
        return [
            paragraph(
                f"On {build['date']}, on {build['machine']}, with Python {build['python']}, the strict build of "
                f"{build['pages']} pages from nothing took {build['seconds']} seconds, "
                f"{build['seconds_per_page']} a page."
            ),
            paragraph(
                f"On {page['date']}, in a browser slowed down {page['slowdown']} times, as a phone is slow, a first "
                f"visit fetched this much, compressed, and kept the browser busy for this long (the median of "
                f"{page['rounds']} visits):"
            ),
            table(("lecture", "fetched", "busy"), rows),
        ]


def paragraph(text: str) -> nodes.paragraph:
    """A paragraph whose numbers were measured."""
    return nodes.paragraph("", "", measured(text))


def setup(app: Sphinx) -> dict:
    app.add_directive("measurements", Measurements)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
