"""The mergeable summary: against exact fractions, in parts and in any order, what it refuses and what it flags."""

import functools
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.summary import LeastSquares, assembled_fit, check_sizes, readings
from tests.exact_least_squares import digits, exact_errors, exact_fit, flat

fast = settings(max_examples=50, deadline=None, derandomize=True, database=None)


def measurements(rows, columns, seed, weighted=False):
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, columns))
    y = X @ np.arange(1.0, columns + 1) + random.normal(size=rows)
    return X, y, random.uniform(0.5, 2, rows) if weighted else None


def same(fit, other, tolerance=1e-11):
    np.testing.assert_allclose(fit.parameters, other.parameters, atol=tolerance)
    np.testing.assert_allclose(fit.covariance, other.covariance, atol=tolerance, rtol=tolerance)
    assert fit.chi_squared == pytest.approx(other.chi_squared, rel=tolerance, abs=tolerance)
    assert (fit.degrees_of_freedom, fit.rank, fit.converged) == (other.degrees_of_freedom, other.rank, other.converged)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("rows, columns", [(4, 3), (5, 1), (40, 4)])
def test_the_answer_is_that_of_the_normal_equations(rows, columns, weighted):
    X, y, sigma = measurements(rows, columns, 1, weighted)
    fit = LeastSquares().add(X, y, sigma).solve()
    parameters, inverse, chi_squared = exact_fit(X, y, sigma)
    factor = 1 if weighted else chi_squared / (rows - columns)
    assert digits(fit.parameters, parameters) > 12
    assert digits(fit.covariance.ravel(), [factor * entry for entry in flat(inverse)]) > 12
    assert digits(fit.standard_errors, exact_errors(X, y, sigma)) > 12
    assert digits([fit.chi_squared], [chi_squared]) > 12
    assert (fit.degrees_of_freedom, fit.rank, fit.iterations) == (rows - columns, columns, 1)
    assert fit.converged is True and fit.reason == "one step solves a linear problem"
    np.testing.assert_array_equal(fit.path, [fit.parameters])
    assert type(fit.chi_squared) is float and type(fit.rank) is int and type(fit.condition) is float


def test_only_the_ratios_of_the_errors_are_known():
    X, y, sigma = measurements(20, 3, 2, weighted=True)
    known = LeastSquares().add(X, y, sigma).solve()
    ratios = LeastSquares().add(X, y, 1000 * sigma).solve(only_ratios_known=True)
    assert ratios.chi_squared == pytest.approx(known.chi_squared / 1e6)
    np.testing.assert_allclose(ratios.parameters, known.parameters)
    np.testing.assert_allclose(ratios.covariance, known.covariance * known.chi_squared / 17)


@pytest.mark.parametrize("rows", [4095, 4096, 4097, 8192, 10_000])
@pytest.mark.parametrize("weighted", [False, True])
def test_many_panels_are_one_fit(rows, weighted):
    X, y, sigma = measurements(rows, 3, rows, weighted)
    fit = LeastSquares().add(X, y, sigma).solve()
    A, b = (X, y) if sigma is None else (X / sigma[:, None], y / sigma)
    parameters, rest, rank, _ = np.linalg.lstsq(A, b)
    np.testing.assert_allclose(fit.parameters, parameters, rtol=1e-12)
    assert fit.chi_squared == pytest.approx(rest[0], rel=1e-12)
    assert fit.rank == rank and fit.degrees_of_freedom == rows - 3
    factor = 1 if weighted else rest[0] / (rows - 3)
    np.testing.assert_allclose(fit.covariance, np.linalg.inv(A.T @ A) * factor, rtol=1e-9, atol=1e-15)


# Laws


@fast
@given(st.integers(0, 10**6), st.lists(st.integers(1, 9), min_size=1, max_size=6), st.booleans(), st.randoms())
def test_merging_in_any_split_and_order_is_one_fit(seed, lengths, weighted, order):
    X, y, sigma = measurements(sum(lengths), 3, seed, weighted)
    whole = LeastSquares().add(X, y, sigma)
    ends = np.cumsum(lengths)[:-1]
    errors = [None] * len(lengths) if sigma is None else np.split(sigma, ends)
    parts = [LeastSquares().add(*part) for part in zip(np.split(X, ends), np.split(y, ends), errors, strict=True)]
    order.shuffle(parts)
    merged = functools.reduce(LeastSquares.merge, parts)
    assert merged.rows == whole.rows
    if len(y) > 4:
        tolerance = 1e-13 * whole.solve().condition ** 2
        same(merged.solve(), whole.solve(), max(tolerance, 1e-12))


