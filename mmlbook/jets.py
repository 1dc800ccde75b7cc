"""A jet carries the Taylor coefficients of a function through its code, up to a given order.

To copy: put this file and `power_series.py`, `rules.py` into a folder `mmlbook` beside your program.
It needs nothing else but NumPy. What it offers:

- `variable`: the jet of x itself, to be put into a function
- `Jet`: what comes out, with the coefficients ``f^(k)(at) / k!``

A jet stands for ``c[0] + c[1] t + c[2] t**2 + ...`` with ``t = x - at``, cut off at its order.
Sums and products of jets follow from those of polynomials. A function ``y = f(x)`` of a jet follows
from its rule in `mmlbook.rules`, since ``y' = rule(x, y) x'``: coefficient k of y is that of the right
side one place lower, divided by k, and the right side needs y no further than that. So a jet
may grow: while rules are at work, each coefficient is worked out when it is asked for. Sine and cosine, whose rules
ask for each other, grow together. Powers do not read the table, because their rule asks for the
power one lower, which asks for the next, and so on for ever; they use ``y' = p y / x x'``. Functions of two
numbers that can be made from others are (`TAKEN_APART`), because their rules ask for themselves or pass over a kink.

>>> x = variable(0.0, order=4)
>>> jet = np.exp(2 * x) - 1
>>> jet.coefficients
[0.0, 2.0, 2.0, 1.3333333333333333, 0.6666666666666666]

What has no Taylor series at the point is refused:

>>> np.sqrt(x)
Traceback (most recent call last):
...
ValueError: f: expected a function that has a Taylor series there, but sqrt has none at 0.0

Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition, SIAM, 2008, chapter 13;
M. D. McIlroy, "Power series, power serious", *Journal of Functional Programming* 9 (1999), 325-337.
"""

import operator
from itertools import count, islice
from math import inf, isfinite
from operator import add

import numpy as np

from mmlbook.power_series import integral, product, quotient
from mmlbook.rules import DERIVATIVE, PARTIALS


def _value(other):
    return other.coefficients[0] if isinstance(other, Jet) else other


def _by_value(compare):
    return lambda self, other: compare(_value(self), _value(other))


