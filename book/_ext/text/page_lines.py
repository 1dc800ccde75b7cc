"""The right line in every message about a page.

MyST-NB 1.4 counts each line of an executed page one too far, and forgets the blank lines at the head of a piece of
text between two cells. MyST-Parser 5.2 counts one too far inside a directive whose content begins with another one.
Both are mended here; `tests/test_questions.py` shows the lines that come out.
"""

import functools

from myst_nb.core import read
from myst_parser.mdit_to_docutils.base import DocutilsRenderer


def _with_true_lines(read_page):
    """Return `read_page`, which makes a notebook of a page's text, with the true first line of each cell noted."""

    @functools.wraps(read_page)
    def read_with_true_lines(text, *arguments, **options):
        notebook = read_page(text, *arguments, **options)
        if "source_map" in notebook.metadata:
            lines, starts = text.splitlines(), []
            for cell, start in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
                if cell.cell_type == "markdown":
                    while lines[start] == "":
                        start += 1
                    starts.append(start - 1)
                else:
                    starts.append(start - 2)
            notebook.metadata["source_map"] = starts
        return notebook

    return read_with_true_lines


def _without_a_line_added(render):
    """Return `render`, which reads a colon fence, such that a directive in it gets its content as it stands."""

    @functools.wraps(render)
    def render_colon_fence(self, token):
        name, _, arguments = token.info.strip().partition(" ")
        if name.startswith("{") and name.endswith("}"):
            self.render_directive(token, name[1:-1], arguments.strip())
        else:
            render(self, token)

    return render_colon_fence


def setup(app):
    """Mend the counting of lines, once in a process."""
    if not hasattr(read.read_myst_markdown_notebook, "__wrapped__"):
        read.read_myst_markdown_notebook = _with_true_lines(read.read_myst_markdown_notebook)
        DocutilsRenderer.render_colon_fence = _without_a_line_added(DocutilsRenderer.render_colon_fence)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
