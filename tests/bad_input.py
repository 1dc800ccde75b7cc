"""What `test_bad_input.py` tries: the kinds of arguments, the bad values of each, and what must come of them.

A kind is a function that takes a good value and yields ``(label, value, outcome)``. Outcomes:

- REFUSED: TypeError or ValueError whose message begins with the name of the argument
- MISMATCH: the same, by the name of any argument, since two of them do not fit together
- SAME: the answer is that of the good value, since this is only another way to write it
- SOUND: refused by the name of any argument, or an answer of finite numbers, or one that says what is wrong with it
- UNTOUCHED: the answer is that of the good value, or the reader's line is told by an error that it may not do that
- PASSES: the error of the reader's own function comes out as it is, or as the cause of one that names the function
"""

import decimal
import fractions
import functools

import numpy as np

REFUSED, MISMATCH, SAME, SOUND = "refused", "mismatch", "same", "sound"
UNTOUCHED, PASSES = "untouched", "passes"


class ReadersError(Exception):
    """An error that no code but the reader's own can know."""


class LikeASeries:
    """What a table of another library looks like to NumPy."""

    def __init__(self, values):
        self.values = np.array(values)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)

    def __len__(self):
        return len(self.values)

    def __repr__(self):
        return f"LikeASeries({self.values!r})"


class AnArray(np.ndarray):
    """A subclass of NumPy's array."""


def _spoiled(good, value):
    """The good numbers, the last of them replaced."""
    bad = np.array(good, float)
    bad.flat[-1] = value
    return bad if bad.ndim else float(bad)


def _each(good, make):
    """The good numbers, each turned into something else."""
    if np.ndim(good) == 0:
        return make(float(good))
    return [_each(part, make) for part in np.asarray(good)]


def _masked(good):
    bad = np.ma.array(good, float)
    bad[(-1,) * bad.ndim] = np.ma.masked
    return bad


def no_numbers(good):
    """What is no number, or no array of them, whatever the shape."""
    shape = np.shape(good)
    yield "nan", _spoiled(good, np.nan), REFUSED
    yield "infinity", _spoiled(good, np.inf), REFUSED
    yield "minus infinity", _spoiled(good, -np.inf), REFUSED
    yield "nan as a NumPy number", np.float64(np.nan), REFUSED
    yield "empty list", [], REFUSED
    yield "empty array", np.empty((0, 2)), REFUSED
    yield "complex", np.asarray(good) + 0j, REFUSED
    yield "complex, plain", 1 + 0j, REFUSED
    yield "string", "three", REFUSED
    yield "string of a number", "3", REFUSED
    yield "strings", np.full(shape, "3"), REFUSED
    yield "bytes", b"3", REFUSED
    yield "object array", np.array(good, object), REFUSED
    yield "None inside", _each(good, lambda _: None) if shape else [None], REFUSED
    yield "boolean", True, REFUSED
    yield "booleans", np.ones(shape, bool), REFUSED
    yield "ragged list", [[1.0], [2.0, 3.0]], REFUSED
    yield "generator", (x for x in (1.0, 2.0)), REFUSED
    yield "range of nothing", range(0), REFUSED
    yield "dict", {0: 1.0, 1: 2.0}, REFUSED
    yield "set", {1.0, 2.0}, REFUSED
    yield "huge whole number", 10**400, REFUSED
    yield "huge whole numbers", _each(good, lambda x: 10**400), REFUSED
    yield "huge whole number among floats", [10**400, 1.0], REFUSED
    yield "long double too large", np.array(_each(good, lambda x: np.longdouble("1e4000"))), REFUSED
    yield "fractions", _each(good, fractions.Fraction), REFUSED
    yield "decimals", _each(good, decimal.Decimal), REFUSED
    yield "datetime64", np.full(shape, np.datetime64("2026-11-20")), REFUSED
    yield "timedelta64", np.full(shape, np.timedelta64(3, "s")), REFUSED
    yield "masked entry", _masked(good), REFUSED
    yield "record array", np.zeros(shape, [("a", float), ("b", int)]), REFUSED
    yield "type", float, REFUSED
    yield "function", abs, REFUSED
    yield "module", np, REFUSED
    yield "array without its numbers", LikeASeries(np.full(shape, "3")), REFUSED


