"""Mathematics set by KaTeX while the book is built: HTML for the eye, MathML for everything else.

Formulas are set when a page is read, so that a fault is reported with its file and line and the characters in use are
known before any page is written (see fonts.py).
"""

import html
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number

from text.faults import report

from . import node_process, notation

LONG_ANSWER = 40  # letters of LaTeX; an answer with more may be wider than a phone

_set: dict[tuple[str, bool], str] = {}


def typeset(tex: str, *, display: bool) -> str:
    """Return KaTeX's HTML and MathML for one formula; raises NodeError with KaTeX's message."""
    key = (tex.strip(), display)
    if key not in _set:
        _set[key] = node_process.ask("tex", tex=key[0], display=display, macros=notation.macros())
    return _set[key]


def typeset_document(app: Sphinx, doctree: nodes.document) -> None:
    """Set every formula of a page and keep the result on its node."""
    for node in doctree.findall(lambda n: isinstance(n, (nodes.math, nodes.math_block))):
        try:
            node["katex"] = typeset(node.astext(), display=isinstance(node, nodes.math_block))
        except node_process.NodeError as error:
            message = re.sub("[\u0332\u0331]", "", str(error)).splitlines()[0]  # it underlines the place
            report(node, "katex", message)
            node["katex"] = f"<code>{html.escape(node.astext())}</code>"


def _markup(node: nodes.Element) -> str:
    """The formula as set when its page was read; text that Sphinx copied before that is set here."""
    return node.get("katex") or typeset(node.astext(), display=isinstance(node, nodes.math_block))


def visit_inline(translator, node: nodes.math) -> None:
    """A formula within a sentence; the long answer of a question scrolls where it is wider than the page."""
    long = r"\begin{pmatrix}" in node.astext() or len(node.astext()) > LONG_ANSWER
    answers = "answer-value" in node.parent.get("classes", [])
    box = ' class="math"'
    if answers and long:
        box = ' class="math wide-answer" tabindex="0" role="group" aria-label="Formula"'
    translator.body.append(f"<span{box}>{_markup(node)}</span>")
    raise nodes.SkipNode


def visit_block(translator, node: nodes.math_block) -> None:
    """A displayed formula in a box of its own, which scrolls where the formula is wider than the page."""
    number = get_node_equation_number(translator, node) if node["number"] else ""
    label = f"Equation {number}" if number else "Formula"
    box = f'<div class="math" tabindex="0" role="group" aria-label="{label}">{_markup(node)}</div>'
    if number:
        anchor = html.escape(node["ids"][0])
        box = (
            f'<div class="equation" id="{anchor}">{box}<span class="eqno">({number})'
            f'<a class="headerlink" href="#{anchor}" title="Link to this equation">#</a></span></div>'
        )
    translator.body.append(box + "\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    app.add_html_math_renderer("katex", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None))
    # Before Sphinx collects titles, which copy their formulas.
    app.connect("doctree-read", typeset_document, priority=100)
    app.connect("build-finished", lambda app, exception: node_process.close())
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
