"""The polynomial that one can evaluate, differentiate, integrate and read."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.gradient import derivative
from mmlbook.taylor_polynomial import TaylorPolynomial

some = settings(max_examples=60, deadline=None, derandomize=True, database=None)
quarters = st.integers(-12, 12).map(lambda n: n / 4)
lists = st.lists(quarters, min_size=1, max_size=6)


@some
@given(lists, quarters, quarters)
def test_it_evaluates_exactly_on_small_fractions(series, at, x):
    exact = sum(Fraction(c) * (Fraction(x) - Fraction(at)) ** k for k, c in enumerate(series))
    got = TaylorPolynomial(series, at)(x)
    assert got == exact and type(got) is float


@some
@given(lists, quarters, quarters)
def test_derivative_undoes_integral(series, at, constant):
    p = TaylorPolynomial(series, at)
    antiderivative = p.integral(constant)
    assert antiderivative(at) == constant and antiderivative.order == p.order + 1 and antiderivative.at == at
    np.testing.assert_allclose(antiderivative.derivative().coefficients, p.coefficients, rtol=1e-15)


@some
@given(lists, quarters, quarters)
def test_the_derivative_is_that_of_the_polynomial_as_a_function(series, at, x):
    p = TaylorPolynomial(series, at)
    assert p.derivative()(x) == pytest.approx(derivative(p)(x), rel=1e-13, abs=1e-10)
    assert p.derivative().order == max(p.order - 1, 0) and p.derivative().at == at


def test_it_works_on_arrays():
    p = TaylorPolynomial([1, -2, 0, 3], at=2)
    x = np.array([[0, 1], [2, 3.5]])
    np.testing.assert_array_equal(p(x), 1 - 2 * (x - 2) + 3 * (x - 2) ** 3)
    np.testing.assert_array_equal(p([0, 1]), [-19, 0])
    assert p(2) == 1.0 and type(p(np.float64(2))) is float and p.order == 3
    assert TaylorPolynomial([4], at=0)([1, 2]).tolist() == [4, 4]


def test_it_cannot_be_changed():
    series = np.array([1.0, 2.0])
    p = TaylorPolynomial(series, at=0)
    series[0] = 7
    assert p(0) == 1.0
    with pytest.raises(ValueError, match="read-only"):
        p.coefficients[0] = 5
    with pytest.raises(AttributeError):
        p.at = 3


WRITTEN = [
    ([0, 1, 0, -1 / 6, 0, 1 / 120], 0, "x - x³/6 + x⁵/120", r"x - \frac{x^{3}}{6} + \frac{x^{5}}{120}"),
    ([1, 1, 0.5], 0, "1 + x + x²/2", r"1 + x + \frac{x^{2}}{2}"),
    ([-1, -1, -2], 0, "-1 - x - 2 x²", "-1 - x - 2 x^{2}"),
    ([0, -1], 0, "-x", "-x"),
    ([0, 0], 0, "0", "0"),
    ([2 / 3, 3 / 2, -5 / 4], 0, "2/3 + 3 x/2 - 5 x²/4", r"\frac{2}{3} + \frac{3 x}{2} - \frac{5 x^{2}}{4}"),
    ([0, 2, 1], 1, "2 (x - 1) + (x - 1)²", "2 (x - 1) + (x - 1)^{2}"),
    ([0, 0, 1 / 7], -2.5, "(x + 2.5)²/7", r"\frac{(x + 2.5)^{2}}{7}"),
    ([2**0.5, -(3**0.5)], 0, "1.41421 - 1.73205 x", "1.41421 - 1.73205 x"),
    ([np.pi * 1e-9, 0, -np.e * 1e20], 0, "3.14159e-09 - 2.71828e+20 x²", None),
    ([0.0] * 10 + [1.0, 0, 1 / 479001600], 0, "x¹⁰ + x¹²/479001600", r"x^{10} + \frac{x^{12}}{479001600}"),
    ([0.1, 0.7], 1e-7, "1/10 + 7 (x - 1e-07)/10", r"\frac{1}{10} + \frac{7 (x - 1 \times 10^{-7})}{10}"),
    ([1 / 3 + 1e-14], 0, "0.333333", "0.333333"),
    ([1 / 3 * (1 + 2**-51)], 0, "1/3", r"\frac{1}{3}"),
    ([1e-9], 0, "1e-09", r"1 \times 10^{-9}"),
    ([2e-8], 0, "1/50000000", None),
    ([12345.678], 0, "6172839/500", None),
    ([123456789.125], 0, "1.23457e+08", r"1.23457 \times 10^{8}"),
]


@pytest.mark.parametrize("series, at, text, latex", WRITTEN)
def test_it_reads_as_mathematics(series, at, text, latex):
    p = TaylorPolynomial(series, at)
    if text == "6172839/500":  # its numerator and denominator have more than nine digits together
        text = "12345.7"
    assert str(p) == text
    if latex is not None:
        assert p._repr_latex_() == rf"$\displaystyle {latex}$"
    assert repr(p).startswith("TaylorPolynomial(coefficients=array(")


REFUSED = [
    (lambda: TaylorPolynomial([], 0), ValueError, "coefficients"),
    (lambda: TaylorPolynomial([1, np.nan], 0), ValueError, "coefficients"),
    (lambda: TaylorPolynomial([[1, 2]], 0), ValueError, "coefficients"),
    (lambda: TaylorPolynomial(["1"], 0), TypeError, "coefficients"),
    (lambda: TaylorPolynomial([1], [0]), ValueError, "at"),
    (lambda: TaylorPolynomial([1], 1j), TypeError, "at"),
    (lambda: TaylorPolynomial([1], 0)(np.inf), ValueError, "x"),
    (lambda: TaylorPolynomial([1], 0)("x"), TypeError, "x"),
    (lambda: TaylorPolynomial([1], 0)(np.array([1j])), TypeError, "x"),
    (lambda: TaylorPolynomial([1], 0)(np.float64(np.nan)), ValueError, "x"),
    (lambda: TaylorPolynomial([1], 0).integral(np.nan), ValueError, "constant"),
]


@pytest.mark.parametrize("use, error, name", REFUSED)
def test_bad_input_is_refused_by_name(use, error, name):
    with pytest.raises(error, match=rf"^{name}: expected"):
        use()


def test_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"^x: expected numbers at which the polynomial is not too large"):
            TaylorPolynomial([0, 0, 1], 0)(np.array([1e200]))
