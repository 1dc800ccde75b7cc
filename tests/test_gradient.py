"""Transforms: exact derivatives, shapes, laws, nesting, refusals, and the check of gradients."""

import importlib
import itertools
import math
import re
import threading
import warnings

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mmlbook.gradient import (
    GradientCheck,
    check_gradient,
    derivative,
    directional_derivative,
    gradient,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_gradient,
    vjp,
)

transforms = importlib.import_module("mmlbook.gradient")  # `mmlbook.gradient` is the function, once mmlbook is imported

# Exact derivatives, from SymPy

SYMBOLS = sympy.symbols("x:4")
POINT = [0.3, -0.7, 1.2, 0.5]


def with_symbols(f):
    """f with SymPy's functions in place of NumPy's."""
    return sympy.sympify(f(SYMBOLS, sympy))


FORMULAS = [
    lambda x, m: m.sin(x[0] * x[1]) * m.exp(x[2]) / (1 + x[3] ** 2),
    lambda x, m: (x[0] ** 2 + x[1] ** 2 + x[2] ** 2 + x[3] ** 2) ** 1.5,
    lambda x, m: m.log(1 + m.exp(x[0] - x[1])) * m.tanh(x[2]) - x[3] * x[0],
    lambda x, m: x[0] ** 3 * x[1] - m.cos(x[2]) ** 2 + m.sqrt(2 + x[3]) * x[0] ** 2,
    lambda x, m: sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in itertools.pairwise(x)),
]


def exactly(expressions):
    """The numbers that expressions come to at the point, from 30 figures."""
    if isinstance(expressions, list):
        return np.array([exactly(part) for part in expressions])
    return float(expressions.subs(dict(zip(SYMBOLS, map(sympy.Float, POINT, [30] * 4), strict=True))).evalf(30))


@pytest.mark.parametrize("formula", FORMULAS)
def test_gradients_and_hessians_against_sympy(formula):
    expression = with_symbols(formula)

    def f(x):
        return formula(x, np)

    slopes = exactly([sympy.diff(expression, a) for a in SYMBOLS])
    bends = exactly([[sympy.diff(expression, a, b) for b in SYMBOLS] for a in SYMBOLS])
    size = np.abs(bends).max() + np.abs(slopes).max()
    value, found = value_and_gradient(f)(POINT)
    assert type(value) is float and value == pytest.approx(
        float(expression.subs(dict(zip(SYMBOLS, POINT, strict=True))))
    )
    np.testing.assert_allclose(found, slopes, rtol=1e-14, atol=1e-15 * size)
    np.testing.assert_allclose(gradient(f)(POINT), slopes, rtol=1e-14, atol=1e-15 * size)
    np.testing.assert_allclose(jacobian(f)(POINT), slopes, rtol=1e-14, atol=1e-15 * size)
    np.testing.assert_allclose(hessian(f)(POINT), bends, rtol=1e-14, atol=4e-15 * size)
    np.testing.assert_allclose(jacobian(gradient(f))(POINT), bends, rtol=1e-14, atol=4e-15 * size)
    np.testing.assert_allclose(jacobian(jacobian(f))(POINT), bends, rtol=1e-14, atol=4e-15 * size)
    v = np.array([1.0, -2.0, 0.5, 3.0])
    np.testing.assert_allclose(hvp(f)(POINT, v), bends @ v, rtol=1e-14, atol=1e-14 * size)
    value, tangent = jvp(f, POINT, v)
    assert type(tangent) is float and tangent == pytest.approx(slopes @ v, abs=1e-14 * size)
    assert directional_derivative(f)(POINT, v) == pytest.approx(slopes @ v / np.sqrt(v @ v), abs=1e-14 * size)
    value, pull_back = vjp(f, POINT)
    np.testing.assert_allclose(pull_back(2), 2 * slopes, rtol=1e-14, atol=1e-15 * size)
    np.testing.assert_allclose(pull_back(-1.0), -slopes, rtol=1e-14, atol=1e-15 * size)


def test_a_jacobian_against_sympy():
    def f(x, m=np):
        return [m.sin(x[0]) * x[1], x[2] ** 2 / x[3], m.exp(x[0] * x[3])]

    exact = exactly([[sympy.diff(row, x) for x in SYMBOLS] for row in f(SYMBOLS, sympy)])
    np.testing.assert_allclose(jacobian(f)(POINT), exact, rtol=1e-14)
    np.testing.assert_allclose(jacobian(lambda x: np.stack(f(x)))(POINT), exact, rtol=1e-14)
    value, pull_back = vjp(f, POINT)
    np.testing.assert_allclose(value, f(POINT), rtol=1e-15)
    np.testing.assert_allclose(pull_back([1, 2, 3]), [1, 2, 3] @ exact, rtol=1e-13)
    np.testing.assert_allclose(jvp(f, POINT, [1, 2, 3, 4])[1], exact @ [1, 2, 3, 4], rtol=1e-13)
    unit = np.array([1, 2, 3, 4]) / math.sqrt(30)
    np.testing.assert_allclose(directional_derivative(f)(POINT, [1, 2, 3, 4]), exact @ unit, rtol=1e-13)