class Jet:
    """Taylor coefficients that may still be growing; zeros at the end may be left out."""

    __slots__ = ("coefficients", "made", "next_ones", "order", "origin", "waiting")
    __hash__ = None  # it is compared by value, as the number at the point would be

    def __init__(self, coefficients, order, origin, next_ones=None):
        """Keep the coefficients that are known, and what yields the others."""
        self.coefficients = coefficients
        self.order = order  # of the last coefficient that is known, or will be
        self.origin = origin  # the variable that it is a series in
        self.next_ones = next_ones  # yields the coefficients to come; None when only zeros are left
        self.made = {}  # functions of this jet, so that cos(x) in the rule of sin(x) finds the sin(x) it belongs to
        self.waiting = 0  # how many of these wait for their rule

    def coefficient(self, k):
        """Coefficient k, worked out now if it was not before."""
        known = self.coefficients
        if k < len(known):
            return known[k]
        if self.next_ones is None:
            return 0.0
        while len(known) <= k:
            known.append(next(self.next_ones))
        return known[k]

    def complete(self):
        """The same jet, grown to its order."""
        if self.next_ones is not None:
            for coefficient in islice(self.next_ones, self.order + 1 - len(self.coefficients)):
                self.coefficients.append(coefficient)
            self.next_ones = None
        return self

    @property
    def length(self):
        """How many coefficients are not known to be 0."""
        return len(self.coefficients) if self.next_ones is None else self.order + 1

    def like(self, other):
        """The other as a jet in the same variable, or None if it is no number."""
        if isinstance(other, Jet):
            if other.origin is not self.origin:
                raise TypeError("f: expected one Taylor series at a time, got a series within the code of another")
            return other
        if not isinstance(other, int | float | np.floating | np.integer):
            return None
        kind = type(self.coefficients[0])  # float, or an interval
        return Jet([kind(float(other))], self.order, self.origin)

    def __add__(self, other):
        """The sum, power by power."""
        other = self.like(other)
        if other is None:
            return NotImplemented
        sums = (self.coefficient(k) + other.coefficient(k) for k in count())
        return _series(sums, max(self.length, other.length), self, other)

    __radd__ = __add__

    def __neg__(self):
        """The series with all signs turned."""
        return _series((-self.coefficient(k) for k in count()), self.length, self)

    def __pos__(self):
        """The series as it is."""
        return self

    def __sub__(self, other):
        """The difference, power by power."""
        other = self.like(other)
        if other is None:
            return NotImplemented
        differences = (self.coefficient(k) - other.coefficient(k) for k in count())
        return _series(differences, max(self.length, other.length), self, other)

    def __rsub__(self, other):
        """A number less the series."""
        return -self + other

    def __mul__(self, other):
        """The product, by multiplying out."""
        other = self.like(other)
        return (
            NotImplemented
            if other is None
            else _series(product(self, other), self.length + other.length - 1, self, other)
        )

    __rmul__ = __mul__

    def __truediv__(self, other):
        """The quotient, as long division gives it."""
        other = self.like(other)
        if other is None:
            return NotImplemented
        above, below = _without_common_zeros(self, other)
        length = above.length if below.length == 1 else inf
        return _series(quotient(above, below), length, above, below)

    def __rtruediv__(self, other):
        """A number over the series."""
        other = self.like(other)
        return NotImplemented if other is None else other / self

    def __pow__(self, exponent):
        """A whole power by products; another one from its own differential equation."""
        power = self.like(exponent)
        if power is None:
            return NotImplemented
        if power.length > 1:
            return _grown(np.power, (self, power), lambda y: [(y, power * np.log(self))])
        if exponent is not power and float(exponent).is_integer():
            return _whole_power(self, int(exponent)) if exponent >= 0 else 1.0 / _whole_power(self, -int(exponent))
        return _grown(np.power, (self, power), lambda y: [(power * (y / self), self)])

    def __rpow__(self, base):
        """A number to the power of the series."""
        base = self.like(base)
        return NotImplemented if base is None else base**self

    def __abs__(self):
        """The series or its negative, by the sign of the value."""
        return np.absolute(self)

    __lt__, __le__ = _by_value(operator.lt), _by_value(operator.le)
    __gt__, __ge__ = _by_value(operator.gt), _by_value(operator.ge)
    __eq__, __ne__ = _by_value(operator.eq), _by_value(operator.ne)

    def __bool__(self):
        """Whether the value is other than 0."""
        return self.coefficients[0] != 0

    def __float__(self):
        """Refuse: the way round is NumPy's function."""
        raise TypeError(
            "f: expected a function written with NumPy: a Taylor series does not fit into one number, "
            "so write np.sin(x) instead of math.sin(x) or float(x), and likewise for the others"
        )

    __int__ = __index__ = __float__

    def __array__(self, dtype=None, copy=None):
        """Refuse: an array of numbers has no room for a series."""
        raise TypeError(
            "f: expected a function of one number: a Taylor series does not fit into an array; "
            "instead of np.array and np.sum write numbers and a loop"
        )

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """What NumPy's functions do with a series."""
        if method != "__call__" or options:
            raise TypeError(f"f: expected plain calls of NumPy's functions, got np.{ufunc.__name__} with options")
        inputs = (self,) if len(inputs) == 1 else [self._input(value) for value in inputs]
        if ufunc in TAKEN_APART:
            return TAKEN_APART[ufunc](*inputs)
        if ufunc in DERIVATIVE:
            return _grown(ufunc, inputs, lambda y: [(DERIVATIVE[ufunc](*inputs, y), inputs[0])])
        if ufunc in PARTIALS:
            rules = PARTIALS[ufunc]
            return _grown(ufunc, inputs, lambda y: [(rules[i](*inputs, y), inputs[i]) for i in (0, 1)])
        raise TypeError(f"f: expected functions whose derivatives stand in mmlbook.rules, got np.{ufunc.__name__}")

    def __array_function__(self, function, types, inputs, options):
        """``np.where`` chooses by its condition; other functions of arrays are refused."""
        if function is np.where and len(inputs) == 3 and isinstance(inputs[0], bool | np.bool):
            return self._input(inputs[1] if inputs[0] else inputs[2])
        raise TypeError(f"f: expected a function of one number, but np.{function.__name__} works on arrays")

    def _input(self, value):
        """An input of one of NumPy's functions, as a jet."""
        jet = self.like(value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value)
        if jet is None:
            raise TypeError(f"f: expected a function of one number, but it combines one with {value!r}")
        return jet


def variable(at, order):
    """The jet of x itself: ``at + t``.

    >>> variable(3.0, order=2).coefficients
    [3.0, 1.0]
    """
    kind = type(at)  # float, or an interval
    return Jet([at, kind(1.0)][: order + 1], order, origin=object())


def _series(coefficients, length, *inputs):
    """The jet of these coefficients: at once where the inputs are complete, else as they are asked for."""
    order = min([jet.order for jet in inputs])
    origin = inputs[0].origin
    for jet in inputs:
        if jet.next_ones is not None:
            return Jet([next(coefficients)], order, origin, coefficients)
    return Jet(list(islice(coefficients, min(length, order + 1))), order, origin)


