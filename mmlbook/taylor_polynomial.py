"""A polynomial in powers of x - at, which can be evaluated, differentiated, integrated and read.

To copy: put this file and `inputs.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `TaylorPolynomial`: what `mmlbook.taylor.polynomial` returns
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from mmlbook.inputs import array, number, numbers

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, eq=False)
class TaylorPolynomial:
    """A polynomial in powers of x - at: what `polynomial` returns.

    - coefficients: of the powers 0, 1, ..., order
    - at: the point
    - order: the highest power

    It is called with a number or an array of numbers, not so far away that the value is too large for
    a float, and returns the like. Printed, it reads
    as mathematics: coefficients that agree to rounding with a fraction are written as one.

    >>> p = TaylorPolynomial([2, 0, 0.25], at=1)
    >>> print(p)
    2 + (x - 1)²/4
    >>> p(3), p([1, 5])
    (3.0, array([2., 6.]))
    >>> print(p.derivative())
    (x - 1)/2
    """

    coefficients: np.ndarray
    at: float

    def __post_init__(self):
        """Check the coefficients, and keep a copy that cannot be changed."""
        series = array(self.coefficients, "coefficients", shape=(None,)).copy()
        series.setflags(write=False)
        object.__setattr__(self, "coefficients", series)
        object.__setattr__(self, "at", number(self.at, "at"))

    @property
    def order(self):
        """The highest power that has a coefficient, be it 0."""
        return len(self.coefficients) - 1

    def __call__(self, x):
        """The polynomial's value at x, by Horner's rule: one product and one sum for each power."""
        differentiated = hasattr(x, "__array_ufunc__") and not isinstance(x, np.ndarray | np.generic)
        step = (x if differentiated else numbers(x, "x")) - self.at
        first, *others = self.coefficients[::-1].tolist()
        with np.errstate(over="ignore", invalid="ignore"):  # far away, powers grow too large
            value = 0.0 * step + first
            for coefficient in others:
                value = value * step + coefficient
        if not differentiated and not np.all(np.isfinite(value)):
            raise ValueError(f"x: expected numbers at which the polynomial is not too large for a float, got {x}")
        return value

    def derivative(self):
        """The polynomial's derivative, term by term; its order is one lower, or 0.

        >>> print(TaylorPolynomial([5, 4, 3], at=0).derivative())
        4 + 6 x
        """
        return TaylorPolynomial((np.arange(self.order + 1) * self.coefficients)[1:] if self.order else [0.0], self.at)

    def integral(self, constant=0.0):
        """The polynomial's integral, term by term, which is `constant` at the point.

        >>> print(TaylorPolynomial([4, 6], at=0).integral(constant=5))
        5 + 4 x + 3 x²
        """
        constant = number(constant, "constant")
        return TaylorPolynomial([constant, *self.coefficients / np.arange(1.0, self.order + 2)], self.at)

    def __str__(self):
        """The polynomial as mathematics, in plain characters."""
        return self._written("{top}{times}{power}/{bottom}", lambda k: str(k).translate(SUPERSCRIPTS), str)

    def _repr_latex_(self):
        fraction = r"\frac{{{top}{times}{power}}}{{{bottom}}}"
        return rf"$\displaystyle {self._written(fraction, '^{{{}}}'.format, _decimal_in_latex)}$"

    def _written(self, fraction, raised, decimal):
        """The polynomial as text, lowest power first, without the powers whose coefficient is 0."""
        base = "x" if self.at == 0 else f"(x {'-' if self.at > 0 else '+'} {decimal(f'{abs(self.at):.6g}')})"
        text = ""
        for k in np.flatnonzero(self.coefficients).tolist():
            power = "" if k == 0 else base if k == 1 else base + raised(k)
            size = abs(self.coefficients[k])
            top, bottom = _as_fraction(size)
            number = decimal(f"{size:.6g}") if top is None else "" if top == 1 and power else str(top)
            times = " " if number and power else ""
            if top is None or bottom == 1:
                term = number + times + power
            else:
                term = fraction.format(top=number, times=times, power=power, bottom=bottom)
            negative = bool(self.coefficients[k] < 0)
            text += (" - " if negative else " + ") + term if text else "-" * negative + term
        return text or "0"


def _decimal_in_latex(text):
    digits, _, exponent = text.partition("e")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponent else text


def _as_fraction(size):
    """Numerator and denominator of a fraction, with no more than nine digits together, or None twice."""
    fraction = Fraction(size).limit_denominator(10**9)
    top, bottom = fraction.numerator, fraction.denominator
    agree = abs(Fraction(size) - fraction) <= 4 * Fraction(size) / 2**52
    return (top, bottom) if agree and top * bottom < 10**9 else (None, None)
