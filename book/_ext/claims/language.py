"""What a check may say: `holds`, `near`, `all_in`, `rounds_to`. Each decides by machine and remembers what it decided.

A claim that is false raises NotTrue with a point where it fails. Algebra is tried first; where it gives no answer the
two sides are compared at seeded points, and the page says which of the two it was.
"""

import random
import re
from dataclasses import dataclass, field

import numpy as np
import sympy as sp

from . import arrays

POINTS = 40
TOLERANCE = sp.Float("1e-12", 30)
TOLERANCE_EXACT = sp.Float("1e-25", 30)  # between numbers that hold no float


class NotTrue(AssertionError):
    """A claim that the machine found false, or could not decide."""


@dataclass(frozen=True)
class Claim:
    """One decided statement: both sides, the relation, and the number of points (0: decided by algebra)."""

    left: sp.Basic
    relation: str
    right: sp.Basic
    points: int
    shown: tuple[str, ...] = ()  # of `rounds_to`: the decimals as written


@dataclass
class Ledger:
    """The claims that one check established, and the intervals on which it tested."""

    claims: list[Claim] = field(default_factory=list)
    domain: dict = field(default_factory=dict)

    def holds(self, left, right, domain: dict | None = None) -> bool:
        """Equality, of numbers, expressions or matrices; `domain` gives the interval of each symbol's test points."""
        left, right = _as_sympy(left, "left"), _as_sympy(right, "right")
        self.domain |= domain or {}
        self.claims.append(Claim(left, "=", right, decide_equal(left, right, domain)))
        return True

    def near(self, exact, approximation, at: tuple, order: int) -> bool:
        """The error shrinks exactly like (x - a)**order, with `at=(x, a)`, from both sides where x has two.

        Of a vector or matrix: each entry's error at least so fast, and one of them no faster.
        """
        exact, approximation = _as_sympy(exact, "exact"), _as_sympy(approximation, "approximation")
        _same_shape(exact, approximation)
        variable, point = at
        one_sided = point == 0 and variable.is_nonnegative
        for side in "+" if one_sided else "+-":
            ratios = [
                sp.limit(error / (variable - point) ** order, variable, point, side)
                for error in _entries(exact - approximation)
            ]
            if not all(ratio.is_finite for ratio in ratios) or not any(ratios):
                raise NotTrue(
                    f"the error divided by ({variable} - {point})**{order} tends to {', '.join(map(str, ratios))}, "
                    "not to a number other than 0"
                )
        self.claims.append(Claim(exact, "~", approximation, 0))
        return True

    def all_in(self, inequality, variable: sp.Symbol, interval: tuple) -> bool:
        """An inequality for every tested value strictly between the ends of an interval."""
        if not isinstance(inequality, sp.core.relational.Relational):
            raise NotTrue(f"all_in wants an inequality that contains {variable}, got {inequality}")
        low, high = (float(end) for end in interval)
        self.domain.setdefault(variable, (low, high))
        points = 5 * POINTS
        inner = np.concatenate(
            [np.linspace(0, 1, points - 8)[1:-1], 0.1 ** np.arange(2, 7), 1 - 0.1 ** np.arange(2, 7)]
        )
        for value in low + (high - low) * inner:
            if sp.sympify(inequality.subs(variable, sp.Float(value, 30))) is not sp.true:
                raise NotTrue(f"{inequality} fails at {variable} = {value:.6g}")
        self.claims.append(Claim(inequality.lhs, inequality.rel_op, inequality.rhs, len(inner)))
        return True

    def rounds_to(self, value, shown) -> bool:
        """A decimal is right to the digits that it shows; `shown` is a string, such as "0.34".

        Of a vector or matrix, it is a list of strings, or of rows.
        """
        value = _as_sympy(value, "value")
        rows = shown if isinstance(shown, list) else [shown]
        rows = [row if isinstance(row, list) else [row] for row in rows]
        decimals = [decimal for row in rows for decimal in row]
        for decimal in decimals:
            if not isinstance(decimal, str) or not re.fullmatch(r"-?\d+(\.\d+)?", decimal):
                raise NotTrue(f'rounds_to wants the decimal as a string, such as "0.34", got {decimal!r}')
        rounded = (
            sp.Rational(shown)
            if isinstance(shown, str)
            else _as_sympy([list(map(sp.Rational, r)) for r in rows], "shown")
        )
        _same_shape(value, rounded)
        for exact, decimal in zip(_entries(value), decimals, strict=True):
            if not shown_right(exact, sp.Rational(decimal), decimal):
                raise NotTrue(f"{sp.N(exact, 12)} does not round to {decimal}")
        self.claims.append(Claim(value, "~", rounded, 0, tuple(decimal.lstrip("-") for decimal in decimals)))
        return True


def shown_right(value, decimal: sp.Rational, shown: str) -> bool:
    """True where `decimal`, written as `shown`, is `value` to all its digits."""
    places = len(shown.partition(".")[2])
    return bool(abs(sp.N(value - decimal, 30)) <= sp.Rational(1, 2 * 10**places) + TOLERANCE)