@pytest.mark.parametrize("order", range(6))
def test_derivatives_of_derivatives(order):
    def f(x):
        return np.exp(2 * x) * np.sin(x)

    slope = f
    for _ in range(order):
        slope = derivative(slope)
    with mpmath.workdps(30):
        exact = mpmath.diff(lambda t: mpmath.exp(2 * t) * mpmath.sin(t), mpmath.mpf(0.4), order)
    assert slope(0.4) == pytest.approx(float(exact), rel=1e-13)
    np.testing.assert_allclose(slope(np.array([0.4, 0.4])), [float(exact)] * 2, rtol=1e-13)


# Shapes


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1, 2)])
@pytest.mark.parametrize("out", [(), (1,), (4,), (2, 2)])
def test_shapes(shape, out):
    x = np.random.default_rng(0).normal(size=shape)
    weights = np.random.default_rng(1).normal(size=out)

    def f(x):
        return weights * np.sum(np.sin(x))

    def cost(x):
        return np.sum(np.sin(x) ** 2)

    J = jacobian(f)(x)
    assert np.shape(J) == out + shape and isinstance(J, np.ndarray if out + shape else float)
    np.testing.assert_allclose(J, np.multiply.outer(weights, np.cos(x)), rtol=1e-14)
    g = gradient(cost)(x)
    assert np.shape(g) == shape and isinstance(g, np.ndarray if shape else float)
    H = hessian(cost)(x)
    assert np.shape(H) == shape + shape and isinstance(H, np.ndarray if shape else float)
    np.testing.assert_allclose(np.reshape(H, (x.size, x.size)), np.diag(2 * np.cos(2 * x).ravel()), atol=1e-14)
    v = np.random.default_rng(2).normal(size=shape)
    product = hvp(cost)(x, v)
    assert np.shape(product) == shape and isinstance(product, np.ndarray if shape else float)
    np.testing.assert_allclose(product, 2 * np.cos(2 * x) * v, rtol=1e-13)
    value, tangent = jvp(f, x, v)
    assert np.shape(value) == np.shape(tangent) == out
    np.testing.assert_allclose(tangent, weights * np.sum(np.cos(x) * v), rtol=1e-13)
    value, pull_back = vjp(f, x)
    assert np.shape(value) == out and np.shape(pull_back(value)) == shape
    assert isinstance(pull_back(value), np.ndarray if shape else float)


def test_several_inputs():
    def f(w, b, x):
        return np.sum(np.tanh(x @ w + b))

    w, b, x = np.array([1.0, 2.0]), 0.5, np.array([[1.0, -1.0], [0.5, 0.25], [2.0, 0.0]])
    value, (dw, db, dx) = value_and_gradient(f)(w, b, x)
    slope = 1 - np.tanh(x @ w + b) ** 2
    assert value == pytest.approx(np.tanh(x @ w + b).sum(), rel=1e-15)
    np.testing.assert_allclose(dw, slope @ x, rtol=1e-14)
    assert type(db) is float and db == pytest.approx(slope.sum(), rel=1e-14)
    np.testing.assert_allclose(dx, np.outer(slope, w), rtol=1e-14)
    assert all(np.array_equal(a, b) for a, b in zip(gradient(f)(w, b, x), (dw, db, dx), strict=True))
    assert gradient(lambda x, y: x)(3, 4) == (1, 0)


def test_numbers_are_floats():
    for answer in (
        derivative(np.sin)(1),
        derivative(lambda x: 3)(1),
        gradient(np.sin)(1),
        gradient(lambda x: 3)(1),
        jacobian(np.sin)(1),
        hessian(np.sin)(1),
        hvp(np.sin)(1, 2),
        directional_derivative(np.sin)(1, 2),
        *jvp(np.sin, 1, 2),
        *value_and_gradient(np.sin)(1),
        derivative(lambda x: abs(x))(np.float32(1)),
    ):
        assert type(answer) is float


def test_curves_have_a_derivative():
    np.testing.assert_allclose(derivative(lambda t: [np.cos(t), np.sin(t), 2])(0.3), [-np.sin(0.3), np.cos(0.3), 0])
    np.testing.assert_allclose(derivative(lambda t: t * np.ones((2, 2)))(0.3), np.ones((2, 2)))


def test_branches_and_loops():
    def f(x):
        if x > 1:
            return x**2
        total = 0.0
        while total < 1:
            total = total + x
        return total

    assert derivative(f)(2) == gradient(f)(2) == 4
    assert derivative(f)(0.3) == gradient(f)(0.3) == 4


def test_constants_have_no_slope():
    assert derivative(lambda x: 7)(1.0) == 0
    np.testing.assert_array_equal(derivative(lambda x: np.ones(3))(np.zeros(3)), np.zeros(3))
    np.testing.assert_array_equal(gradient(lambda x: 7)([1, 2]), [0, 0])
    np.testing.assert_array_equal(jacobian(lambda x: [1, 2, 3])([1, 2]), np.zeros((3, 2)))
    np.testing.assert_array_equal(jacobian(lambda x: np.ones(2))(np.zeros(300)), np.zeros((2, 300)))
    np.testing.assert_array_equal(hessian(lambda x: x @ np.ones(2))([1, 2]), np.zeros((2, 2)))
    np.testing.assert_array_equal(hessian(lambda x: 3)([1, 2]), np.zeros((2, 2)))
    np.testing.assert_array_equal(hvp(lambda x: 3.0)([1, 2], [1, 1]), [0, 0])
    assert jvp(lambda x: 3, [1, 2], [1, 1]) == (3, 0)
    np.testing.assert_array_equal(vjp(lambda x: 3, [1, 2])[1](5), [0, 0])


