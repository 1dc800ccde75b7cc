"""Products, quotients and integrals of power series, coefficient by coefficient."""

from fractions import Fraction
from itertools import islice

from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.power_series import integral, product, quotient

some = settings(max_examples=60, deadline=None, derandomize=True, database=None)
fractions = st.integers(-9, 9).map(lambda n: Fraction(n, 4))
lists = st.lists(fractions, min_size=1, max_size=6)


class Series:
    """A series whose coefficients may be worked out as they are asked for; it refuses to be hurried."""

    def __init__(self, coefficients, length=None, next_ones=None):
        self.coefficients, self.next_ones = list(coefficients), next_ones
        self.length = length or len(self.coefficients)

    def coefficient(self, k):
        if k < len(self.coefficients):
            return self.coefficients[k]
        if self.next_ones is None:
            return Fraction(0)
        assert k == len(self.coefficients), "asked for too early"
        self.coefficients.append(next(self.next_ones))
        return self.coefficients[k]


def first(n, coefficients):
    return list(islice(coefficients, n))


def padded(coefficients, n):
    return [*coefficients, *[0] * n][:n]


@some
@given(lists, lists)
def test_product(a, b):
    exact = [sum(padded(a, 9)[j] * padded(b, 9)[k - j] for j in range(k + 1)) for k in range(9)]
    assert first(9, product(Series(a), Series(b))) == exact


@some
@given(lists, lists.filter(lambda b: b[0] != 0))
def test_quotient_is_the_inverse_of_the_product(a, b):
    q = first(9, quotient(Series(a), Series(b)))
    assert first(9, product(Series(q), Series(b))) == padded(a, 9)


@some
@given(lists)
def test_the_integral_of_a_series(a):
    """In ``y' = slope * x'`` with x the variable itself, coefficient k of y is that of the slope before, over k."""
    got = first(8, integral(Series(a), Series([Fraction(3), Fraction(1)])))
    assert got == [c / Fraction(k) for k, c in enumerate(padded(a, 8), 1)]


@some
@given(lists, lists)
def test_the_integral_by_another_series(a, b):
    """y' = a b' for polynomials, term by term."""
    slopes = padded([k * c for k, c in enumerate(b)][1:], 9)
    exact = [sum(padded(a, 9)[j] * slopes[k - j] for j in range(k + 1)) / Fraction(k + 1) for k in range(8)]
    assert first(8, integral(Series(a), Series(b))) == exact


def test_a_series_in_its_own_definition():
    """y' = y x' is exp; y' = y y x' is 1/(1 - x); q = 1 + x q / 1 is 1/(1 - x) too; all exact."""
    x = Series([Fraction(0), Fraction(1)])
    y = Series([Fraction(1)], length=20)
    y.next_ones = integral(y, x)
    factorial = 1
    for k in range(1, 15):
        factorial *= k
        assert y.coefficient(k) == Fraction(1, factorial)

    y = Series([Fraction(1)], length=20)
    y.next_ones = integral(Series([Fraction(1)], length=20, next_ones=islice(product(y, y), 1, None)), x)
    assert [y.coefficient(k) for k in range(12)] == [1] * 12

    inner = Series([Fraction(0)], length=20)
    inner.next_ones = integral(Series([Fraction(1)]), x)
    composed = Series([Fraction(1)], length=20)
    composed.next_ones = integral(composed, inner)
    assert composed.coefficient(1) == 1 and composed.coefficient(2) == Fraction(1, 2)
