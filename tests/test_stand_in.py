"""What stands in for numbers and arrays: it answers as they do, alike in every mode, and refuses the same."""

import math
import operator

import numpy as np
import pytest

from mmlbook.dual import value_and_tangent
from mmlbook.gradient import derivative, gradient
from mmlbook.sparse_dual import SparseDual
from mmlbook.tape import value_and_pull_back

ARRAY = np.array([[3.0, -1.0, 2.0], [0.5, 4.0, 7.0]])
MODES = {
    "forward": lambda f, x: value_and_tangent(f, x, np.ones(np.shape(x)) if np.ndim(x) else 1.0),
    "reverse": lambda f, x: value_and_pull_back(f, x),
    "sparse": lambda f, x: f(SparseDual(x, {0: (1.0, None)})),
    "forward in reverse": lambda f, x: value_and_pull_back(lambda x: MODES["forward"](f, x)[0], x),
    "reverse in forward": lambda f, x: MODES["forward"](lambda x: value_and_pull_back(f, x)[0], x),
}
modes = pytest.mark.parametrize("mode", MODES.values(), ids=MODES)


def seen(mode, answer, x):
    """What a function sees of the stand-in for x."""
    answers = []
    mode(lambda x: answers.append(answer(x)) or 1.0, x)
    return answers[0]


def stands_for(x):
    """The plain numbers inside."""
    while hasattr(x, "value"):
        x = x.value
    return x


@modes
@pytest.mark.parametrize("x", [2.5, ARRAY], ids=["number", "array"])
def test_it_has_what_arrays_have(mode, x):
    def look(x):
        return x.shape, x.ndim, x.size, x.dtype

    assert seen(mode, look, x) == look(np.asarray(x))
    assert seen(mode, lambda x: +x is x, x)


@modes
def test_comparisons_are_those_of_the_values(mode):
    for compare in (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge):
        for other in (2, 2.0, 3.0, np.float64(1.0)):
            assert seen(mode, lambda x, c=compare, y=other: (c(x, y), c(y, x)), 2.0) == (
                compare(2.0, other),
                compare(other, 2.0),
            )
        assert seen(mode, lambda x, c=compare: (c(x, x), c(x, x + 1.0), c(x + 1.0, x)), 2.0) == (
            compare(2.0, 2.0),
            compare(2.0, 3.0),
            compare(3.0, 2.0),
        )
        for other in (2.0, ARRAY[0], ARRAY[:, :1]):
            answer = seen(mode, lambda x, c=compare, y=other: c(x, y), ARRAY)
            assert type(answer) is np.ndarray and answer.dtype == bool
            np.testing.assert_array_equal(answer, compare(ARRAY, other))


def test_comparisons_across_levels():
    slope = derivative(lambda x: x * derivative(lambda y: y * x if y > x else -y * x)(3.0))
    assert slope(2.0) == 4.0 and slope(4.0) == -8.0
    slope = gradient(lambda x: x * derivative(lambda y: y * x if x < y else -y * x)(3.0))
    assert slope(2.0) == 4.0 and slope(4.0) == -8.0
    slope = derivative(lambda x: x * gradient(lambda y: y * x if y >= x else -y * x)(3.0))
    assert slope(2.0) == 4.0 and slope(4.0) == -8.0


@modes
def test_whether_it_is_zero(mode):
    assert seen(mode, bool, 2.0) is True and seen(mode, bool, 0.0) is False
    for x in (np.array([1.0]), ARRAY):
        with pytest.raises(TypeError, match=r"^f: an array is neither true nor false; use np\.where"):
            seen(mode, bool, x)


@modes
def test_its_rows(mode):
    assert seen(mode, len, ARRAY) == 2 and seen(mode, len, ARRAY.T) == 3
    for ask in (len, list):
        with pytest.raises(TypeError, match=r"^f: one number has no length$"):
            seen(mode, ask, 2.0)
    if mode is not MODES["sparse"]:
        rows = seen(mode, list, ARRAY)
        np.testing.assert_array_equal([stands_for(row) for row in rows], ARRAY)


