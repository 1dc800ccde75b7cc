"""A full stop stays with its formula: browsers would let it begin the next line.

KaTeX sets a formula as boxes, and a line may be broken after any box. So a short formula and what closes it are put
into one piece that is not broken. A long formula stays as it is: it may need its breaks on a phone.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

SHORT = 24  # letters of LaTeX
CLOSING = re.compile(r"[.,;:!?)\]’”]+(?=\s|$)")


def keep_together(app: Sphinx, doctree: nodes.document) -> None:
    """Wrap each short formula of the text with the punctuation behind it."""
    for formula in list(doctree.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        closing = CLOSING.match(after.astext()) if type(after) is nodes.Text else None
        if closing and len(formula.astext()) <= SHORT and not isinstance(formula.parent, nodes.title):
            parent, place = formula.parent, formula.parent.index(formula)
            piece = nodes.inline("", "", formula, nodes.Text(closing[0]), classes=["unbroken"])
            parent[place : place + 2] = [piece, nodes.Text(after.astext()[closing.end() :])]


def setup(app: Sphinx) -> dict:
    app.connect("doctree-read", keep_together, priority=900)  # after all that looks at sentences
    return {"parallel_read_safe": True, "parallel_write_safe": True}
