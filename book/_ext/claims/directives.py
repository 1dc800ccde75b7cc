"""`{checked}`, `{definition}` and `{notation}`: displayed mathematics that says where its truth comes from.

`{checked}` holds a formula, a line `---`, and the Python that checks it. The formula itself is read too: each of its
sides must be a value that the Python established, and each of its relations must hold, so that neither half can change
without the other.
"""

import contextlib
import itertools
import re
import signal

import sympy as sp
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from text.faults import report
from text.names import reserve_name

from . import counts
from .language import Ledger, NotTrue, decide_equal, run, same_value
from .latex_reader import read

SECONDS = 30
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class CheckError(Exception):
    """A check that failed, with its line inside the Python part, or None for the formula."""

    def __init__(self, message: str, line: int | None = None):
        super().__init__(message)
        self.line = line


class claim_check(nodes.General, nodes.Element):
    """The Python behind a claim, folded away: `label` says how it was decided."""


def verify(tex: str, code: str, renames: dict[str, str] | None = None) -> int:
    """Check a formula against its Python; return 0 if algebra proved it all, else the number of points tested.

    Raises CheckError where the Python is wrong or silent, where the formula cannot be read, and where the two differ.

    >>> verify(r"(x + 1)^2 = x^2 + 2x + 1", 'x = symbols("x")\\nassert holds((x + 1)**2, x**2 + 2*x + 1)')
    0
    >>> verify(r"(x + 1)^2 = x^2 + 3x + 1", 'x = symbols("x")\\nassert holds((x + 1)**2, x**2 + 2*x + 1)')
    Traceback (most recent call last):
    claims.directives.CheckError: the formula shows x**2 + 3*x + 1, which the check never mentions
    """
    ledger = Ledger()
    try:
        names = run(code, ledger)
    except CheckError:  # its time was up
        raise
    except Exception as error:
        line = error.lineno if isinstance(error, SyntaxError) else _line_in_check(error)
        words = str(error) or "an assertion failed"
        raise CheckError(
            words if isinstance(error, AssertionError) else f"{type(error).__name__}: {words}", line
        ) from error
    if not ledger.claims:
        raise CheckError("the check establishes nothing: it calls none of holds, near, all_in, rounds_to", 1)
    try:
        statements = read(tex, names, renames)
    except CheckError:
        raise
    except Exception as error:  # whatever SymPy raises at a formula that it cannot take
        raise CheckError(f"cannot read the formula: {error}") from error
    points = [claim.points for claim in ledger.claims]
    for sides, relations in statements:
        if not relations:
            raise CheckError(f"the formula shows {sides[0]} but says nothing of it: write a relation")
        for side in sides:
            _mentioned(side, ledger)
        for (left, right), relation in zip(itertools.pairwise(sides), relations, strict=True):
            points.append(_relation_holds(left, relation, right, ledger, tex))
    return max(points)


def _line_in_check(error: BaseException) -> int | None:
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<check>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _mentioned(side: sp.Basic, ledger: Ledger) -> None:
    established = [value for claim in ledger.claims for value in (claim.left, claim.right)]
    if not any(same_value(side, value, ledger.domain) for value in established):
        raise CheckError(f"the formula shows {side}, which the check never mentions")


def _relation_holds(left, relation: str, right, ledger: Ledger, tex: str) -> int:
    if relation == "=":
        try:
            return decide_equal(left, right, ledger.domain)
        except NotTrue as error:
            raise CheckError(f"the formula is not true: {error}") from error
    for claim in ledger.claims:
        if claim.shown and claim.shown not in re.findall(r"\d+(?:\.\d+)?", tex):
            continue  # the formula shows more or fewer digits than were checked
        for a, sign, b in ((claim.left, claim.relation, claim.right), (claim.right, _flip(claim.relation), claim.left)):
            if sign == relation and same_value(left, a, ledger.domain) and same_value(right, b, ledger.domain):
                return claim.points
    raise CheckError(f"the formula says {left} {relation} {right}, which the check does not establish")


def _flip(relation: str) -> str:
    return FLIPPED.get(relation, relation)