@modes
def test_as_text_and_rounded(mode):
    assert seen(mode, lambda x: f"{x:.2f}", 2.625) == "2.62"
    assert seen(mode, lambda x: f"{x}" == repr(x), 2.625)
    assert seen(mode, round, 2.625) == 3 and seen(mode, lambda x: round(x, 1), 2.625) == 2.6


@modes
def test_it_cannot_be_a_key(mode):
    with pytest.raises(TypeError, match="unhashable"):
        seen(mode, hash, 2.0)


METHODS = [
    *("all", "any", "argmax", "argmin", "argsort", "copy", "cumprod", "cumsum", "diagonal", "flatten", "max", "mean"),
    *("min", "prod", "ravel", "round", "squeeze", "std", "sum", "trace", "transpose", "var"),
]
CALLS = {
    **{name: operator.methodcaller(name) for name in METHODS},
    **{f"{name} axis": operator.methodcaller(name, axis=1) for name in ("sum", "max", "argmin", "cumsum", "std")},
    "clip": lambda x: x.clip(0.0, 3.0),
    "dot": lambda x: x.dot(np.ones(3)),
    "repeat": lambda x: x.repeat(2, axis=0),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "take": lambda x: x.take([2, 0], axis=1),
    "T": lambda x: x.T,
    "transpose axes": lambda x: x.transpose(1, 0),
    "transpose a tuple": lambda x: x.transpose((1, 0)),
    "transpose None": lambda x: x.transpose(None),
    "reshape": lambda x: x.reshape(3, 2),
    "reshape to a tuple": lambda x: x.reshape((3, 2)),
    "reshape to a row": lambda x: x.reshape(-1),
    "reshape in columns": lambda x: x.reshape(3, 2, order="F"),
    "x @ y": lambda x: x @ np.ones(3),
    "y @ x": lambda x: np.ones(2) @ x,
    "list @ x": lambda x: [1.0, 2.0] @ x,
    "x // y": lambda x: x // 2.0,
    "y // x": lambda x: 5.0 // x,
}


@pytest.mark.parametrize("mode", [mode for name, mode in MODES.items() if name != "sparse"])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_methods_and_operators_are_those_of_arrays(mode, call):
    np.testing.assert_allclose(stands_for(seen(mode, call, ARRAY)), call(ARRAY), rtol=1e-15)


def test_the_range_of_an_array():
    for mode in (MODES["forward"], MODES["reverse"]):
        assert stands_for(seen(mode, lambda x: x.ptp(), ARRAY)) == 8.0


def assign(x):
    y = np.zeros(2)
    y[0] = x


REFUSED = {
    "float": (float, "^f: a plain float has no derivative: use np.sin for math.sin"),
    "complex": (complex, "^f: a plain float has no derivative"),
    "math.sin": (math.sin, "use np.sin for math.sin"),
    "int": (int, r"^f: a whole number has no derivative: use np\.floor"),
    "range": (range, "plain numbers as indices"),
    "np.array": (lambda x: np.array([x, x]), "^f: a plain array has no derivative: use np.stack for np.array"),
    "np.asarray": (np.asarray, r"x itself for np\.asarray"),
    "x[0] = 1": (lambda x: operator.setitem(x, 0, 1.0), "^f: entries cannot be replaced here: build a new array with"),
}


@modes
@pytest.mark.parametrize("f, words", REFUSED.values(), ids=REFUSED)
def test_what_would_lose_the_derivative_is_refused(mode, f, words):
    with pytest.raises(TypeError, match=words):
        seen(mode, f, 2.0)


@pytest.mark.parametrize("transform", [derivative, gradient])
def test_both_transforms_name_the_way_round_for_entries_of_plain_arrays(transform):
    with pytest.raises(TypeError, match=r"^f: a plain .*np\.stack"):
        transform(lambda x: assign(x) or x)(2.0)


def test_a_dual_number_and_a_variable_are_refused_in_the_same_words():
    for f, _ in REFUSED.values():
        words = set()
        for mode in MODES.values():
            with pytest.raises(TypeError) as caught:
                seen(mode, f, 2.0)
            words.add(str(caught.value))
        assert len(words) == 1
