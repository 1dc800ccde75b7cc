"""The number or array that reverse mode puts in the place of a plain one.

To copy: put this file and `stand_in.py` into a folder `mmlbook` beside your program, with the module that uses it.
It needs nothing else but NumPy. What it offers:

- `Variable`: a number or array with a place on a tape
- `recorded`: a new variable, written on a tape
- `Tape`: what was done, in order
- `plain`: a result in the form that variables hold

Here stands what a variable is. What it answers when asked about itself is the subject of
`mmlbook.stand_in`, and what can be calculated with it that of `mmlbook.arithmetic` and `mmlbook.recording`.
"""

import operator

import numpy as np

from mmlbook.stand_in import StandIn

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


class Variable(StandIn):
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
    >>> value_and_gradients(lambda x: math.sin(x), 3.0)
    Traceback (most recent call last):
    ...
    TypeError: f: a plain float has no derivative: use np.sin for math.sin, np.stack for y[i] = x, x for float(x)
    """

    __slots__ = ("index", "slope", "tape", "value")

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

    def __repr__(self):
        """The value, named as a variable."""
        return f"Variable({self.value!r})"

    def __copy__(self):
        """Itself: nothing changes a variable."""
        return self

    def __deepcopy__(self, memory):
        """Itself: a copy of its tape would lose the derivative."""
        return self


def recorded(value, tape, entry=None):
    """A new variable at the end of a tape, with the entry that says where it comes from."""
    result = Variable()  # a class without __init__ makes its instances twice as fast
    result.value, result.tape, result.index, result.slope = value, tape, len(tape), 1.0
    tape.append(entry)
    return result


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
