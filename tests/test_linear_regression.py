"""Lines and columns: against exact fractions, laws, what cannot be determined, refusals."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmlbook import linear_regression
from mmlbook.linear_regression import fit_line, fit_linear, polynomial_columns
from mmlbook.summary import LeastSquares
from tests.exact_least_squares import digits, exact_errors, exact_fit, flat

fast = settings(max_examples=50, deadline=None, derandomize=True, database=None)


def measurements(seed, rows=12, columns=3, weighted=False):
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, columns))
    y = X @ np.arange(1.0, columns + 1) + random.normal(size=rows)
    return X, y, random.uniform(0.5, 2, rows) if weighted else None


def points(seed, rows=9, weighted=False):
    random = np.random.default_rng(seed)
    x = random.uniform(-5, 5, rows).round(2)
    return x, 1 + 2 * x + random.normal(size=rows), random.uniform(0.5, 2, rows) if weighted else None


def agree(fit, other, rtol=1e-9):
    np.testing.assert_allclose(fit.parameters, other.parameters, rtol=rtol, atol=rtol)
    np.testing.assert_allclose(fit.covariance, other.covariance, rtol=rtol, atol=rtol)
    assert fit.chi_squared == pytest.approx(other.chi_squared, rel=rtol, abs=rtol)
    assert (fit.degrees_of_freedom, fit.rank, fit.converged) == (other.degrees_of_freedom, other.rank, other.converged)


# The accuracy


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("only_ratios_known", [False, True])
def test_a_line_by_fractions(weighted, only_ratios_known):
    x, y, sigma = points(1, weighted=weighted)
    fit = fit_line(x, y, sigma, only_ratios_known)
    parameters, inverse, chi_squared = exact_fit(polynomial_columns(x, 1), y, sigma)
    factor = 1 if weighted and not only_ratios_known else chi_squared / 7
    assert digits(fit.parameters, parameters) > 14
    assert digits(fit.covariance.ravel(), [factor * entry for entry in flat(inverse)]) > 14
    assert digits([fit.chi_squared], [chi_squared]) > 14
    assert (fit.degrees_of_freedom, fit.rank, fit.iterations, fit.converged) == (7, 2, 1, True)
    assert fit.reason == "one step solves a linear problem"
    np.testing.assert_array_equal(fit.path, [fit.parameters])
    assert fit.condition == pytest.approx(fit_linear(polynomial_columns(x, 1), y, sigma).condition, rel=1e-12)
    assert type(fit.condition) is type(fit.chi_squared) is float


@pytest.mark.parametrize("far", [2026.0, -1e6, 1e9, 2.0**52])
def test_a_line_far_from_the_origin(far):
    x, y = far + np.arange(7.0), np.array([1.0, 3, 2, 5, 4, 6, 9])
    fit = fit_line(x, y)
    parameters, _, chi_squared = exact_fit([[1, value] for value in x], y)
    assert digits([fit.parameters[1]], [parameters[1]]) > 14
    assert digits(fit.parameters, parameters) > 13
    assert digits(fit.standard_errors, exact_errors([[1, value] for value in x], y)) > 13
    assert digits([fit.chi_squared], [chi_squared]) > 13
    assert fit.rank == 2 and fit.converged
    assert ("nearly dependent" in fit.reason) == (abs(far) > 1e8)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("only_ratios_known", [False, True])
@pytest.mark.parametrize("alike", [1.0, 1e-5])
def test_columns_by_fractions(weighted, only_ratios_known, alike):
    """With columns that are alike, in twice the digits; without, by QR alone."""
    X, y, sigma = measurements(2, weighted=weighted)
    X[:, 2] = X[:, 1] + alike * X[:, 2]
    fit = fit_linear(X, y, sigma, only_ratios_known)
    parameters, inverse, chi_squared = exact_fit(X, y, sigma)
    factor = 1 if weighted and not only_ratios_known else chi_squared / 9
    wanted = 14 if alike < 1 else 12
    assert digits(fit.parameters, parameters) > wanted
    assert digits(fit.covariance.ravel(), [factor * entry for entry in flat(inverse)]) > wanted
    assert digits([fit.chi_squared], [chi_squared]) > wanted
    assert (fit.degrees_of_freedom, fit.rank, fit.converged) == (9, 3, True)
    assert fit.reason == "one step solves a linear problem"


FILIP = "one step solves a linear problem, but its columns are nearly dependent: trust 6 figures"


def test_a_polynomial_of_degree_ten():
    """Of Filip's kind: x from -9 to -3, whose powers are exact in floats. All digits are right."""
    x = np.arange(-36, -11) / 4
    y = (0.8 + 0.05 * np.sin(3 * x)).round(4)
    exact = [[Fraction(value) ** k for k in range(11)] for value in x]
    fit = fit_linear(polynomial_columns(x, 10), y)
    assert digits(fit.parameters, exact_fit(exact, y)[0]) > 14
    assert digits(fit.standard_errors, exact_errors(exact, y)) > 14
    assert fit.converged and fit.reason == FILIP and 1e9 < fit.condition < 1e10
    alone = LeastSquares().add(polynomial_columns(x, 10), y).solve()
    assert 5 < digits(alone.parameters, exact_fit(exact, y)[0]) < 11


