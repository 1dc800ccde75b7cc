"""The tape: what readers write, what is refused, nesting, and the sweep's care with arrays."""

import copy
import math
import threading
import warnings

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.dual import value_and_tangent
from mmlbook.levels import level_of, new_level
from mmlbook.rules import DERIVATIVE, PARTIALS
from mmlbook.tape import Variable, value_and_gradients, value_and_pull_back


def gradient(f, *inputs):
    gradients = value_and_gradients(f, *inputs)[1]
    return gradients[0] if len(inputs) == 1 else gradients


# Numbers


@pytest.mark.parametrize(
    "f, exact",
    [
        (lambda x: x, lambda x: 1.0),
        (lambda x: +x, lambda x: 1.0),
        (lambda x: -x, lambda x: -1.0),
        (lambda x: x + 2, lambda x: 1.0),
        (lambda x: 2 + x, lambda x: 1.0),
        (lambda x: x - 2, lambda x: 1.0),
        (lambda x: 2 - x, lambda x: -1.0),
        (lambda x: 3 * x, lambda x: 3.0),
        (lambda x: x * 3.0, lambda x: 3.0),
        (lambda x: x / 4, lambda x: 0.25),
        (lambda x: 4 / x, lambda x: -4 / x**2),
        (lambda x: x**3, lambda x: 3 * x**2),
        (lambda x: x**-1, lambda x: -1 / x**2),
        (lambda x: x**0.5, lambda x: 0.5 / math.sqrt(x)),
        (lambda x: x**0, lambda x: 0.0),
        (lambda x: 2**x, lambda x: math.log(2) * 2**x),
        (lambda x: x**x, lambda x: x**x * (math.log(x) + 1)),
        (lambda x: x - x * x, lambda x: 1 - 2 * x),
        (lambda x: x / (1 + x), lambda x: 1 / (1 + x) ** 2),
        (lambda x: x % 1.0, lambda x: 1.0),
        (lambda x: 10 % x, lambda x: -math.floor(10 / x)),
        (lambda x: x // 0.5 + x, lambda x: 1.0),
        (lambda x: 7 // x, lambda x: 0.0),
        (lambda x: abs(x) + abs(-x), lambda x: 2.0),
        (lambda x: max(x, 1.0) + min(x, 5), lambda x: 2.0),
        (lambda x: np.float64(3) * x + x * np.float64(2), lambda x: 5.0),
        (lambda x: np.int64(3) - x, lambda x: -1.0),
        (lambda x: np.float32(0.5) * x, lambda x: 0.5),
        (lambda x: x * True, lambda x: 1.0),
        (lambda x: np.sin(x), math.cos),
        (lambda x: np.exp(np.sin(x)) * x, lambda x: math.exp(math.sin(x)) * (1 + x * math.cos(x))),
        (lambda x: np.sum(x) * np.mean(x) * np.max(x), lambda x: 3 * x**2),
        (lambda x: np.linalg.norm(np.stack([x, x])), lambda x: math.sqrt(2)),
        (lambda x: np.where(x > 0, x**2, 0.0), lambda x: 2 * x),
        (lambda x: np.dot(x, x) + np.abs(x), lambda x: 2 * x + 1),
        (lambda x: np.logaddexp(x, 0.0), lambda x: 1 / (1 + math.exp(-x))),
        (lambda x: np.clip(x, 0.0, 10.0), lambda x: 1.0),
        (lambda x: np.reshape(x, (1, 1))[0, 0] * np.atleast_1d(x)[0], lambda x: 2 * x),
        (lambda x: round(x) + np.floor(x) + np.sign(x) * x, lambda x: 1.0),
        (lambda x: np.full(3, 2.0) @ np.stack([x, x, x]), lambda x: 6.0),
        (lambda x: 5.0, lambda x: 0.0),
        (lambda x: 3, lambda x: 0.0),
        (lambda x: np.array(2.0), lambda x: 0.0),
    ],
)
@pytest.mark.parametrize("x", [1.3, 2.5])
def test_functions_of_a_number(f, exact, x):
    value, (slope,) = value_and_gradients(f, x)
    assert type(value) is float and type(slope) is float
    assert value == f(x)
    assert slope == pytest.approx(exact(x), rel=1e-14, abs=1e-15)


def test_the_three_spelt_out_operators_have_the_slopes_of_the_table():
    for ufunc, f in (
        (np.add, lambda a, b: a + b),
        (np.subtract, lambda a, b: a - b),
        (np.multiply, lambda a, b: a * b),
    ):
        expected = tuple(by(1.7, 0.6, float(ufunc(1.7, 0.6))) for by in PARTIALS[ufunc])
        assert gradient(f, 1.7, 0.6) == expected
        assert gradient(lambda a, f=f: f(a, 0.6), 1.7) == expected[0]
        assert gradient(lambda a, f=f: f(a, 6), 1.7) == PARTIALS[ufunc][0](1.7, 6, None)
        assert gradient(lambda b, f=f: f(1.7, b), 0.6) == expected[1]
        assert gradient(lambda b, f=f: f(6, b), 0.6) == PARTIALS[ufunc][1](6, 0.6, None)


@pytest.mark.parametrize("ufunc", DERIVATIVE, ids=lambda ufunc: ufunc.__name__)
def test_every_function_of_one_input(ufunc):
    x = 1.7 if ufunc is np.arccosh else 0.6
    expected = DERIVATIVE[ufunc](x, float(ufunc(x)))
    assert gradient(ufunc, x) == pytest.approx(expected, rel=1e-15)
    places = np.array([x, x + 0.1])
    u = np.array([2.0, -3.0])
    _, pull_back = value_and_pull_back(ufunc, places)
    np.testing.assert_allclose(pull_back(u)[0], u * DERIVATIVE[ufunc](places, ufunc(places)), rtol=1e-15)


@pytest.mark.parametrize("ufunc", PARTIALS, ids=lambda ufunc: ufunc.__name__)
def test_every_function_of_two_inputs(ufunc):
    a, b = np.array([1.7, 0.4, 2.0]), np.array([0.6, 1.1, 0.3])
    y = ufunc(a, b)
    expected = [rule(a, b, y) * np.ones(3) for rule in PARTIALS[ufunc]]
    u = np.array([2.0, -3.0, 0.5])
    _, pull_back = value_and_pull_back(ufunc, a, b)
    for got, slope in zip(pull_back(u), expected, strict=True):
        np.testing.assert_allclose(got, u * slope, rtol=1e-15)
    for i in range(3):
        got = gradient(ufunc, float(a[i]), float(b[i]))
        assert got == pytest.approx([slope[i] for slope in expected], rel=1e-14)
        assert gradient(lambda x, i=i: ufunc(x, b[i]), float(a[i])) == pytest.approx(expected[0][i], rel=1e-14)
        assert gradient(lambda x, i=i: ufunc(a[i], x), float(b[i])) == pytest.approx(expected[1][i], rel=1e-14)


def test_against_sympy():
    x, y = sympy.symbols("x y")
    formula = sympy.exp(sympy.sin(x * y)) / (1 + x**2) + sympy.atan2(y, x) * sympy.tanh(x - y) + sympy.sqrt(x) ** y

    def f(x, y):
        return np.exp(np.sin(x * y)) / (1 + x**2) + np.arctan2(y, x) * np.tanh(x - y) + np.sqrt(x) ** y

    for place in ((0.7, 1.3), (2.0, -0.4)):
        exact = [float(sympy.diff(formula, z).evalf(30, subs={x: place[0], y: place[1]})) for z in (x, y)]
        assert gradient(f, *place) == pytest.approx(exact, rel=1e-13)


def test_branches_and_loops():
    def f(x):
        y = x
        while y < 100:
            y = y * x if y > 10 else y + x
        return y

    assert value_and_gradients(f, 3.0) == (108.0, (4 * 3 * 3**2,)) or gradient(f, 3.0) == 4 * 3 * 3**2
    assert gradient(lambda x: -x if x < 0 else 2 * x, -1.0) == -1
    assert gradient(lambda x: 1.0 if x == 2 else x, 2.0) == 0
    assert gradient(lambda x: 1.0 if x != 2 else x, 2.0) == 1
    assert gradient(lambda x: x if x >= 2 and x >= 2 and not x > 2 and x <= 2 else 7.0, 2.0) == 1


def test_answers_about_values_are_plain():
    def f(x, y):
        for answer in (x > 0, x == y, x != y, x <= 2.0, x > 2.0, np.isfinite(x), np.isnan(x), np.less(x, y), bool(x)):
            assert isinstance(answer, bool | np.bool)
        assert np.any(x > 0) and np.all(x < 5) and np.isclose(x, 2.0) and not np.allclose(x, y)
        assert np.shape(x) == () and x.ndim == 0 and x.size == 1 and np.ndim(x) == 0 and np.size(y) == 1
        assert type(np.zeros_like(x)) is np.ndarray and type(np.sign(x)) is np.float64
        return x * y

    assert gradient(f, 2.0, 3.0) == (3.0, 2.0)

    def g(x):
        assert (x > 1).tolist() == [[False, True], [True, True]] == (x > 1).tolist()
        assert x.shape == (2, 2) and x.ndim == 2 and x.size == 4 and len(x) == 2 and x.dtype == float
        assert np.argmax(x) == 3 and x.argmin() == 0 and np.argsort(x[1]).tolist() == [0, 1] and x.any() and x.all()
        assert type(np.ones_like(x)) is np.ndarray and np.count_nonzero(x) == 4
        assert [place.tolist() for place in np.where(x)] == [[0, 0, 1, 1], [0, 1, 0, 1]]
        assert np.where(x - 1, 5.0, 6.0).tolist() == [[6, 5], [5, 5]]
        assert np.array_equal(x, x) and np.isfinite(x).all() and (x == x).all() and not (x != x).any()
        assert [type(row) for row in x] == [Variable, Variable]
        return np.sum(x[x > 1])

    np.testing.assert_array_equal(gradient(g, np.array([[1.0, 2.0], [3.0, 4.0]])), [[0, 1], [1, 1]])


def test_a_variable_prints_its_value():
    seen = []
    gradient(lambda x: seen.append((repr(x), str(x), f"{x:.2f}")) or x, 1.5)
    gradient(lambda x: seen.append(repr(x)) or x[0], np.array([1.0, 2.0]))
    assert seen == [("Variable(1.5)", "Variable(1.5)", "1.50"), "Variable(array([1., 2.]))"]


# Arrays


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@pytest.mark.parametrize("n", [2, 3, 10, 1000])
def test_rosenbrock(n):
    x = np.random.default_rng(n).normal(size=n)
    expected = np.zeros(n)
    expected[1:] += 200 * (x[1:] - x[:-1] ** 2)
    expected[:-1] += -400 * (x[1:] - x[:-1] ** 2) * x[:-1] - 2 * (1 - x[:-1])
    value, (got,) = value_and_gradients(rosenbrock, x)
    assert value == rosenbrock(x)
    np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-11)
    in_a_loop = gradient(lambda x: sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(n - 1)), x)
    np.testing.assert_allclose(in_a_loop, expected, rtol=1e-13, atol=1e-11)


