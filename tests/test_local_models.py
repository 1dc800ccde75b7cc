"""Models of first and second order of functions of many numbers."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.local_models import linearise, quadratic_model

some = settings(max_examples=30, deadline=None, derandomize=True, database=None)
places = st.lists(st.floats(-2, 2), min_size=2, max_size=2).map(np.array)


def polar(x):
    return np.stack([x[0] * np.cos(x[1]), x[0] * np.sin(x[1]), x[0] * x[1]])


def hill(x):
    return np.exp(x[0]) * np.sin(x[1]) + x[0] * x[1] ** 2


def test_a_linear_model_by_hand():
    at = np.array([2.0, 0.5])
    model = linearise(polar, at)
    cosine, sine = math.cos(0.5), math.sin(0.5)
    jacobian = [[cosine, -2 * sine], [sine, 2 * cosine], [0.5, 2]]
    np.testing.assert_allclose(model.jacobian, jacobian, rtol=1e-15)
    np.testing.assert_allclose(model.value, [2 * cosine, 2 * sine, 1], rtol=1e-15)
    x = np.array([2.5, 0.0])
    np.testing.assert_allclose(model(x), model.value + np.array(jacobian) @ [0.5, -0.5], rtol=1e-15)
    np.testing.assert_array_equal(model(at), model.value)
    grid = np.random.default_rng(1).normal(size=(4, 5, 2))
    assert model(grid).shape == (4, 5, 3)
    np.testing.assert_allclose(model(grid)[3, 2], model(grid[3, 2]), rtol=1e-14)


def test_a_quadratic_model_by_hand():
    model = quadratic_model(hill, [0.0, math.pi / 6])
    assert model.value == pytest.approx(0.5)
    third = math.cos(math.pi / 6)
    np.testing.assert_allclose(model.gradient, [0.5 + (math.pi / 6) ** 2, third], rtol=1e-14)
    hessian = [[0.5, third + math.pi / 3], [third + math.pi / 3, -0.5]]
    np.testing.assert_allclose(model.hessian, hessian, rtol=1e-14)
    step = np.array([0.3, -0.2])
    expected = model.value + model.gradient @ step + step @ np.array(hessian) @ step / 2
    assert model(model.at + step) == pytest.approx(expected, rel=1e-14)
    assert type(model(model.at)) is float and model(model.at) == model.value
    grid = np.random.default_rng(1).normal(size=(4, 5, 2))
    assert model(grid).shape == (4, 5)
    assert model(grid)[3, 2] == pytest.approx(model(grid[3, 2]), rel=1e-13)


def test_functions_of_a_number_and_of_a_matrix():
    line = linearise(np.exp, 0)
    assert line.value == 1 and line.jacobian == 1 and line(2) == 3 and type(line(2)) is float
    np.testing.assert_array_equal(line([0, 1, 3]), [1, 2, 4])
    parabola = quadratic_model(np.exp, 0)
    assert parabola(2) == 5 and type(parabola(2)) is float
    np.testing.assert_array_equal(parabola([0, 1, 2]), [1, 2.5, 5])
    W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    model = quadratic_model(lambda W: np.sum(W**2) + W[0, 0] * W[2, 1], W)
    assert model.hessian.shape == (3, 2, 3, 2)
    other = W + np.arange(6).reshape(3, 2)
    assert model(other) == pytest.approx(np.sum(other**2) + other[0, 0] * other[2, 1], rel=1e-14)
    rows = linearise(lambda W: W @ np.array([1.0, -1.0]), W)
    np.testing.assert_allclose(rows(other), other @ [1, -1], rtol=1e-14)
    vector_of_a_number = linearise(lambda t: np.stack([np.cos(t), np.sin(t)]), 0.0)
    np.testing.assert_allclose(vector_of_a_number(0.5), [1, 0.5])
    np.testing.assert_allclose(vector_of_a_number([0.5, 1.0]), [[1, 0.5], [1, 1]])


@some
@given(places, places)
def test_the_error_shrinks_with_the_order(at, direction):
    """A tenth of the step leaves a hundredth of the linear and a thousandth of the quadratic error."""
    direction = direction + np.array([0.01, 0.02])
    for model, power in ((linearise(hill, at), 2), (quadratic_model(hill, at), 3)):
        errors = [abs(model(at + h * direction) - hill(at + h * direction)) for h in (1e-1, 1e-2)]
        assert errors[1] <= 3 * errors[0] * 10.0**-power + 50 * 10.0 ** (-2 * power - 2) + 1e-13


@some
@given(places, places)
def test_models_reproduce_functions_of_their_own_order(at, x):
    A, b = np.array([[1.0, 2.0], [0.0, -3.0]]), np.array([0.5, -1.0])
    np.testing.assert_allclose(linearise(lambda x: A @ x + b, at)(x), A @ x + b, atol=1e-14)
    assert quadratic_model(lambda x: x @ A @ x + b @ x + 2, at)(x) == pytest.approx(x @ A @ x + b @ x + 2, abs=1e-13)


def test_the_point_is_kept():
    at = np.array([1.0, 2.0])
    model = quadratic_model(hill, at)
    at[0] = 7
    assert model.at[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        model.at[0] = 3
    with pytest.raises(AttributeError):
        model.value = 3


@pytest.mark.parametrize("method", [linearise, quadratic_model])
@pytest.mark.parametrize(
    "f, at, error, name",
    [
        (None, [0, 1], TypeError, "f"),
        (hill, [0, math.nan], ValueError, "at"),
        (hill, [0, math.inf], ValueError, "at"),
        (hill, "01", TypeError, "at"),
        (hill, [], ValueError, "at"),
        (hill, [1j, 0], TypeError, "at"),
        (hill, [[1], [1, 2]], ValueError, "at"),
        (lambda x: np.sqrt(x[0]), [0, 1], ValueError, "f"),
        (lambda x: np.log(x[0]), [-1, 1], ValueError, "f"),
        (lambda x: "1", [0, 1], TypeError, "f"),
        (lambda x: None, [0, 1], TypeError, "f"),
    ],
)
def test_bad_input_is_refused_by_name(method, f, at, error, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error, match=rf"^{name}: expected "):
            method(f, at)


def test_a_quadratic_model_wants_one_number():
    with pytest.raises(ValueError, match=r"^f: expected"):
        quadratic_model(lambda x: 2 * x, [1, 2])


@pytest.mark.parametrize("model", [linearise(hill, [1, 2]), quadratic_model(hill, [1, 2])])
@pytest.mark.parametrize(
    "x, error",
    [
        ([1, 2, 3], ValueError),
        (1, ValueError),
        ([[1], [2]], ValueError),
        ([1, math.nan], ValueError),
        ("12", TypeError),
    ],
)
def test_models_want_points_of_their_shape(model, x, error):
    with pytest.raises(error, match=r"^x: expected "):
        model(x)