@pytest.mark.parametrize("n, m", [(1, 300), (300, 1), (300, 3), (100, 100), (70, 2), (72, 1), (3, 3)])
def test_jacobians_of_every_form(n, m):
    """Whichever mode is chosen, and however many blocks of directions."""
    matrix = np.random.default_rng(0).normal(size=(m, n))
    x = np.random.default_rng(1).normal(size=n)
    np.testing.assert_allclose(
        jacobian(lambda x: np.sin(matrix @ x))(x), np.cos(matrix @ x)[:, None] * matrix, rtol=1e-12
    )


@pytest.mark.parametrize("block", [1, 7, 20, 21, 1000])
def test_blocks_of_directions(block, monkeypatch):
    monkeypatch.setattr(transforms, "BLOCK", block * 20)
    x = np.random.default_rng(1).normal(size=(4, 5))
    H = hessian(lambda x: np.sum(x**3) + np.sum(x) ** 2)(x)
    np.testing.assert_allclose(H.reshape(20, 20), np.diag(6 * x.ravel()) + 2, rtol=1e-14)
    np.testing.assert_allclose(jacobian(lambda x: x.T @ x)(x).shape, (5, 5, 4, 5))


@pytest.mark.parametrize("sweep", [0, 10**9])
def test_jacobians_by_rows_and_by_columns_are_equal(sweep, monkeypatch):
    monkeypatch.setattr(transforms, "SWEEP", sweep)
    x = np.random.default_rng(1).normal(size=(4, 3))
    J = jacobian(lambda x: x[:2] @ x.T)(x)
    expected = np.zeros((2, 4, 4, 3))
    for i in range(2):
        for j in range(4):
            expected[i, j, i] += x[j]
            expected[i, j, j] += x[i]
    np.testing.assert_allclose(J, expected, rtol=1e-15)
    np.testing.assert_allclose(jacobian(np.sum)(x), np.ones((4, 3)))
    np.testing.assert_allclose(jacobian(lambda x: [x[0, 0], 2 * x[0, 1]])(x)[:, 0], [[1, 0, 0], [0, 2, 0]])


# Nesting


def test_levels_are_not_confused():
    assert derivative(lambda x: x * derivative(lambda y: x + y)(1.0))(1.0) == 1
    assert gradient(lambda x: x * derivative(lambda y: x + y)(1.0))(1.0) == 1
    assert derivative(lambda x: x * gradient(lambda y: x + y)(1.0))(1.0) == 1
    assert gradient(lambda x: x * gradient(lambda y: x + y)(1.0))(1.0) == 1
    for outer in (derivative, gradient):
        for inner in (derivative, gradient):
            assert outer(lambda x, inner=inner: x * inner(lambda y: x * y**2)(x + 2))(3.0) == 6 * 3**2 + 8 * 3
            assert outer(lambda x, inner=inner: inner(lambda y: np.sin(x))(x))(3.0) == 0


def test_transforms_of_functions_that_differentiate():
    def f(x):
        return np.sum(gradient(lambda y: np.sum(y**3) / 3)(x) ** 2)

    x = np.array([1.0, 2.0, -0.5])
    np.testing.assert_allclose(gradient(f)(x), 4 * x**3, rtol=1e-14)
    np.testing.assert_allclose(hessian(f)(x), np.diag(12 * x**2), rtol=1e-14)
    np.testing.assert_allclose(hvp(f)(x, np.ones(3)), 12 * x**2, rtol=1e-14)
    np.testing.assert_allclose(jacobian(lambda x: hvp(lambda y: np.sum(y**4))(x, x))(x), np.diag(36 * x**2), rtol=1e-14)
    np.testing.assert_allclose(gradient(lambda x: np.sum(hessian(lambda y: np.sum(y**3))(x)))(x), 6 * np.ones(3))
    np.testing.assert_allclose(gradient(lambda x: np.sum(jacobian(lambda y: y * x)(x)))(x), np.ones(3))
    np.testing.assert_allclose(gradient(lambda x: jvp(np.sin, x, x)[1] @ np.ones(3))(x), np.cos(x) - x * np.sin(x))
    np.testing.assert_allclose(gradient(lambda x: vjp(np.sin, x)[1](x) @ np.ones(3))(x), np.cos(x) - x * np.sin(x))
    np.testing.assert_allclose(derivative(lambda t: np.sum(derivative(np.sin)(t * x)))(2.0), -np.sum(x * np.sin(2 * x)))
    slope = directional_derivative(lambda y: y @ y)
    np.testing.assert_allclose(gradient(lambda x: slope(x, [3, 0, 4]))(x), [1.2, 0, 1.6])
    np.testing.assert_allclose(gradient(lambda v: slope(x, v))(np.array([2.0, 0, 0])), [0, 2, -0.5])


def test_threads_do_not_disturb_each_other():
    x = np.linspace(0, 1, 200)
    wrong = []

    def work(k):
        for _ in range(50):
            H = hessian(lambda x: np.sum(np.sin(k * x)))(x[:5])
            if not np.allclose(np.diag(H), -k * k * np.sin(k * x[:5])):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not wrong


# Laws