def test_least_squares_by_hand():
    random = np.random.default_rng(3)
    design, y, w = random.normal(size=(20, 3)), random.normal(size=20), random.normal(size=3)
    expected = -2 * design.T @ (y - design @ w)
    for f in (lambda w: np.sum((y - design @ w) ** 2), lambda w: (y - design @ w) @ (y - design @ w)):
        np.testing.assert_allclose(gradient(f, w), expected, rtol=1e-13)


def test_softmax_with_cross_entropy_by_hand():
    random = np.random.default_rng(4)
    z, label = random.normal(size=(6, 4)), random.integers(4, size=6)

    def cost(z):
        top = np.max(z, axis=1, keepdims=True)
        return np.mean(np.log(np.sum(np.exp(z - top), axis=1)) + top[:, 0] - z[np.arange(6), label])

    share = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(gradient(cost, z), (share - np.eye(4)[label]) / 6, rtol=1e-13, atol=1e-15)


def test_several_inputs_of_several_shapes():
    value, (a, b, c) = value_and_gradients(
        lambda a, b, c: np.sum(a * b[:, None]) + 0 * c[0, 1], 2.0, np.ones(3), np.ones((2, 2))
    )
    assert value == 6 and type(a) is float and a == 3
    np.testing.assert_array_equal(b, [2, 2, 2])
    np.testing.assert_array_equal(c, np.zeros((2, 2)))
    assert [np.shape(g) for g in gradient(lambda a, b: 1.0, 2.0, np.ones(3))] == [(), (3,)]
    assert gradient(lambda a, b: a, 2.0, np.ones(3))[1].tolist() == [0, 0, 0]


