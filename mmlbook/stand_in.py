"""What stands in for a number or an array while a function is differentiated, and answers as they do.

To copy: put this file into a folder `mmlbook` beside your program, with the module that uses it. It needs nothing
else but NumPy. What it offers:

- `StandIn`: the base of `Dual`, `Variable` and `SparseDual`, which say what is calculated with them
- `NO_ARRAY`, `NO_FLOAT`: the way round, for a stand-in that was about to turn into plain numbers

A function that is differentiated is given a stand-in where it expects a number or an array. Whatever it
asks has to be answered as they would: ``x.shape``, ``x.sum()``, ``x > 0``, ``len(x)``. What would lose the
derivative in silence is refused, and the error says what to write instead.
"""

import math
import operator

import numpy as np

NO_ARRAY = "f: a plain array has no derivative: use np.stack for np.array or y[i] = x, x itself for np.asarray(x)"
NO_FLOAT = "f: a plain float has no derivative: use np.sin for math.sin, np.stack for y[i] = x, x for float(x)"


class StandIn:
    """The part of a number or an array that follows from its ``value`` and from NumPy's functions.

    Classes made from it keep a ``value``, and define operators, ``__array_ufunc__`` and ``__array_function__``.

    >>> class Reporter(StandIn):
    ...     value = np.array([3.0, 5.0])
    ...
    ...     def __array_function__(self, function, types, inputs, options):
    ...         return f"asked for np.{function.__name__}"
    >>> x = Reporter()
    >>> x.shape, x > 4, x.sum()
    ((2,), array([False,  True]), 'asked for np.sum')

    Entries are not replaced, because what was calculated from the old ones would still count:

    >>> x[0] = 1.0
    Traceback (most recent call last):
    ...
    TypeError: f: entries cannot be replaced here: build a new array with np.stack, np.concatenate or np.where
    """

    __slots__ = ()

    shape = property(lambda self: getattr(self.value, "shape", ()), doc="The shape of the value.")
    ndim = property(lambda self: len(self.shape), doc="How many axes the value has.")
    size = property(lambda self: math.prod(self.shape), doc="How many entries the value has.")
    dtype = property(lambda self: np.dtype(float), doc="The type of the entries: float.")
    T = property(lambda self: np.transpose(self), doc="The transpose.")

    def __len__(self):
        """The number of rows."""
        if not self.ndim:
            raise TypeError("f: one number has no length")
        return self.shape[0]

    def __iter__(self):
        """Its rows, or its numbers, each a stand-in."""
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        """Whether a number is other than 0."""
        if self.ndim:
            raise TypeError("f: an array is neither true nor false; use np.where, or compare and use np.any or np.all")
        return bool(self.value)

    def __round__(self, digits=None):
        """The value, rounded: constant between its jumps."""
        return round(self.value, digits)

    def __format__(self, how):
        """The value, as an f-string wants it."""
        return format(self.value, how) if how else repr(self)

    def reshape(self, *shape, **options):
        """As ``np.reshape``; the lengths may stand alone."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **options)

    def transpose(self, *axes):
        """As ``np.transpose``; the axes may stand alone."""
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    # Ways to lose the derivative, and the ways round them

    def __array__(self, dtype=None, copy=None):
        """Refused, as in ``np.array([x, y])``."""
        raise TypeError(NO_ARRAY)

    def __float__(self):
        """Refused, as in ``math.sin(x)``."""
        raise TypeError(NO_FLOAT)

    def __int__(self):
        """Refused, also as an index."""
        raise TypeError("f: a whole number has no derivative: use np.floor(x) for int(x), and plain numbers as indices")

    __complex__, __index__ = __float__, __int__

    def __setitem__(self, index, entry):
        """Refused, as in ``x[0] = 1``."""
        raise TypeError(
            "f: entries cannot be replaced here: build a new array with np.stack, np.concatenate or np.where"
        )


def _comparison(compare):
    """A comparison looks at the values alone."""
    return lambda self, other: compare(self.value, other.value if isinstance(other, StandIn) else other)


def _method(name):
    function = getattr(np, name)

    def method(self, *inputs, **options):
        return function(self, *inputs, **options)

    method.__doc__ = f"As ``np.{name}``."
    return method


for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(StandIn, f"__{_name}__", _comparison(getattr(operator, _name)))
for _name in """all any argmax argmin argsort clip copy cumprod cumsum diagonal dot max mean min prod
                ptp ravel repeat round squeeze std sum swapaxes take trace var""".split():
    setattr(StandIn, _name, _method(_name))
StandIn.flatten, StandIn.__hash__ = StandIn.ravel, None
StandIn.__pos__ = lambda self: self
StandIn.__matmul__, StandIn.__rmatmul__ = lambda a, b: np.matmul(a, b), lambda b, a: np.matmul(a, b)
StandIn.__floordiv__, StandIn.__rfloordiv__ = lambda a, b: np.floor_divide(a, b), lambda b, a: np.floor_divide(a, b)
