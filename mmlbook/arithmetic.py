"""Arithmetic with variables: operators, and NumPy's functions that work entry by entry.

To copy: put this file and `array_rules.py`, `levels.py`, `rules.py`, `stand_in.py`, `variable.py` into a folder
`mmlbook` beside your program, with the module that uses it. It needs nothing else but NumPy.

Each operation carries itself out on the values, and adds an entry to the tape that says how the
gradient goes back (see `Tape`). A number made from two numbers has its slopes in the entry. An array
has a rule there, and what the rule needs; the slopes are worked out when the tape runs backwards.
A number made from one variable needs no entry: it stays at the place of that variable, and by the
chain rule its slope there is the product of the slopes. So do ``x + 2``, ``3 - x``, ``4 * x`` of an array x.

>>> from mmlbook.variable import Tape
>>> tape = Tape()
>>> x, y = recorded(3.0, tape), recorded(5.0, tape)
>>> x * y
Variable(15.0)
>>> tape[2]  # the place of x, the slope by x, the place of y, the slope by y
(0, 5.0, 1, 3.0)

>>> 2 * x, (2 * x).index, (2 * x).slope
(Variable(6.0), 0, 2.0)

A root that is no real number is refused:

>>> (-x) ** 0.5
Traceback (most recent call last):
...
ValueError: f: expected real numbers, but -3.0 has no real power 0.5
"""

import operator

import numpy as np

from mmlbook.array_rules import spread_out, sum_to, times
from mmlbook.levels import level_of
from mmlbook.rules import DERIVATIVE, PARTIALS
from mmlbook.variable import Variable, plain, recorded

# Operators: Python's own, which are faster on numbers than NumPy's functions. The three that make up
# most of any calculation are spelt out; their slopes are those of `PARTIALS`, as the tests check.

_by_base = PARTIALS[np.power][0]  # it does without the output: one array less to keep


def _add(self, other):
    tape, a, kind = self.tape, self.value, type(other)
    result = Variable()
    if kind is float or kind is int:
        result.value, result.tape, result.index, result.slope = a + other, tape, self.index, self.slope
        return result
    if type(a) is float and kind is Variable and other.tape is tape and type(b := other.value) is float:
        result.value, result.tape, result.index, result.slope = a + b, tape, len(tape), 1.0
        tape.append((self.index, self.slope, other.index, other.slope))
        return result
    if _same_form(self, other):
        slopes = self.slope, other.slope
        return recorded(a + other.value, tape, (_pull_back_sum, (self.index, other.index), slopes))
    return combine(PARTIALS[np.add], operator.add, self, other)


def _subtract(self, other):
    tape, a, kind = self.tape, self.value, type(other)
    result = Variable()
    if kind is float or kind is int:
        result.value, result.tape, result.index, result.slope = a - other, tape, self.index, self.slope
        return result
    if type(a) is float and kind is Variable and other.tape is tape and type(b := other.value) is float:
        result.value, result.tape, result.index, result.slope = a - b, tape, len(tape), 1.0
        tape.append((self.index, self.slope, other.index, -other.slope))
        return result
    if _same_form(self, other):
        slopes = self.slope, -other.slope
        return recorded(a - other.value, tape, (_pull_back_sum, (self.index, other.index), slopes))
    return combine(PARTIALS[np.subtract], operator.sub, self, other)


def _subtract_from(self, other):
    if type(other) is float or type(other) is int:
        result = Variable()
        result.value, result.tape, result.index, result.slope = other - self.value, self.tape, self.index, -self.slope
        return result
    return combine(PARTIALS[np.subtract], operator.sub, other, self)


def _multiply(self, other):
    tape, a, kind = self.tape, self.value, type(other)
    result = Variable()
    if kind is float or kind is int:
        result.value, result.tape, result.index, result.slope = a * other, tape, self.index, self.slope * other
        return result
    if type(a) is float and kind is Variable and other.tape is tape and type(b := other.value) is float:
        result.value, result.tape, result.index, result.slope = a * b, tape, len(tape), 1.0
        tape.append((self.index, self.slope * b, other.index, other.slope * a))
        return result
    if _same_form(self, other):
        b = other.value
        return recorded(a * b, tape, (_pull_back_product, (self.place(), other.place()), (a, b)))
    return combine(PARTIALS[np.multiply], operator.mul, self, other)


def _same_form(x, other):
    """Whether two variables of one tape hold arrays of one shape."""
    if type(x.value) is np.ndarray and type(other) is Variable and other.tape is x.tape:
        return type(other.value) is np.ndarray and x.value.shape == other.value.shape
    return False


def _power(a, b):
    y = a**b
    if type(y) is complex:
        raise ValueError(f"f: expected real numbers, but {a} has no real power {b}")
    return y


def _operator(ufunc, operate):
    """Two methods: for ``variable / other`` and its like, and for ``other / variable``."""
    partials = PARTIALS[ufunc]

    def forward(self, other):
        return combine(partials, operate, self, other)

    def backward(self, other):
        return combine(partials, operate, other, self)

    return forward, backward


def _number(y, x, slope):
    """A number made from the number x alone: at the place of x, where the slopes multiply."""
    result = Variable()
    result.value, result.tape, result.index, result.slope = y, x.tape, x.index, x.slope * slope
    return result