def test_integers_and_coarse_constants():
    weights = np.array([1, 2, 3])
    got = gradient(lambda x: np.sum(weights * x**weights + x * np.float32(2) + x * [1, 2, 3]), np.full(3, 2.0))
    np.testing.assert_allclose(got, [1 + 2 + 1, 2 * 2 * 2 + 2 + 2, 3 * 3 * 4 + 2 + 3])
    np.testing.assert_array_equal(gradient(lambda x: np.sum(x @ np.arange(6).reshape(3, 2)), np.ones(3)), [1, 5, 9])


def test_in_place_operators_rebind():
    x = np.array([1.0, 2.0])

    def f(x):
        y = x
        y += 1
        y *= x
        y /= 2
        y -= x
        y **= 2
        total = 0.0
        for entry in y:
            total += entry
        return total

    np.testing.assert_allclose(gradient(f, x), 2 * ((x + 1) * x / 2 - x) * ((2 * x + 1) / 2 - 1))
    np.testing.assert_array_equal(x, [1, 2])


def test_an_index_may_change_after_its_use():
    def f(x):
        index = np.array([0, 1])
        y = np.sum(x[index] ** 2)
        index[:] = 2
        z = np.sum(x[(index,)])
        index[:] = 0
        return y + z

    np.testing.assert_array_equal(gradient(f, np.array([1.0, 2.0, 3.0])), [2, 4, 2])


def test_copies_stay_on_the_tape():
    def f(x):
        return copy.copy(x) * copy.deepcopy([x])[0]

    assert gradient(f, 3.0) == 6


# Places and slopes: what is made from one variable stands at its place