def test_a_polynomial_of_degree_ten_with_rounded_powers():
    """Fifty points with four decimals: 7 digits although the powers have been rounded; as for the columns given, 13."""
    random = np.random.default_rng(5)
    x = random.uniform(-8.8, -3.1, 50).round(4)
    y = (0.8 + 0.05 * np.sin(3 * x) + 0.003 * random.normal(size=50)).round(4)
    exact = [[Fraction(value) ** k for k in range(11)] for value in x]
    X = polynomial_columns(x, 10)
    fit = fit_linear(X, y)
    assert digits(fit.parameters, exact_fit(exact, y)[0]) >= 7
    assert digits(fit.standard_errors, exact_errors(exact, y)) >= 7
    assert digits(fit.parameters, exact_fit(X, y)[0]) > 13
    assert digits(fit.standard_errors, exact_errors(X, y)) > 13
    assert fit.reason == FILIP


def test_a_large_task_is_not_done_in_twice_the_digits(monkeypatch):
    """QR takes a moment; the reason says how many figures to trust."""

    def never(*arguments):
        raise AssertionError("twice the digits were used")

    monkeypatch.setattr(linear_regression, "products_of_columns", never)
    random = np.random.default_rng(6)
    for columns in (50, 80):  # about 1.3e8 and 5e8 products
        X = random.normal(size=(100, columns))
        X[:, 1] = X[:, 0] + 1e-9 * X[:, 1]
        fit = fit_linear(X, random.normal(size=100))
        assert fit.converged and "trust 6 figures" in fit.reason
    with pytest.raises(AssertionError, match="twice the digits"):
        fit_linear(X[:, :40], random.normal(size=100))


# Laws


seeds = st.integers(0, 10**6)


@fast
@given(seeds, st.booleans(), st.booleans())
def test_the_line_is_the_fit_of_two_columns(seed, weighted, only_ratios_known):
    x, y, sigma = points(seed, weighted=weighted)
    columns = fit_linear(polynomial_columns(x, 1), y, sigma, only_ratios_known)
    agree(fit_line(x, y, sigma, only_ratios_known), columns)
    assert fit_line(x, y, sigma).condition == pytest.approx(columns.condition, rel=1e-9)


