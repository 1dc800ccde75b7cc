"""Dual numbers: a value that carries its own rate of change through every step of a calculation.

To copy: put this file and `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual_rules.py`, `inputs.py`,
`levels.py`, `rules.py`, `stand_in.py` into a folder `mmlbook` beside your program. Nothing else is needed but
NumPy.

A dual number is written ``value + tangent * e``, with a symbol e whose square is 0.
Calculate with it as with any number, drop what has e**2 in it, and the rules of
differentiation appear by themselves: ``(3 + e)**2 = 9 + 6 e``, because the slope of
x**2 at 3 is 6. What it offers:

- `Dual`: a dual number on a float or an array, with one tangent or a batch of them
- `value_and_tangent`: the value of f, and how fast it changes in one direction or in many

The transforms in `mmlbook.gradient` make dual numbers, pass them through f and
read the tangent of the result. This is forward mode: tangents travel with the values.
"""

import math
import operator

import numpy as np

from mmlbook.array_rules import CONSTANT, is_basic, scatter
from mmlbook.chain_rule import directions, of_one, of_two, shape, slope, times
from mmlbook.dual_rules import COMPOSED, OF_ONE, OF_SEVERAL, gather, index_behind, places_of, product
from mmlbook.inputs import numbers, whole
from mmlbook.levels import level_of, new_level, plain
from mmlbook.rules import DERIVATIVE, PARTIALS
from mmlbook.stand_in import StandIn


def _operator(ufunc, operation):
    """Two methods: for ``a + b`` and the like where a is a dual number, and where b alone is."""
    rules = by_a, by_b = PARTIALS[ufunc]

    def forward(a, b):
        if type(b) is float or type(b) is int:  # the two usual cases, without detours
            value = operation(a.value, b)
            return _dual(value, times(slope(by_a, a.value, b, value), a.tangent), a.level)
        if type(b) is Dual and b.level == a.level:
            return _dual(*of_two(operation, rules, a.value, a.tangent, b.value, b.tangent), a.level)
        return _of_two(operation, rules, a, b)

    def backward(b, a):
        if type(a) is float or type(a) is int:
            value = operation(a, b.value)
            return _dual(value, times(slope(by_b, a, b.value, value), b.tangent), b.level)
        return _of_two(operation, rules, a, b)

    return forward, backward


def _of_one(operation, rule, x):
    return _dual(*of_one(operation, rule, x.value, x.tangent), x.level)


def _of_two(operation, rules, a, b):
    level = max(level_of(a), level_of(b))
    x, dx = _split(a, level)
    y, dy = _split(b, level)
    if dx is None and dy is None:
        return NotImplemented  # the highest level is that of a Variable, which knows what to do
    return _dual(*of_two(operation, rules, x, dx, y, dy), level)


def _product(a, b):
    """``a @ b``, where one of the two or both are dual numbers."""
    level = max(level_of(a), level_of(b))
    pairs = *_split(a, level), *_split(b, level)
    if pairs[1] is None and pairs[3] is None:
        return NotImplemented
    value, tangent = product(*pairs)
    return _dual(value, tangent, level)


