"""Dual numbers for a few parameters, each with slopes only for the parameters that it depends on.

To copy: put this file and `array_rules.py`, `rules.py`, `stand_in.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `values_and_slopes`: the values of a curve and its slopes by each of its parameters, from one run of the model
- `SparseDual`: what the model is given in the place of a parameter
- `Unsupported`: the error for a model that does more than work entry by entry

A `mmlbook.dual.Dual` carries its rates of change in all directions through every step, also where most of them
are 0. In ``height * exp(-rate * x)`` the height enters at the end: until then, only the slope
by the rate needs work. So here a dictionary holds the slopes that are not 0. It
knows operators and NumPy's functions that work entry by entry, which is all that most curves need;
for others there is `mmlbook.gradient.jacobian`.
"""

import operator

import numpy as np

from mmlbook.array_rules import CONSTANT
from mmlbook.rules import DERIVATIVE, PARTIALS
from mmlbook.stand_in import StandIn

PLAIN = {float, int, np.ndarray, np.float64}


class Unsupported(TypeError):
    """A model did something that has no rule here."""


class SparseDual(StandIn):
    """A number or array that depends on parameters: its value, and a slope for each of these parameters.

    Parameters: value, a float or an array of floats; slopes, a dictionary that gives, for the number of a
    parameter, a pair, a float and an array or None: their product, or the float alone, is the slope. So
    most steps of a calculation multiply floats, and leave the arrays as they are.
    Raises Unsupported for what has no rule, TypeError for what would lose the slopes.

    >>> height, rate = SparseDual(3.0, {0: (1.0, None)}), SparseDual(0.0, {1: (1.0, None)})
    >>> y = height * np.exp(-rate * np.array([0.0, 2.0]))
    >>> y.value, y.slopes[0], y.slopes[1]
    (array([3., 3.]), (1.0, array([1., 1.])), (-3.0, array([0., 2.])))
    >>> np.sum(y)
    Traceback (most recent call last):
    ...
    mmlbook.sparse_dual.Unsupported: np.sum has no rule here
    """

    __slots__ = ("slopes", "value")

    def __init__(self, value, slopes):
        """Keep both."""
        self.value, self.slopes = value, slopes

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """What NumPy does entry by entry."""
        if method == "__call__" and not options:
            if ufunc in DERIVATIVE:
                return _of_one(ufunc, DERIVATIVE[ufunc], self)
            if ufunc in PARTIALS:
                return _of_two(ufunc, PARTIALS[ufunc], *inputs)
            if ufunc in CONSTANT:
                return ufunc(*map(_value, inputs))
        raise Unsupported(f"np.{ufunc.__name__} has no rule here")

    def __array_function__(self, function, types, inputs, options):
        """What NumPy does with whole arrays: choices between entries, and no more."""
        if function is np.where and len(inputs) == 3:
            condition, a, b = map(_value, inputs)
            _, yes, no = map(_slopes, inputs)
            slopes = {k: (1.0, np.where(condition, _product(yes.get(k)), _product(no.get(k)))) for k in yes | no}
            return SparseDual(np.where(condition, a, b), slopes)
        raise Unsupported(f"np.{function.__name__} has no rule here")


def values_and_slopes(f, theta):
    """The values of f, shape (n,), and its slopes by each parameter, shape (p, n).

    Parameters: f, a function of p numbers that returns n numbers; theta, shape (p,).
    Raises Unsupported, or whatever f raises, where f does not work entry by entry.

    >>> x = np.array([0.0, 1.0, 2.0])
    >>> values_and_slopes(lambda a, b: a + b * x, np.array([3.0, 5.0]))
    (array([ 3.,  8., 13.]), array([[1., 1., 1.],
           [0., 1., 2.]]))

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    Society for Industrial and Applied Mathematics, 2008, section 7.1.
    """
    y = f(*[SparseDual(value, {k: (1.0, None)}) for k, value in enumerate(theta.tolist())])
    values = np.asarray(_plain(_value(y)))
    if values.dtype.kind not in "iuf":
        raise Unsupported(f"expected real numbers, got {values.dtype}")
    slopes = np.zeros((len(theta), *values.shape))
    for k, (factor, array) in _slopes(y).items():
        if array is None:
            slopes[k] = factor
        else:
            np.multiply(array, factor, slopes[k])
    return values, slopes


def _value(x):
    return x.value if type(x) is SparseDual else x


def _slopes(x):
    return x.slopes if type(x) is SparseDual else {}


def _of_one(operation, rule, x):
    y = operation(x.value)
    return SparseDual(y, _times(rule(x.value, y), x.slopes))


def _of_two(operation, rules, a, b):
    """y = f(a, b): each input adds its partial derivative times its slopes."""
    if type(b) is not SparseDual:
        return SparseDual(y := operation(a.value, _plain(b)), _times(rules[0](a.value, b, y), a.slopes))
    if type(a) is not SparseDual:
        return SparseDual(y := operation(_plain(a), b.value), _times(rules[1](a, b.value, y), b.slopes))
    y = operation(a.value, b.value)
    slopes, more = _times(rules[0](a.value, b.value, y), a.slopes), _times(rules[1](a.value, b.value, y), b.slopes)
    both = slopes | more
    for k in slopes.keys() & more.keys():
        total = _product(slopes[k]) + _product(more[k])
        both[k] = (1.0, total) if type(total) is np.ndarray else (total, None)
    return SparseDual(y, both)


def _plain(x):
    if type(x) in PLAIN:
        return x
    raise Unsupported(f"{type(x).__name__} has no rule here")


def _product(slope):
    """A slope as one number or array; 0 where there is none."""
    if slope is None:
        return 0.0
    factor, array = slope
    return factor if array is None else array if factor == 1.0 else factor * array


def _times(factor, slopes):
    """The slopes times one factor, which may be an array."""
    if type(factor) is np.ndarray:
        return {k: (one, factor if array is None else factor * array) for k, (one, array) in slopes.items()}
    return {k: (factor * one, array) for k, (one, array) in slopes.items()}


def _operator(ufunc, operation):
    """Two methods: for ``a + b`` and the like where a is a dual number, and where b alone is."""
    rules = PARTIALS[ufunc]
    return (lambda a, b: _of_two(operation, rules, a, b)), (lambda b, a: _of_two(operation, rules, a, b))


SparseDual.__add__, SparseDual.__radd__ = _operator(np.add, operator.add)
SparseDual.__sub__, SparseDual.__rsub__ = _operator(np.subtract, operator.sub)
SparseDual.__mul__, SparseDual.__rmul__ = _operator(np.multiply, operator.mul)
SparseDual.__truediv__, SparseDual.__rtruediv__ = _operator(np.divide, operator.truediv)
SparseDual.__pow__, SparseDual.__rpow__ = _operator(np.power, operator.pow)
SparseDual.__neg__ = lambda x: _of_one(operator.neg, DERIVATIVE[np.negative], x)
SparseDual.__abs__ = lambda x: _of_one(abs, DERIVATIVE[np.absolute], x)