SETTINGS = settings(max_examples=40, deadline=None, derandomize=True, database=None)
vectors = arrays(float, 4, elements=st.floats(-2, 2).map(lambda t: round(t, 3)))
constants = st.floats(-3, 3).map(lambda t: round(t, 3))


def p(x):
    return np.sin(x[0] * x[1]) + x[2] ** 3 * x[3]


def q(x):
    return np.exp(x[0] / 4) * np.cos(x[3]) + np.sum(x**2) / 3


def field(x):
    return np.stack([x[0] * x[1], np.sin(x[2]) + x[3] ** 2, np.exp(x[0] / 3) * x[3]])


def close(a, b, size=1.0):
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12 * (1 + size))


@SETTINGS
@given(vectors, constants, constants)
def test_law_of_linearity(x, a, b):
    close(gradient(lambda x: a * p(x) + b * q(x))(x), a * gradient(p)(x) + b * gradient(q)(x), 30)


@SETTINGS
@given(vectors)
def test_law_of_products(x):
    close(gradient(lambda x: p(x) * q(x))(x), p(x) * gradient(q)(x) + q(x) * gradient(p)(x), 300)


@SETTINGS
@given(vectors)
def test_law_of_quotients(x):
    bottom = q(x) ** 2 + 1

    def quotient(x):
        return p(x) / (q(x) ** 2 + 1)

    slopes = (gradient(p)(x) * bottom - p(x) * 2 * q(x) * gradient(q)(x)) / bottom**2
    close(gradient(quotient)(x), slopes, 100)


@SETTINGS
@given(vectors)
def test_law_of_chains(x):
    """The Jacobian of a composition is the product of the Jacobians."""

    def after(y):
        return np.stack([y[0] * y[2], np.cos(y[1]) + y[0]])

    close(jacobian(lambda x: after(field(x)))(x), jacobian(after)(field(x)) @ jacobian(field)(x), 30)


@SETTINGS
@given(vectors)
def test_law_of_mixed_derivatives(x):
    H = hessian(lambda x: p(x) * q(x))(x)
    close(H, H.T, np.abs(H).max())


@SETTINGS
@given(vectors, vectors)
def test_law_of_hessian_vector_products(x, v):
    H = hessian(p)(x)
    close(hvp(p)(x, v), H @ v, 100)
    close(hvp(p)(x, v), jvp(gradient(p), x, v)[1], 100)
    close(hvp(p)(x, v), gradient(lambda x: gradient(p)(x) @ v)(x), 100)


@SETTINGS
@given(vectors, vectors, arrays(float, 3, elements=st.floats(-2, 2)))
def test_law_of_adjoints(x, v, u):
    """u @ (J @ v) is (u @ J) @ v."""
    value, tangent = jvp(field, x, v)
    back_value, pull_back = vjp(field, x)
    close(value, field(x), 30)
    close(back_value, value, 30)
    close(u @ tangent, pull_back(u) @ v, 100)
    close(pull_back(u), u @ jacobian(field)(x), 100)


@SETTINGS
@given(vectors, st.integers(1, 5))
def test_law_of_euler(x, degree):
    """x @ gradient(f)(x) is the degree times f(x), where f(t x) = t**degree f(x)."""

    def f(x):
        return (x[0] - 2 * x[1]) ** degree + x[2] ** degree * 3 + (x @ x + 1e-9) ** (degree / 2) * 0 + x[3] ** degree

    close(x @ gradient(f)(x), degree * f(x), 6.0**degree)


@SETTINGS
@given(st.floats(-1.5, 1.5))
def test_law_of_inverses(x):
    """The slope of the inverse is one over the slope; the Jacobian of the inverse is the inverse."""
    for f, inverse in ((np.sinh, np.arcsinh), (np.tan, np.arctan), (np.exp, np.log), (np.tanh, np.arctanh)):
        assert derivative(inverse)(float(f(x))) * derivative(f)(x) == pytest.approx(1, rel=1e-13)
    r, angle = 2 + x, x
    there = jacobian(lambda y: [y[0] * np.cos(y[1]), y[0] * np.sin(y[1])])([r, angle])
    back = jacobian(lambda y: [np.hypot(y[0], y[1]), np.arctan2(y[1], y[0])])([r * np.cos(angle), r * np.sin(angle)])
    close(back @ there, np.eye(2), 5)


@SETTINGS
@given(vectors, vectors)
def test_law_of_taylor(x, v):
    """What is left after the tangent and the bend shrinks like the square and the cube of the step."""
    v = v / 4 + 0.1
    slope, bend = gradient(q)(x) @ v, v @ hvp(q)(x, v)
    left = [[], []]
    for h in (0.02, 0.01):
        off = q(x + h * v) - q(x) - h * slope
        left[0].append(off - h**2 / 2 * bend)
        left[1].append(off)
    assert abs(left[0][1]) <= abs(left[0][0]) / 6 + 1e-9
    assert abs(left[1][1]) <= abs(left[1][0]) / 3 + 1e-5 * (1 + abs(bend))


@SETTINGS
@given(vectors, st.permutations(range(4)))
def test_law_of_relabelling(x, order):
    """Entries given in another order have their slopes in that order."""
    order = np.array(order)
    g = gradient(lambda x: p(x[order]))(x)
    close(g[order], gradient(p)(x[order]), 30)
    H = hessian(lambda x: p(x[order]))(x)
    close(H[np.ix_(order, order)], hessian(p)(x[order]), 30)