def same_numbers(good):
    """Other ways to write the same numbers: all must work."""
    array = np.array(good, float)
    if np.all(array == np.round(array)):
        yield "whole", array.astype(int) if array.ndim else int(good), SAME
        yield "short whole", array.astype(np.int8), SAME
    if np.all(array == array.astype(np.float16)):
        yield "float16", array.astype(np.float16), SAME
        yield "float32", array.astype(np.float32), SAME
    yield "long double", array.astype(np.longdouble), SAME
    yield "other byte order", array.astype(">f8"), SAME
    yield "with __array__", LikeASeries(array), SAME
    yield "mask without masked entries", np.ma.array(array), SAME
    yield "subclass", array.view(AnArray), SAME
    read_only = array.copy()
    read_only.setflags(write=False)
    yield "read-only", read_only, SAME
    if array.ndim:
        yield "list", array.tolist(), SAME
        yield "Fortran order", np.asfortranarray(array), SAME
        yield "every second entry", np.repeat(array, 2, axis=-1)[..., ::2], SAME
        yield "backwards in memory", np.ascontiguousarray(array[::-1])[::-1], SAME
    else:
        yield "0-d array", array, SAME
        yield "NumPy number", np.float64(good), SAME


def extremes(good):
    """Numbers near the ends of the range: no silent nonsense."""
    shape = np.shape(good)
    for size in (1e308, -1e308, 1e155, 1e-308, 5e-324, -0.0):
        yield f"all {size}", np.full(shape, size) if shape else size, SOUND
        if np.size(good) > 1:
            yield f"last {size}", _spoiled(good, size), SOUND
    if shape:
        yield "huge of both signs", np.resize([1e308, -1e308], shape), SOUND


def places(good):
    """A number, or an array of any shape."""
    yield from no_numbers(good)
    yield from same_numbers(good)
    yield from extremes(good)


def number(good):
    """One number."""
    yield from places(good)
    yield "two numbers", [1.0, 2.0], REFUSED
    yield "one number in a list", [good], REFUSED
    yield "too many dimensions", np.full((1, 1), good), REFUSED


def positive(good):
    """One number above 0."""
    yield from number(good)
    yield "zero", 0, REFUSED
    yield "negative", -1.5, REFUSED
    yield "negative zero", -0.0, REFUSED


def not_negative(good):
    """One number, 0 or above it."""
    yield from number(good)
    yield "negative", -1.5, REFUSED


def _shaped(good):
    good = np.array(good, float)
    yield from places(good)
    yield "a number", 2.0, REFUSED
    yield "one dimension too many", good[np.newaxis], REFUSED
    yield "far too many dimensions", good.reshape((1,) * 40 + good.shape), REFUSED


def vector(good):
    """Numbers in a row, as many as one likes."""
    yield from _shaped(good)


def bound_vector(good):
    """Numbers in a row, whose count another argument decides."""
    yield from _shaped(good)
    yield "one too many", np.append(good, 1.0), MISMATCH
    yield "one too few", np.array(good, float)[:-1], MISMATCH


def rows(good):
    """A matrix, one sample a row; another argument decides how many columns."""
    good = np.array(good, float)
    yield from _shaped(good)
    yield "one row alone", good[0], REFUSED
    yield "a column too many", np.column_stack([good, good[:, 0]]), REFUSED
    yield "no columns", good[:, :0], REFUSED
    yield "no rows", good[:0], REFUSED


def bound_rows(good):
    """A matrix of which others decide rows and columns."""
    yield from rows(good)
    yield "a row too few", np.array(good, float)[:-1], MISMATCH


def columns(good):
    """A matrix whose columns are free, but whose rows another argument decides."""
    good = np.array(good, float)
    yield from _shaped(good)
    yield "one row alone", good[0], REFUSED
    yield "no columns", good[:, :0], REFUSED
    yield "a row too few", good[:-1], MISMATCH