@fast
@given(seeds, st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3), st.booleans())
def test_a_column_in_another_unit_changes_its_parameter_alone(seed, units, weighted):
    X, y, sigma = measurements(seed, weighted=weighted)
    units = np.array(units)
    fit, other = fit_linear(X, y, sigma), fit_linear(X * units, y, sigma)
    np.testing.assert_allclose(other.parameters * units, fit.parameters, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(other.standard_errors * units, fit.standard_errors, rtol=1e-8)
    np.testing.assert_allclose(other.correlation, fit.correlation, atol=1e-8)
    assert other.condition == pytest.approx(fit.condition, rel=1e-8)


@fast
@given(seeds, st.booleans())
def test_the_residuals_are_orthogonal_to_the_columns(seed, weighted):
    X, y, sigma = measurements(seed, weighted=weighted)
    fit = fit_linear(X, y, sigma)
    weights = 1 if sigma is None else sigma**-2
    misses = y - X @ fit.parameters
    np.testing.assert_allclose(X.T @ (weights * misses), 0, atol=1e-11 * fit.condition)
    assert np.sum(weights * misses**2) == pytest.approx(fit.chi_squared, rel=1e-10)


@fast
@given(seeds, st.floats(-1e3, 1e3), st.booleans())
def test_a_constant_added_to_the_readings_moves_the_intercept_alone(seed, constant, weighted):
    x, y, sigma = points(seed, weighted=weighted)
    fit, other = fit_line(x, y, sigma), fit_line(x, y + constant, sigma)
    np.testing.assert_allclose(other.parameters - fit.parameters, [constant, 0], atol=1e-10)
    np.testing.assert_allclose(other.covariance, fit.covariance, rtol=1e-8, atol=1e-12)


@fast
@given(seeds, st.floats(-1e3, 1e3))
def test_a_shift_of_x_leaves_the_slope(seed, shift):
    x, y, _ = points(seed)
    fit, other = fit_line(x, y), fit_line(x + shift, y)
    assert other.parameters[1] == pytest.approx(fit.parameters[1], rel=1e-9)
    assert other.standard_errors[1] == pytest.approx(fit.standard_errors[1], rel=1e-9)
    assert other.parameters[0] == pytest.approx(fit.parameters[0] - shift * fit.parameters[1], abs=1e-9)


@fast
@given(seeds, st.floats(0.001, 1000))
def test_errors_all_larger_by_a_factor(seed, factor):
    X, y, sigma = measurements(seed, weighted=True)
    x = X[:, 0]
    for method, columns in ((fit_linear, X), (fit_line, x)):
        known, larger = method(columns, y, sigma), method(columns, y, factor * sigma)
        np.testing.assert_allclose(larger.parameters, known.parameters, rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose(larger.covariance, factor**2 * known.covariance, rtol=1e-8)
        ratios = method(columns, y, sigma, only_ratios_known=True)
        again = method(columns, y, factor * sigma, only_ratios_known=True)
        np.testing.assert_allclose(again.covariance, ratios.covariance, rtol=1e-8)


@fast
@given(seeds, st.integers(2, 5))
def test_every_row_taken_several_times(seed, times):
    X, y, sigma = measurements(seed, weighted=True)
    once, often = fit_linear(X, y, sigma), fit_linear(np.tile(X, (times, 1)), np.tile(y, times), np.tile(sigma, times))
    np.testing.assert_allclose(often.parameters, once.parameters, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(often.covariance * times, once.covariance, rtol=1e-9)
    assert often.chi_squared == pytest.approx(times * once.chi_squared)
    heavier = fit_linear(X, y, sigma / math.sqrt(times))
    np.testing.assert_allclose(heavier.covariance, often.covariance, rtol=1e-8)


@fast
@given(seeds, st.randoms(), st.booleans())
def test_the_order_of_the_rows_does_not_matter(seed, shuffler, weighted):
    X, y, sigma = measurements(seed, weighted=weighted)
    order = list(range(len(y)))
    shuffler.shuffle(order)
    errors = None if sigma is None else sigma[order]
    agree(fit_linear(X[order], y[order], errors), fit_linear(X, y, sigma))
    agree(fit_line(X[order, 0], y[order], errors), fit_line(X[:, 0], y, sigma))


@fast
@given(seeds, st.floats(0.1, 10))
def test_equal_errors_weigh_nothing(seed, error):
    X, y, _ = measurements(seed)
    plain, equal = fit_linear(X, y), fit_linear(X, y, error, only_ratios_known=True)
    np.testing.assert_allclose(equal.parameters, plain.parameters, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(equal.covariance, plain.covariance, rtol=1e-9)


@fast
@given(seeds)
def test_data_without_errors_are_met_exactly(seed):
    X, _, _ = measurements(seed)
    truth = np.array([3.0, -1.0, 0.25])
    fit = fit_linear(X, X @ truth)
    assume(fit.condition < 100)
    np.testing.assert_allclose(fit.parameters, truth, atol=1e-12)
    assert fit.residual_standard_deviation < 1e-13


def test_the_error_bars_say_how_the_answer_scatters():
    """Over 2,000 repetitions of an experiment, answers scatter as the covariance says."""
    x, sigma, random = np.arange(8.0), np.linspace(0.5, 2, 8), np.random.default_rng(7)
    fits = [fit_line(x, 3 - x + sigma * random.normal(size=8), sigma) for _ in range(2000)]
    answers = np.array([fit.parameters for fit in fits])
    np.testing.assert_allclose(answers.mean(axis=0), [3, -1], atol=0.05)
    np.testing.assert_allclose(np.cov(answers.T), fits[0].covariance, rtol=0.1)
    assert np.mean([fit.chi_squared for fit in fits]) == pytest.approx(6, rel=0.05)


# What cannot be determined


@pytest.mark.parametrize("place, parameters", [(2.0, [np.nan, np.nan]), (0.0, [2, np.nan]), (0.1, [np.nan, np.nan])])
def test_a_line_through_readings_at_one_place(place, parameters):
    fit = fit_line([place] * 3, [1, 2, 3])
    assert not fit.converged and fit.rank == 1 and fit.degrees_of_freedom == 2
    np.testing.assert_allclose(fit.parameters, parameters)
    which = "slope" if place == 0 else "intercept, slope"
    assert fit.reason == f"the data do not determine {which}: all x are the same"
    assert fit.chi_squared == pytest.approx(2)


def test_one_point_and_two_points():
    assert not fit_line([1], [2]).converged
    fit = fit_line([1, 3], [2, 8])
    np.testing.assert_allclose(fit.parameters, [-1, 3], rtol=1e-15)
    assert fit.converged and np.isnan(fit.standard_errors).all()
    assert fit.reason.endswith("; no reading is left over to estimate errors from: they are nan")
    np.testing.assert_allclose(fit_line([1, 3], [2, 8], 0.1).covariance, [[0.025, -0.01], [-0.01, 0.005]], rtol=1e-14)


def test_columns_that_are_entangled():
    X, y, _ = measurements(3)
    fit = fit_linear(np.column_stack([X, X[:, 0] / 3 - X[:, 2]]), y)
    assert not fit.converged and fit.rank == 3
    np.testing.assert_array_equal(np.isnan(fit.parameters), [True, False, True, True])
    assert fit.parameters[1] == pytest.approx(fit_linear(X, y).parameters[1])


def test_more_columns_than_rows():
    fit = fit_linear(np.eye(3, 5), [1, 2, 3], sigma=1)
    assert not fit.converged and fit.rank == 3
    np.testing.assert_allclose(fit.parameters, [1, 2, 3, np.nan, np.nan])
    assert fit.reason == "the data do not determine parameter 3, parameter 4: a combination of their columns vanishes"


# Polynomials


def test_polynomial_columns():
    np.testing.assert_array_equal(polynomial_columns([2, -3], 3), [[1, 2, 4, 8], [1, -3, 9, -27]])
    np.testing.assert_array_equal(polynomial_columns([0, 5], 0), [[1], [1]])
    fit = fit_linear(polynomial_columns(np.arange(6), 2), [2.0, 5, 12, 23, 38, 57])
    np.testing.assert_allclose(fit.parameters, [2, 1, 2], atol=1e-12)


# Refusals

GOOD = [1.0, 2.0, 4.0]
REFUSED = [
    (fit_line, (GOOD, [1, 2]), ValueError, r"y: expected one reading for each x, shape \(3,\), got shape \(2,\)"),
    (fit_line, ([1, np.nan, 2], GOOD), ValueError, r"x: expected finite numbers, got nan at x\[1\]"),
    (fit_line, (GOOD, [1, np.inf, 2]), ValueError, r"y: expected finite numbers, got inf at y\[1\]"),
    (fit_line, ([], []), ValueError, "x: expected at least one number"),
    (fit_line, ([GOOD], [GOOD]), ValueError, r"x: expected an array of shape \(any,\), got shape \(1, 3\)"),
    (fit_line, (3, 4), ValueError, "x: expected"),
    (fit_line, ("123", GOOD), TypeError, "x: expected"),
    (fit_line, (GOOD, [1j, 2, 3]), TypeError, "y: expected"),
    (fit_line, (GOOD, None), TypeError, "y: expected"),
    (fit_line, ([True, False, True], GOOD), TypeError, "x: expected"),
    (fit_line, (GOOD, GOOD, [1, 0, 1]), ValueError, r"sigma: expected numbers above 0, got 0.0 at sigma\[1\]"),
    (fit_line, (GOOD, GOOD, -1), ValueError, "sigma: expected numbers above 0, got -1.0"),
    (fit_line, (GOOD, GOOD, [1, 2]), ValueError, "sigma: expected one error for each reading"),
    (fit_line, ([1, 2e60, 3], GOOD), ValueError, "x: expected a length from 1e-60"),
    (fit_line, ([1e-61, 2e-61, 0], GOOD), ValueError, "x: expected a length from 1e-60"),
    (fit_line, ([2e60] * 3, GOOD), ValueError, "x: expected a length from 1e-60"),
    (fit_line, (GOOD, [1, 2, 1e300], 1e-30), ValueError, "y: expected a length from 1e-60"),
    (fit_linear, (GOOD, GOOD), ValueError, r"X: expected an array of shape \(any, any\), got shape \(3,\)"),
    (fit_linear, ([GOOD], GOOD), ValueError, r"y: expected one reading for each row of X, shape \(1,\)"),
    (fit_linear, (np.eye(3), GOOD, [1, 1, 0]), ValueError, r"sigma: expected numbers above 0, got 0.0 at sigma\[2\]"),
    (fit_linear, (np.eye(3) * 1e61, GOOD), ValueError, "X: expected a length from 1e-60"),
    (polynomial_columns, ([1, 2], 1.5), TypeError, "degree: expected a whole number, got 1.5"),
    (polynomial_columns, ([1, 2], True), TypeError, "degree: expected a whole number"),
    (polynomial_columns, ([1, np.nan], 2), ValueError, "x: expected finite numbers"),
    (polynomial_columns, ([1, -1e200], 2), ValueError, "x: expected numbers whose powers up to 2 are finite, got 1e"),
]


@pytest.mark.parametrize("method, arguments, error, message", REFUSED)
def test_bad_input_is_refused_by_name(method, arguments, error, message):
    with pytest.raises(error, match="^" + message):
        method(*arguments)


def test_the_data_of_the_caller_stay_as_they_are():
    X, y, sigma = measurements(9, weighted=True)
    X[:, 1] = X[:, 0] + 1e-6 * X[:, 1]
    kept = X.copy(), y.copy(), sigma.copy()
    fit_linear(X, y, sigma)
    fit_line(X[:, 0], y, sigma)
    for now, then in zip((X, y, sigma), kept, strict=True):
        np.testing.assert_array_equal(now, then)
