"""Taylor coefficients, polynomials and proved bounds on what they leave out."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.gradient import derivative
from mmlbook.taylor import TaylorPolynomial, coefficients, polynomial, remainder_bound

some = settings(max_examples=50, deadline=None, derandomize=True, database=None)
small = st.integers(-8, 8).map(float)


def exact(f, at, order):
    with mpmath.workdps(80):
        return np.array([float(c) for c in mpmath.taylor(f, mpmath.mpf(at), order)])


def test_exp_of_sin_to_order_twenty():
    got = coefficients(lambda x: np.exp(np.sin(x)), 0.3, 20)
    expected = exact(lambda t: mpmath.exp(mpmath.sin(t)), 0.3, 20)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    assert got.dtype == float and got.shape == (21,)


def test_high_orders():
    got = coefficients(lambda x: 1 / (2 - x), 1, 150)
    np.testing.assert_allclose(got, np.ones(151), rtol=1e-13)


def test_constants_and_plain_numbers():
    assert coefficients(lambda x: 3, 1, 2).tolist() == [3, 0, 0]
    assert coefficients(lambda x: np.float64(3), 1, 0).tolist() == [3]
    assert coefficients(lambda x: np.array(3.0), 1, 1).tolist() == [3, 0]
    assert coefficients(lambda x: x, 2, 3).tolist() == [2, 1, 0, 0]
    assert coefficients(lambda x: x, np.int64(2), 0).tolist() == [2]
    assert coefficients(lambda x: float(x > 1), 2, 1).tolist() == [1, 0]


@pytest.mark.parametrize("order", range(6))
def test_removable_singularities_keep_their_order(order):
    sinc = [1, 0, -1 / 6, 0, 1 / 120, 0][: order + 1]
    np.testing.assert_allclose(coefficients(lambda x: np.sin(x) / x, 0, order), sinc, atol=1e-16)
    quartic = [1 / 24, 0, -1 / 720, 0, 1 / 40320, 0][: order + 1]
    got = coefficients(lambda x: (np.cos(x) - 1 + x**2 / 2) / x**4, 0, order)
    np.testing.assert_allclose(got, quartic, atol=1e-17)
    twice = [1, 0, -1 / 3, 0, 2 / 45, 0][: order + 1]
    np.testing.assert_allclose(coefficients(lambda x: (np.sin(x) / x) ** 2, 0, order), twice, atol=1e-16)
    np.testing.assert_allclose(coefficients(lambda x: x**12 / x**12, 0, order), [1, 0, 0, 0, 0, 0][: order + 1])


def test_bernoulli_numbers():
    got = coefficients(lambda x: x / np.expm1(x), 0, 8) * [math.factorial(k) for k in range(9)]
    np.testing.assert_allclose(got, [1, -1 / 2, 1 / 6, 0, -1 / 30, 0, 1 / 42, 0, -1 / 30], atol=1e-12)


REFUSED = [
    (("sin", 0, 1), TypeError, "f"),
    ((None, 0, 1), TypeError, "f"),
    ((np.sin, math.nan, 1), ValueError, "at"),
    ((np.sin, math.inf, 1), ValueError, "at"),
    ((np.sin, "0", 1), TypeError, "at"),
    ((np.sin, 1j, 1), TypeError, "at"),
    ((np.sin, True, 1), TypeError, "at"),
    ((np.sin, [0, 1], 1), ValueError, "at"),
    ((np.sin, [], 1), ValueError, "at"),
    ((np.sin, None, 1), TypeError, "at"),
    ((np.sin, 0, -1), ValueError, "order"),
    ((np.sin, 0, 1.5), TypeError, "order"),
    ((np.sin, 0, "2"), TypeError, "order"),
    ((np.sin, 0, True), TypeError, "order"),
    ((math.sin, 0, 1), TypeError, "f"),
    ((lambda x: None, 0, 1), TypeError, "f"),
    ((lambda x: [x, x], 0, 1), TypeError, "f"),
    ((lambda x: "1", 0, 1), TypeError, "f"),
    ((lambda x: math.nan, 0, 1), ValueError, "f"),
    ((lambda x: 1j, 0, 1), TypeError, "f"),
    ((lambda x: [1, 2], 0, 1), ValueError, "f"),
    ((np.sqrt, 0, 1), ValueError, "f"),
    ((lambda x: 1 / x, 0, 1), ValueError, "f"),
    ((lambda x: x**13 / x**13, 0, 1), ValueError, "f"),
]


@pytest.mark.parametrize("method", [coefficients, polynomial, lambda *given: remainder_bound(*given, 1.5)])
@pytest.mark.parametrize("given, error, name", REFUSED)
def test_bad_input_is_refused_by_name(method, given, error, name):
    with pytest.raises(error, match=rf"^{name}: expected "):
        method(*given)


def test_an_overflow_is_refused():
    with pytest.raises(ValueError, match=r"^f: expected finite Taylor coefficients, got inf at order 1"):
        coefficients(lambda x: (x - 1) * 1e200 * 1e200 + 1, 1, 1)


@pytest.mark.parametrize(
    "to, error", [(math.nan, ValueError), ("1", TypeError), ([1, 2], ValueError), (None, TypeError), (1j, TypeError)]
)
def test_a_bad_end_is_refused(to, error):
    with pytest.raises(error, match=r"^to: expected "):
        remainder_bound(np.sin, 0, 1, to)


def test_series_do_not_mix_with_other_derivatives():
    with pytest.raises(TypeError, match=r"^f: expected one Taylor series at a time"):
        coefficients(lambda x: coefficients(lambda t: x * t, 0.0, 1)[1], 1.0, 1)
    with pytest.raises(TypeError):
        coefficients(lambda x: coefficients(np.sin, x, 1)[1], 1.0, 1)
    with pytest.raises(TypeError):
        coefficients(lambda x: derivative(lambda t: x * t)(2.0), 1.0, 1)
    with pytest.raises(TypeError):
        derivative(lambda t: coefficients(lambda x: x * t, 1.0, 1)[0])(2.0)


def test_a_polynomial_knows_its_origin():
    p = polynomial(np.exp, 1, 4)
    assert isinstance(p, TaylorPolynomial) and p.at == 1.0 and p.order == 4
    np.testing.assert_array_equal(p.coefficients, coefficients(np.exp, 1, 4))
    assert str(polynomial(lambda x: x**3, 1, 3)) == "1 + 3 (x - 1) + 3 (x - 1)² + (x - 1)³"


# Laws


@some
@given(st.lists(small, min_size=1, max_size=6), small, small)
def test_order_n_reproduces_a_polynomial_of_degree_n(series, at, x):
    def f(t):
        return sum(c * t**k for k, c in enumerate(series))

    p = polynomial(f, at, len(series) - 1)
    assert p(x) == f(x)
    assert coefficients(f, at, len(series)).tolist() == [*p.coefficients, 0]


@some
@given(st.floats(-2, 2), st.integers(0, 8))
def test_the_series_of_the_derivative_is_the_derivative_of_the_series(at, order):
    left = polynomial(lambda x: np.sin(x) * np.exp(x), at, order + 1).derivative().coefficients
    right = coefficients(lambda x: (np.sin(x) + np.cos(x)) * np.exp(x), at, order)
    np.testing.assert_allclose(left, right, atol=1e-14 * np.max(np.abs(right)) * (order + 1))


@some
@given(st.floats(-2, 2), st.floats(-2, 2))
def test_shifting_the_function_shifts_the_point(at, shift):
    left = coefficients(lambda x: np.exp(np.cos(x + shift)), at, 7)
    right = coefficients(lambda x: np.exp(np.cos(x)), at + shift, 7)
    np.testing.assert_allclose(left, right, atol=1e-13)


@some
@given(st.floats(-2, 2), st.floats(-2, 2))
def test_scaling_x_scales_coefficient_k_by_its_power(at, factor):
    left = coefficients(lambda x: np.arctan(factor * x), at, 6)
    right = coefficients(np.arctan, factor * at, 6) * factor ** np.arange(7)
    np.testing.assert_allclose(left, right, atol=1e-13 * max(1, abs(factor)) ** 6)


@some
@given(st.floats(-1, 1), st.floats(-1, 1))
def test_coefficients_are_linear_in_f(a, b):
    both = coefficients(lambda x: a * np.exp(x) + b * np.sin(x), 0.5, 8)
    parts = a * coefficients(np.exp, 0.5, 8) + b * coefficients(np.sin, 0.5, 8)
    np.testing.assert_allclose(both, parts, atol=1e-15)


@some
@given(st.floats(-1, 1))
def test_the_first_two_coefficients_are_the_value_and_the_slope(at):
    def f(x):
        return np.tanh(x) * np.exp(-(x**2)) + 1 / (2 + np.sin(x))

    series = coefficients(f, at, 2)
    assert series[0] == pytest.approx(f(at), rel=1e-14)
    assert series[1] == pytest.approx(derivative(f)(at), rel=1e-13, abs=1e-14)
    assert series[2] == pytest.approx(derivative(derivative(f))(at) / 2, rel=1e-12, abs=1e-13)


BOUNDED = [
    (np.exp, mpmath.exp, st.floats(-2, 2)),
    (np.sin, mpmath.sin, st.floats(-2, 2)),
    (lambda x: np.exp(np.sin(x)), lambda t: mpmath.exp(mpmath.sin(t)), st.floats(-2, 2)),
    (lambda x: 1 / (1 + x**2), lambda t: 1 / (1 + t**2), st.floats(-2, 2)),
    (lambda x: np.log(3 + x), lambda t: mpmath.log(3 + t), st.floats(-2, 2)),
    (lambda x: np.sqrt(3 + x) * np.arctan(x), lambda t: mpmath.sqrt(3 + t) * mpmath.atan(t), st.floats(-2, 2)),
    (lambda x: (3 + x) ** 1.5 - 2**x, lambda t: (3 + t) ** mpmath.mpf(1.5) - mpmath.mpf(2) ** t, st.floats(-2, 2)),
    (lambda x: np.tanh(x) + np.cosh(x) / 7, lambda t: mpmath.tanh(t) + mpmath.cosh(t) / 7, st.floats(-1, 1)),
    (lambda x: x**5 - np.square(x), lambda t: t**5 - t**2, st.floats(-2, 2)),
]


@pytest.mark.parametrize("f, oracle, places", BOUNDED)
def test_the_bound_holds(f, oracle, places):
    """abs(f - p) <= bound, with p from mpmath, at points on the whole way."""

    @settings(max_examples=12, deadline=None, derandomize=True, database=None)
    @given(places, places, st.integers(0, 6))
    def law(at, to, order):
        bound = remainder_bound(f, at, order, to)
        with mpmath.workdps(60):
            start = mpmath.mpf(at)
            series = mpmath.taylor(oracle, start, order)
            for share in (0.25, 0.5, 0.9, 1):
                step = (mpmath.mpf(to) - start) * share
                exact_error = abs(oracle(start + step) - mpmath.polyval(series[::-1], step))
                assert exact_error <= mpmath.mpf(bound) + mpmath.mpf(10) ** -40

    law()


@pytest.mark.parametrize(
    "f, at, order, to, sharp",
    [
        (np.exp, 0, 3, 1, math.e / 24),
        (np.exp, 0, 3, -1, 1 / 24),
        (np.exp, 1, 0, 3, 2 * math.exp(3)),
        (np.sin, 0, 5, 0.5, math.sin(0.5) * 0.5**6 / 720),
        (np.sin, 0, 4, 3, 3**5 / 120),
        (np.log, 1, 2, 2, 1 / 3),
        (np.log, 1, 2, 0.5, 8 / 3 / 8),
        (lambda x: x**3, 2, 2, 5, 27),
        (lambda x: x**3, 2, 3, 5, 0),
        (lambda x: 1 / (1 + x**2), 0, 1, 1, 1),
        (lambda x: 5.0, 2, 3, 4, 0),
    ],
)
def test_the_bound_is_sharp(f, at, order, to, sharp):
    """Against the largest derivative, worked out by hand."""
    bound = remainder_bound(f, at, order, to)
    assert sharp <= bound <= 1.06 * sharp + 1e-300
    assert type(bound) is float and remainder_bound(f, at, order, at) == 0.0


@pytest.mark.parametrize(
    "f, at, to, words",
    [
        (abs, 1, -1, "absolute"),
        (lambda x: 1 / x, 1, -1, "divides by a number"),
        (np.log, 1, 0, "log"),
        (np.tan, 0, 2, "tan"),
        (lambda x: x if x > 0.3 else x**2, 0, 1, "comparison"),
        (np.floor, 0.5, 1.5, "floor"),
        (lambda x: np.sin(x) / x, 0, 1, "divides"),
        (lambda x: np.maximum(x, 0.3), 0, 1, "comparison"),
        (np.log2, 1, 2, "np.log2"),
        (lambda x: np.exp(400 * np.exp(x)) * x**2, 0.5, 0.6, ""),
    ],
)
def test_no_bound_where_none_can_be_proved(f, at, to, words):
    with pytest.raises(ValueError, match=r"^f: expected") as caught:
        remainder_bound(f, at, 2, to)
    assert words in str(caught.value)


def test_wide_intervals_are_cut_until_the_enclosure_is_good():
    """On the whole way at once, x - x**2 might be anything from -1 to 1, and the quotient infinite."""
    bound = remainder_bound(lambda x: 1 / (1.2 + x * (x - 1)), 0, 1, 1)
    x = np.linspace(0, 1, 2001)
    q, slope = 1.2 + x * (x - 1), 2 * x - 1
    largest = np.max(np.abs(2 * slope**2 / q**3 - 2 / q**2)) / 2
    assert largest <= bound <= 1.06 * largest