@SETTINGS
@given(vectors, arrays(float, (4, 4), elements=st.floats(-1, 1)))
def test_law_of_linear_maps(x, A):
    """The gradient of f(A x) is A.T times that of f; its Hessian is A.T H A."""
    close(gradient(lambda x: p(A @ x))(x), A.T @ gradient(p)(A @ x), 500)
    close(hessian(lambda x: p(A @ x))(x), A.T @ hessian(p)(A @ x) @ A, 2000)


@SETTINGS
@given(vectors, constants)
def test_law_of_forward_and_reverse(x, a):
    """Threshold of issue 3: 1e-13."""
    along_axes = [jvp(p, x, axis)[1] for axis in np.eye(4)]
    np.testing.assert_allclose(gradient(p)(x), along_axes, rtol=1e-13, atol=1e-13)
    assert derivative(lambda t: p(t * x))(a) == pytest.approx(gradient(lambda t: p(t * x))(a), rel=1e-13, abs=1e-12)


@SETTINGS
@given(vectors, vectors, st.floats(0.1, 9))
def test_law_of_directions(x, v, longer):
    """The length of the direction does not matter, its sense does; no slope is steeper than the gradient's."""
    v = v + 2.5
    slope = directional_derivative(p)
    close(slope(x, longer * v), slope(x, v), 30)
    close(slope(x, -v), -slope(x, v), 30)
    g = gradient(p)(x)
    assert abs(slope(x, v)) <= np.sqrt(g @ g) * (1 + 1e-12)
    if g.any():
        close(slope(x, g), np.sqrt(g @ g), 30)


@SETTINGS
@given(vectors, constants, constants)
def test_law_of_linearity_in_the_direction(x, a, b):
    v, w = np.array([1.0, 0.5, -1.0, 2.0]), np.array([0.0, 1.0, 3.0, -1.0])
    close(jvp(field, x, a * v + b * w)[1], a * jvp(field, x, v)[1] + b * jvp(field, x, w)[1], 100)
    close(hvp(q)(x, a * v + b * w), a * hvp(q)(x, v) + b * hvp(q)(x, w), 100)


@SETTINGS
@given(arrays(float, (2, 3), elements=st.floats(-2, 2)))
def test_law_of_entries(x):
    """Entry by entry, derivative, gradient of the sum and diagonal of the Jacobian are the same."""

    def f(x):
        return np.sin(x) * x**2 + np.where(x > 0, x, 3.0)

    slopes = derivative(f)(x)
    assert slopes.shape == x.shape
    close(slopes, gradient(lambda x: np.sum(f(x)))(x))
    close(np.diag(slopes.ravel()), jacobian(f)(x).reshape(6, 6))


# Refusals


def never(*x):
    raise AssertionError("f was called")


ONE_PLACE = {
    "derivative": lambda f, x: derivative(f)(x),
    "gradient": lambda f, x: gradient(f)(x),
    "value_and_gradient": lambda f, x: value_and_gradient(f)(x),
    "jacobian": lambda f, x: jacobian(f)(x),
    "hessian": lambda f, x: hessian(f)(x),
    "vjp": vjp,
    "hvp": lambda f, x: hvp(f)(x, [1.0, 2.0]),
    "jvp": lambda f, x: jvp(f, x, [1.0, 2.0]),
    "directional_derivative": lambda f, x: directional_derivative(f)(x, [1.0, 2.0]),
    "check_gradient": check_gradient,
}
WITH_VECTOR = {
    "hvp": lambda f, x, v: hvp(f)(x, v),
    "jvp": jvp,
    "directional_derivative": lambda f, x, v: directional_derivative(f)(x, v),
}
BAD = [
    (math.nan, ValueError),
    ([1.0, math.inf], ValueError),
    ("1", TypeError),
    (["1", "2"], TypeError),
    (1 + 0j, TypeError),
    (None, TypeError),
    (True, TypeError),
    ([], ValueError),
    ([[1.0], [1.0, 2.0]], ValueError),
    (np.array([1.0, None]), TypeError),
    ({1: 2}, TypeError),
]


@pytest.mark.parametrize("name", ONE_PLACE)
@pytest.mark.parametrize("bad, error", BAD)
def test_bad_places_are_refused_before_f_is_called(name, bad, error):
    with pytest.raises(error, match=r"^x: expected ") as caught:
        ONE_PLACE[name](never, bad)
    assert caught.type is error


@pytest.mark.parametrize("name", WITH_VECTOR)
@pytest.mark.parametrize(
    "bad, error", [*BAD, (1.0, ValueError), ([1.0, 2.0, 3.0], ValueError), ([[1.0, 2.0]], ValueError)]
)
def test_bad_vectors_are_refused_before_f_is_called(name, bad, error):
    with pytest.raises(error, match=r"^v: expected ") as caught:
        WITH_VECTOR[name](never, [1.0, 2.0], bad)
    assert caught.type is error


@pytest.mark.parametrize("bad, error", [*BAD, (1.0, ValueError), ([1.0, 2.0, 3.0], ValueError)])
def test_bad_weights_of_outputs_are_refused(bad, error):
    _, pull_back = vjp(np.square, [1.0, 2.0])
    with pytest.raises(error, match=r"^u: expected ") as caught:
        pull_back(bad)
    assert caught.type is error


