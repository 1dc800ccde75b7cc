"""The derivatives of the elementary functions: one table, and the only place where they stand.

To copy: put this file into a folder `mmlbook` beside your program, with the module
that uses it. It needs nothing else but NumPy.

`DERIVATIVE` holds the functions of one input, y = f(x); `PARTIALS` those of two,
y = f(a, b), with the derivative by a and the derivative by b. Each rule is given
the input and the output, because many a derivative is short to write once the
output is known: that of exp is the output itself.

Forward mode (`mmlbook.dual`), reverse mode (`mmlbook.tape`) and Taylor mode
(`mmlbook.taylor`) all read this table. Rules are written in plain NumPy and
operators, so that what flows through them may be numbers, arrays, dual
numbers or the variables of a tape: that is how second derivatives come about.

At a kink the slope jumps, and a rule gives the middle of the jump: 0 for abs
at 0, one half for each of two equal inputs of maximum.

>>> DERIVATIVE[np.sin](0.0, 0.0)
np.float64(1.0)
>>> by_a, by_b = PARTIALS[np.multiply]
>>> by_a(2.0, 5.0, 10.0), by_b(2.0, 5.0, 10.0)
(5.0, 2.0)

What is not in the table cannot be differentiated:

>>> DERIVATIVE[np.isnan]
Traceback (most recent call last):
...
KeyError: <ufunc 'isnan'>

Source: M. Abramowitz and I. A. Stegun, *Handbook of Mathematical Functions*,
National Bureau of Standards, 1964, sections 3.3, 4.1 to 4.6.
"""

import math

import numpy as np


def _power_by_base(a, b, y):
    """b * a**(b - 1), and 0 where b is 0: a constant has no slope, not even at a = 0."""
    if type(b) is int or type(b) is float:
        if b == 2:
            return a + a  # much the most frequent power
        return b * a ** (b - 1) if b else 0.0 * a
    return b * a ** np.where(b == 0, 1.0, b - 1)


def _power_by_exponent(a, b, y):
    """y * log(a), and 0 where a is 0: powers of 0 are all 0 when the exponent is positive."""
    return y * np.log(np.where((a == 0) & (b > 0), 1.0, a))


def _larger(a, b, y):
    """1 where a is the larger of the two, one half where they are equal, 0 elsewhere."""
    return 0.5 * (a > b) + 0.5 * (a >= b)


def _smaller(a, b, y):
    return 0.5 * (a < b) + 0.5 * (a <= b)


def _not_zero(y):
    """y, and 1 where y is 0, to divide by where the quotient does not matter."""
    return (y or 1.0) if type(y) is float else np.where(y == 0, 1.0, y)


def _tanh(x, y):
    """1 / cosh(x)**2, which has figures left where 1 - y**2 has none; 0 from 400 on, where cosh grows too large."""
    reciprocal = 1.0 / np.cosh(np.minimum(np.maximum(x, -400.0), 400.0))
    return reciprocal * reciprocal


def _arctan(x, y):
    """1 / (1 + x**2), without the overflow of x**2."""
    reciprocal = 1.0 / np.hypot(1.0, x)
    return reciprocal * reciprocal


def _share(a, b, y):
    """exp(a) / (exp(a) + exp(b)), without overflow, and without the rounding of y."""
    return np.exp(-np.logaddexp(0.0, b - a))


def _share2(a, b, y):
    return np.exp2(-np.logaddexp2(0.0, b - a))


def _divided_twice(b, a):
    """b / (a**2 + b**2), without overflow."""
    length = np.hypot(a, b)
    return b / length / length


def _level(x, y):
    """The slope of a function that is constant between its jumps."""
    return 0.0


DERIVATIVE = {
    np.positive: lambda x, y: 1.0,
    np.negative: lambda x, y: -1.0,
    np.absolute: lambda x, y: np.sign(x),
    np.fabs: lambda x, y: np.sign(x),
    np.square: lambda x, y: 2.0 * x,
    np.sqrt: lambda x, y: 0.5 / y,
    np.cbrt: lambda x, y: 1.0 / (3.0 * y * y),
    np.reciprocal: lambda x, y: -y * y,
    np.exp: lambda x, y: y,
    np.exp2: lambda x, y: math.log(2.0) * y,
    np.expm1: lambda x, y: np.exp(x),
    np.log: lambda x, y: 1.0 / x,
    np.log2: lambda x, y: 1.0 / math.log(2.0) / x,
    np.log10: lambda x, y: 1.0 / math.log(10.0) / x,
    np.log1p: lambda x, y: 1.0 / (1.0 + x),
    np.sin: lambda x, y: np.cos(x),
    np.cos: lambda x, y: -np.sin(x),
    np.tan: lambda x, y: 1.0 + y * y,
    np.arcsin: lambda x, y: 1.0 / np.sqrt((1.0 - x) * (1.0 + x)),
    np.arccos: lambda x, y: -1.0 / np.sqrt((1.0 - x) * (1.0 + x)),
    np.arctan: _arctan,
    np.sinh: lambda x, y: np.cosh(x),
    np.cosh: lambda x, y: np.sinh(x),
    np.tanh: _tanh,
    np.arcsinh: lambda x, y: 1.0 / np.hypot(1.0, x),
    np.arccosh: lambda x, y: 1.0 / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0)),
    np.arctanh: lambda x, y: 1.0 / ((1.0 - x) * (1.0 + x)),
    np.deg2rad: lambda x, y: math.pi / 180.0,
    np.radians: lambda x, y: math.pi / 180.0,
    np.rad2deg: lambda x, y: 180.0 / math.pi,
    np.degrees: lambda x, y: 180.0 / math.pi,
    np.sign: _level,
    np.floor: _level,
    np.ceil: _level,
    np.trunc: _level,
    np.rint: _level,
}

PARTIALS = {
    np.add: (lambda a, b, y: 1.0, lambda a, b, y: 1.0),
    np.subtract: (lambda a, b, y: 1.0, lambda a, b, y: -1.0),
    np.multiply: (lambda a, b, y: b, lambda a, b, y: a),
    np.divide: (lambda a, b, y: 1.0 / b, lambda a, b, y: -y / b),
    np.power: (_power_by_base, _power_by_exponent),
    np.float_power: (_power_by_base, _power_by_exponent),
    np.maximum: (_larger, _smaller),
    np.minimum: (_smaller, _larger),
    np.fmax: (_larger, _smaller),
    np.fmin: (_smaller, _larger),
    np.remainder: (lambda a, b, y: 1.0, lambda a, b, y: -np.rint((a - y) / b)),
    np.fmod: (lambda a, b, y: 1.0, lambda a, b, y: -np.rint((a - y) / b)),
    np.hypot: (lambda a, b, y: a / _not_zero(y), lambda a, b, y: b / _not_zero(y)),
    np.arctan2: (lambda a, b, y: _divided_twice(b, a), lambda a, b, y: -_divided_twice(a, b)),
    np.logaddexp: (_share, lambda a, b, y: _share(b, a, y)),
    np.logaddexp2: (_share2, lambda a, b, y: _share2(b, a, y)),
}