def test_a_number_made_from_one_variable_needs_no_entry():
    def f(x):
        tape, before = x.tape, len(x.tape)
        y = 1.0 - np.sin(2 * (x + 3) / 4 - 5) ** 2
        assert len(tape) == before and y.index == x.index == 0
        assert y.slope == pytest.approx(-math.sin(2 * (0.3 + 3) / 2 - 10) / 2, rel=1e-14)
        return y

    assert gradient(f, 0.3) == pytest.approx(-math.sin(2 * (0.3 + 3) / 2 - 10) / 2, rel=1e-14)


def test_a_place_of_its_own_is_made_once_and_only_where_it_is_needed():
    def f(x):
        tape, y = x.tape, 3 * x
        assert (y.index, y.slope, len(tape)) == (0, 3.0, 1)
        total = y + 1
        assert (total.index, total.slope) == (0, 3.0)
        assert x.place() == 0 and len(tape) == 1
        assert y.place() == 1 == y.place() and y.slope == 1.0 and len(tape) == 2
        return np.sum(np.stack([y, total, x]))

    assert gradient(f, 2.0) == 7
    f_of_array = lambda x: np.sum(np.sin(2 * x)) + np.sum(2 * x) + (2 * x)[0] * (3 - 2 * x[1])  # noqa: E731
    x = np.array([0.3, 0.7])
    expected = 2 * np.cos(2 * x) + 2 + np.array([2 * (3 - 1.4), -2 * 0.6])
    np.testing.assert_allclose(gradient(f_of_array, x), expected, rtol=1e-14)


@pytest.mark.parametrize(
    "f, exact",
    [
        (lambda x, y: np.sum((2 - 3 * x) * (4 * y)), lambda x, y: (-12 * y, 4 * (2 - 3 * x))),
        (lambda x, y: np.sum((5 * x + 2 * y) ** 2), lambda x, y: (10 * (5 * x + 2 * y), 4 * (5 * x + 2 * y))),
        (
            lambda x, y: np.sum((5 * x - 2 * y) ** 3),
            lambda x, y: (15 * (5 * x - 2 * y) ** 2, -6 * (5 * x - 2 * y) ** 2),
        ),
        (lambda x, y: np.sum((-x) ** 2 / 4 + 2 ** (3 * y)), lambda x, y: (x / 2, 3 * math.log(2) * 2 ** (3 * y))),
        (lambda x, y: np.sum((3 * x) / (2 * y)), lambda x, y: (1.5 / y, -1.5 * x / y**2)),
        (lambda x, y: np.sum(np.arctan2(2 * x, -y)), lambda x, y: [d / (4 * x**2 + y**2) for d in (-2 * y, 2 * x)]),
        (lambda x, y: np.sum((2 * x) ** (3 * y)), None),
    ],
)
@pytest.mark.parametrize("kind", [float, np.array])
def test_slopes_of_both_inputs_count(f, exact, kind):
    x, y = (kind(0.4), kind(0.9)) if kind is float else (np.array([0.4, 1.3]), np.array([0.9, 0.2]))
    if exact is None:
        z = (2 * x) ** (3 * y)
        expected = z * 3 * y / x, z * 3 * np.log(2 * x)
    else:
        expected = exact(x, y)
    value, pull_back = value_and_pull_back(f, x, y)
    assert value == pytest.approx(f(x, y), rel=1e-14)
    for _ in range(2):
        for got, slope in zip(pull_back(-2.0), expected, strict=True):
            np.testing.assert_allclose(got, -2 * slope, rtol=1e-13)


# The sweep's care with arrays


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(x),
        lambda x: np.sum(x + x),
        lambda x: np.sum(x + x + x + x) + np.sum(x),
        lambda x: np.sum(x[1:] + x[1:]) + np.sum(x) + x[0] + np.sum(x),
        lambda x: np.sum((x + x) * x) + np.sum(x) + np.sum(x[:2]),
        lambda x: np.sum(x.reshape(3)) + np.sum(x[::-1]) + np.sum(x),
        lambda x: np.sum(np.copy(x)) + x @ np.ones(3),
        lambda x: np.sum(x.reshape(1, 3)[0]),
        lambda x: np.sum(np.broadcast_to(x, (4, 3))),
        lambda x: np.mean(x) + np.mean(x) + np.sum(x * 1.0),
        lambda x: x[0] + x[0] + np.sum(x) + x[1],
        lambda x: np.sum(x) + x[0],
        lambda x: np.sum(-x) - x[0] - x[1],
    ],
)
def test_sums_of_the_same_thing_in_many_ways(f):
    x, step = np.array([1.0, 2.0, 4.0]), 1e-30j
    exact = [f(x + step * row).imag / 1e-30 for row in np.eye(3)]
    _, pull_back = value_and_pull_back(f, x)
    first, second = pull_back(1.0)[0], pull_back(1.0)[0]
    np.testing.assert_allclose(first, exact, rtol=1e-14)
    np.testing.assert_allclose(pull_back(-2.0)[0], -2 * np.array(exact), rtol=1e-14)
    first += 1  # what is given is the caller's own
    np.testing.assert_allclose(second, exact, rtol=1e-14)
    np.testing.assert_array_equal(x, [1, 2, 4])
    np.testing.assert_allclose(gradient(f, x), exact, rtol=1e-14)


