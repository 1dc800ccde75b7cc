"""What the text of a page may not do: assert unchecked mathematics, or hold a decimal that nobody computed.

A decimal in the text comes from a cell ({glue}), from a question ({answer}), from a relation that is recomputed here,
or is an input that the author chose, marked by the role {given}.
"""

import itertools
import operator
import re

import sympy as sp
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from claims import counts
from claims.language import NotTrue, decide_equal, shown_right
from claims.latex_matrices import is_matrix, plain, shape
from claims.latex_statements import read
from claims.latex_tokens import ReadError, ShapeError

from .faults import report

DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]*\.\d)")
RELATION = re.compile(
    r"(?<!\\)[=<>≤≥≠≈]|\\(?:lt|gt|ll|gg|le|leq|leqslant|ge|geq|geqslant|approx|ne|neq|equiv|propto|sim|simeq|cong)(?![a-zA-Z])"
)
# Classes of what {glue}, {answer} and {measurements} print.
COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "!=": operator.ne}
COMPUTED = {"pasted-text", "output", "answer-value", "measured"}
APART = (nodes.literal, nodes.literal_block, nodes.comment, nodes.raw, nodes.math, nodes.math_block, nodes.reference)


class given(nodes.inline):
    """A number that the author chose as an input."""


class Given(SphinxRole):
    """{given}`0.1` or {given}`$h = 0.1$`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        node = given(classes=["given"])
        if self.text.startswith("$") and self.text.endswith("$"):
            node += nodes.math(self.text.strip("$"), self.text.strip("$"))
        else:
            node += nodes.Text(self.text)
        return [node], []


def check_page(app: Sphinx, doctree: nodes.document) -> None:
    """Report each decimal and each relation of a page that nothing stands behind."""
    for text in doctree.findall(nodes.Text):
        if _apart(text):
            continue
        for decimal in DECIMAL.findall(text.astext()):
            advice = "print it from a cell with {glue}, or mark an input of your choice with {given}"
            report(text.parent, "prose", f"decimal {decimal} typed into the text: {advice}")
    for box in doctree.findall(nodes.container):
        if box.get("is_div") and not box["classes"]:
            report(box, "prose", "a fence `:::` that opens nothing: a box round other boxes needs more colons")
    for formula in doctree.findall(nodes.math):
        if not _inside(formula, (given, nodes.literal_block)):
            _check_inline(app, formula)
    for block in doctree.findall(nodes.math_block):
        if "claim" not in block and RELATION.search(block.astext()):
            report(block, "prose", "displayed relation without a source: use {checked}, {definition} or {notation}")


def _apart(text: nodes.Text) -> bool:
    return _inside(text, (given, *APART)) or _inside_output(text) or _inside_docstring(text)


def _inside(node: nodes.Node, kinds: tuple) -> bool:
    return any(
        isinstance(each, kinds) or (isinstance(each, nodes.Element) and COMPUTED & set(each["classes"]))
        for each in _outwards(node)
    )


def _inside_output(node: nodes.Node) -> bool:
    """True for what a cell shows, but not for the caption that its author wrote."""
    around = itertools.takewhile(lambda each: not isinstance(each, nodes.caption), _outwards(node))
    return any(isinstance(each, nodes.Element) and each.get("nb_element") == "cell_code" for each in around)


def _inside_docstring(node: nodes.Node) -> bool:
    """True for what the reference shows of the package: its examples are run, and its signatures are code."""
    return any(isinstance(each, addnodes.desc) or ":docstring of " in (each.source or "") for each in _outwards(node))


def _inside_mistake(node: nodes.Element) -> bool:
    """True inside a wrong choice or a false argument, which devices/ marks."""
    return any(each.get("untrue") for each in _outwards(node))


def _outwards(node: nodes.Node | None):
    """Yield a node and all that it stands in."""
    while node is not None:
        yield node
        node = node.parent


def _check_inline(app: Sphinx, formula: nodes.math) -> None:
    tex = formula.astext()
    if not RELATION.search(tex):
        if DECIMAL.search(tex):
            report(
                formula,
                "prose",
                f"decimal typed into `${tex}$`: state the relation it comes from, or mark it with {{given}}",
            )
        return
    try:
        statements = read(tex, {})
    except ShapeError as error:  # vectors of numbers that do not fit
        if not _inside_mistake(formula):
            report(formula, "prose", f"`${tex}$` is not true: {error}")
        counts.note(app.env, "inline recomputed")
        return
    except (ReadError, ValueError, TypeError, NotImplementedError):  # it speaks of symbols
        if DECIMAL.search(tex):
            report(
                formula,
                "prose",
                f"decimal typed into `${tex}$`, which holds symbols or has two meanings: mark an input with {{given}}",
            )
        counts.note(app.env, "inline stated")
        return
    for sides, relations in statements:
        for (left, right), relation in zip(itertools.pairwise(map(plain, sides)), relations, strict=True):
            if not _true(left, relation, right, tex) and not _inside_mistake(formula):
                report(formula, "prose", f"`${tex}$` is not true: {sp.N(left, 8)} against {sp.N(right, 8)}")
    counts.note(app.env, "inline recomputed")


def _true(left, relation: str, right, tex: str) -> bool:
    if relation == "=":
        try:
            decide_equal(left, right)
        except NotTrue:
            return False
        return True
    if is_matrix(left) or is_matrix(right):
        alike = relation == "~" and shape(left) == shape(right)
        return alike and all(_true(a, relation, b, tex) for a, b in zip(left, right, strict=True))
    if relation == "~":
        shown = re.findall(r"-?\d+(?:\.\d+)?", tex)
        return any(
            sp.Rational(d) == side and shown_right(other, side, d)
            for d in {*shown, *(d.lstrip("-") for d in shown)}
            for side, other in ((right, left), (left, right))
        )
    try:
        return bool(COMPARISONS[relation](left, right))
    except TypeError:  # of two numbers that are not real neither is the smaller one
        return False


def setup(app: Sphinx) -> dict:
    app.add_node(given, html=(lambda *_: None, lambda *_: None), text=(lambda *_: None, lambda *_: None))
    app.add_role("given", Given())
    app.connect("doctree-read", check_page, priority=90)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
