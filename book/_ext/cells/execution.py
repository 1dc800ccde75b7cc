"""Executed cells: the kernel they run in, the line of a fault, and the package files that a page depends on."""

import os
import re
import shutil
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx

from text.faults import report
from tools.code_cells import code_cells

from . import warm_kernels

HERE = Path(__file__).parent
PACKAGE = HERE.parents[2] / "mmlbook"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
USES_PACKAGE = re.compile(r"\bmmlbook\b")


def prepare_kernel(app: Sphinx) -> None:
    """Give every kernel of this build the book's own profile and Matplotlib settings.

    The profile is copied because IPython writes into the folder that it starts from.
    """
    profile = Path(app.doctreedir, "ipython", "profile_default")
    profile.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "kernel" / "ipython_kernel_config.py", profile)
    os.environ["IPYTHONDIR"] = str(profile.parent)
    os.environ["MATPLOTLIBRC"] = str(HERE / "kernel" / "matplotlibrc")


def check_execution(app: Sphinx, doctree: nodes.document) -> None:
    """Say on which line of the page a cell failed; MyST-NB names the page alone."""
    execution = NbMetadataCollector.get_exec_data(app.env, app.env.docname)
    if execution is None or execution["succeeded"]:
        return
    page = app.env.doc2path(app.env.docname)
    line, message = locate(execution.get("traceback") or "", Path(page).read_text(encoding="utf-8"))
    report((app.env.docname, line), "cell", f"cell failed: {message or execution['error']}")


def locate(traceback: str, page: str) -> tuple[int | None, str]:
    """Return the line of the page on which a cell failed, and the exception's own words.

    >>> locate("cell:\\n----\\n1 / 0\\n----\\n\\nCell In[1], line 1\\nZeroDivisionError: division by zero",
    ...        "# Title\\n\\n```{code-cell}\\n1 / 0\\n```")
    (4, 'ZeroDivisionError: division by zero')
    """
    text = COLOUR.sub("", traceback).rstrip()
    message = text.splitlines()[-1] if text else ""
    cell = re.search(r"cell:\n-{4,}\n(.*?)\n-{4,}\n", text, flags=re.S)
    frames = re.findall(r"Cell In\[\d+\], line (\d+)", text)
    if not cell or not frames:
        return None, message
    # In a recursion the first frame is the reader's call; the last one in a cell is where it went wrong.
    wanted = [line.strip() for line in cell[1].splitlines()]
    for found in code_cells(page):
        if [line.strip() for line in found.code] == wanted:
            return found.first + int(frames[-1]) - 1, message
    return None, message


def note_package(app: Sphinx, docname: str, source: list[str]) -> None:
    """Read a page anew when the package that it runs or shows has changed."""
    if USES_PACKAGE.search(source[0]):
        for path in sorted(PACKAGE.glob("*.py")):
            app.env.note_dependency(str(path))


def setup(app: Sphinx) -> dict:
    app.connect("builder-inited", prepare_kernel)
    app.connect("env-before-read-docs", warm_kernels.start)
    app.connect("build-finished", warm_kernels.stop)
    app.connect("source-read", note_package)
    app.connect("doctree-read", check_execution)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