@pytest.mark.parametrize("f", [lambda x: x, lambda x: x + 0, lambda x: x.reshape(2, 2), lambda x: x.T, lambda x: x[:]])
def test_what_is_returned_shares_no_memory(f):
    x, u = np.arange(4.0).reshape(2, 2), np.ones((2, 2))
    value, pull_back = value_and_pull_back(f, x)
    (got,) = pull_back(u)
    assert not np.shares_memory(value, x) and not np.shares_memory(got, u)
    got += 5
    value += 7
    np.testing.assert_array_equal(pull_back(u)[0], np.ones((2, 2)))
    np.testing.assert_array_equal(u, np.ones((2, 2)))
    np.testing.assert_array_equal(x, [[0, 1], [2, 3]])


def test_gradients_of_two_inputs_are_two_arrays():
    a, b = gradient(lambda a, b: np.sum((a + b) * np.arange(3.0)), np.ones(3), np.ones(3))
    a += 1
    np.testing.assert_array_equal(b, [0, 1, 2])


def test_constants_are_left_alone():
    k, m = np.array([2.0, 3.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
    gradient(
        lambda x: np.sum(k * x + x * k - k / x + x**k + np.maximum(k, x) + m @ x + np.where(k > 2, k, x)), np.ones(2)
    )
    np.testing.assert_array_equal(k, [2, 3])
    np.testing.assert_array_equal(m, [[1, 2], [3, 4]])


def test_pull_back_of_arrays():
    value, pull_back = value_and_pull_back(lambda a, b: a @ b, np.array([[1.0, 2.0]]), np.array([3.0, 4.0]))
    np.testing.assert_array_equal(value, [11])
    by_a, by_b = pull_back(np.array([10.0]))
    np.testing.assert_array_equal(by_a, [[30, 40]])
    np.testing.assert_array_equal(by_b, [10, 20])
    value, pull_back = value_and_pull_back(lambda x: np.ones(2), 3.0)
    np.testing.assert_array_equal(value, [1, 1])
    assert pull_back(np.ones(2)) == (0.0,)
    assert value_and_pull_back(lambda x: 4, 3.0)[0] == 4.0
    np.testing.assert_array_equal(value_and_pull_back(lambda x: np.array([1, 2]), 3.0)[0], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"cotangent: expected the shape of the value of f, \(2,\), got \(\)"):
        pull_back(1.0)


# Infinite slopes, overflow


def test_no_warning_in_the_sweep_and_infinite_slopes_show():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert gradient(np.sqrt, 0.0) == math.inf
        assert gradient(lambda x: x**0.5, 0.0) == math.inf
        assert gradient(lambda x: x**y0, 0.0) == math.inf
        assert gradient(np.cbrt, 0.0) == math.inf
        assert gradient(np.arcsin, 1.0) == math.inf
        np.testing.assert_array_equal(gradient(lambda x: np.sum(np.sqrt(x)), np.array([0.0, 4.0])), [math.inf, 0.25])
        np.testing.assert_array_equal(gradient(lambda x: np.sum(x**0.5), np.array([0.0, 4.0])), [math.inf, 0.25])
        assert gradient(lambda x: x**-1, 1e-200) == -math.inf
        assert gradient(lambda x: np.hypot(x, 0.0) + np.abs(x), 0.0) == 0
        assert gradient(lambda x: np.tanh(x) + np.arctan(x), 1e200) == 0


y0 = np.float64(0.5)


def test_plain_errors_stay_plain():
    with pytest.raises(ZeroDivisionError):
        gradient(lambda x: 1 / x, 0.0)
    with pytest.raises(IndexError):
        gradient(lambda x: x[3], np.ones(2))
    with pytest.raises(TypeError):
        gradient(lambda x: x[0], 1.0)
    with pytest.raises(TypeError):
        gradient(lambda x: len(x), 1.0)
    with pytest.raises(ValueError, match="broadcast"):
        gradient(lambda x: np.sum(x + np.ones(3)), np.ones(2))
    with pytest.raises(ValueError, match="something else"):
        gradient(lambda x: raise_(ValueError("something else")), 1.0)
    with pytest.raises(TypeError):
        gradient(lambda x: x + "1", 1.0)
    with pytest.raises(TypeError):
        gradient(lambda x: {x: 1}, 1.0)


def raise_(error):
    raise error


# What is refused


def assigns(x):
    y = np.zeros(2)
    y[0] = x[0]
    return np.sum(y)


def assigns_a_row(x):
    y = np.zeros((2, 2))
    y[0] = x
    return np.sum(y)


def assigns_to_input(x):
    x[0] = 1.0
    return np.sum(x)


def adds_into_plain(x):
    y = np.zeros(2)
    y += x
    return np.sum(y)


@pytest.mark.parametrize(
    "f, error, words",
    [
        (lambda x: math.sin(x[0]), TypeError, "np.sin for math.sin"),
        (lambda x: float(x[0]), TypeError, "x for float"),
        (lambda x: int(x[0]), TypeError, "np.floor"),
        (lambda x: np.float64(x[0]), TypeError, "np.stack"),
        (lambda x: np.array([x[0] ** 2, x[1]]), TypeError, "np.stack"),
        (lambda x: np.array([x[0] ** 2, 1.0]), TypeError, "np.stack"),
        (lambda x: np.array([[x[0], x[1]], [1.0, x[0]]]), TypeError, "np.stack"),
        (lambda x: np.array([x, x]), TypeError, "np.stack"),
        (lambda x: np.array([x[0], x[1]], dtype=object), TypeError, "np.stack"),
        (lambda x: np.array(x), TypeError, "np.asarray"),
        (lambda x: np.asarray(x), TypeError, "x itself for np.asarray"),
        (lambda x: np.asarray(x[0]), TypeError, "x itself for np.asarray"),
        (lambda x: np.sum([x[0], x[1]]), TypeError, "np.stack"),
        (lambda x: np.sin([x[0], x[1]]), TypeError, "np.stack"),
        (lambda x: [x[0], x[1]] - x, TypeError, "np.stack"),
        (lambda x: np.r_[x, x], TypeError, "np.stack"),
        (lambda x: np.fromiter(x, float), TypeError, "np.stack"),
        (lambda x: np.vectorize(lambda t: t)(x), TypeError, "np.stack"),
        (assigns, TypeError, "np.stack for np.array or y[i] = x"),
        (assigns_a_row, TypeError, "np.stack for np.array or y[i] = x"),
        (assigns_to_input, TypeError, "np.where"),
        (adds_into_plain, TypeError, "y = y + x"),
        (lambda x: np.add(x, x, out=np.zeros(2)), TypeError, "np.add: cannot write into"),
        (lambda x: np.add(x, x, where=np.array([True, False])), TypeError, "np.where"),
        (lambda x: np.sum(x * 1j), TypeError, "expected real numbers"),
        (lambda x: x[0] * 1j, TypeError, "expected real numbers"),
        (lambda x: (-x[0]) ** 0.5, ValueError, "no real power 0.5"),
        (lambda x: 1.0 if x else 2.0, TypeError, "neither true nor false"),
        (lambda x: [x[0], x[1]], TypeError, "np.stack"),
        (lambda x: (x[0], x[1]), TypeError, "got tuple"),
        (lambda x: None, TypeError, "got None"),
        (lambda x: "one", TypeError, "got 'one'"),
        (lambda x: x > 1, TypeError, "expected a number"),
        (lambda x: 1j, TypeError, "expected a number"),
        (lambda x: x, ValueError, r"got an array of shape (2,); `jacobian`"),
        (lambda x: np.zeros((2, 1)), ValueError, "shape (2, 1)"),
    ],
)
def test_what_is_refused_says_the_way_round(f, error, words):
    with pytest.raises(error) as caught:
        value_and_gradients(f, np.array([2.0, 3.0]))
    assert words in str(caught.value)
    assert str(caught.value).startswith(("f: ", "np."))
    if words not in ("np.where",):
        with pytest.raises(error):  # the same inside another derivative
            value_and_gradients(lambda z: value_and_gradients(f, z * np.array([2.0, 3.0]))[0], 1.0)


def test_nothing_becomes_an_array_of_objects():
    def f(x):
        for results in (x[0] * np.ones(2), np.ones(2) * x[0], np.ones(2) - x, [1.0, 2.0] * x, np.stack([x[0], 1.0])):
            assert type(results) is Variable and results.value.dtype == float
        for number in (
            np.float64(2) * x[0],
            2 / x[0],
            np.ones(2) @ x,
            np.sum(x),
            np.max(x),
            x[0] ** x[1],
            np.sin(x[0]),
        ):
            assert type(number) is Variable and type(number.value) is float
        return x[0]

    gradient(f, np.array([1.0, 2.0]))


def test_a_variable_does_not_outlive_its_run():
    kept = []
    gradient(lambda x: kept.append(x) or x, 1.0)
    with pytest.raises(RuntimeError, match="earlier run"):
        gradient(lambda x: x * kept[0], 2.0)
    with pytest.raises(RuntimeError, match="earlier run"):
        gradient(lambda x: kept[0], 2.0)


# Nesting


def test_levels():
    outside, inside, later = new_level(), new_level(), new_level()
    assert 0 < outside < inside < later
    assert level_of(1.0) == level_of(np.ones(2)) == 0


def test_perturbations_are_not_confused():
    """d/dx (x * d/dy (x + y)) is 1, not 2."""
    assert gradient(lambda x: x * gradient(lambda y: x + y, 1.0), 1.0) == 1
    assert gradient(lambda x: x * gradient(lambda y: y * x, 5.0), 3.0) == 6
    assert gradient(lambda x: gradient(lambda y: x * y**2, x), 3.0) == 4 * 3.0
    assert gradient(lambda x: gradient(lambda y: 7 * y, 1.0) + x, 3.0) == 1
    assert gradient(lambda x: gradient(lambda y: x**2, 1.0) + 0 * x, 3.0) == 0
    assert value_and_gradients(lambda x: value_and_gradients(lambda y: x * x, 1.0)[0], 3.0) == (9.0, (6.0,))


def test_derivatives_of_high_order():
    def derivative(f):
        return lambda x: gradient(f, x)

    f, exact = np.sin, [np.sin, np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x)]
    for order in range(5):
        assert f(0.7) == pytest.approx(exact[order % 4](0.7), rel=1e-14)
        f = derivative(f)
    f = derivative(derivative(derivative(lambda x: x**5 / (1 + x))))
    x = sympy.Symbol("x")
    assert f(1.5) == pytest.approx(float(sympy.diff(x**5 / (1 + x), x, 3).subs(x, sympy.Rational(3, 2))), rel=1e-13)
    for ufunc, formula in (
        (np.tanh, sympy.tanh(x)),
        (np.arctan, sympy.atan(x)),
        (np.expm1, sympy.exp(x)),
        (np.tan, sympy.tan(x)),
    ):
        got = derivative(derivative(derivative(ufunc)))
        for place in (0.0, 0.4, -1.2):
            exact = float(sympy.diff(formula, x, 3).evalf(30, subs={x: place}))
            assert got(place) == pytest.approx(exact, rel=1e-12, abs=1e-14)


def test_hessian_of_rosenbrock():
    x = np.array([0.5, -1.0, 2.0, 0.3])
    symbols = sympy.symbols("x0:4")
    formula = sum(100 * (symbols[i + 1] - symbols[i] ** 2) ** 2 + (1 - symbols[i]) ** 2 for i in range(3))
    exact = np.array(sympy.hessian(formula, symbols).subs(dict(zip(symbols, x, strict=True))), dtype=float)
    _, pull_back = value_and_pull_back(lambda x: gradient(rosenbrock, x), x)
    np.testing.assert_allclose([pull_back(row)[0] for row in np.eye(4)], exact, rtol=1e-13)

    def in_a_loop(x):
        return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(3))

    _, pull_back = value_and_pull_back(lambda x: gradient(in_a_loop, x), x)
    np.testing.assert_allclose([pull_back(row)[0] for row in np.eye(4)], exact, rtol=1e-13)


