"""The number or array that reverse mode puts in the place of a plain one.

To copy: put this file and `levels.py` into a folder `mmlbook` beside your program, with the
module that uses it. It needs nothing else but NumPy. What it offers:

- `Variable`: a number or array with a place on a tape
- `recorded`: a new variable, written on a tape
- `Tape`: what was done, in order
- `LostDerivative`: the error for a variable that was about to turn into plain numbers
- `plain`: a result in the form that variables hold

Here stands what a variable is and what it answers when asked about itself: its shape, its
comparisons, and why it cannot turn into a plain number. What can be calculated with it is
the subject of `mmlbook.arithmetic` and `mmlbook.recording`.
"""

import operator

import numpy as np

from mmlbook.levels import level_of

FLOAT = np.dtype(float)


class Tape(list):
    """What was done, in order.

    There are three kinds of entries. ``None`` is an input. ``(i, slope, j, slope)`` belongs
    to a number made from two numbers: their places on the tape, and the derivatives.
    ``(rule, place, details)`` is anything with arrays: ``rule(g, *details)`` gives, from the
    gradient g of the output, the gradient of the input at that place, or one for each place
    of several.
    """

    __slots__ = ("level",)


class LostDerivative(TypeError):
    """A variable was about to turn into plain numbers, and its derivative to be lost in silence."""


NOT_IN_ARRAY = (
    "f: a variable cannot become part of a plain array, which has no derivative: use np.stack([...]) "
    "for np.array([...]), x itself for np.asarray(x), and np.stack or np.where for y[i] = x"
)


class Variable:
    """A number or an array whose every use is written on a tape.

    Work with it as with the plain one: operators, NumPy functions, indices, comparisons, loops.
    ``value`` is what it stands for, ``index`` a place on the tape, ``slope`` the number by
    which its gradient is multiplied on the way to that place, and ``level`` tells nested
    transforms apart (see `mmlbook.levels`). So ``2.0 * x`` has the place of x, with the slope 2,
    and needs no entry. `mmlbook.arithmetic` and `mmlbook.recording` put the operations in.

    >>> from mmlbook.tape import value_and_gradients
    >>> def f(x):
    ...     print(x)
    ...     return x**2 if x > 0 else 0.0
    >>> value_and_gradients(f, 3.0)
    Variable(3.0)
    (9.0, (6.0,))

    A variable does not turn into a plain number, which would lose the derivative:

    >>> import math
    >>> try:
    ...     value_and_gradients(lambda x: math.sin(x), 3.0)
    ... except LostDerivative as error:
    ...     print(error)
    f: a variable cannot become a plain float, which has no derivative: use np.sin for math.sin, x itself for float(x)
    """

    __slots__ = ("index", "slope", "tape", "value")
    __hash__ = None

    def place(self):
        """A place on the tape where its slope is 1: a new one, if it has to be."""
        if self.slope != 1.0:
            self.tape.append((operator.mul, self.index, (self.slope,)))
            self.index, self.slope = len(self.tape) - 1, 1.0
        return self.index

    @property
    def level(self):
        """The level of the transform that this variable belongs to."""
        level = self.tape.level
        if level is None:
            raise RuntimeError("f: expected no variable from an earlier run; let f return what is needed of it")
        return level

    def __len__(self):
        """The number of rows."""
        return len(self.value)

    def __iter__(self):
        """Its rows, or its numbers, each a variable."""
        return (self[i] for i in range(len(self.value)))

    def __bool__(self):
        """Whether a number is other than 0."""
        if self.ndim:
            raise TypeError("f: an array is neither true nor false; use np.where, or compare and use np.any or np.all")
        return bool(self.value)

    def __repr__(self):
        """The value, named as a variable."""
        return f"Variable({self.value!r})"

    def __format__(self, how):
        """The value, as an f-string wants it."""
        return format(self.value, how)

    def __round__(self, digits=None):
        """The value, rounded: constant between its jumps."""
        return round(self.value, digits)

    def __copy__(self):
        """Itself: nothing changes a variable."""
        return self

    def __deepcopy__(self, memory):
        """Itself: a copy of its tape would lose the derivative."""
        return self

    # Ways to lose the derivative, and the ways round them

    def __float__(self):
        """Refused, as in ``math.sin(x)``."""
        raise LostDerivative(
            "f: a variable cannot become a plain float, which has no derivative: "
            "use np.sin for math.sin, x itself for float(x)"
        )

    def __int__(self):
        """Refused."""
        raise LostDerivative(
            "f: a variable cannot become a plain int, which has no derivative: use np.floor(x) for int(x)"
        )

    def __array__(self, dtype=None, copy=None):
        """Refused, as in ``np.array([x, y])``."""
        raise LostDerivative(NOT_IN_ARRAY)

    def __setitem__(self, index, value):
        """Refused, as in ``x[0] = 1``."""
        raise TypeError(
            "f: a variable keeps its entries: build the array with np.stack or np.concatenate, "
            "or choose entries with np.where, instead of x[i] = value"
        )

    # What arrays have

    shape = property(lambda self: getattr(self.value, "shape", ()), doc="The shape of the value.")
    ndim = property(lambda self: len(self.shape), doc="The number of axes.")
    size = property(lambda self: int(np.prod(self.shape)), doc="The number of entries.")
    dtype = property(lambda self: np.dtype(float), doc="Always float.")
    T = property(lambda self: np.transpose(self), doc="The transpose.")

    def reshape(self, *shape, **options):
        """As ``np.reshape``; the lengths may stand alone."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **options)

    def transpose(self, *axes):
        """As ``np.transpose``; the axes may stand alone."""
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def flatten(self):
        """As ``np.ravel``."""
        return np.ravel(self)


def recorded(value, tape, entry=None):
    """A new variable at the end of a tape, with the entry that says where it comes from."""
    result = Variable()  # a class without __init__ makes its instances twice as fast
    result.value, result.tape, result.index, result.slope = value, tape, len(tape), 1.0
    tape.append(entry)
    return result


def _comparison(compare):
    """A comparison looks at the values, and gives a plain answer."""

    def method(self, other):
        if level_of(other) > self.level:
            return NotImplemented  # the other one answers
        return compare(self.value, other.value if type(other) is Variable and other.tape is self.tape else other)

    return method


for _name in ("lt", "le", "eq", "ne", "gt", "ge"):
    setattr(Variable, f"__{_name}__", _comparison(getattr(operator, _name)))


def plain(y):
    """A number or array as variables hold it: a Python float, or an array of floats.

    >>> plain(np.array(3))
    3.0

    What belongs to another level stays as it is. Complex numbers are refused:

    >>> plain(1j)
    Traceback (most recent call last):
    ...
    TypeError: f: expected real numbers, got complex ones
    """
    kind = type(y)
    if kind is float:
        return y
    if kind is np.float64:
        return float(y)
    if kind is np.ndarray and y.ndim and y.dtype is FLOAT:
        return y
    if isinstance(y, (np.ndarray, np.generic, complex, int)):
        if np.iscomplexobj(y):
            raise TypeError("f: expected real numbers, got complex ones")
        y = np.asarray(y, dtype=float)
        return y if y.ndim else y.item()
    return y