@fast
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_adding_in_two_parts_is_adding_at_once(seed, first):
    X, y, _ = measurements(13, 2, seed)
    parts = LeastSquares().add(X[:first], y[:first]).add(X[first:], y[first:])
    same(parts.solve(), LeastSquares().add(X, y).solve())


@fast
@given(st.integers(0, 10**6), st.floats(0.01, 100))
def test_known_errors_scale_the_covariance_and_estimated_ones_do_not(seed, factor):
    X, y, sigma = measurements(12, 2, seed, weighted=True)
    one, other = LeastSquares().add(X, y, sigma), LeastSquares().add(X, y, factor * sigma)
    np.testing.assert_allclose(other.solve().parameters, one.solve().parameters, atol=1e-11)
    np.testing.assert_allclose(other.solve().covariance, factor**2 * one.solve().covariance, rtol=1e-9)
    ratios = one.solve(only_ratios_known=True).covariance
    np.testing.assert_allclose(other.solve(only_ratios_known=True).covariance, ratios, rtol=1e-9)
    assert other.solve().chi_squared == pytest.approx(one.solve().chi_squared / factor**2)


# What cannot be determined


def test_a_column_that_stands_alone_is_found_beside_entangled_ones():
    X, y, _ = measurements(30, 3, 4)
    twice = np.column_stack([X[:, 0], X[:, 1], X[:, 0] - X[:, 1], X[:, 2]])
    fit, plain = LeastSquares().add(twice, y).solve(), LeastSquares().add(X, y).solve()
    assert fit.converged is False and fit.rank == 3 and fit.condition == math.inf
    vanishes = "parameter 0, parameter 1, parameter 2: a combination of their columns vanishes"
    assert fit.reason == f"the data do not determine {vanishes}"
    np.testing.assert_array_equal(np.isnan(fit.parameters), [True, True, True, False])
    assert fit.parameters[3] == pytest.approx(plain.parameters[2], rel=1e-13)
    assert fit.covariance[3, 3] == pytest.approx(plain.covariance[2, 2], rel=1e-13)
    assert np.isnan(fit.covariance[:3]).all() and np.isnan(fit.covariance[:, :3]).all()
    assert fit.chi_squared == pytest.approx(plain.chi_squared, rel=1e-13)
    assert fit.degrees_of_freedom == 27


def test_a_column_of_zeros():
    fit = LeastSquares().add([[1, 0], [1, 0], [1, 0]], [1, 2, 3]).solve()
    assert fit.reason == "the data do not determine parameter 1: its column vanishes" and not fit.converged
    np.testing.assert_allclose(fit.parameters, [2, np.nan])
    np.testing.assert_allclose(fit.standard_errors, [math.sqrt(1 / 3), np.nan])
    assert fit.chi_squared == pytest.approx(2)


def test_fewer_rows_than_columns():
    fit = LeastSquares().add([[1, 2, 0], [0, 0, 3]], [1, 6]).solve()
    assert not fit.converged and fit.rank == 2 and fit.degrees_of_freedom == 0
    np.testing.assert_allclose(fit.parameters, [np.nan, np.nan, 2])
    assert np.isnan(fit.covariance).all() and fit.chi_squared == pytest.approx(0, abs=1e-28)
    assert "parameter 0, parameter 1: " in fit.reason and "no reading is left over" in fit.reason
    known = LeastSquares().add([[1, 2, 0], [0, 0, 3]], [1, 6], sigma=0.6).solve()
    np.testing.assert_allclose(known.standard_errors, [np.nan, np.nan, 0.2])
    assert "left over" not in known.reason


def test_as_many_rows_as_columns():
    fit = LeastSquares().add([[1, 0], [1, 1]], [3, 5]).solve()
    assert fit.converged and fit.degrees_of_freedom == 0 and np.isnan(fit.standard_errors).all()
    np.testing.assert_allclose(fit.parameters, [3, 2])
    left = "no reading is left over to estimate errors from: they are nan"
    assert fit.reason == f"one step solves a linear problem; {left}"
    ratios = LeastSquares().add([[1, 0], [1, 1]], [3, 5], [1, 2]).solve(only_ratios_known=True)
    assert np.isnan(ratios.covariance).all() and left in ratios.reason
    known = LeastSquares().add([[1, 0], [1, 1]], [3, 5], [3, 4]).solve()
    np.testing.assert_allclose(known.covariance, [[9, -9], [-9, 25]], rtol=1e-13)
    assert known.reason == "one step solves a linear problem"


