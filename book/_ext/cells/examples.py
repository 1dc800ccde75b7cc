"""Runs the examples of the package's docstrings, and those on the pages, while the book is built."""

import doctest
import hashlib
import importlib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from text.faults import report

PACKAGE = Path(__file__).parents[3] / "mmlbook"


class Reporter(doctest.DocTestRunner):
    """Turns each failing example into a warning with file and line."""

    def __init__(self):
        super().__init__(verbose=False)

    def _fault(self, test, example, words: str) -> None:
        line = (test.lineno or 0) + example.lineno + 1
        report(f"{test.filename}:{line}", "doctest", f"example `{example.source.strip()}` {words}")

    def report_start(self, out, test, example):
        """Say nothing."""

    def report_success(self, out, test, example, got):
        """Say nothing."""

    def report_failure(self, out, test, example, got):
        """Say what came instead."""
        self._fault(test, example, f"gave `{got.strip()}`, not `{example.want.strip()}`")

    def report_unexpected_exception(self, out, test, example, exc_info):
        """Say what was raised."""
        self._fault(test, example, f"raised {exc_info[0].__name__}: {exc_info[1]}")


def check_package(app: Sphinx) -> None:
    """Run every docstring of the package, unless they passed and nothing in the package changed since."""
    paths = sorted(PACKAGE.glob("*.py"))
    state = hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()
    if getattr(app.env, "doctests_passed", None) == state:
        return
    runner, failed = Reporter(), 0
    for path in paths:
        name = f"mmlbook.{path.stem}" if path.stem != "__init__" else "mmlbook"
        module = importlib.import_module(name)
        for test in doctest.DocTestFinder().find(module, name):
            if test.examples and test.filename == str(path):
                failed += runner.run(test, out=lambda text: None).failed
    if failed == 0:
        app.env.doctests_passed = state


def check_page(app: Sphinx, doctree: nodes.document) -> None:
    """Run the `>>>` examples of one page, in order and in one namespace."""
    page = app.env.doc2path(app.env.docname)
    names: dict = {}
    for block in doctree.findall(lambda n: isinstance(n, (nodes.literal_block, nodes.doctest_block))):
        # `check_package` has run those of the reference.
        from_docstring = ":docstring of " in (block.source or "")
        if block.astext().lstrip().startswith(">>> ") and not from_docstring:
            test = doctest.DocTestParser().get_doctest(block.astext(), names, app.env.docname, page, block.line or 0)
            Reporter().run(test, out=lambda text: None, clear_globs=False)
            names.update(test.globs)


def setup(app: Sphinx) -> dict:
    app.connect("builder-inited", check_package)
    app.connect("doctree-read", check_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
