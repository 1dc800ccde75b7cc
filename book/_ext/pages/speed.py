"""`{package-speed}`: how fast `mmlbook` is beside its peers, as `make bench` last measured it."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .measurements import paragraph, read
from .tables import table

VERDICTS = {True: "met", False: "missed", None: "none"}


class PackageSpeed(SphinxDirective):
    """A sentence on how it was measured, a table for each task, and what an import takes."""

    def run(self) -> list[nodes.Node]:
        """Return them."""
        found = read(self).get("package")
        if not found:
            raise self.error("package-speed: measurements.json says nothing of the package: `make bench` measures it")
        rows, loading = found["rows"], found["import"]
        met = [row["met"] for row in rows if row["met"] is not None] + [loading["met"]]
        versions = ", ".join(f"{name} {version}" for name, version in sorted(found["versions"].items()))
        return [
            paragraph(
                f"Measured on {found['date']}, on {found['machine']}, on one of them, with Python {found['python']} "
                f"and {versions}. Of {len(met)} goals, {sum(met)} are met."
            ),
            *(part for task, of_task in groupby(rows, key=itemgetter("task")) for part in task_table(task, of_task)),
            paragraph(
                f"To import all of mmlbook takes {loading['milliseconds']} milliseconds on top of NumPy, "
                f"the median of {loading['starts']} starts. The goal, at most {loading['goal']} milliseconds, is "
                f"{VERDICTS[loading['met']]}."
            ),
        ]


def task_table(task: str, rows: Iterable[dict]) -> list[nodes.Node]:
    """Return the name of a task and its table, narrow enough for a phone."""
    head = ("compared with", "mmlbook takes", "times as fast", "goal")
    name = nodes.rubric("", "", nodes.inline("", task[0].upper() + task[1:], classes=["measured"]))
    return [name, table(head, [cells(row) for row in rows])]


def cells(row: dict) -> tuple[str, ...]:
    """Return the words of one row."""
    goal = VERDICTS[row["met"]] if row["goal"] is None else f"{pace(row['goal'])}, {VERDICTS[row['met']]}"
    return row["peer"], span(row["microseconds"]), pace(row["ahead"]), goal


def pace(ahead: float) -> str:
    """Return how many times as fast something is, to two digits.

    >>> pace(2.51), pace(0.25), pace(1), pace(312.0)
    ('2.5', '0.25', '1', '310')
    """
    return f"{float(f'{ahead:.2g}'):g}"


def span(microseconds: float) -> str:
    """Return a time in the unit that suits it, to two digits.

    >>> span(8.44), span(1234.0), span(2_600_000.0)
    ('8.4 µs', '1.2 ms', '2.6 s')
    """
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size:
            return f"{float(f'{microseconds / size:.2g}'):g} {unit}"
    return f"{float(f'{microseconds:.2g}'):g} µs"


def setup(app: Sphinx) -> dict:
    """Register the directive with Sphinx."""
    app.add_directive("package-speed", PackageSpeed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
