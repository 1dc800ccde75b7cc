"""The result of every fit: its statistics by hand, ranks of matrices made to order, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.fit import Fit, errors_of, pseudo_inverse

fast = settings(max_examples=50, deadline=None, derandomize=True, database=None)


def made_up(**changes):
    parts = {
        "parameters": np.array([2.0, -3.0, 0.5]),
        "covariance": np.array([[4.0, 1.0, 0.0], [1.0, 9.0, -3.0], [0.0, -3.0, 25.0]]),
        "chi_squared": 8.0,
        "degrees_of_freedom": 2,
        "rank": 3,
        "condition": 5.0,
        "converged": True,
        "reason": "made up",
        "iterations": 1,
        "path": np.array([[2.0, -3.0, 0.5]]),
    }
    return Fit(**{**parts, **changes})


def test_what_is_computed():
    fit = made_up()
    np.testing.assert_array_equal(fit.standard_errors, [2, 3, 5])
    np.testing.assert_allclose(fit.correlation, [[1, 1 / 6, 0], [1 / 6, 1, -1 / 5], [0, -1 / 5, 1]], rtol=1e-15)
    assert fit.residual_standard_deviation == 2
    assert type(fit.residual_standard_deviation) is float


def test_what_cannot_be_computed_is_nan():
    fit = made_up(degrees_of_freedom=0, covariance=np.diag([4.0, 0.0, np.nan]))
    assert math.isnan(fit.residual_standard_deviation)
    np.testing.assert_array_equal(fit.standard_errors, [2, 0, np.nan])
    np.testing.assert_array_equal(np.diag(fit.correlation), [1, np.nan, np.nan])


def test_the_table():
    assert str(made_up(covariance=np.diag([4.0, 0.01, np.nan]), parameters=np.array([2.0, -1234.5678, np.nan]))) == (
        "parameter          value  standard error\n"
        "        0              2               2\n"
        "        1      -1234.568             0.1\n"
        "        2            nan             nan\n"
        "chi-squared 8 with 2 degrees of freedom\n"
        "converged: made up"
    )
    assert str(made_up(converged=False)).endswith("\nnot converged: made up")


def test_it_cannot_be_changed_and_hides_its_path():
    with pytest.raises(AttributeError):
        made_up().rank = 2
    assert "path" not in repr(made_up())


@fast
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(0, 8))
def test_independent_columns_have_the_ordinary_inverse(seed, columns, more):
    random = np.random.default_rng(seed)
    A = random.normal(size=(columns + more, columns)) * 10.0 ** random.integers(-12, 12, columns)
    inverse, rank, condition, undetermined = pseudo_inverse(A)
    assert rank == columns and not undetermined.any()
    lengths = np.linalg.norm(A, axis=0)
    np.testing.assert_allclose(inverse @ A * lengths[:, None] / lengths, np.eye(columns), atol=1e-9)
    unit = A / lengths
    assert condition == pytest.approx(np.linalg.cond(unit), rel=1e-6)


def test_the_inverse_of_a_triangle_by_hand():
    inverse, rank, condition, undetermined = pseudo_inverse(np.array([[2.0, 6.0], [0.0, 8.0]]))
    np.testing.assert_allclose(inverse, [[0.5, -0.375], [0, 0.125]], atol=1e-15)
    assert rank == 2 and undetermined.tolist() == [False, False]
    assert condition == pytest.approx(math.sqrt((1 + 0.6) / (1 - 0.6)))  # unit vectors at the cosine 0.6


DEPENDENT = [
    # columns, rank, undetermined
    ([[1, 1], [1, 1], [1, 1]], 1, [True, True]),
    ([[1, 0], [2, 0], [3, 0]], 1, [False, True]),
    ([[0, 0], [0, 0]], 0, [True, True]),
    ([[1, 0, 1], [0, 1, 1], [0, 0, 0]], 2, [True, True, True]),
    ([[1, 0, 1, 0], [1, 1, 2, 5], [1, 2, 3, 0], [1, 3, 4, 0]], 3, [True, True, True, False]),
    ([[1, 2]], 1, [True, True]),
    ([[1, 2, 0], [0, 0, 3]], 2, [True, True, False]),
    ([[1, 1e-200], [1, 2e-200]], 2, [False, False]),
    ([[1e-310, 1], [0, 1]], 1, [True, False]),
]


@pytest.mark.parametrize("A, rank, undetermined", DEPENDENT)
def test_dependent_columns(A, rank, undetermined):
    inverse, got, condition, which = pseudo_inverse(np.array(A, dtype=float))
    assert got == rank and which.tolist() == undetermined
    assert (condition == math.inf) == (rank < len(A[0]))
    assert inverse.shape == np.shape(A)[::-1] and np.isfinite(inverse).all()


def test_what_is_determined_is_as_if_the_rest_were_not_there():
    A = np.array([[1, 0, 1, 2], [1, 1, 2, 5], [1, 2, 3, -1], [1, 3, 4, 3.0]])
    inverse, _, _, undetermined = pseudo_inverse(A)
    assert undetermined.tolist() == [True, True, True, False]
    np.testing.assert_allclose(inverse[3], pseudo_inverse(A[:, [0, 1, 3]])[0][2], atol=1e-15)


@pytest.mark.parametrize("gap, rank", [(1e-12, 2), (4e-13, 2), (1e-14, 1)])
def test_the_threshold_of_the_rank(gap, rank):
    """Two unit columns at a small angle: the singular values are sqrt(2) and the angle / sqrt(2)."""
    A = np.array([[1.0, 1.0], [0.0, gap]])
    _, got, condition, undetermined = pseudo_inverse(A)
    assert got == rank and undetermined.tolist() == [rank == 1] * 2
    if rank == 2:
        assert condition == pytest.approx(2 / gap, rel=1e-3)
    # A million rows bring more rounding: the threshold is 1.8e-12 then.
    assert pseudo_inverse(A, rows=10**6)[1] == 1
    assert pseudo_inverse(A * 10.0**-100, rows=10)[1] == rank


def test_errors_of():
    y = np.array([1.0, 2.0, 3.0])
    assert errors_of(y, None) is None
    np.testing.assert_array_equal(errors_of(y, 2), [2, 2, 2])
    np.testing.assert_array_equal(errors_of(y, [1, 2, 3]), [1, 2, 3])


@pytest.mark.parametrize(
    "sigma, error, message",
    [
        (0, ValueError, "expected numbers above 0, got 0.0$"),
        (-1, ValueError, "expected numbers above 0, got -1.0$"),
        ([1, 2, 0], ValueError, r"expected numbers above 0, got 0.0 at sigma\[2\]"),
        ([1, -2, 0], ValueError, r"expected numbers above 0, got -2.0 at sigma\[1\]"),
        ([1, 1e-61, 1], ValueError, r"expected numbers not so small, got 1e-61 at sigma\[1\]"),
        ([1, 1, 1e61], ValueError, r"expected numbers not so large, got 1e\+61 at sigma\[2\]"),
        ([1, np.nan, 1], ValueError, r"expected finite numbers, got nan at sigma\[1\]"),
        ([1, 2], ValueError, r"expected one error for each reading, shape \(3,\), or one for all, got shape \(2,\)"),
        ([[1], [2], [3]], ValueError, r"expected one error .* got shape \(3, 1\)"),
        ([], ValueError, "expected at least one number"),
        ("1", TypeError, "expected one error"),
        (1j, TypeError, "expected one error"),
        (True, TypeError, "expected one error"),
    ],
)
def test_bad_errors_are_refused(sigma, error, message):
    with pytest.raises(error, match="^sigma: " + message):
        errors_of(np.array([1.0, 2.0, 3.0]), sigma)
