"""An interval holds every value that a number may have, with rounding always outward.

To copy: put this file into a folder `mmlbook` beside your program. It needs nothing else but NumPy.

Put an `Interval` in place of x, and what comes out of a formula contains the formula's
value for every x in the interval: a proof by calculation. It may be wider than
need be, because ``x - x`` does not know that both are the same x. After each
operation the ends move outward by one unit in the last place, and after each
elementary function by `UNITS`, which is more than the errors of the C libraries in use.

>>> x = Interval(1.0, 2.0)
>>> y = x * x - x
>>> y.low <= 0.0 and 2.0 <= y.high
True
>>> np.log(x - 3.0)
Traceback (most recent call last):
...
ValueError: f: expected a function that is defined on the way, but log is not on all of [-2, -1]

Source: R. E. Moore, R. B. Kearfott and M. J. Cloud, *Introduction to Interval Analysis*,
SIAM, 2009, chapters 2 to 5. The accuracy of C libraries: B. Gladman, V. Innocente, J. Mather and
P. Zimmermann, *Accuracy of Mathematical Functions in Single, Double, Double Extended, and Quadruple Precision*.
"""

import math
from math import inf, nextafter

import numpy as np

UNITS = 8  # in the last place


class Interval:
    """All real numbers from low to high, both included."""

    __slots__ = ("high", "low")
    __hash__ = None

    def __init__(self, low, high=None):
        """The numbers from low to high; low alone if no high is given."""
        high = low if high is None else high
        self.low, self.high = (low, high) if low <= high else (-inf, inf)  # nan says nothing

    def __repr__(self):
        """The two ends, to six figures."""
        return f"[{self.low:.6g}, {self.high:.6g}]"

    def __add__(self, other):
        """Every sum."""
        low, high = _ends(other)
        return Interval(_down(self.low + low), _up(self.high + high))

    __radd__ = __add__

    def __neg__(self):
        """Every number with its sign turned."""
        return Interval(-self.high, -self.low)

    def __sub__(self, other):
        """Every difference."""
        low, high = _ends(other)
        return Interval(_down(self.low - high), _up(self.high - low))

    def __rsub__(self, other):
        """Every difference, the other way round."""
        return -self + other

    def __mul__(self, other):
        """Every product; every square where both are the same number."""
        if other is self:
            ends = sorted((self.low * self.low, self.high * self.high))
            return Interval(0.0 if self.low <= 0 <= self.high else _down(ends[0]), _up(ends[1]))
        low, high = _ends(other)
        products = self.low * low, self.low * high, self.high * low, self.high * high
        return Interval(_down(min(products)), _up(max(products))) if _known(products) else Interval(-inf, inf)

    __rmul__ = __mul__

    def __truediv__(self, other):
        """Every quotient, unless one divides by 0."""
        low, high = _ends(other)
        if low <= 0 <= high:
            raise ValueError(
                f"f: expected a function that is defined on the way, but it divides by a number in {other}"
            )
        return self * Interval(_down(1 / high), _up(1 / low))

    def __rtruediv__(self, other):
        """Every quotient, the other way round."""
        return Interval(*_ends(other)) / self

    def __lt__(self, other):
        """Whether all numbers are below; refused where only some are."""
        low, high = _ends(other)
        return _decided(self.high < low, self.low >= high)

    def __gt__(self, other):
        """Whether all numbers are above."""
        return -self < -other

    def __le__(self, other):
        """Whether no number is above."""
        return not self > other

    def __ge__(self, other):
        """Whether no number is below."""
        return not self < other

    def __eq__(self, other):
        """Whether all are one and the same number."""
        low, high = _ends(other)
        return _decided(self.low == self.high == low == high, self.high < low or high < self.low)

    def __ne__(self, other):
        """Whether no number is the same."""
        return not self == other

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Every value of one of NumPy's functions."""
        if ufunc is np.power:
            return np.exp(np.log(inputs[0]) * inputs[1])
        if ufunc not in ENCLOSURES:
            raise ValueError(f"f: expected functions that can be enclosed in intervals, got np.{ufunc.__name__}")
        try:
            return ENCLOSURES[ufunc](self.low, self.high)
        except (ValueError, OverflowError) as error:
            raise ValueError(
                f"f: expected a function that is defined on the way, but {ufunc.__name__} is not on all of {self}"
            ) from error


