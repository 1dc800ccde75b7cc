"""Intervals: whatever is done with them, the exact result of each number inside is inside."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmlbook.intervals import ENCLOSURES, Interval

some = settings(max_examples=80, deadline=None, derandomize=True, database=None)
ends = st.floats(-20, 20)
shares = st.floats(0, 1)


def inside(exact, interval):
    return mpmath.mpf(interval.low) <= exact <= mpmath.mpf(interval.high)


def between(low, high, share):
    return min(max(low + share * (high - low), low), high)


def ordered(a, b):
    return Interval(min(a, b), max(a, b))


@some
@given(ends, ends, ends, ends, shares, shares)
def test_arithmetic_encloses(a, b, c, d, s, t):
    """The exact sum, difference, product and quotient of any two numbers inside."""
    x, y = ordered(a, b), ordered(c, d)
    p, q = Fraction(between(x.low, x.high, s)), Fraction(between(y.low, y.high, t))
    pairs = [(x + y, p + q), (x - y, p - q), (x * y, p * q), (x * x, p * p), (-x, -p), (x + 1.5, p + Fraction(1.5))]
    pairs += [(2.5 - x, Fraction(2.5) - p), (x - 2.5, p - Fraction(2.5)), (2.5 * x, Fraction(2.5) * p)]
    if not y.low <= 0 <= y.high:
        pairs += [(x / y, p / q), (2.5 / y, Fraction(2.5) / q), (y / 2.5, q / Fraction(2.5))]
    for interval, exact in pairs:
        assert Fraction(interval.low) <= exact <= Fraction(interval.high)


def test_arithmetic_is_sharp():
    x, y = Interval(-1.0, 2.0), Interval(3.0, 5.0)
    for got, low, high in [
        (x + y, 2, 7),
        (x - y, -6, -1),
        (y - x, 1, 6),
        (x * y, -5, 10),
        (-x * y, -10, 5),
        (x * x, 0, 4),
        (y * y, 9, 25),
        (x / y, -1 / 3, 2 / 3),
        (1 / y, 0.2, 1 / 3),
        (-1 / y, -1 / 3, -0.2),
        (1 - y, -4, -2),
        (np.reciprocal(-y), -1 / 3, -0.2),
        (np.absolute(x), 0, 2),
        (np.absolute(-y), 3, 5),
        (np.cosh(x), 1, math.cosh(2)),
        (np.cosh(-y), math.cosh(3), math.cosh(5)),
        (np.sin(x), math.sin(-1), 1),
        (np.sin(Interval(2.0, 4.0)), math.sin(4), math.sin(2)),
        (np.sin(Interval(4.0, 5.0)), -1, math.sin(4)),
        (np.sin(Interval(1.0, 5.0)), -1, 1),
        (np.sin(Interval(0.25, 0.5)), math.sin(0.25), math.sin(0.5)),
        (np.cos(Interval(-1.0, 0.5)), math.cos(1), 1),
        (np.cos(Interval(3.0, 3.5)), -1, math.cos(3.5)),
        (np.cos(Interval(6.0, 7.0)), math.cos(7), 1),
        (np.cos(Interval(-100.0, 100.0)), -1, 1),
        (np.tan(Interval(2.0, 4.0)), math.tan(2), math.tan(4)),
        (np.power(y, Interval(2.0)), 9, 25),
        (np.floor(Interval(1.25, 1.5)), 1, 1),
        (np.sign(-y), -1, -1),
    ]:
        assert got.low <= low and got.high >= high
        assert got.low == pytest.approx(low, abs=1e-14, rel=1e-13) and got.high == pytest.approx(
            high, abs=1e-14, rel=1e-13
        )


def test_waves_stay_within_one():
    for distance in (0.0, 2e-9, 1e-8, 1e-3):
        assert (
            np.sin(Interval(math.pi / 2 + distance)).high <= 1 and np.sin(Interval(-math.pi / 2 + distance)).low >= -1
        )
        assert np.cos(Interval(distance)).high <= 1 and np.cos(Interval(math.pi - distance)).low >= -1


ORACLES = {
    np.exp: (mpmath.exp, -20, 20),
    np.expm1: (mpmath.expm1, -20, 20),
    np.log: (mpmath.log, 1e-3, 20),
    np.log1p: (mpmath.log1p, -0.99, 20),
    np.sqrt: (mpmath.sqrt, 0, 20),
    np.cbrt: (lambda t: mpmath.sign(t) * mpmath.cbrt(abs(t)), -20, 20),
    np.sin: (mpmath.sin, -20, 20),
    np.cos: (mpmath.cos, -20, 20),
    np.tan: (mpmath.tan, -1.57, 1.57),
    np.arcsin: (mpmath.asin, -1, 1),
    np.arccos: (mpmath.acos, -1, 1),
    np.arctan: (mpmath.atan, -20, 20),
    np.sinh: (mpmath.sinh, -20, 20),
    np.cosh: (mpmath.cosh, -20, 20),
    np.tanh: (mpmath.tanh, -20, 20),
    np.arcsinh: (mpmath.asinh, -20, 20),
    np.arccosh: (mpmath.acosh, 1, 20),
    np.arctanh: (mpmath.atanh, -0.99, 0.99),
    np.absolute: (abs, -20, 20),
    np.reciprocal: (lambda t: 1 / t, 0.1, 20),
    np.sign: (mpmath.sign, 0.1, 20),
    np.floor: (mpmath.floor, 0.1, 0.9),
    np.ceil: (mpmath.ceil, 0.1, 0.9),
    np.trunc: (lambda t: mpmath.mpf(0), -0.9, 0.9),
    np.rint: (lambda t: mpmath.mpf(0), -0.4, 0.4),
}


def test_every_enclosure_has_an_oracle():
    assert set(ORACLES) == set(ENCLOSURES)


@pytest.mark.parametrize("function", ORACLES)
def test_elementary_functions_enclose(function):
    oracle, low, high = ORACLES[function]

    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(st.floats(low, high), st.floats(low, high), shares)
    def law(a, b, s):
        x = ordered(a, b)
        with mpmath.workdps(40):
            assert inside(oracle(mpmath.mpf(between(x.low, x.high, s))), function(x))

    law()


@pytest.mark.parametrize("function", ORACLES)
def test_elementary_functions_of_one_point_are_sharp(function):
    oracle, low, high = ORACLES[function]
    place = low + 0.6180339887 * (high - low)
    with mpmath.workdps(40):
        exact = float(oracle(mpmath.mpf(place)))
    assert function(Interval(place)).low == pytest.approx(exact, rel=1e-14, abs=1e-14)
    assert function(Interval(place)).high == pytest.approx(exact, rel=1e-14, abs=1e-14)


@some
@given(ends, ends, ends, ends)
def test_comparisons_are_made_only_where_all_numbers_agree(a, b, c, d):
    assume(len({a, b, c, d}) == 4)
    x, y = ordered(a, b), ordered(c, d)
    if x.high < y.low or y.high < x.low:
        below = x.high < y.low
        assert (x < y) is below and (x <= y) is below and (x > y) is not below and (x >= y) is not below
        assert not x == y and x != y  # noqa: SIM201
    else:
        for compare in ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"):
            with pytest.raises(ValueError, match=r"^f: expected no comparison"):
                getattr(x, compare)(y)


def test_comparisons_at_the_ends():
    x = Interval(1.0, 2.0)
    assert x >= 1 and x <= 2 and not x < 1 and not x > 2 and x > 0.5 and x < 2.5 and Interval(3.0) == 3 and x != 3
    for undecided in (lambda: x > 1, lambda: x < 2, lambda: x <= 1, lambda: x >= 2, lambda: x == 1, lambda: x != 2):
        with pytest.raises(ValueError, match=r"^f: expected no comparison"):
            undecided()


@pytest.mark.parametrize(
    "use, words",
    [
        (lambda x: 1 / x, "divides by a number in [-1, 2]"),
        (lambda x: x / Interval(0.0, 1.0), "divides by a number in [0, 1]"),
        (lambda x: x / Interval(-1.0, 0.0), "divides"),
        (lambda x: np.log(x), "log is not on all of [-1, 2]"),
        (lambda x: np.sqrt(x), "sqrt is not"),
        (lambda x: np.arcsin(x), "arcsin is not"),
        (lambda x: np.tan(x), "tan is not"),
        (lambda x: np.exp(1000 * x), "exp is not"),
        (lambda x: np.sign(x), "sign is not"),
        (lambda x: np.floor(x), "floor is not"),
        (lambda x: np.sin(x / Interval(0.0, 0.0)), "divides"),
        (lambda x: np.power(x, Interval(0.5)), "log is not"),
        (lambda x: np.arctan2(x, x), "np.arctan2"),
        (lambda x: np.exp2(x), "np.exp2"),
    ],
)
def test_what_is_not_defined_everywhere_is_refused(use, words):
    with pytest.raises(ValueError, match=r"^f: expected") as caught:
        use(Interval(-1.0, 2.0))
    assert words in str(caught.value)


def test_overflow_says_nothing_rather_than_something_wrong():
    huge = Interval(1e308, 1.7e308)
    assert (huge + huge).high == math.inf and (huge + huge).low >= 1e308
    assert (huge * 0.0 + Interval(-math.inf, math.inf) * 0.0).high == math.inf
    assert repr(Interval(math.nan, 1.0)) == "[-inf, inf]" and repr(Interval(0.5)) == "[0.5, 0.5]"