@pytest.mark.parametrize("name", ONE_PLACE)
@pytest.mark.parametrize("bad", [None, 3, "sin", [np.sin]])
def test_what_is_no_function_is_refused(name, bad):
    with pytest.raises(TypeError, match=r"^f: expected a function"):
        ONE_PLACE[name](bad, [1.0, 2.0])


def test_what_is_no_function_is_refused_at_once():
    for transform in (derivative, gradient, value_and_gradient, jacobian, hessian, hvp, directional_derivative):
        with pytest.raises(TypeError, match=r"^f: expected a function, got 3$"):
            transform(3)


def test_bad_inputs_of_several_are_counted():
    with pytest.raises(ValueError, match=r"^input 2 of f: expected finite numbers"):
        gradient(never)(1, math.nan)
    with pytest.raises(TypeError, match=r"^input 1 of f: expected a real number"):
        value_and_gradient(never)("1", 2)


def test_zero_has_no_direction():
    with pytest.raises(ValueError, match=r"^v: expected a direction, got zero, which has none"):
        directional_derivative(never)([1, 2], [0, 0])
    assert directional_derivative(np.sum)([1, 2], [1e-320, 0]) == 1
    assert directional_derivative(np.sum)([1, 2], [1e300, 1e300]) == pytest.approx(math.sqrt(2))


@pytest.mark.parametrize("name", ONE_PLACE)
@pytest.mark.parametrize(
    "bad", [lambda x: None, lambda x: "1", lambda x: 1j, lambda x: {}, lambda x: True, lambda x: np.array(["a", "b"])]
)
def test_functions_that_return_no_numbers_are_refused(name, bad):
    with pytest.raises(TypeError, match=r"^f: expected "):
        ONE_PLACE[name](bad, [1.0, 2.0])


@pytest.mark.parametrize("name", ["gradient", "value_and_gradient", "hessian", "hvp"])
def test_several_values_have_no_gradient(name):
    for f in (np.square, lambda x: x[:1], lambda x: np.ones(3)):
        with pytest.raises(ValueError, match=r"^f: expected one number, got an array of shape .*jacobian"):
            ONE_PLACE[name](f, [1.0, 2.0])
    with pytest.raises(TypeError, match=r"^f: "):
        ONE_PLACE[name](lambda x: [x[0], x[1]], [1.0, 2.0])


@pytest.mark.parametrize("name", ["derivative", *sorted(ONE_PLACE.keys() - {"derivative", "check_gradient"})])
@pytest.mark.parametrize(
    "bad",
    [
        lambda x: math.nan,
        lambda x: np.sum(np.log(x)),
        lambda x: np.sum(1 / x),
        lambda x: np.sum(np.sqrt(x - 1)),
        lambda x: sum(1 / part for part in x),
        lambda x: sum(1 / part for part in x) * 0,
        lambda x: np.sum(np.exp(1000 + x)),
        lambda x: x[0] * 10.0**400,
        lambda x: (x[0] - 8) ** (1 / 3),
        lambda x: np.sum(np.linalg.inv(np.outer(x, x))),
    ],
)
def test_functions_that_are_not_finite_are_refused(name, bad):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"^f: expected "):
            ONE_PLACE[name](bad, [0.0, 1.0])


@pytest.mark.parametrize("name", ["derivative", "gradient", "value_and_gradient", "jacobian"])
def test_slopes_that_are_not_finite_are_refused(name):
    with pytest.raises(ValueError, match=r"^f: expected finite slopes, got inf as \w+\(f\)\(x\) at x = 0.0$"):
        ONE_PLACE[name](np.sqrt, 0.0)


def test_the_first_bad_index_is_named():
    def f(x):
        return np.sum(np.sqrt(x))

    with pytest.raises(
        ValueError, match=r"^f: expected finite slopes, got inf as gradient\(f\)\(x\)\[1\] at x\[1\] = 0.0$"
    ):
        gradient(f)([1.0, 0.0, 0.0])
    with pytest.raises(ValueError, match=r"got inf as gradient\(f\)\(x\)\[1, 0\] at x\[1, 0\] = 0.0$"):
        gradient(f)([[1.0, 2.0], [0.0, 1.0]])
    with pytest.raises(ValueError, match=r"got inf as jacobian\(f\)\(x\)\[2, 0\] at x\[0\] = 0.0$"):
        jacobian(lambda x: [x[1], x[2], np.sqrt(x[0])])([0.0, 1.0, 4.0])
    with pytest.raises(ValueError, match=r"^f: expected finite values, got nan as f\(x\)\[1\]"):
        jacobian(np.log)([1.0, -2.0])
    with pytest.raises(
        ValueError, match=r"^f: expected finite slopes, got inf as derivative\(f\)\(x\)\[1\] at x\[1\] = 0.0"
    ):
        derivative(np.sqrt)([1.0, 0.0])
    with pytest.raises(
        ValueError, match=r"^f: expected finite slopes, got inf as hessian\(f\)\(x\)\[0, 0\] at x\[0\] = 0.0"
    ):
        hessian(lambda x: x[0] ** 1.5)([0.0, 1.0])
    with pytest.raises(ValueError, match=r"^f: expected finite slopes, got inf as gradient"):
        gradient(lambda x, y: np.sqrt(x) + y)(0.0, 1.0)


