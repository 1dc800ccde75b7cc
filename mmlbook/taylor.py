"""Polynomials that agree with a function at one point, in value and in as many derivatives as you ask for.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`,
`dual_rules.py`, `gradient.py`, `gradient_check.py`, `inputs.py`, `intervals.py`, `jets.py`, `levels.py`,
`local_models.py`, `power_series.py`, `recording.py`, `rules.py`, `slope.py`, `stand_in.py`, `tape.py`,
`taylor_polynomial.py`, `variable.py` into a folder `mmlbook` beside your program. Nothing else is needed but NumPy.
What it offers:

- `coefficients`: the numbers ``f^(k)(at) / k!``, exact to rounding
- `polynomial`: the Taylor polynomial, to be evaluated or printed
- `remainder_bound`: how far it may be off, proved with intervals
- `linearise`, `quadratic_model`: the same idea for functions of many numbers, to orders 1 and 2

For the first three, f is a function of one number, written with operators and NumPy's
elementary functions. Branches such as ``if x > 0`` go by the value at the point.
"""

import heapq
from math import isfinite

import numpy as np

from mmlbook.inputs import function, number, whole
from mmlbook.intervals import Interval
from mmlbook.jets import Jet, variable
from mmlbook.local_models import LinearModel, QuadraticModel, linearise, quadratic_model
from mmlbook.taylor_polynomial import TaylorPolynomial

__all__ = [
    "LinearModel",
    "QuadraticModel",
    "TaylorPolynomial",
    "coefficients",
    "linearise",
    "polynomial",
    "quadratic_model",
    "remainder_bound",
]

SPARE = 12  # so many common zeros of a numerator and a denominator can be divided away
HIGHEST = 1000  # order
HIGHEST_ENCLOSED = 100  # order in `remainder_bound`, which takes thousands of times as long
PIECES = 64  # of the way from at to `to`, at most, in `remainder_bound`


def coefficients(f, at, order):
    """Taylor coefficients of f at a point.

    Entry k is ``f^(k)(at) / k!``, the k-th derivative over k factorial. No differences are taken:
    the series of x is carried through the code of f, and each step is exact to rounding.

    Parameters: f, a function of one number; at, a finite number; order, a whole number from 0 to 1000.
    Returns an array of order + 1 floats; entry k is in the unit of f over that of at to the power k.
    Where f divides 0 by 0, as in ``sin(x) / x`` at 0, and both are exactly 0, the limit is used.
    Raises TypeError or ValueError, naming the argument, if f is no function, at is
    not one finite real number, or order is not a whole number from 0 to 1000; and,
    naming f, if f has no Taylor series at the point (a kink, a jump, a pole, a vertical tangent),
    leaves the functions of `mmlbook.rules`, or returns anything but one finite real number.

    >>> coefficients(np.exp, 0, order=3)
    array([1.        , 1.        , 0.5       , 0.16666667])
    >>> coefficients(lambda x: np.sin(x) / x, 0, order=2)
    array([ 1.        ,  0.        , -0.16666667])

    The square root rises vertically from 0, where it has no slope:

    >>> coefficients(np.sqrt, 0, order=3)
    Traceback (most recent call last):
    ...
    ValueError: f: expected a function that has a Taylor series there, but sqrt has none at 0.0

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    SIAM, 2008, chapter 13.
    """
    function(f, expected="a function of one number")
    at, order = number(at, "at"), whole(order, "order", most=HIGHEST)
    series = _series(f, at, order)
    if not all(map(isfinite, series)):
        k = next(k for k in range(order + 1) if not isfinite(series[k]))
        raise ValueError(f"f: expected finite Taylor coefficients, got {series[k]} at order {k}")
    return np.array(series)


def polynomial(f, at, order):
    """The Taylor polynomial of f at a point.

    In formula, ``p(x) = c[0] + c[1] (x - at) + ... + c[order] (x - at)**order`` with the
    coefficients ``c[k] = f^(k)(at) / k!`` of `coefficients`. No other polynomial of this
    degree has the same value and the same first derivatives as f at the point.

    Parameters and errors are those of `coefficients`. Returns a `TaylorPolynomial`, to be
    called with numbers or arrays.

    >>> p = polynomial(np.sin, 0, order=5)
    >>> print(p)
    x - x³/6 + x⁵/120
    >>> print(f"{p(0.5):.7f} {np.sin(0.5):.7f}")
    0.4794271 0.4794255

    Far from the point it may be of no use, however high the order:

    >>> print(round(polynomial(np.log1p, 0, order=20)(2), 1), round(np.log1p(2), 1))
    -34359.7 1.1

    Source: M. Spivak, *Calculus*, fourth edition, Publish or Perish, 2008, chapter 20.
    """
    return TaylorPolynomial(coefficients(f, at, order), at)


