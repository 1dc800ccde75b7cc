"""Slopes of curves by each parameter: against formulas, against the other forward mode, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.gradient import jacobian
from mmlbook.sparse_dual import SparseDual, Unsupported, values_and_slopes

X = np.array([-2.0, -0.5, 0.25, 1.0, 3.0])
THETA = np.array([1.5, -0.7, 2.25])


def test_the_slopes_of_a_bell_are_those_of_its_formula():
    height, middle, width = THETA
    z = (X - middle) / width
    bell = np.exp(-0.5 * z**2)
    values, slopes = values_and_slopes(lambda h, m, w: h * np.exp(-0.5 * ((X - m) / w) ** 2), THETA)
    np.testing.assert_allclose(values, height * bell, rtol=1e-15)
    expected = [bell, height * bell * z / width, height * bell * z**2 / width]
    np.testing.assert_allclose(slopes, expected, rtol=1e-14)


MODELS = [
    lambda a, b, c: a + b * X + c * X**2,
    lambda a, b, c: X - a * (1 - b) / (2 - c),
    lambda a, b, c: (X * a - b) / (c + X**2) + 3 / a,
    lambda a, b, c: c ** (X / 4) + X**2 * a**b,
    lambda a, b, c: (a * a * a) ** 0.5 * np.abs(X - b) + abs(b) * +c - -a,
    lambda a, b, c: np.where(b > X, a * X, c * X) + np.where(b < X, 2.0, b * X) + np.where(X > 0, a, 1.0),
    lambda a, b, c: np.maximum(a * X, b) + np.minimum(c, X) + np.hypot(a, X) + np.arctan2(X, c),
    lambda a, b, c: np.sin(a * X) * np.log(c) + np.tanh(b * X + a) + np.sqrt(c) * X + np.sign(X - a),
    lambda a, b, c: a * X if a > 1 and a >= 1 and b < 0 and b <= 0 and c != 0 and not (c == 0) | (a == 0) else b * X,
    lambda a, b, c: np.float64(2.0) * a * X + b * np.float64(0.5),
    lambda a, b, c: X * 1.0,
    lambda a, b, c: a * X + b * (X > 0),
]


@pytest.mark.parametrize("model", MODELS)
def test_they_are_those_of_dual_numbers(model):
    values, slopes = values_and_slopes(model, THETA)
    np.testing.assert_allclose(values, model(*THETA), rtol=1e-15)
    assert slopes.shape == (3, 5) and slopes.dtype == float
    np.testing.assert_allclose(slopes.T, jacobian(lambda theta: model(*theta))(THETA), rtol=1e-13, atol=1e-15)


numbers = st.lists(st.floats(0.5, 3.0), min_size=3, max_size=3).map(np.array)


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(numbers)
def test_the_product_rule_and_the_quotient_rule(theta):
    def u(a, b, c):
        return a * np.sin(b * X) + c

    def v(a, b, c):
        return np.exp(-c * X) + a / b

    (p, dp), (q, dq) = values_and_slopes(u, theta), values_and_slopes(v, theta)
    _, product = values_and_slopes(lambda *t: u(*t) * v(*t), theta)
    np.testing.assert_allclose(product, dp * q + p * dq, rtol=1e-12, atol=1e-12)
    _, quotient = values_and_slopes(lambda *t: u(*t) / v(*t), theta)
    np.testing.assert_allclose(quotient, (dp * q - p * dq) / q**2, rtol=1e-10, atol=1e-12)


def test_a_parameter_that_does_not_take_part_costs_nothing():
    y = SparseDual(3.0, {0: (1.0, None)}) * X + SparseDual(5.0, {2: (1.0, None)})
    assert set(y.slopes) == {0, 2} and y.slopes[2] == (1.0, None)


@pytest.mark.parametrize(
    "model",
    [
        lambda a: np.sum(a * X) + X,
        lambda a: np.add(X, a, where=X > 0),
        lambda a: np.add.reduce(a),
        lambda a: np.add.outer(a, X),
        lambda a: a * [1, 2],
        lambda a: (1, 2) - a,
        lambda a: a * 1j,
        lambda a: 1j * X,
        lambda a: (-a) ** 0.5 * X,
        lambda a: np.where(a),
        lambda a: np.spacing(a * X),
        lambda a: X @ (a * X),
        lambda a: None,
    ],
)
def test_what_has_no_rule_is_refused(model):
    with pytest.raises(Unsupported):
        values_and_slopes(model, np.array([2.0]))
