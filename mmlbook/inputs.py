"""What a function may be given: checks that name the argument and say what was expected.

To copy: put this file into a folder `mmlbook` beside your program, with the module
that uses it. It needs nothing else but NumPy.
Each check returns the value in the form that calculations want, or raises
TypeError (the wrong kind of thing) or ValueError (the right kind, but unusable).
"""

import math
import operator

import numpy as np

# What Python and NumPy say where a function of numbers is given an array, and what would work
IN_PLACE_OF_NUMBERS = {
    "converted to Python scalars": "np.sin for math.sin or float(x), and likewise for others",
    "truth value of an array": "np.where(x > 0, a, b) for a if x > 0 else b",
}


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


def on_arrays(f, name, *inputs):
    """``f(*inputs)``, where the reader's f has to work on whole arrays.

    >>> on_arrays(math.sin, "f", np.array([1.0, 2.0]))
    Traceback (most recent call last):
    ...
    TypeError: f: expected a function of whole arrays: write np.sin for math.sin or float(x), and likewise for others
    >>> on_arrays(lambda x: x if x > 0 else -x, "f", np.array([1.0, 2.0]))
    Traceback (most recent call last):
    ...
    ValueError: f: expected a function of whole arrays: write np.where(x > 0, a, b) for a if x > 0 else b
    """
    try:
        return f(*inputs)
    except (TypeError, ValueError) as error:
        for words, instead in IN_PLACE_OF_NUMBERS.items():
            if words in str(error):
                raise type(error)(f"{name}: expected a function of whole arrays: write {instead}") from error
        raise


def numbers(value, name, expected="a real number or an array of them", kinds="iuf"):
    """Finite numbers as a float or an array of floats; complex ones where kinds is "c".

    Whole numbers, and floats of other lengths, become Python's floats. The array is the reader's
    own where it holds those already: never write into it.

    >>> numbers([1, 2], "x")
    array([1., 2.])
    >>> numbers([1, np.nan], "x")
    Traceback (most recent call last):
    ...
    ValueError: x: expected finite numbers, got nan at x[1]
    """
    if type(value) is float and kinds == "iuf" and math.isfinite(value):
        return value  # at once: most calls are of this kind
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name}: expected {expected}, got the uneven list {value!r}") from error
    except OverflowError as error:
        raise ValueError(f"{name}: expected {expected}, got a number too large for a float") from error
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name}: expected {expected}, got {value!r}")
    if array.size == 0:
        raise ValueError(f"{name}: expected at least one number, got an empty list")
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise ValueError(f"{name}: expected {expected}, got masked entries: fill them or leave them out")
    if array.dtype.char in "gG":  # long numbers: what is too large for a float becomes infinite
        with np.errstate(over="ignore"):
            array = array.astype(complex if kinds == "c" else float)
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
    if isinstance(value, np.ndarray):
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


def whole(value, name, least=0, most=None):
    """One whole number that is at least `least`, and at most `most` unless that is None, as an int.

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
    if most is not None and result > most:
        raise ValueError(f"{name}: expected a whole number from {least} to {most}, got {result}")
    return result


def wholes(values, name, least=0, expected="a list of whole numbers"):
    """Whole numbers that are at least `least`, as a tuple of ints.

    >>> wholes([2, 3], "sizes")
    (2, 3)
    >>> wholes([2, -3], "sizes")
    Traceback (most recent call last):
    ...
    ValueError: sizes[1]: expected a whole number of at least 0, got -3
    """
    if isinstance(values, bytes) or not np.iterable(values):
        raise TypeError(f"{name}: expected {expected}, got {values!r}")
    return tuple(whole(value, f"{name}[{i}]", least) for i, value in enumerate(values))


def truth(value, name):
    """True or False, and nothing that only counts as one of them.

    >>> truth("no", "only_ratios_known")
    Traceback (most recent call last):
    ...
    TypeError: only_ratios_known: expected True or False, got 'no'
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}: expected True or False, got {value!r}")
    return bool(value)


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