def remainder_bound(f, at, order, to):
    """How far the Taylor polynomial of f may be off, between the point and another one.

    For every x from at to `to`, ``abs(f(x) - p(x)) <= M * abs(to - at)**(order + 1) / (order + 1)!`` where
    p is the Taylor polynomial and M the largest size of the derivative of order + 1
    on the way: Lagrange's form of the remainder. M is not sampled, which could miss
    its peak, but enclosed: the series of f is worked out with intervals that are
    rounded outward and hold its value for every x on the way. The bound is
    thus proved, for the polynomial with exact coefficients, in exact arithmetic, and for the numbers in the
    code of f as the machine holds them. Up to 64 pieces of the way are enclosed one by one, which
    makes M sharp to 5 per cent for most f; never is it too small, as long as the functions of the C
    library are right to 8 units in the last place.

    Parameters: f, at and order as in `coefficients`, but order up to 100; to, a finite number.
    Returns a float, in the unit of f.
    Raises TypeError or ValueError, naming the argument, if one of them is not as said; and, naming f,
    if the enclosure fails: because f has no series somewhere on the way, or because
    the intervals are too wide to exclude it, as with a division of 0 by 0. It does
    not know arctan2, nor those whose rules hold rounded constants, such as exp2, log2, log10 and radians.

    >>> bound = remainder_bound(np.sin, 0, order=5, to=0.5)
    >>> error = abs(np.sin(0.5) - polynomial(np.sin, 0, order=5)(0.5))
    >>> print(f"{error:.2e} <= {bound:.2e}")
    1.54e-06 <= 1.04e-05

    No bound is given across a place without a series:

    >>> remainder_bound(np.log, 1, order=5, to=0)
    Traceback (most recent call last):
    ...
    ValueError: f: expected a function that is defined on the way, but log is not on all of [0, 1.0842e-19]

    Source: M. Spivak, *Calculus*, fourth edition, Publish or Perish, 2008, chapter 20; R. E. Moore,
    R. B. Kearfott and M. J. Cloud, *Introduction to Interval Analysis*, SIAM, 2009, chapter 9.
    """
    function(f, expected="a function of one number")
    at, order, to = number(at, "at"), whole(order, "order", most=HIGHEST_ENCLOSED), number(to, "to")
    if at == to:
        return 0.0
    pieces = [_enclosed(f, min(at, to), max(at, to), order + 1)]
    while len(pieces) < PIECES:
        size, _, low, high, _, _ = pieces[0]
        middle = low + (high - low) / 2
        if -size <= 1.05 * max(surely for *_, surely, _ in pieces) or not low < middle < high:
            break
        heapq.heapreplace(pieces, _enclosed(f, low, middle, order + 1))
        heapq.heappush(pieces, _enclosed(f, middle, high, order + 1))
    size, *_, trouble = pieces[0]
    bound, distance = Interval(-size), Interval(to) - at
    for _ in range(order + 1):
        bound = bound * distance
    bound = max(bound.high, -bound.low)
    if not np.isfinite(bound):
        overflow = ValueError("f: expected derivatives that can be enclosed between at and to, but they overflow")
        raise trouble or overflow
    return bound


def _series(f, at, order):
    """The Taylor coefficients of f, as a list of order + 1 floats."""
    for spare in (0, SPARE):
        x = variable(at, order + spare)
        try:
            with np.errstate(all="ignore"):  # what is not finite is refused
                series = _values(f(x), x)
        except ValueError:
            if spare:
                raise
            continue
        if series.order >= order:
            known = series.coefficients[: order + 1]
            return known + [0.0] * (order + 1 - len(known))
    raise ValueError("f: expected a function that has a Taylor series there, but it divides 0 by 0 too often")


def _values(y, x):
    """What f returned, as a jet in the same variable as x."""
    if isinstance(y, Jet):
        return x.like(y)
    return x.like(number(y, "f", "one real number"))


def _enclosed(f, low, high, order):
    """A piece for `remainder_bound`: its largest possible coefficient comes first, as heapq wants it.

    Then follow what tells pieces apart, what the largest coefficient is at least, and what went wrong, if anything did.
    """
    x = variable(Interval(low, high), order)
    size, surely, trouble = np.inf, 0.0, None
    try:
        coefficient = _values(f(x), x).coefficient(order) + Interval(0.0)
        size, surely = max(coefficient.high, -coefficient.low), max(coefficient.low, -coefficient.high, 0.0)
    except ValueError as error:
        trouble = error
    return -size, low - high, low, high, surely, trouble