def _as_sympy(value, name: str):
    try:
        value = sp.ImmutableMatrix(value) if isinstance(value, (sp.MatrixBase, np.ndarray, list)) else sp.sympify(value)
    except (sp.SympifyError, TypeError, ValueError) as error:
        raise NotTrue(f"{name}: not a mathematical expression: {value!r}") from error
    if isinstance(value, sp.MatrixBase) and not all(value.shape):
        raise NotTrue(f"{name}: a matrix without entries")
    if isinstance(value, sp.MatrixExpr) and not isinstance(value, sp.MatrixBase):
        raise NotTrue(f"{name}: expected a matrix with its entries, such as Matrix(2, 2, symbols('a:d')), got {value}")
    return value


def _entries(value) -> list:
    return list(value) if isinstance(value, sp.MatrixBase) else [value]


def _same_shape(left, right) -> None:
    """Refuse a comparison of different shapes; nothing is stretched to fit."""
    shapes = ["x".join(map(str, side.shape)) if hasattr(side, "shape") else "a number" for side in (left, right)]
    if shapes[0] != shapes[1]:
        raise NotTrue(f"shapes differ: {shapes[0]}, {shapes[1]}; equal shapes are wanted, and nothing is stretched")


def decide_equal(left, right, domain: dict | None = None, *, prove: bool = True) -> int:
    """Return 0 where algebra proves equality, else at how many points both agreed; raise NotTrue otherwise.

    Without `prove`, algebra is spared the trouble where points decide.
    """
    _same_shape(left, right)
    if isinstance(left, sp.MatrixBase):
        pairs = zip(left, right, strict=True)
        return max((decide_equal(a, b, domain, prove=prove) for a, b in pairs), default=0)
    if sp.nan in (left, right) or left.has(sp.zoo) or right.has(sp.zoo):
        raise NotTrue(f"undefined: {left} = {right}")
    if left == right:
        return 0
    if not (isinstance(left, sp.Expr) and isinstance(right, sp.Expr)):
        raise NotTrue(f"expected two values to compare, got {left} and {right}")
    left, right = left.doit(), right.doit()
    difference = left - right
    if difference == 0 or sp.expand(difference) == 0:
        return 0
    known = not difference.atoms(sp.core.function.AppliedUndef)
    if known:
        compare(left, right, domain, points=4)  # what is false is soon found out; algebra may take its time
    if (prove or not known) and sp.simplify(difference) == 0:
        return 0
    if not known:
        raise NotTrue(f"could not prove {left} = {right}")
    return compare(left, right, domain, POINTS)


def compare(left, right, domain: dict | None, points: int) -> int:
    """Compare two expressions at seeded points; return how many, or raise NotTrue with a point where they differ."""
    symbols = sorted((left - right).free_symbols, key=str)
    tolerance = TOLERANCE if symbols or (left - right).has(sp.Float) else TOLERANCE_EXACT
    generator = random.Random(str(symbols))
    agreed = 0
    for _ in range(points if symbols else 1):
        point = {symbol: _value(symbol, generator, domain or {}) for symbol in symbols}
        a, b = (sp.N(side.subs(point), 30) for side in (left, right))
        if not (a.is_number and b.is_number):
            raise NotTrue(f"not a number at {_show(point)}: {a}, {b}")
        if not (a.is_finite and b.is_finite):
            continue
        if abs(a - b) > tolerance * (1 + abs(a) + abs(b)):
            raise NotTrue(f"{left} is {sp.N(a, 8)} but {right} is {sp.N(b, 8)}{_show(point)}")
        agreed += 1
    if agreed < (points // 2 if symbols else 1):
        raise NotTrue(f"{left} = {right} is defined at only {agreed} of the tested points; give a domain")
    return agreed


def _value(symbol: sp.Symbol, generator: random.Random, domain: dict):
    low, high = domain.get(symbol, (0.2, 1.7) if symbol.is_positive else (-1.7, 1.7))
    if symbol.is_integer:
        return sp.Integer(generator.randint(1, 8))
    return sp.Float(repr(generator.uniform(float(low), float(high))), 30)


def _show(point: dict) -> str:
    return "".join(f" at {symbol} = {sp.N(value, 6)}" for symbol, value in point.items())


def same_value(left, right, domain: dict | None = None) -> bool:
    """True where two expressions have the same value wherever they are tested."""
    try:
        decide_equal(left, right, domain, prove=False)
    except NotTrue:
        return False
    return True


def run(code: str, ledger: Ledger) -> dict:
    """Run a check's Python; return the names that it defined."""
    start = {name: getattr(sp, name) for name in sp.__all__}
    start |= {"np": np, **{name: getattr(ledger, name) for name in ("holds", "near", "all_in", "rounds_to")}}
    start |= {name: getattr(arrays, name) for name in ("gradient", "jacobian", "hessian")}
    names = dict(start)
    exec(compile(code, "<check>", "exec"), names)
    return {name: value for name, value in names.items() if name not in start or value is not start[name]}
