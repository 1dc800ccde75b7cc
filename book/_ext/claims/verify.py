"""Verifies a displayed formula against the Python that stands below it.

Each side of the formula must be a value that the Python established, and each of its relations must hold.
"""

import contextlib
import itertools
import re
import signal
from dataclasses import replace

import sympy as sp

from .language import Ledger, NotTrue, decide_equal, run, same_value
from .latex_matrices import plain
from .latex_statements import read

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class CheckError(Exception):
    """A check that failed, with its line inside the Python part, or None for the formula."""

    def __init__(self, message: str, line: int | None = None):
        super().__init__(message)
        self.line = line


def verify(tex: str, code: str, renames: dict[str, str] | None = None) -> int:
    """Check a formula against its Python; return 0 if algebra proved it all, else the number of points tested.

    Raises CheckError where the Python is wrong or silent, where the formula cannot be read, and where the two differ.

    >>> verify(r"(x + 1)^2 = x^2 + 2x + 1", 'x = symbols("x")\\nassert holds((x + 1)**2, x**2 + 2*x + 1)')
    0
    >>> verify(r"(x + 1)^2 = x^2 + 3x + 1", 'x = symbols("x")\\nassert holds((x + 1)**2, x**2 + 2*x + 1)')
    Traceback (most recent call last):
    claims.verify.CheckError: the formula shows x**2 + 3*x + 1, which the check never mentions
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
    ledger.claims = [replace(claim, left=plain(claim.left), right=plain(claim.right)) for claim in ledger.claims]
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
        sides = [plain(side) for side in sides]  # a matrix with one entry counts as its number
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
    if side not in established and not any(same_value(side, value, ledger.domain) for value in established):
        raise CheckError(f"the formula shows {side}, which the check never mentions")


def _relation_holds(left, relation: str, right, ledger: Ledger, tex: str) -> int:
    if relation == "=":
        for claim in ledger.claims:
            if claim.relation == "=" and (left, right) in ((claim.left, claim.right), (claim.right, claim.left)):
                return claim.points  # decided already
        try:
            return decide_equal(left, right, ledger.domain)
        except NotTrue as error:
            raise CheckError(f"the formula is not true: {error}") from error
    for claim in ledger.claims:
        if not set(claim.shown) <= set(re.findall(r"\d+(?:\.\d+)?", tex)):
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