def readings_at(good):
    """Places of readings: a number each, or a row each."""
    good = np.array(good, float)
    yield from places(good)
    yield "a number", 2.0, REFUSED
    yield "too many dimensions", good.reshape(-1, 1, 1), REFUSED
    yield "one too many", np.append(good, 1.0), REFUSED


def point(good):
    """A pair of coordinates, or rows of pairs."""
    yield from places(good)
    yield "a number", 2.0, REFUSED
    yield "three coordinates", [1.0, 2.0, 3.0], REFUSED
    yield "too many dimensions", np.ones((2, 2, 2)), REFUSED


def one_point(good):
    """A pair of coordinates."""
    yield from point(good)
    yield "rows", np.ones((3, 2)), REFUSED


def bound_places(good):
    """A number or an array in the shape of another argument."""
    yield from places(good)
    yield "another shape", np.arange(1.0, 36.0).reshape(7, 5), MISMATCH


def interval(good):
    """A range (low, high)."""
    yield from bound_vector(good)
    yield "reversed", [2.0, -1.0], REFUSED
    yield "empty range", [2.0, 2.0], REFUSED


def sigma(good):
    """Errors of readings: one above 0 for all, or one for each."""
    good = np.array(good, float)
    yield from places(good)
    for label, value in ("zero", 0.0), ("negative", -1.0):
        yield f"one that is {label}", _spoiled(good, value), REFUSED
        yield f"{label} for all", value, REFUSED
    yield "one too many", np.append(good, 1.0), REFUSED
    yield "too many dimensions", good[np.newaxis], REFUSED


def labels(good):
    """Class labels: whole numbers from 0, one for each sample."""
    for label, value, outcome in places(np.array(good, float)):
        if outcome == REFUSED:
            yield label, value, outcome
    good = np.array(good)
    yield "a list", good.tolist(), SAME
    yield "short whole numbers", good.astype(np.uint8), SAME
    yield "floats", good.astype(float), REFUSED
    yield "negative", good - 1, REFUSED
    yield "too large", good + 100, REFUSED
    yield "one too many", np.append(good, 0), REFUSED
    yield "a number", 1, REFUSED
    yield "probabilities below 0", [[2.0, -1.0, 0.0]] * len(good), REFUSED
    yield "probabilities that do not add up", [[0.5, 0.0, 0.0]] * len(good), REFUSED


def whole(good, least=0):
    """A whole number that is at least `least`."""
    for value in (good + 0.5, float(good), np.nan, np.inf, "2", b"2", 2j, True, np.True_, [2], {}, (x for x in (2,))):
        yield f"{value!r:.20}", value, REFUSED
    yield "fraction", fractions.Fraction(2), REFUSED
    yield "decimal", decimal.Decimal(2), REFUSED
    yield "timedelta64", np.timedelta64(3, "s"), REFUSED
    yield "array", np.array([2]), REFUSED
    yield "with __array__", LikeASeries(2), REFUSED
    yield "too small", least - 1, REFUSED
    yield "huge and negative", -(10**400), REFUSED
    yield "huge", 10**400, SOUND
    yield "beyond 32 bits", 2**33, SOUND
    yield "beyond 64 bits", 2**65, SOUND
    yield "NumPy whole number", np.int64(good), SAME
    yield "unsigned", np.uint8(good), SAME
    yield "0-d array", np.array(good), SAME


positive_whole = functools.partial(whole, least=1)


def sizes(good):
    """A list of whole numbers above 0, at least two."""
    for value in (
        None,
        3,
        "23",
        b"23",
        [],
        [2],
        [2, 0],
        [2, -1],
        [2, 1.5],
        [2, np.nan],
        [2, "3"],
        [2, None],
        [2, True],
    ):
        yield repr(value), value, REFUSED
    yield "rows", [[2, 3], [4, 5]], REFUSED
    yield "dict", {"a": 1, "b": 2}, REFUSED
    yield "huge", [10**400, 1], REFUSED
    yield "more than memory holds", [10**6, 10**6], REFUSED
    yield "floats", np.array(good, float), REFUSED
    yield "array", np.array(good), SAME
    yield "list", list(good), SAME
    yield "generator", (n for n in good), SAME