def test_values_too_large_to_square_are_finite():
    x = np.array([1e200, -1e200])
    np.testing.assert_array_equal(jacobian(lambda x: 2 * x)(x), 2 * np.eye(2))
    np.testing.assert_array_equal(gradient(lambda x: 1e200 * np.sum(x))(np.ones(2)), [1e200, 1e200])


def test_derivative_entry_by_entry_is_not_for_functions_that_mix_entries():
    for f in (
        np.cumsum,
        lambda x: x[::-1] + 0.0,
        lambda x: x - np.mean(x),
        lambda x: np.sort(x) * x[0],
        lambda x: x * x[3],
    ):
        with pytest.raises(
            ValueError, match=r"^f: expected each entry of f\(x\) to depend on the same entry .*jacobian"
        ):
            derivative(f)([3.0, 1.0, 2.0, 5.0])
    with pytest.raises(ValueError, match=r"^f: expected values in the shape of x, \(2,\), got \(\); see jacobian"):
        derivative(np.sum)([1.0, 2.0])
    many = np.linspace(-1, 1, 1000).reshape(10, 100)
    np.testing.assert_allclose(derivative(lambda x: x**3 + 1e-12 * x)(many), 3 * many**2 + 1e-12, rtol=1e-15)
    with pytest.raises(ValueError, match="jacobian"):
        derivative(lambda x: x + 1e-6 * np.roll(x, 31))(many.ravel())


@pytest.mark.parametrize("name", ONE_PLACE)
def test_the_usual_mistakes_name_the_way_round(name):
    def assign(x):
        y = np.zeros(2)
        y[0] = x[0]
        return y[0]

    def add(x):
        y = np.zeros(2)
        y += x
        return y[0]

    if name == "check_gradient":
        return
    for f, hint in (
        (lambda x: math.sin(x[0]), "np.sin"),
        (lambda x: np.array([x[0], x[1]])[0], "np.stack"),
        (assign, "np.stack"),
        (add, r" = \w \+ x"),
    ):
        with pytest.raises(TypeError, match=r"^(f|np.add): .*" + hint):
            ONE_PLACE[name](f, [1.0, 2.0])


def test_errors_of_f_come_through():
    def f(x):
        raise KeyError("mine")

    for call in ONE_PLACE.values():
        with pytest.raises(KeyError, match="mine"):
            call(f, [1.0, 2.0])

    def g(x):
        raise ValueError("mine") from TypeError("other")

    with pytest.raises(ValueError, match="mine"):
        gradient(g)([1.0])


def test_the_readers_arrays_are_not_changed():
    x, v = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    kept = []

    def f(x):
        kept.append(x)
        return np.sum(x * x)

    for call in ONE_PLACE.values():
        call(f if call is not ONE_PLACE["derivative"] else np.square, x)
    for call in WITH_VECTOR.values():
        call(f, x, v)
    np.testing.assert_array_equal(x, [1, 2])
    np.testing.assert_array_equal(v, [3, 4])
    g = gradient(lambda x: x @ v)(x)
    g += 1
    np.testing.assert_array_equal(v, [3, 4])
    J = jacobian(lambda x: x)(x)
    J += 1
    J = jvp(lambda x: x, x, v)[1]
    np.testing.assert_array_equal(x, [1, 2])


# The check of gradients


def cost(x):
    return np.sum(x**3) / 3 + x.ravel()[0] * x.ravel()[1]


def slopes(x):
    g = x**2
    g.ravel()[:2] += x.ravel()[1::-1]
    return g


PLACE = np.array([1.0, 2.0, -0.5, 3.0])
MATRIX = np.array([[1.0, 2.0], [-0.5, 3.0]])


def test_right_gradients_agree():
    for report in (
        check_gradient(cost, PLACE),
        check_gradient(cost, PLACE, slopes),
        check_gradient(cost, PLACE, slopes(PLACE)),
        check_gradient(cost, MATRIX, gradient(cost)),
        check_gradient(np.sin, 1.0, np.cos),
        check_gradient(lambda x: 3.0, [1.0, 2.0], [0, 0]),
    ):
        assert type(report) is GradientCheck
        assert report.agrees is True and report.wrong == [] and report.unclear == [] and report.slip == ""
        np.testing.assert_allclose(report.measured, report.given, rtol=1e-8, atol=1e-10)
        assert np.all(report.uncertainty < 1e-6)
        assert report.given.shape == report.measured.shape == report.uncertainty.shape
    assert str(check_gradient(np.sin, 1.0, np.cos)) == "The gradient agrees with measured slopes in all 1 components."


def changed(at, factor):
    def wrong(x):
        g = slopes(x)
        g[at] *= factor
        return g

    return wrong


def swapped(x):
    return slopes(x)[[0, 3, 2, 1]]