def _grown(function, inputs, slopes):
    """The jet of a function from its value at the point and ``y' = sum of slope * input'``.

    slopes(y) gives the pairs of slope and input; it may use y, of which only the
    value is known then, and functions of the inputs that need y in turn.
    """
    first = inputs[0]
    if function in first.made and len(inputs) == 1:
        y = first.made[function]
        return y if first.waiting or first.next_ones else y.complete()
    here = [jet.coefficients[0] for jet in inputs]
    value = function(*here)
    if isinstance(value, np.floating):
        value = float(value)
        if not isfinite(value):
            raise ValueError(_no_series(function, here))
    order, growing, constant = first.order, False, True
    for jet in inputs:
        order = min(order, jet.order)
        growing = growing or jet.next_ones is not None
        constant = constant and not growing and len(jet.coefficients) == 1
    y = Jet([value], order, first.origin)
    if constant:
        return y

    y.next_ones = _not_yet()
    if len(inputs) == 1:
        first.made[function] = y
    first.waiting += 1
    try:
        pairs = slopes(y)
    except ValueError as error:
        first.made.pop(function, None)
        raise ValueError(_no_series(function, here)) from error
    finally:
        first.waiting -= 1
    parts = [integral(y.like(slope), jet) for slope, jet in pairs]
    if not isinstance(pairs[0][0], Jet) and pairs[0][0] == 0 and _jumps(function, here):
        raise ValueError(_no_series(function, here))
    y.next_ones = parts[0] if len(parts) == 1 else map(add, *parts)
    return y if growing or first.waiting else y.complete()


def _not_yet():
    """Stand in for coefficients whose rule is still being read."""
    raise RuntimeError("a rule asked for more than the value of its own function")
    yield  # never reached: it makes this a generator, which objects only when it is asked for a coefficient


def _without_common_zeros(above, below):
    """Numerator and denominator, divided by t as often as both are exactly 0 at the point."""
    zeros = 0
    while isinstance(below.coefficients[zeros], float) and below.coefficients[zeros] == 0:
        if above.next_ones or below.next_ones or above.coefficient(zeros) != 0:
            raise ValueError("f: expected a function that has a Taylor series there, but it divides by 0")
        zeros += 1
        if zeros == len(below.coefficients):
            raise ValueError("f: expected a function that has a Taylor series there, but it divides 0 by 0")
    if not zeros:
        return above, below
    return [Jet(jet.coefficients[zeros:] or [0.0], jet.order - zeros, jet.origin) for jet in (above, below)]


def _whole_power(jet, power):
    """Repeated squaring: fewer products than factors, and right at 0 too."""
    result = jet.like(1.0)
    while power:
        if power % 2:
            result = result * jet
        jet, power = jet * jet, power // 2
    return result


def _jumps(function, here):
    """Whether a function that is level on both sides of a point has a jump there."""
    if not isinstance(here[0], float):
        return False  # an interval has looked for itself
    below, above = ([np.nextafter(value, side) for value in here] for side in (-np.inf, np.inf))
    return function(*below) != function(*above)


def _no_series(function, here):
    place = " and ".join(map(str, here))
    return f"f: expected a function that has a Taylor series there, but {function.__name__} has none at {place}"


def _chosen(a, b, first, name):
    """One of two jets, by their values; where these are equal, the choice makes a kink."""
    if a == b:
        raise ValueError(f"f: expected a function that has a Taylor series there, but {name} has none for equal inputs")
    return a if first else b


TAKEN_APART = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.power: operator.pow,
    np.float_power: operator.pow,
    np.positive: operator.pos,
    np.negative: operator.neg,
    np.square: lambda x: x * x,
    np.maximum: lambda a, b: _chosen(a, b, a > b, "maximum"),
    np.minimum: lambda a, b: _chosen(a, b, a < b, "minimum"),
    np.fmax: lambda a, b: _chosen(a, b, a > b, "fmax"),
    np.fmin: lambda a, b: _chosen(a, b, a < b, "fmin"),
    np.hypot: lambda a, b: np.sqrt(a * a + b * b),
    np.logaddexp: lambda a, b: a + np.log1p(np.exp(b - a)) if a > b else b + np.log1p(np.exp(a - b)),
    np.remainder: lambda a, b: a - np.floor(a / b) * b,
    np.fmod: lambda a, b: a - np.trunc(a / b) * b,
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
    np.equal: operator.eq,
    np.not_equal: operator.ne,
}