class Dual(StandIn):
    """A value, and the rates at which it changes as x moves in one direction or in several.

    In formula ``value + tangent * e`` with ``e**2 = 0``, so that
    ``f(value + tangent * e) = f(value) + f'(value) * tangent * e``.

    Parameters: value, a finite number or an array of them; tangent, a number or
    array of the same shape, in the unit of value per unit of x, or an array with one
    more axis in front, of shape ``(k,) + value.shape``, for k directions at once;
    level, needed only where a dual number is made of dual numbers: a whole number
    larger than the level of those inside.
    A `Dual` goes wherever a float or array goes: operators, indices, slices, NumPy
    functions. Comparisons look at the values alone.
    Raises TypeError or ValueError, naming the argument, if value or tangent is not
    real and finite or their shapes do not belong together; TypeError for what
    would lose the tangent: ``float``, ``math.sin``, ``np.array``, replacing entries.

    >>> x = Dual(3.0, 1.0)
    >>> x**2
    Dual(9.0, 6.0)
    >>> x * np.exp(x - 3)
    Dual(3.0, 4.0)

    All slopes of a function of two numbers, from one calculation with two directions:

    >>> x = Dual([3.0, 5.0], [[1.0, 0.0], [0.0, 1.0]])
    >>> x[0] * x[1]
    Dual(15.0, array([5., 3.]))

    The functions of ``math`` know only plain numbers:

    >>> import math
    >>> math.sin(Dual(3.0, 1.0))
    Traceback (most recent call last):
    ...
    TypeError: f: a plain float has no derivative: use np.sin for math.sin, np.stack for y[i] = x, x for float(x)

    Source: W. K. Clifford, "Preliminary sketch of biquaternions", *Proceedings of the
    London Mathematical Society* s1-4 (1871), 381-395.
    """

    __slots__ = ("level", "tangent", "value")

    def __init__(self, value, tangent, level=1):
        """Check what is given and keep it, whole numbers as floats."""
        value = value if level_of(value) else numbers(value, "value")
        tangent = tangent if level_of(tangent) else numbers(tangent, "tangent")
        if shape(value) not in (shape(tangent), shape(tangent)[1:]):
            raise ValueError(
                f"tangent: expected the shape of value, {shape(value)}, or one more axis in front, got {shape(tangent)}"
            )
        if whole(level, "level") <= max(level_of(value), level_of(tangent)):
            raise ValueError(f"level: expected a number above the level of value and tangent, got {level}")
        self.value, self.tangent, self.level = value, tangent, level

    def __repr__(self):
        """The value and its tangent, as one would write them down."""
        return f"Dual({self.value!r}, {self.tangent!r})"

    def __getitem__(self, index):
        """An entry, a slice, or a choice of entries."""
        x, dx = self.value, self.tangent
        if type(x) is float:
            raise IndexError("f: one number has no entries to choose from")
        if is_basic(index):
            tangent = dx[index_behind(index, directions(x, dx))]
        else:
            index = plain(index)
            tangent = gather(x, dx, places_of(x)[index])
        return _dual(_tidy(x[index]), _tidy(tangent), self.level)

    def _scatter(self, index, new_shape):
        """Zeros of a given shape, to which this is added at an index: what undoes ``x[index]`` in reverse mode."""
        x, dx = self.value, self.tangent
        k = directions(x, dx)
        if is_basic(index):
            spread = scatter(dx, index_behind(index, k), k + new_shape)
        else:
            places = np.arange(math.prod(new_shape)).reshape(new_shape)[index]
            spread = scatter(dx, index_behind(places, k), (*k, math.prod(new_shape))).reshape(k + new_shape)
        return _dual(scatter(x, index, new_shape), spread, self.level)

    # NumPy asks here what its functions mean for dual numbers

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """What NumPy does entry by entry."""
        if method == "__call__" and not options:
            if ufunc in DERIVATIVE:
                return _of_one(ufunc, DERIVATIVE[ufunc], self)
            if ufunc in PARTIALS:
                return _of_two(ufunc, PARTIALS[ufunc], *inputs)
            if ufunc is np.matmul:
                return _product(*inputs)
            if ufunc in CONSTANT:
                return ufunc(*map(plain, inputs))
        elif "out" in options:
            raise TypeError("f: a plain array has no derivative: write a = a + x for a += x")
        raise TypeError(_unsupported(ufunc, method=method if method != "__call__" else "", options=options))

    def __array_function__(self, function, types, inputs, options):
        """What NumPy does with whole arrays."""
        top = _top(inputs)
        if type(top) is not Dual:
            return NotImplemented
        level = top.level
        if function in OF_ONE:
            x, *how = inputs
            rule, inputs = OF_ONE[function], (*_split(x, level), *map(plain, how))
        elif function in OF_SEVERAL:
            rule, inputs = OF_SEVERAL[function], (lambda x: _split(x, level), *inputs)
        elif function in COMPOSED:
            return COMPOSED[function](*inputs, **options)
        elif function in CONSTANT:
            return function(*map(plain, inputs), **options)
        else:
            raise TypeError(_unsupported(function))
        if options:
            _refuse_options(rule, function, options)
        value, tangent = rule(*inputs, **options)
        return _dual(_tidy(value), _tidy(tangent), level)