def test_a_pull_back_can_itself_be_differentiated():
    """pull_back(u) is linear in u: its gradient by u is the Jacobian."""
    x = np.array([0.3, 0.7])
    _, pull_back = value_and_pull_back(lambda x: np.stack([x[0] * x[1], np.sin(x[0])]), x)
    jacobian = np.array([[0.7, 0.3], [np.cos(0.3), 0.0]])
    _, twice = value_and_pull_back(lambda u: pull_back(u)[0], np.ones(2))
    np.testing.assert_allclose(twice(np.array([1.0, 0.0]))[0], jacobian[:, 0], rtol=1e-15)
    np.testing.assert_allclose(twice(np.array([0.0, 1.0]))[0], jacobian[:, 1], atol=1e-15)


def test_arrays_of_two_levels_meet():
    a, b = np.array([1.0, 2.0]), np.array([[3.0, 4.0], [5.0, 6.0]])

    def outer(x):
        def inner(y):
            return np.sum(np.where(b > 3, x * y @ b, np.maximum(x, y)) + np.stack([x, y]) + x[0] * y)

        slopes = gradient(inner, np.array([0.5, 3.0]))
        return np.sum(slopes * slopes)

    exact = [(outer(a + step) - outer(a - step)) / 2e-6 for step in 1e-6 * np.eye(2)]
    np.testing.assert_allclose(gradient(outer, a), exact, rtol=1e-8)