def flag(good):
    """True or False."""
    for value in (None, 1, 0, "yes", "", [True], np.array([True, False]), np.nan, {}, 1j):
        yield repr(value), value, REFUSED
    yield "NumPy's", np.bool_(good), SAME


def name(good):
    """One of several names."""
    for value in (
        3,
        True,
        b"tanh",
        "",
        "bogus",
        good.upper() + "!",
        [good],
        {good},
        np.array([good, good]),
        np.nan,
        abs,
    ):
        yield repr(value), value, REFUSED
    yield "NumPy's string", np.str_(good), SAME


def path(good):
    """The path of a file."""
    for value in (None, 3, 1.5, [good], {}, b"file", np.array([1.0]), True):
        yield f"{value!r:.30}", value, REFUSED
    yield "a character that no path can have", f"{good}\0", REFUSED


def text(good):
    """A table as text, or a path to one."""
    for value in (None, 3, 1.5, [good], {}, good.encode(), np.array([1.0]), True, iter([good])):
        yield f"{value!r:.20}", value, REFUSED
    bad = (
        "\n",
        "a,b\n",
        "a,b\n1\n",
        "a,b\n1,2,3\n",
        "a,a\n1,2\n",
        "a,b\n1,x\n",
        "a,b\n1,\n",
        "a,b\n1,nan\n",
        "a,b\n1,1e999\n",
    )
    for value in (*bad, "1,2\n3,4\n", 'a,b\n"1,2\n', "a,b\n1,0x10\n", "a,b\n1,True\n", "a,b\n1,1+2j\n", ",b\n1,2\n"):
        yield repr(value), value, REFUSED
    yield "carriage returns", good.replace("\n", "\r\n"), SAME


def axes(good):
    """Matplotlib axes, or None."""
    for value in (3, "ax", [], {}, np.array([1.0]), abs, True):
        yield repr(value), value, REFUSED


def levels(good):
    """How many lines, or at which heights."""
    for value in (
        0,
        -3,
        2.5,
        "8",
        True,
        np.nan,
        [],
        [2.0, 1.0],
        [1.0, 1.0],
        [1.0, np.nan],
        [[1.0, 2.0]],
        ["a"],
        1j,
        None,
    ):
        yield repr(value), value, REFUSED
    yield "generator", (x for x in (1.0, 2.0)), REFUSED
    yield "huge", 10**400, REFUSED
    yield "NumPy whole number", np.int64(good), SAME
    yield "heights", [1.0, 2.0], SOUND


def summary(good):
    """Another summary of as many columns."""
    for value in (None, 3, "LeastSquares", [good], np.eye(3), abs, type(good)):
        yield f"{value!r:.20}", value, REFUSED
    yield "other columns", type(good)().add([[1.0]], [2.0]), REFUSED
    yield "with a sigma", type(good)().add([[1.0, 2.0]], [2.0], 1.0), REFUSED


def batches_of(good):
    """An array of samples, or a tuple of arrays of as many."""
    yield from no_numbers(good)
    yield "empty tuple", (), REFUSED
    yield "different counts", (good, good[:-1]), REFUSED
    yield "a tuple that holds a string", (good, "three"), REFUSED
    yield from same_numbers(good)


# Functions


def not_callable(good):
    """What cannot be called."""
    for value in (
        3,
        "np.sin",
        b"",
        [abs],
        (abs,),
        {"f": abs},
        np.array(1.0),
        np.array([abs]),
        True,
        np.nan,
        1j,
        NotImplemented,
    ):
        yield f"no function but {value!r:.20}", value, REFUSED


