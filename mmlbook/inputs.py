"""What a function may be given: checks that name the argument and say what was expected.

To copy: put this file into a folder `mmlbook` beside your program, with the module
that uses it. It needs nothing else but NumPy.
Each check returns the value in the form that calculations want, or raises
TypeError (the wrong kind of thing) or ValueError (the right kind, but unusable).
"""

import operator

import numpy as np


def function(f, name="f", expected="a function"):
    """Return f if it can be called.

    >>> function(abs)
    <built-in function abs>
    >>> function(3)
    Traceback (most recent call last):
    ...
    TypeError: f: expected a function, got 3
    """
    if not callable(f):
        raise TypeError(f"{name}: expected {expected}, got {f!r}")
    return f


def numbers(value, name, expected="a real number or an array of them", kinds="iuf"):
    """Finite numbers as a float or an array of floats; complex ones where kinds is "c".

    Whole numbers become floats. The array is the reader's own where it holds
    floats already: never write into it.

    >>> numbers([1, 2], "x")
    array([1., 2.])
    >>> numbers([1, np.nan], "x")
    Traceback (most recent call last):
    ...
    ValueError: x: expected finite numbers, got nan at x[1]
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name}: expected {expected}, got the uneven list {value!r}") from error
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name}: expected {expected}, got {value!r}")
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one number, got an empty list")
    finite = np.isfinite(array)
    if not finite.all():
        place = np.unravel_index(np.argmin(finite), array.shape)
        where = f" at {name}[{', '.join(map(str, place))}]" if place else ""
        raise ValueError(f"{name}: expected finite numbers, got {array[place]}{where}")
    array = array.astype(complex if kinds == "c" else float, copy=False)
    return array if array.ndim else array.item()


def number(value, name, expected="one real number"):
    """One finite number, as a float.

    >>> number(3, "at")
    3.0
    >>> number([3, 4], "at")
    Traceback (most recent call last):
    ...
    ValueError: at: expected one real number, got an array of shape (2,)
    """
    value = numbers(value, name, expected)
    if np.ndim(value):
        raise ValueError(f"{name}: expected {expected}, got an array of shape {value.shape}")
    return value


def positive(value, name):
    """One finite number above 0, as a float.

    >>> positive(0, "step_size")
    Traceback (most recent call last):
    ...
    ValueError: step_size: expected a number above 0, got 0.0
    """
    value = number(value, name, "a number above 0")
    if value <= 0:
        raise ValueError(f"{name}: expected a number above 0, got {value}")
    return value


def whole(value, name, least=0):
    """One whole number that is at least `least`, as an int.

    >>> whole(2.5, "order")
    Traceback (most recent call last):
    ...
    TypeError: order: expected a whole number, got 2.5
    """
    try:
        result = operator.index(value)
    except TypeError as error:
        raise TypeError(f"{name}: expected a whole number, got {value!r}") from error
    if isinstance(value, bool):
        raise TypeError(f"{name}: expected a whole number, got {value!r}")
    if result < least:
        raise ValueError(f"{name}: expected a whole number of at least {least}, got {result}")
    return result


def array(value, name, shape):
    """Finite numbers as an array of floats of a given shape, in which None stands for any length.

    >>> array([[1, 2]], "X", shape=(None, 2))
    array([[1., 2.]])
    >>> array([1, 2], "X", shape=(None, 2))
    Traceback (most recent call last):
    ...
    ValueError: X: expected an array of shape (any, 2), got shape (2,)
    """
    wanted = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
    result = np.asarray(numbers(value, name, f"real numbers in an array of shape {wanted}"))
    fits = result.ndim == len(shape) and all(n in (None, m) for n, m in zip(shape, result.shape, strict=True))
    if not fits:
        raise ValueError(f"{name}: expected an array of shape {wanted}, got shape {result.shape}")
    return result