def test_dual_numbers_and_tapes_nest_in_any_order():
    def f(x):
        y = np.linalg.solve(np.outer(x, x) + np.eye(4), np.sin(x))
        z = np.where(x > 0, np.maximum(x, y), np.tanh(y))
        total = (
            np.sum(np.sort(z) * np.cumsum(x)) + np.linalg.norm(x) * np.std(x) + np.prod(x) + np.logaddexp(x[0], x[1])
        )
        total += np.max(np.stack([x, y], 1) @ np.ones(2)) + np.einsum("i,j->", x, y) + x[[0, 0, 2]].sum() ** 2
        total += (
            np.concatenate([x, y])[2] * x[1] ** 3 + x[0] ** x[3] + np.arctan2(x[0], x[2]) * np.mean(np.diff(x) ** 2)
        )
        return total + np.linalg.det(np.outer(x, x) + np.eye(4)) + np.mean(x[1:, None] * x[None, :2])

    x, v = np.array([0.5, -1.0, 2.0, 0.3]), np.array([1.0, 2.0, 3.0, 4.0])
    twice_back = gradient(lambda x: np.sum(gradient(f, x) * v), x)
    slope, forward_last = value_and_tangent(lambda x: gradient(f, x), x, v)
    np.testing.assert_allclose(slope, gradient(f, x), rtol=1e-15)
    np.testing.assert_allclose(forward_last, twice_back, rtol=1e-13)
    forward_first = gradient(lambda x: value_and_tangent(f, x, v)[1], x)
    np.testing.assert_allclose(forward_first, twice_back, rtol=1e-13)
    assert value_and_tangent(f, x, v)[1] == pytest.approx(gradient(f, x) @ v, rel=1e-13)
    thrice = gradient(lambda x: value_and_tangent(lambda x: gradient(f, x), x, v)[1] @ v, x)
    also = value_and_tangent(lambda x: gradient(lambda x: value_and_tangent(f, x, v)[1], x), x, v)[1]
    np.testing.assert_allclose(thrice, also, rtol=1e-11)