def bad_returns(shape):
    """What a function may return in place of numbers of this shape; the wrong shape is left to the kinds."""
    full = functools.partial(np.full, shape)
    yield "None", None
    yield "a string", "three"
    yield "bytes", b"3"
    yield "complex", full(1 + 2j) if shape else 1 + 2j
    yield "nan", full(np.nan) if shape else np.nan
    yield "infinity", full(np.inf) if shape else np.inf
    yield "a NumPy nan", full(np.nan)[()]
    yield "objects", np.full(shape, 1.0).astype(object)
    yield "a boolean", full(True) if shape else True
    yield "strings", full("3")
    yield "a ragged list", [[1.0], [2.0, 3.0]]
    yield "an empty list", []
    yield "a dict", {"value": 1.0}
    yield "a function", abs
    yield "a generator", (x for x in (1.0,))
    yield "a decimal", decimal.Decimal(2)
    yield "a fraction", fractions.Fraction(2)
    yield "a huge whole number", 10**400
    yield "a date", full(np.datetime64("2026-11-20"))
    yield "a masked entry", _masked(np.ones(shape))
    yield "NotImplemented", NotImplemented


def _returning(value):
    return lambda *inputs: value


def _raising(good, error, after=0):
    """A function that works a few times, and then raises; its `raised` says whether it came to that."""
    calls = []

    def readers_line(*inputs):
        calls.append(1)
        if len(calls) > after:
            readers_line.raised = True
            raise error
        return good(*inputs)

    readers_line.error, readers_line.raised = error, False
    return readers_line


def _turning(good, value, after):
    """A function that works a few times, and then returns something else."""
    calls = []

    def readers_line(*inputs):
        calls.append(1)
        return good(*inputs) if len(calls) <= after else value

    return readers_line


def _overwriting(good):
    def readers_line(*inputs):
        answer = good(*inputs)
        for part in inputs:
            if isinstance(part, np.ndarray):
                part[...] = 7.0
        return answer

    return readers_line


def nothing(good, unwanted=None):
    """An argument that is left alone, since it has no meaning in this call; a value that would be good elsewhere."""
    if unwanted is not None:
        yield "given in vain", unwanted, REFUSED


def function(good, shape=(), wrong=((3,), (2, 2)), calls=True):
    """A function whose values have a shape; wrong are some shapes that they must not have."""
    yield from not_callable(good)
    for error in (ReadersError("mine"), TypeError("mine"), IndexError("mine"), NameError("mine"), KeyError("mine")):
        yield f"raises {type(error).__name__}", _raising(good, error), PASSES
    for error in (ValueError("mine"), ZeroDivisionError("mine"), OverflowError("mine"), np.linalg.LinAlgError("mine")):
        yield f"raises {type(error).__name__}", _raising(good, error), PASSES
    yield "takes no arguments", lambda: 1.0, PASSES
    for after in (1, 3, 10):
        yield f"raises after {after} calls", _raising(good, ReadersError("mine"), after), PASSES
    if not calls:
        return
    for label, value in bad_returns(shape):
        yield f"returns {label}", _returning(value), REFUSED
    for form in wrong:
        yield f"returns an array of shape {form}", _returning(np.ones(form)), REFUSED
    for after in (1, 3, 10):
        for label, value in (
            ("nan", np.nan),
            ("infinity", np.inf),
            ("None", None),
            ("a string", "3"),
            ("complex", 1 + 2j),
        ):
            shaped = np.full(shape, value) if isinstance(value, float) else value
            yield f"returns {label} after {after} calls", _turning(good, shaped, after), SOUND
    yield "overwrites its input", _overwriting(good), UNTOUCHED
    yield "returns huge numbers", _returning(np.full(shape, 1e308)[()]), SOUND
    yield "returns tiny numbers", _returning(np.full(shape, 5e-324)[()]), SOUND
    yield "returns zeros", _returning(np.zeros(shape)[()]), SOUND
    yield "returns a whole number", _returning(np.ones(shape, int)[()]), SOUND


def any_function(good, shape=()):
    """A function whose values may have any shape."""
    yield from function(good, shape, wrong=())


def callback(good):
    """A function whose value does not count as a number."""
    yield from function(good, calls=False)