def _ends(value):
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def _known(values):
    return not any([value != value for value in values])


def _down(value):
    return nextafter(value, -inf)


def _up(value):
    return nextafter(value, inf)


def _decided(surely, surely_not):
    if surely or surely_not:
        return surely
    raise ValueError("f: expected no comparison that is true for some x between at and to and false for others")


def _widened(low, high):
    """The interval between two values of an elementary function, with room for their errors."""
    return Interval(low - UNITS * math.ulp(low), high + UNITS * math.ulp(high))


def _rising(function):
    return lambda low, high: _widened(function(low), function(high))


def _falling(function):
    return lambda low, high: _widened(function(high), function(low))


def _even(function):
    """Falling up to 0 and rising from there."""

    def enclosure(low, high):
        near = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
        return _widened(function(near), function(max(abs(low), abs(high))))

    return enclosure


def _wave(function, crest):
    """Sine or cosine, whose crests are at `crest + 2 pi n` and troughs half a turn on."""

    def enclosure(low, high):
        ends = sorted((function(low), function(high)))
        around = _widened(*ends)
        turns = [(end - crest) / math.pi + side * _doubt(end) for end, side in ((low, -1), (high, 1))]
        first, last = math.ceil(turns[0]), math.floor(turns[1])  # half turns from a crest that may be inside
        crests = last > first or (last == first and first % 2 == 0)
        troughs = last > first or (last == first and first % 2 == 1)
        return Interval(-1.0 if troughs else max(around.low, -1.0), 1.0 if crests else min(around.high, 1.0))

    return enclosure


def _doubt(end):
    """More than the error of end / pi."""
    return 1e-9 + 1e-15 * abs(end)


def _tangent(low, high):
    turns = [end / math.pi + 0.5 + side * _doubt(end) for end, side in ((low, -1), (high, 1))]
    if math.floor(turns[0]) != math.floor(turns[1]):
        raise ValueError("a pole lies between")
    return _widened(math.tan(low), math.tan(high))


def _step(function):
    """A function that is level between its jumps."""

    def enclosure(low, high):
        before, after = float(function(_down(low))), float(function(_up(high)))
        if before != after:
            raise ValueError("a jump lies between")
        return Interval(before, after)

    return enclosure


ENCLOSURES = {
    np.exp: _rising(math.exp),
    np.expm1: _rising(math.expm1),
    np.log: _rising(math.log),
    np.log1p: _rising(math.log1p),
    np.sqrt: _rising(math.sqrt),
    np.cbrt: _rising(math.cbrt),
    np.sin: _wave(math.sin, math.pi / 2),
    np.cos: _wave(math.cos, 0.0),
    np.tan: _tangent,
    np.arcsin: _rising(math.asin),
    np.arccos: _falling(math.acos),
    np.arctan: _rising(math.atan),
    np.sinh: _rising(math.sinh),
    np.cosh: _even(math.cosh),
    np.tanh: _rising(math.tanh),
    np.arcsinh: _rising(math.asinh),
    np.arccosh: _rising(math.acosh),
    np.arctanh: _rising(math.atanh),
    np.absolute: _even(abs),
    np.reciprocal: lambda low, high: 1.0 / Interval(low, high),
    np.sign: _step(np.sign),
    np.floor: _step(np.floor),
    np.ceil: _step(np.ceil),
    np.trunc: _step(np.trunc),
    np.rint: _step(np.rint),
}
