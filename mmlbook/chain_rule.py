"""The chain rule for a value that carries a tangent, entry by entry.

To copy: put this file and `levels.py` into a folder `mmlbook` beside your program, with the
module that uses it. It needs nothing else but NumPy.

A tangent is the rate at which a value changes, in one direction or in many. It has the
shape of the value, or one axis more, in front, for the directions. What it offers:

- `of_one`, `of_two`: the value and the tangent of a function of one or two such values
- `shape`, `directions`, `lift`: how the shapes of values and tangents belong together

>>> of_one(np.square, lambda x, y: 2 * x, 3.0, 1.0)
(np.float64(9.0), 6.0)

Where the shapes of values do not go together, NumPy says so:

>>> try:
...     of_two(np.add, (lambda a, b, y: 1.0, lambda a, b, y: 1.0), np.ones(2), np.ones(2), np.ones(3), None)
... except ValueError as error:
...     print(str(error).strip())
operands could not be broadcast together with shapes (2,) (3,)

Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
Society for Industrial and Applied Mathematics, 2008, section 3.1.
"""

import math

import numpy as np

from mmlbook.levels import level_of


def shape(x):
    """The shape of x, which may be a Python number."""
    return x.shape if hasattr(x, "shape") else np.shape(x)  # np.shape takes its time


def directions(x, dx):
    """The shape of the axes that dx has in front of those of x: ``(k,)``, or ``()`` for one direction."""
    form = getattr(dx, "shape", ())
    return form[: len(form) - getattr(x, "ndim", 0)]


def lift(x, dx, ndim):
    """The tangent of x, ready to meet an array with ndim axes: axes of length 1 go behind the directions."""
    missing = ndim - getattr(x, "ndim", 0)
    if missing <= 0 or not directions(x, dx):
        return dx
    return np.reshape(dx, directions(x, dx) + (1,) * missing + shape(x))


def of_one(operation, rule, x, dx):
    """y = f(x) and its tangent, which is f'(x) times that of x."""
    y = operation(x)
    return y, times(slope(rule, x, y), dx)


def of_two(operation, rules, a, da, b, db):
    """y = f(a, b) and its tangent: each input adds its partial derivative times its tangent, or None if constant."""
    y = operation(a, b)
    wider = getattr(a, "shape", ()) != getattr(b, "shape", ())
    if wider:
        k = directions(b, db) if da is None else directions(a, da)
        da = None if da is None else lift(a, da, y.ndim)
        db = None if db is None else lift(b, db, y.ndim)
    if db is None:
        dy = times(slope(rules[0], a, b, y), da)
    elif da is None:
        dy = times(slope(rules[1], a, b, y), db)
    else:
        dy = times(slope(rules[0], a, b, y), da) + times(slope(rules[1], a, b, y), db)
    if wider and shape(dy) != k + y.shape:
        dy = np.broadcast_to(dy, k + y.shape)
    return y, dy


def slope(rule, *values):
    """A rule of `mmlbook.rules` at these values; infinite where it divides by zero, nan where it is not real."""
    try:
        result = rule(*values)
        return math.nan if type(result) is complex else result
    except ArithmeticError:  # where Python stops, NumPy goes on
        if any(map(level_of, values)):
            raise
        return rule(*map(np.float64, values))


def times(slope, dx):
    """slope * dx, without the work where the slope is 1 or -1."""
    if type(slope) is float:
        return dx if slope == 1.0 else -dx if slope == -1.0 else slope * dx
    return slope * dx