Dual.__add__, Dual.__radd__ = _operator(np.add, operator.add)
Dual.__sub__, Dual.__rsub__ = _operator(np.subtract, operator.sub)
Dual.__mul__, Dual.__rmul__ = _operator(np.multiply, operator.mul)
Dual.__truediv__, Dual.__rtruediv__ = _operator(np.divide, operator.truediv)
Dual.__pow__, Dual.__rpow__ = _operator(np.power, operator.pow)
Dual.__mod__, Dual.__rmod__ = _operator(np.remainder, operator.mod)
Dual.__matmul__, Dual.__rmatmul__ = _product, lambda b, a: _product(a, b)
Dual.__neg__ = lambda x: _of_one(operator.neg, DERIVATIVE[np.negative], x)
Dual.__abs__ = lambda x: _of_one(abs, DERIVATIVE[np.absolute], x)


def value_and_tangent(f, x, v):
    """The value of f at x, and its tangent as x moves along v.

    In formula ``f(x), f'(x) * v``; with arrays, the Jacobian times v.

    Parameters: f, a function of one input; x, a float or an array of floats; v, the same
    in the shape of x, or with one more axis in front for many directions at once.
    Returns the value of f and its tangent, which has the axis of the directions in front.
    Raises TypeError or ValueError, naming f, where f returns anything but real numbers.

    >>> value_and_tangent(np.square, 3.0, 1.0)
    (9.0, 6.0)
    >>> value_and_tangent(lambda x: None, 3.0, 1.0)
    Traceback (most recent call last):
    ...
    TypeError: f: expected a real number or an array of them, got None
    """
    level = new_level()
    y = as_array(f(_dual(x, v, level)))
    if type(y) is Dual and y.level == level:
        return y.value, y.tangent
    value = y if level_of(y) else numbers(y, "f")
    still = np.zeros(directions(x, v) + shape(value))
    return value, still if still.ndim else 0.0


def as_array(y):
    """What f returned; lists of numbers that are being differentiated are stacked.

    >>> as_array([1.0, 2.0])
    [1.0, 2.0]
    >>> as_array([Dual(1.0, 2.0), 3.0])
    Dual(array([1., 3.]), array([2., 0.]))
    """
    return np.stack([as_array(part) for part in y]) if type(y) in (list, tuple) and level_of(_top(y)) else y


def _top(inputs):
    """One of the inputs with the highest level; they may be lists of inputs."""
    top = 0.0
    for x in inputs:
        x = _top(x) if type(x) in (list, tuple) else x
        if level_of(x) > level_of(top):
            top = x
    return top


def _dual(value, tangent, level):
    """A Dual without the checks of its constructor."""
    new = object.__new__(Dual)
    new.value = value if type(value) is np.ndarray else _tidy(value)
    new.tangent = tangent if type(tangent) is np.ndarray else _tidy(tangent)
    new.level = level
    return new


def _tidy(x):
    """Single numbers as Python's floats, which calculate faster than NumPy's."""
    if type(x) is float or level_of(x) or (type(x) is np.ndarray and x.ndim):
        return x
    return math.nan if type(x) is complex else float(x)  # for Python, (-8) ** (1 / 3) is complex


def _split(x, level):
    """Value and tangent of x at a level; the tangent of what is constant there is None."""
    kind = type(x)
    if kind is Dual and x.level == level:
        return x.value, x.tangent
    if kind is float or kind is int or level_of(x) or (kind is np.ndarray and x.dtype.kind in "fiub"):
        return x, None
    return numbers(x, "f: what stands beside a number that is being differentiated", kinds="iufb"), None


def _refuse_options(rule, function, options):
    """Name the options of a function of NumPy that its rule does not know."""
    known = rule.__code__.co_varnames[: rule.__code__.co_argcount]
    if any(name not in known for name in options):
        raise TypeError(_unsupported(function, options=options))


def _unsupported(function, **details):
    details = "".join(f", {name}={detail!r}" for name, detail in details.items() if detail)
    return (
        f"f: np.{function.__name__}{details} cannot be differentiated here; "
        "say it with operators, np.sum, np.where, np.stack and the like"
    )