def test_threads_do_not_meet():
    results = {}

    def work(k):
        for _ in range(50):
            results[k] = gradient(lambda x: gradient(lambda y: x * y**2 * k, x), 3.0)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {k: 12.0 * k for k in range(4)}


# Laws

reals = st.floats(-3, 3)
quick = settings(max_examples=50, deadline=None)
FUNCTIONS = [np.sin, np.exp, np.tanh, np.arctan, np.square, np.cosh, lambda x: x**3 - x, lambda x: 1 / (2 + x**2)]
functions = st.sampled_from(FUNCTIONS)


@quick
@given(f=functions, g=functions, p=reals, q=reals, x=reals)
def test_linearity(f, g, p, q, x):
    both = gradient(lambda x: p * f(x) + q * g(x), x)
    parts = p * gradient(f, x), q * gradient(g, x)
    assert both == pytest.approx(sum(parts), abs=1e-13 * (1 + sum(map(abs, parts))))


@quick
@given(f=functions, g=functions, x=reals)
def test_product_rule(f, g, x):
    parts = gradient(f, x) * g(x), f(x) * gradient(g, x)
    assert gradient(lambda x: f(x) * g(x), x) == pytest.approx(sum(parts), abs=1e-13 * (1 + sum(map(abs, parts))))


@quick
@given(f=functions, x=reals)
def test_quotient_rule(f, x):
    bottom = f(x) ** 2 + 1
    expected = (bottom - x * 2 * f(x) * gradient(f, x)) / bottom**2
    got = gradient(lambda x: x / (f(x) ** 2 + 1), x)
    assert got == pytest.approx(expected, abs=1e-12 * (1 + abs(expected) + abs(x * f(x) * gradient(f, x)) / bottom**2))


@quick
@given(f=functions, g=functions, x=reals)
def test_chain_rule(f, g, x):
    inner = np.sin(g(x))
    expected = gradient(f, float(inner)) * math.cos(g(x)) * gradient(g, x)
    assert gradient(lambda x: f(np.sin(g(x))), x) == pytest.approx(expected, rel=1e-11, abs=1e-12)


@quick
@given(f=functions, values=st.lists(reals, min_size=1, max_size=6))
def test_arrays_are_differentiated_entry_by_entry(f, values):
    got = gradient(lambda x: np.sum(f(x)), np.array(values))
    np.testing.assert_allclose(got, [gradient(f, x) for x in values], rtol=1e-14, atol=1e-15)
    one_by_one = gradient(lambda x: sum(f(entry) for entry in x), np.array(values))
    np.testing.assert_allclose(one_by_one, got, rtol=1e-14, atol=1e-15)


@quick
@given(f=functions, g=functions, x=reals, y=reals)
def test_mixed_derivatives_do_not_depend_on_the_order(f, g, x, y):
    def both(x, y):
        return f(x * y) * g(x - y)

    first = gradient(lambda x: gradient(lambda y: both(x, y), y), x)
    second = gradient(lambda y: gradient(lambda x: both(x, y), x), y)
    assert first == pytest.approx(second, rel=1e-10, abs=1e-10)


@quick
@given(
    x=st.lists(reals, min_size=2, max_size=5),
    u=st.lists(reals, min_size=5, max_size=5),
    v=st.lists(reals, min_size=5, max_size=5),
)
def test_a_pull_back_is_linear(x, u, v):
    x = np.array(x)
    u, v = np.array(u[: len(x)]), np.array(v[: len(x)])
    _, pull_back = value_and_pull_back(lambda x: np.cumsum(np.sin(x)) * x[::-1], x)
    (together,) = pull_back(2 * u - v)
    np.testing.assert_allclose(together, 2 * pull_back(u)[0] - pull_back(v)[0], atol=1e-12)
