"""Twice the digits: sums and products that lose nothing, against fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.double_double import products_of_columns, sweep, two_product, two_sum
from tests.exact_least_squares import digits, exact_fit, flat

fast = settings(max_examples=60, deadline=None, derandomize=True, database=None)
sizes = st.floats(min_value=1e-60, max_value=1e60)
numbers = st.one_of(st.just(0.0), sizes, sizes.map(lambda size: -size))


@fast
@given(numbers, numbers)
def test_two_sum_loses_nothing(a, b):
    total, rest = two_sum(a, b)
    assert total == a + b
    assert Fraction(total) + Fraction(rest) == Fraction(a) + Fraction(b)


@fast
@given(numbers, numbers)
def test_two_product_loses_nothing(a, b):
    product, rest = two_product(a, b)
    assert product == a * b
    assert Fraction(product) + Fraction(rest) == Fraction(a) * Fraction(b)


def test_arrays_go_entry_by_entry():
    random = np.random.default_rng(1)
    a, b = random.normal(size=(2, 7))
    for combine in (two_sum, two_product):
        high, low = combine(a, b)
        assert [combine(*pair) for pair in zip(a, b, strict=True)] == list(zip(high, low, strict=True))


def table(rows, columns, seed):
    random = np.random.default_rng(seed)
    return random.normal(size=(rows, columns)) * 10.0 ** random.integers(-3, 4, size=(rows, columns))


def exact_products(A, sigma=None):
    weights = [1] * len(A) if sigma is None else [1 / Fraction(error) ** 2 for error in sigma]
    rows = [[Fraction(value) for value in row] for row in A]
    columns = range(len(rows[0]))
    return [[sum(w * r[i] * r[j] for w, r in zip(weights, rows, strict=True)) for j in columns] for i in columns]


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 64, 100, 4096, 4099])
@pytest.mark.parametrize("weighted", [False, True])
def test_products_of_columns_have_thirty_digits(rows, weighted):
    A = table(rows, 3, seed=rows)
    sigma = np.random.default_rng(2).choice([0.1, 0.7, 1.3], rows) if weighted else None
    high, low = products_of_columns(A, sigma)
    lengths = np.linalg.norm(A if sigma is None else A / sigma[:, None], axis=0)
    for i, exact_row in enumerate(exact_products(A, sigma)):
        for j, exact in enumerate(exact_row):
            miss = abs(Fraction(high[i, j]) + Fraction(low[i, j]) - exact)
            assert miss < 1e-30 * lengths[i] * lengths[j]
            assert high[i, j] == pytest.approx(float(exact), rel=1e-15)
    np.testing.assert_array_equal(high, high.T)
    np.testing.assert_array_equal(low, low.T)


@pytest.mark.parametrize("weighted", [False, True])
def test_sweep_solves_the_normal_equations(weighted):
    data = table(12, 5, seed=3)
    sigma = np.linspace(0.5, 2, 12) if weighted else None
    parameters, inverse, chi_squared = sweep(*products_of_columns(data, sigma))
    exact = exact_fit(data[:, :4], data[:, 4], sigma)
    assert digits(parameters, exact[0]) > 15
    assert digits(inverse.ravel(), flat(exact[1])) > 15
    assert digits([chi_squared], [exact[2]]) > 15
    assert parameters.dtype == inverse.dtype == float and type(chi_squared) is float


def test_sweep_keeps_the_digits_where_columns_are_alike():
    """The condition of these columns is 2e10: with 16 digits their normal equations would not have one right."""
    x = np.arange(20.0)
    data = np.column_stack([1 + 0 * x, 1 + 1e-10 * x, np.sin(x)])
    parameters, inverse, chi_squared = sweep(*products_of_columns(data))
    exact = exact_fit(data[:, :2], data[:, 2])
    assert digits(parameters, exact[0]) > 10
    assert digits(inverse.ravel(), flat(exact[1])) > 10
    assert digits([chi_squared], [exact[2]]) > 15


def test_a_perfect_fit_has_no_negative_chi_squared():
    for seed in range(20):
        X = table(9, 3, seed)
        y = X @ [1.0, -2.0, 1 / 3]
        assert 0 <= sweep(*products_of_columns(np.column_stack([X, y])))[2] < 1e-20


def test_the_arrays_of_the_caller_stay_as_they_are():
    A, sigma = table(50, 3, 1), np.ones(50)
    before = A.copy(), sigma.copy()
    high, low = products_of_columns(A, sigma)
    kept = high.copy(), low.copy()
    sweep(high, low)
    for now, then in zip((A, sigma, high, low), (*before, *kept), strict=True):
        np.testing.assert_array_equal(now, then)