@pytest.mark.parametrize(
    "x, wrong, count, slip",
    [
        (PLACE, lambda x: -slopes(x), 4, "Every component has the wrong sign."),
        (PLACE, lambda x: 2 * slopes(x), 4, "Every component is 2 times too large: is it the 2 of a square?"),
        (PLACE, lambda x: slopes(x) / 2, 4, "Every component is 2 times too small: was the 2 of a square forgotten?"),
        (PLACE, lambda x: 4 * slopes(x), 4, "4 times too large, and x has 4 entries: is it a sum where f has a mean"),
        (PLACE, lambda x: slopes(x) / 10, 4, "Every component is 10 times too small: .* a mean where f has a sum"),
        (PLACE, lambda x: -3 * slopes(x), 4, "Every component is 3 times too large and has the wrong sign: "),
        (PLACE, lambda x: 1.25 * slopes(x), 4, r"Every component is 1.25 times too large\.$"),
        (PLACE, lambda x: slopes(x)[::-1].copy(), 4, "The components stand in reversed order."),
        (MATRIX, lambda x: slopes(x).T.copy(), 2, "The matrix is transposed."),
        (MATRIX, lambda x: -slopes(x), 4, "Every component has the wrong sign."),
        (MATRIX, lambda x: 2 * slopes(x), 4, "Every component is 2 times too large"),
        (PLACE, lambda x: 0 * x, 4, "Every component is 0: does the gradient depend on x?"),
        (PLACE, changed(2, -1), 1, r"The component \[2\] has the wrong sign."),
        (PLACE, changed(1, 0), 1, r"The component \[1\] is 0: was a term forgotten?"),
        (PLACE, changed(3, 2), 1, r"The component \[3\] is 2 times too large: is it the 2 of a square?"),
        (PLACE, changed(slice(1, 3), 0.5), 2, r"What is off is 2 times too small: was the 2"),
        (PLACE, changed(slice(1, 3), 0), 2, r"What is off is 0: "),
        (PLACE, changed(3, 1.1), 1, r"The component \[3\] is 1.1 times too large\."),
        (PLACE, swapped, 2, r"The components \[1\] and \[3\] stand in each other's place."),
        (PLACE, lambda x: slopes(x) + np.arange(1.0, 5.0) / 10, 4, "^$"),
        (PLACE, lambda x: slopes(x) * [1, 2, 3, 4], 3, "^$"),
        (1.0, lambda x: 6 * x, 1, r"Every component is 2 times too large"),
    ],
)
def test_slips_are_guessed(x, wrong, count, slip):
    def f(x):
        return x**3 if isinstance(x, float) else cost(x)

    report = check_gradient(f, x, wrong)
    assert report.agrees is False and len(report.wrong) == count and report.unclear == []
    assert re.search(slip, report.slip), report.slip
    for at in report.wrong:
        assert report.given[at] != pytest.approx(report.measured[at], rel=1e-7)
    assert f"The gradient is off in {count} of {np.size(x)} components." in str(report)
    assert str(report).endswith(report.slip)


def test_a_small_slip_is_seen():
    report = check_gradient(cost, PLACE, changed(1, 1 + 1e-7))
    assert report.wrong == [(1,)] and not report.agrees
    assert check_gradient(cost, PLACE, changed(1, 1 + 1e-9)).agrees


def test_the_report_names_the_worst_first():
    report = check_gradient(lambda x: np.sum(x**2), np.arange(1.0, 9), lambda x: 3 * x)
    lines = str(report).splitlines()
    assert lines[0] == "The gradient is off in 8 of 8 components."
    assert lines[1] == "  [7]: given 24, measured 16, off by 8"
    assert lines[5] == "  [3]: given 12, measured 8, off by 4"
    assert lines[6] == "  and 3 more"
    assert lines[7] == "Every component is 1.5 times too large."
    assert len(lines) == 8


def test_the_worst_is_what_is_furthest_off():
    report = check_gradient(lambda x: np.sum(x**2), [1.0, 8.0], [-4.0, 17.0])
    assert [line[:5] for line in str(report).splitlines()[1:3]] == ["  [0]", "  [1]"]


def test_kinks_are_not_judged():
    report = check_gradient(lambda x: abs(x[0]) + x[1] ** 2, [0.0, 1.0])
    assert report.agrees is False and report.wrong == [] and report.unclear == [(0,)]
    assert str(report) == "No slope can be measured for [0]: f has a kink there, or is too rough."
    report = check_gradient(lambda x: np.sum(abs(x)) + x[0], np.zeros(7), np.zeros(7))
    assert "[0], [1], [2], [3], [4], ...: f has a kink" in str(report)
    assert "x: f has a kink" in str(check_gradient(abs, 0.0))


@pytest.mark.parametrize(
    "bad, error, message",
    [
        ([1.0, 2.0], ValueError, r"^gradient: expected the shape of x, \(4,\), got \(2,\)$"),
        ([1.0, 2.0, math.nan, 1.0], ValueError, r"^gradient: expected finite"),
        ("text", TypeError, "^gradient: expected a real number"),
        (lambda x: None, TypeError, "^gradient: expected a real number"),
        (lambda x: x[:2], ValueError, "^gradient: expected the shape"),
    ],
)
def test_bad_gradients_are_refused(bad, error, message):
    with pytest.raises(error, match=message):
        check_gradient(cost, PLACE, bad)


def test_a_gradient_in_the_transposed_shape_is_refused_with_a_hint():
    with pytest.raises(
        ValueError, match=r"^gradient: expected the shape of x, \(2, 3\), got \(3, 2\): is it transposed\?"
    ):
        check_gradient(lambda x: np.sum(x**2), np.ones((2, 3)), lambda x: 2 * x.T)


def test_the_check_refuses_functions_of_several_values():
    with pytest.raises(ValueError, match=r"^f: expected one"):
        check_gradient(np.square, [1.0, 2.0], [2.0, 4.0])
    with pytest.raises(ValueError, match=r"^f: expected finite"):
        check_gradient(lambda x: math.nan, [1.0, 2.0], [2.0, 4.0])