@pytest.mark.parametrize("gap, figures", [(1e-7, None), (1e-9, 7), (1e-11, 5)])
def test_nearly_dependent_columns_are_flagged(gap, figures):
    x = np.arange(10.0)
    fit = LeastSquares().add(np.column_stack([np.ones(10), 1 + gap * x]), x).solve()
    assert fit.converged
    flag = "" if figures is None else f", but its columns are nearly dependent: trust {figures} figures"
    assert fit.reason == "one step solves a linear problem" + flag
    assert fit.condition == pytest.approx(0.7 / gap, rel=0.1)


def test_dependence_is_found_among_many_rows():
    """Rounding grows with the number of rows, and so does the threshold."""
    one, x = np.ones(300_000), np.random.default_rng(3).normal(size=300_000)
    fit = LeastSquares().add(np.column_stack([one, 0.1 * one, x]), x).solve()
    assert fit.rank == 2
    np.testing.assert_allclose(fit.parameters, [np.nan, np.nan, 1])


# The object


def test_a_summary_survives_a_journey():
    X, y, sigma = measurements(30, 3, 5, weighted=True)
    summary = LeastSquares().add(X, y, sigma)
    arrived = pickle.loads(pickle.dumps(summary))
    same(arrived.solve(), summary.solve(), 0)
    assert len(pickle.dumps(summary)) < 1000


def test_merging_leaves_the_parts_as_they_are_and_adding_does_not():
    X, y, _ = measurements(30, 3, 6)
    one, two = LeastSquares().add(X[:10], y[:10]), LeastSquares().add(X[10:], y[10:])
    before = one.solve(), two.solve()
    both = one.merge(two)
    same(one.solve(), before[0], 0)
    same(two.solve(), before[1], 0)
    assert (one.rows, two.rows, both.rows) == (10, 20, 30)
    assert both.add(X, y) is both and both.rows == 60


def test_merging_with_an_empty_summary():
    X, y, sigma = measurements(9, 3, 7, weighted=True)
    full = LeastSquares().add(X, y, sigma)
    for both in (full.merge(LeastSquares()), LeastSquares().merge(full)):
        same(both.solve(), full.solve())
        assert both.rows == 9
    nothing = LeastSquares().merge(LeastSquares())
    assert repr(nothing) == "LeastSquares(rows=0, columns=0)"
    assert nothing.add(X, y).rows == 9
    assert repr(full) == "LeastSquares(rows=9, columns=3)"


def test_the_data_of_the_caller_stay_as_they_are():
    X, y, sigma = measurements(9, 3, 8, weighted=True)
    kept = X.copy(), y.copy(), sigma.copy()
    LeastSquares().add(X, y, sigma).solve()
    for now, then in zip((X, y, sigma), kept, strict=True):
        np.testing.assert_array_equal(now, then)


# Refusals

GOOD = np.array([[1.0, 2.0], [1.0, 3.0], [1.0, 5.0]])

REFUSED = [
    (([1, 2, 3], [1, 2, 3]), ValueError, r"X: expected an array of shape \(any, any\), got shape \(3,\)"),
    ((GOOD, [1, 2]), ValueError, r"y: expected one reading for each row of X, shape \(3,\), got shape \(2,\)"),
    ((GOOD, [1, 2, 3, 4]), ValueError, r"y: expected one reading for each row of X, shape \(3,\), got shape \(4,\)"),
    ((GOOD, [[1], [2], [3]]), ValueError, r"y: expected an array of shape \(any,\), got shape \(3, 1\)"),
    ((GOOD, 3), ValueError, "y: expected"),
    ((GOOD, [1, np.nan, 3]), ValueError, r"y: expected finite numbers, got nan at y\[1\]"),
    (([[1, 2], [np.inf, 3]], [1, 2]), ValueError, r"X: expected finite numbers, got inf at X\[1, 0\]"),
    (([[1, 2], [3]], [1, 2]), ValueError, "X: expected"),
    ((np.empty((0, 2)), []), ValueError, "X: expected at least one number"),
    ((GOOD * 1j, [1, 2, 3]), TypeError, "X: expected"),
    ((GOOD.astype(object), [1, 2, 3]), TypeError, "X: expected"),
    ((GOOD > 2, [1, 2, 3]), TypeError, "X: expected"),
    ((GOOD, ["1", "2", "3"]), TypeError, "y: expected"),
    ((GOOD, None), TypeError, "y: expected"),
    ((GOOD, [1, 2, 3], [1, 2, 0]), ValueError, r"sigma: expected numbers above 0, got 0.0 at sigma\[2\]"),
    ((GOOD, [1, 2, 3], [1, 2]), ValueError, r"sigma: expected one error for each reading"),
    ((GOOD * 1e61, [1, 2, 3]), ValueError, r"X: expected a length from 1e-60 to 1e\+60 relative to sigma"),
    ((GOOD, [1e61, 0, 0]), ValueError, r"y: expected a length from 1e-60 to 1e\+60 relative to sigma, got 1e\+61"),
    ((GOOD, [1e30, 0, 0], 1e-40), ValueError, "y: expected a length from 1e-60"),
    ((GOOD * 1e300, [1, 2, 3], 1e-30), ValueError, "X: expected a length from 1e-60"),
]


