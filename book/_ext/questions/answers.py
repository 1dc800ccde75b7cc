"""Answers that are numbers, formulas, vectors or matrices: read, compared, and printed."""

import random
from dataclasses import dataclass, field

from .expressions import Unreadable, evaluate
from .parameters import decimal_text

VALUE_KINDS = ("number", "formula", "vector", "matrix")
CLOSE = 1e-12
POINTS, TRIES = 8, 200


def read_answer(kind, source, values=None):
    """Return the expression `source` as an answer of `kind`: a SymPy expression, or a matrix, of which a vector is
    a column. The kind "any" takes each of them. Raise `Unreadable` if it is none.
    """
    import sympy as sp

    value = evaluate(source, values)
    if kind == "any":
        rows = isinstance(value, sp.MatrixBase) or (
            isinstance(value, list) and isinstance(next(iter(value), None), list)
        )
        kind = "matrix" if rows else "vector" if isinstance(value, list) else "formula"
    if kind in ("number", "formula"):
        if not isinstance(value, sp.Expr):
            raise Unreadable(f"expected a {kind}; {source!r} is {value}")
        if value.has(sp.oo, -sp.oo, sp.nan, sp.zoo):
            raise Unreadable(f"expected a finite {kind}; {source!r} is {value}")
        if kind == "number":
            _check_number(value, source)
        return value
    if isinstance(value, tuple):
        value = list(value)
    rows = value.tolist() if isinstance(value, sp.MatrixBase) else value
    if not isinstance(rows, list) or not rows:
        raise Unreadable(
            f"expected a {kind} such as {'[2*x, 3]' if kind == 'vector' else '[[1, 2], [3, 4]]'}; {source!r} is {value}"
        )
    if kind == "vector":
        rows = [row if isinstance(row, list) else [row] for row in rows]
        if any(len(row) != 1 for row in rows):
            raise Unreadable(f"expected a vector, a column; {source!r} has {len(rows[0])} columns")
    elif not all(isinstance(row, list) and row and len(row) == len(rows[0]) for row in rows):
        raise Unreadable(f"expected a matrix, rows of one length as in [[1, 2], [3, 4]]; got {source!r}")
    matrix = sp.Matrix(rows)
    if matrix.has(sp.oo, -sp.oo, sp.nan, sp.zoo):
        raise Unreadable(f"expected finite entries; {source!r} is {value}")
    return matrix


def _check_number(value, source):
    if value.free_symbols:
        letters = ", ".join(sorted(map(str, value.free_symbols)))
        raise Unreadable(f"expected a number; {source!r} holds the letter {letters}, which no parameter gives a value")
    if abs(complex(value.evalf(20)).imag) > 1e-15:
        raise Unreadable(f"expected a real number; {source!r} is {value}")


@dataclass
class Comparison:
    """How answers of a question are compared: `tolerance` for numbers and entries, a `domain` for the letters."""

    tolerance: object = 0
    domain: dict = field(default_factory=dict)

    def agree(self, left, right):
        """Say whether two answers are the same: shape, and each entry within the tolerance, or at seeded points.

        Raise `Unreadable` if `left` has a finite real value at too few points of the domain to tell.
        """
        if hasattr(left, "shape"):
            return left.shape == right.shape and all(map(self._entries_agree, left, right))
        return self._entries_agree(left, right)

    def _entries_agree(self, left, right):
        import sympy as sp

        if left == right:
            return True
        letters = sorted(left.free_symbols | right.free_symbols, key=str)
        if not letters:
            return self._near(_number(left), _number(right))
        draw, met = random.Random(0), 0
        for _ in range(TRIES):
            point = {letter: sp.Rational(draw.randint(*self._window(letter)), 1000) for letter in letters}
            value = _number(left.subs(point))
            if value is None:
                continue
            if not self._near(value, _number(right.subs(point))):
                return False
            met += 1
            if met == POINTS:
                return True
        raise Unreadable(
            f"{left} could be compared at {met} points only; expected `:domain:` to say where its "
            "letters live, as in `:domain: x in 0..5`"
        )

    def _window(self, letter):
        low, high = self.domain.get(letter.name, (-3, 3))
        return int(1000 * low) + 1, int(1000 * high) - 1

    def _near(self, left, right):
        if left is None or right is None:
            return False
        gap = abs(left - right)
        return bool(
            gap <= max(self.tolerance + 1e-15, CLOSE * max(abs(left), abs(right)))
            if self.tolerance
            else gap <= CLOSE * max(abs(left), abs(right)) or gap < 1e-25
        )


def _number(value):
    """Return the 30-digit real value of an expression without letters, or None if it has none."""
    import sympy as sp

    try:
        number = sp.N(value, 30)
        real, imaginary = number.as_real_imag()
    except (TypeError, ValueError, ZeroDivisionError, AttributeError):
        return None
    if not (real.is_Number and imaginary.is_Number and real.is_finite) or abs(imaginary) > 1e-20:
        return None
    return real


def places(tolerance):
    """Return how many decimals a tolerance asks for: two for 0.03 and for 0.01, none for 1 and for 5."""
    count = 0
    while tolerance * 10**count < 1:
        count += 1
    return count


def shown(value, decimal, tolerance=0):
    """Return how an answer is printed, as a pair: "text" or "math", and the text or the LaTeX.

    Numbers come with the decimals that the tolerance asks for; without one, they are exact: fractions, or decimals if
    `decimal` says that the author wrote decimals.
    """
    if hasattr(value, "shape"):
        rows = [[_entry(entry, decimal, tolerance) for entry in value.row(index)] for index in range(value.rows)]
        between = r" \\[.6ex] " if any(r"\frac" in latex for row in rows for _, latex in row) else r" \\ "
        inner = between.join(" & ".join(latex for _, latex in row) for row in rows)
        return "math", rf"\begin{{pmatrix}} {inner} \end{{pmatrix}}"
    return _entry(value, decimal, tolerance)


def _entry(value, decimal, tolerance):
    if value.is_number and tolerance:
        return "text", f"{value.evalf(30):.{places(tolerance)}f}"
    if value.is_Integer:
        return "text", str(value)
    if value.is_Rational and decimal:
        return "text", decimal_text(value)
    return "math", latex(value)


def latex(value):
    """Return the LaTeX of a SymPy expression in the house style: \\ln for the natural logarithm, an upright e."""
    from sympy.printing.latex import LatexPrinter

    class House(LatexPrinter):
        def _print_Exp1(self, expr, exp=None):
            return self._do_exponent(r"\mathrm{e}", exp)

        def _print_ExpBase(self, expr, exp=None):
            return self._do_exponent(rf"\mathrm{{e}}^{{{self._print(expr.args[0])}}}", exp)

    return House({"ln_notation": True}).doprint(value)