@contextlib.contextmanager
def time_limit(seconds: int):
    """End a computation that uses too much processor time; a busy machine must not fail a check."""

    def stop(signum, frame):
        raise CheckError(f"the check used more than {seconds} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def parse_renames(text: str) -> dict[str, str]:
    r"""Read `\Delta r = d; A_1 = first` into a table from LaTeX to Python names."""
    renames = {}
    for part in filter(str.strip, text.split(";")):
        fragment, sign, name = part.rpartition("=")
        if not sign or not fragment.strip() or not name.strip().isidentifier():
            raise ValueError(f"expected `LaTeX = python_name; ...`, found `{part.strip()}`")
        renames[fragment.strip()] = name.strip()
    return renames


class Formula(SphinxDirective):
    """What the three directives share: a name, a formula, perhaps a number, a box."""

    has_content = True
    required_arguments = 1
    option_spec = {"numbered": directives.flag}  # noqa: RUF012 (docutils' interface)
    kind = ""

    def boxed(self, tex: str, *extra: nodes.Node) -> list[nodes.Node]:
        name = self.arguments[0]
        if not tex.strip():
            raise self.error(f"{self.name}: expected a formula")
        identifier = reserve_name(self, name, "claim")
        if identifier is None:
            return []
        counts.note(self.env, self.kind)
        label = name if "numbered" in self.options else None
        block = nodes.math_block(tex, tex, nowrap=False, number=None, label=label, docname=self.env.docname)
        self.set_source_info(block)
        block["claim"] = self.kind
        box = nodes.container("", classes=["claim", self.kind.split(" ")[0]], ids=[identifier])
        if label:
            domain = self.env.domains.math_domain
            domain.note_equation(self.env.docname, label, location=block)
            block["number"] = domain.get_equation_number_for(label)
            target = nodes.target("", "", ids=[nodes.make_id(f"equation-{label}")])
            self.state.document.note_explicit_target(target)
            box += target
        box += [block, *extra]
        return [box]

    def fault(self, message: str, line: int) -> None:
        report((self.env.docname, line), "claim", f"{self.name} `{self.arguments[0]}`: {message}")


class Definition(Formula):
    """`{definition} name`: a formula that fixes what a symbol or a word means."""

    kind = "definition"

    def run(self) -> list[nodes.Node]:
        return self.boxed("\n".join(self.content))


class Notation(Definition):
    """`{notation} name`: a formula that shows how something is written."""

    kind = "notation"


class Checked(Formula):
    """`{checked} name`: a formula, `---`, and the Python that checks it."""

    option_spec = {**Formula.option_spec, "where": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        lines = list(self.content)
        if "---" not in lines or not any(line.strip() for line in lines[lines.index("---") + 1 :]):
            raise self.error("checked: expected a formula, a line `---`, and the Python that checks it")
        cut = lines.index("---")
        tex, code = "\n".join(lines[:cut]), "\n".join(lines[cut + 1 :]).strip("\n")
        try:
            renames = parse_renames(self.options.get("where", ""))
        except ValueError as error:
            raise self.error(f"checked: :where: {error}") from error
        first = self.lineno + self.content_offset + 1  # the line of the page that holds the formula's first line
        points = 0
        try:
            with time_limit(SECONDS):
                points = verify(tex, code, renames)
        except CheckError as error:
            blank = next(i for i, line in enumerate(lines[cut + 1 :]) if line.strip())
            self.fault(str(error), first if error.line is None else first + cut + blank + error.line)
        self.kind = "checked by algebra" if points == 0 else "checked at points"
        label = "proved by algebra" if points == 0 else f"tested at {points} points"
        source = nodes.literal_block(code, code, language="python")
        check = claim_check("", source, label=label)
        return self.boxed(tex, check)


def visit_check(translator, node: claim_check) -> None:
    translator.body.append(f'<details class="claim-check"><summary>{node["label"]}</summary>\n')


def depart_check(translator, node: claim_check) -> None:
    translator.body.append("</details>\n")


def visit_check_text(translator, node: claim_check) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    app.add_node(claim_check, html=(visit_check, depart_check), text=(visit_check_text, None))
    app.add_directive("checked", Checked)
    app.add_directive("definition", Definition)
    app.add_directive("notation", Notation)
    counts.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