@pytest.mark.parametrize("arguments, error, message", REFUSED)
def test_bad_rows_are_refused_and_change_nothing(arguments, error, message):
    summary = LeastSquares().add(GOOD, [1, 2, 4], [1, 1, 1] if len(arguments) == 3 else None)
    before = summary.solve()
    with pytest.raises(error, match="^" + message):
        summary.add(*arguments)
    same(summary.solve(), before, 0)
    assert summary.rows == 3


@pytest.mark.parametrize("size", [3e-60, 1e59])
def test_sizes_just_inside_the_bounds_are_fitted(size):
    fit = LeastSquares().add(GOOD * size, np.array([1.0, 2.0, 4.0]) * size).solve()
    np.testing.assert_allclose(fit.parameters, LeastSquares().add(GOOD, [1, 2, 4]).solve().parameters)
    assert np.all(fit.standard_errors > 0) and np.isfinite(fit.standard_errors).all()


def test_parts_that_do_not_belong_together_are_refused():
    plain, weighted = LeastSquares().add(GOOD, [1, 2, 4]), LeastSquares().add(GOOD, [1, 2, 4], 0.5)
    with pytest.raises(ValueError, match=r"^X: expected 2 columns, as before, got shape \(1, 1\)"):
        plain.add([[1]], [2])
    with pytest.raises(ValueError, match=r"^sigma: expected it with every part of the data, or with none"):
        plain.add(GOOD, [1, 2, 3], 0.5)
    with pytest.raises(ValueError, match=r"^sigma: expected it with every part of the data, or with none"):
        weighted.add(GOOD, [1, 2, 3])
    with pytest.raises(ValueError, match=r"^other: expected a sigma with every part of the data, or with none"):
        plain.merge(weighted)
    with pytest.raises(ValueError, match=r"^other: expected a summary of 2 columns, got LeastSquares"):
        plain.merge(LeastSquares().add([[1]], [2]))
    with pytest.raises(TypeError, match=r"^other: expected a LeastSquares, got 3"):
        plain.merge(3)
    with pytest.raises(ValueError, match=r"^LeastSquares: expected rows to fit, got none"):
        LeastSquares().solve()


def test_the_shared_checks():
    X, y, sigma = readings([[1, 2], [3, 4]], [5, 6], 2)
    assert X.dtype == y.dtype == sigma.dtype == float
    assert (X.shape, y.shape, sigma.shape) == ((2, 2), (2,), (2,))
    assert readings([[1]], [2], None)[2] is None
    check_sizes(np.array([[0.0, 1e60], [0.0, 1e-60]]), "X")
    for bad in (1.01e60, -1.01e60, np.inf, np.nan):
        with pytest.raises(ValueError, match=r"^what: expected a length"):
            check_sizes(np.array([[1.0, bad], [1.0, 0.0]]), "what")
    for bad in ([7e59, 8e59], [5e-61, 5e-61], [1e-200, 0], [1e200, 1e200]):
        with pytest.raises(ValueError, match=r"^what: expected a length"):
            check_sizes(np.array(bad)[:, None], "what")


def test_the_last_step():
    arguments = np.array([1.0, 2.0]), np.diag([4.0, 9.0]), 6.0, 5
    known, estimated = (assembled_fit(*arguments, estimate, rank=2, condition=1.0) for estimate in (False, True))
    np.testing.assert_array_equal(known.standard_errors, [2, 3])
    np.testing.assert_allclose(estimated.standard_errors, [2 * math.sqrt(2), 3 * math.sqrt(2)])
    assert estimated.degrees_of_freedom == 3