Variable.__add__ = Variable.__radd__ = _add
Variable.__sub__, Variable.__rsub__ = _subtract, _subtract_from
Variable.__mul__ = Variable.__rmul__ = _multiply
Variable.__truediv__, Variable.__rtruediv__ = _operator(np.divide, operator.truediv)
Variable.__pow__, Variable.__rpow__ = _operator(np.power, _power)
Variable.__mod__, Variable.__rmod__ = _operator(np.remainder, operator.mod)


Variable.__neg__ = lambda self: self * -1.0
Variable.__abs__ = lambda self: one_input(np.absolute, self)


# Entry by entry


def one_input(ufunc, x):
    """A function of `DERIVATIVE`, entry by entry."""
    by_x = DERIVATIVE[ufunc]
    value = x.value
    y = plain(ufunc(value))
    if type(value) is float:
        return _number(y, x, _slope(by_x, value, y))
    return recorded(y, x.tape, (_pull_back_function, x.place(), (by_x, value, y)))


def combine(partials, operate, a, b):
    """A function of `PARTIALS`, entry by entry, of numbers or arrays of which at least one is a variable.

    operate carries it out: Python's operators are faster on numbers than NumPy's functions.
    """
    by_a, by_b = partials
    kind_a, kind_b = type(a), type(b)
    if kind_a is Variable and (kind_b is float or kind_b is int):
        x, by, u, v = a, by_a, a.value, b
    elif kind_b is Variable and (kind_a is float or kind_a is int):
        x, by, u, v = b, by_b, a, b.value
    else:
        return _two_variables(partials, operate, a, b)
    if type(x.value) is float:
        y = float(operate(u, v))
        return _number(y, x, _slope(by, u, v, y))
    if type(x.value) is np.ndarray:
        y = operate(u, v)
        details = x.slope, by, u, v, None if by is _by_base else y
        return recorded(y, x.tape, (_pull_back_one, x.index, details))
    return _two_inputs(partials, operate, a, b)


def _two_variables(partials, operate, a, b):
    """The same for two variables of one tape, both numbers or both arrays of one shape."""
    if type(a) is Variable and type(b) is Variable and a.tape is b.tape:
        by_a, by_b = partials
        u, v = a.value, b.value
        if type(u) is float and type(v) is float:
            y = float(operate(u, v))
            slopes = a.slope * _slope(by_a, u, v, y), b.slope * _slope(by_b, u, v, y)
            return recorded(y, a.tape, (a.index, slopes[0], b.index, slopes[1]))
        if type(u) is np.ndarray and type(v) is np.ndarray and u.shape == v.shape:
            y = operate(u, v)
            return recorded(y, a.tape, (_pull_back_two, (a.place(), b.place()), (by_a, by_b, u, v, y)))
    return _two_inputs(partials, operate, a, b)


def _slope(by, *numbers):
    """A derivative, where all are floats."""
    try:
        return float(by(*numbers))
    except (ZeroDivisionError, OverflowError):  # Python's numbers object, where NumPy's give infinity
        with np.errstate(all="ignore"):
            return float(by(*map(np.float64, numbers)))


def _two_inputs(partials, operate, a, b):
    """The same for any mixture of shapes and levels."""
    if type(a) is list or type(b) is list:
        a, b = (np.asarray(x) if type(x) is list else x for x in (a, b))
    top = a if level_of(a) > level_of(b) else b
    if type(top) is not Variable:
        return NotImplemented
    tape = top.tape
    places, slopes, shapes, values = [], [], [], []
    for x, by in zip((a, b), partials, strict=True):
        if type(x) is Variable and x.tape is tape:
            places.append(x.place())
            slopes.append(by)
            x = x.value
            shapes.append(getattr(x, "shape", ()))
        values.append(x)
    y = plain(operate(*values))
    return recorded(y, tape, (_pull_back_entries, places, (slopes, shapes, *values, y)))


def _pull_back_function(g, by_x, x, y):
    try:
        slope = by_x(x, y)
    except (ZeroDivisionError, OverflowError):  # Python's numbers object, where NumPy's give infinity
        slope = by_x(np.float64(x), np.float64(y))
    return plain(times(g, slope, x, x, y))


def _pull_back_sum(g, *slopes):
    return [times(g, slope) for slope in slopes]


def _pull_back_product(g, a, b):
    return times(g, b, a, b), times(g, a, a, b)


def _pull_back_one(g, slope, by, a, b, y):
    return times(times(g, slope), by(a, b, y), a, b, y)


def _pull_back_two(g, by_a, by_b, a, b, y):
    return times(g, by_a(a, b, y), a, b, y), times(g, by_b(a, b, y), a, b, y)


def _pull_back_entries(g, slopes, shapes, a, b, y):
    """The gradients of one or two inputs of any shapes."""
    g = spread_out(g, y)
    for by, shape in zip(slopes, shapes, strict=True):
        try:
            slope = by(a, b, y)
        except (ZeroDivisionError, OverflowError):
            slope = by(*map(np.float64, (a, b, y)))
        part = times(g, slope, a, b, y)
        if shape != getattr(y, "shape", ()):
            part = sum_to(part, shape)
        yield plain(part)
