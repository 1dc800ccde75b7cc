"""Jets: the Taylor coefficients that travel through the code of a function."""

import math
import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.jets import Jet, variable

ORDER = 12


def exact(f, at, order=ORDER):
    """Taylor coefficients from mpmath, at 80 digits."""
    with mpmath.workdps(80):
        return [float(c) for c in mpmath.taylor(f, mpmath.mpf(at), order)]


def series(jet, order=ORDER):
    return [jet.coefficient(k) for k in range(order + 1)]


def close(got, expected, allowed=2e-13):
    sizes = [max(abs(e), 1e-2 * max(map(abs, expected))) for e in expected]
    return all(abs(g - e) <= allowed * (size or 1) for g, e, size in zip(got, expected, sizes, strict=True))


ELEMENTARY = [
    (np.exp, mpmath.exp, 0.3),
    (np.exp, mpmath.exp, -2.0),
    (np.exp2, lambda t: mpmath.mpf(2) ** t, 0.3),
    (np.expm1, mpmath.expm1, 0.3),
    (np.log, mpmath.log, 1.7),
    (np.log1p, mpmath.log1p, 0.7),
    (np.log2, lambda t: mpmath.log(t, 2), 1.7),
    (np.log10, mpmath.log10, 1.7),
    (np.sin, mpmath.sin, 0.3),
    (np.cos, mpmath.cos, 0.3),
    (np.cos, mpmath.cos, -4.0),
    (np.tan, mpmath.tan, 0.3),
    (np.arcsin, mpmath.asin, 0.3),
    (np.arccos, mpmath.acos, -0.3),
    (np.arctan, mpmath.atan, 0.8),
    (np.sinh, mpmath.sinh, 0.3),
    (np.cosh, mpmath.cosh, 0.3),
    (np.tanh, mpmath.tanh, 0.3),
    (np.arcsinh, mpmath.asinh, 0.8),
    (np.arccosh, mpmath.acosh, 2.0),
    (np.arctanh, mpmath.atanh, 0.3),
    (np.sqrt, mpmath.sqrt, 2.0),
    (np.cbrt, mpmath.cbrt, 2.0),
    (np.square, lambda t: t * t, 1.5),
    (np.reciprocal, lambda t: 1 / t, 1.5),
    (np.absolute, lambda t: -t, -1.5),
    (abs, lambda t: t, 1.5),
    (np.negative, lambda t: -t, 1.5),
    (np.positive, lambda t: t, 1.5),
    (np.radians, lambda t: t * mpmath.pi / 180, 1.5),
    (np.floor, lambda t: mpmath.mpf(1), 1.5),
    (np.sign, lambda t: mpmath.mpf(-1), -0.5),
    (np.rint, lambda t: mpmath.mpf(1), 1.0),
]


@pytest.mark.parametrize("f, oracle, at", ELEMENTARY)
def test_elementary_functions(f, oracle, at):
    assert close(series(f(variable(at, ORDER))), exact(oracle, at))


COMPOSED = [
    (lambda x: np.exp(np.sin(x)), lambda t: mpmath.exp(mpmath.sin(t)), 0.3),
    (lambda x: np.sin(x) + np.cos(x) * np.sin(x), lambda t: mpmath.sin(t) + mpmath.cos(t) * mpmath.sin(t), 0.4),
    (lambda x: np.cosh(x) / np.sinh(x), lambda t: mpmath.cosh(t) / mpmath.sinh(t), 0.9),
    (lambda x: np.tan(np.tanh(x)) - 2, lambda t: mpmath.tan(mpmath.tanh(t)) - 2, 0.4),
    (lambda x: 3 - x / 4, lambda t: 3 - t / 4, 0.4),
    (lambda x: -x - 1 + (2 - x), lambda t: 1 - 2 * t, 0.4),
    (lambda x: 1 / (1 + x * x), lambda t: 1 / (1 + t * t), 0.5),
    (lambda x: 1 / 3 / (1 - x), lambda t: mpmath.mpf(1 / 3) / (1 - t), 0.25),
    (lambda x: (x - 1) / (x + 1), lambda t: (t - 1) / (t + 1), 0.25),
    (lambda x: x**7, lambda t: t**7, -0.5),
    (lambda x: x**0, lambda t: mpmath.mpf(1), 0.0),
    (lambda x: x**5.0, lambda t: t**5, 0.0),
    (lambda x: x**-3, lambda t: t**-3, 0.5),
    (lambda x: x**2.5, lambda t: t ** mpmath.mpf(2.5), 1.5),
    (lambda x: x**-0.5, lambda t: t ** mpmath.mpf(-0.5), 1.5),
    (lambda x: (1 + x * x) ** 1.5, lambda t: (1 + t * t) ** mpmath.mpf(1.5), 0.5),
    (lambda x: 2**x, lambda t: mpmath.mpf(2) ** t, 0.5),
    (lambda x: np.power(3.0, x), lambda t: mpmath.mpf(3) ** t, 0.5),
    (lambda x: x**x, lambda t: t**t, 1.5),
    (lambda x: (1 + x) ** np.sin(x), lambda t: (1 + t) ** mpmath.sin(t), 0.5),
    (lambda x: np.logaddexp(x, 2 * x), lambda t: mpmath.log(mpmath.exp(t) + mpmath.exp(2 * t)), 0.3),
    (lambda x: np.hypot(x, 1 - x), lambda t: mpmath.sqrt(t * t + (1 - t) ** 2), 0.3),
    (lambda x: np.hypot(2, x) + np.hypot(x, 2), lambda t: 2 * mpmath.sqrt(t * t + 4), 0.3),
    (lambda x: np.logaddexp(x, 1), lambda t: mpmath.log(mpmath.exp(t) + mpmath.e), 0.3),
    (lambda x: np.logaddexp(1, -x), lambda t: mpmath.log(mpmath.exp(-t) + mpmath.e), -2.5),
    (lambda x: np.logaddexp(x, 1000), lambda t: mpmath.mpf(1000), 0.3),
    (lambda x: np.remainder(x * x, 2), lambda t: t * t - 8, 3.0),
    (lambda x: np.fmod(x, 2), lambda t: t + 2, -3.0),
    (lambda x: np.where(x > 0, x, -x) + np.where(x < 0, 1, 2 * x), lambda t: 3 * t, 0.3),
    (lambda x: np.fmax(x, 1) * np.fmin(x, 1), lambda t: t, 0.3),
    (lambda x: np.arctan2(x, x * x - 3), lambda t: mpmath.atan2(t, t * t - 3), 0.3),
    (lambda x: np.arctan2(x, 2.0), lambda t: mpmath.atan(t / 2), 0.3),
    (lambda x: np.maximum(x, 1) + np.minimum(x, 1), lambda t: t + 1, 0.3),
    (lambda x: np.maximum(np.sin(x), x * x), lambda t: mpmath.sin(t), 0.3),
    (lambda x: x if x > 1 else np.exp(x), mpmath.exp, 0.3),
    (lambda x: np.float64(2) * x - np.array(1.0) + np.int64(3), lambda t: 2 * t + 2, 0.3),
    (lambda x: np.sin(x) / x, lambda t: mpmath.sin(t) / t, 1.0),
    (lambda x: np.exp(x) ** 2 / np.exp(2 * x) * x, lambda t: t, 0.3),
]


@pytest.mark.parametrize("f, oracle, at", COMPOSED)
def test_composed_functions(f, oracle, at):
    assert close(series(f(variable(at, ORDER))), exact(oracle, at))


def test_common_zeros_are_divided_away():
    """sin(x)/x, (1 - cos x)/x**2 and the Bernoulli numbers, of which the last known ones are used up."""
    x = variable(0.0, 10)
    sinc = np.sin(x) / x
    assert sinc.order == 9
    assert close(series(sinc, 9), [(-1) ** (k // 2) / math.factorial(k + 1) if k % 2 == 0 else 0 for k in range(10)])
    versine = (1 - np.cos(x)) / x**2
    assert versine.order == 8 and close(series(versine, 4), [0.5, 0, -1 / 24, 0, 1 / 720])
    bernoulli = x / np.expm1(x)
    expected = [1, -1 / 2, 1 / 12, 0, -1 / 720, 0, 1 / 30240]
    assert bernoulli.order == 9 and close(series(bernoulli, 6), expected)
    assert (sinc + bernoulli * x).order == 9 and np.exp(sinc).order == 9 and (sinc * versine).order == 8
    assert np.arctan2(sinc, versine).order == 8


def test_a_polynomial_has_no_more_coefficients_than_it_needs():
    x = variable(2.0, 10)
    assert x.coefficients == [2.0, 1.0]
    assert (x * x - 3 * x).coefficients == [-2.0, 1.0, 1.0]
    assert (x**3 / 2).coefficients == [4.0, 6.0, 3.0, 0.5]
    assert (3 - x).coefficients == [1.0, -1.0] and (-x).length == 2
    assert (x**12).coefficients == [math.comb(12, k) * 2.0 ** (12 - k) for k in range(11)]
    assert variable(2.0, 0).coefficients == [2.0] and np.exp(variable(0.0, 0)).coefficients == [1.0]


def test_sine_and_cosine_are_worked_out_once():
    x = variable(0.3, 8)
    sine = np.sin(x)
    cosine = np.cos(x)
    assert np.sin(x) is sine and np.cos(x) is cosine
    assert len(sine.coefficients) == len(cosine.coefficients) == 9
    assert close(series(sine * sine + cosine * cosine, 8), [1] + [0] * 8, 1e-12)


def test_jets_compare_like_their_values():
    x, y = variable(2.0, 3), 2.5
    assert x < y and x <= 2 and x > 1 and x >= 2 and x == 2 and x != 3 and y > x
    assert not x < 2 and not x <= 1.9 and not x > 2 and not x >= 2.1
    assert (x == 3) is False and (x != 2) is False and x < x * x and x * x > x and x == x + 0 and x and not x - 2
    assert np.float64(1.0) < x and np.less(x, 3.0) and np.greater_equal(x, 2) and not np.not_equal(x, 2)
    assert np.greater(x, 1.5) and np.less_equal(2.0, x) and np.equal(x, 2.0)
    with pytest.raises(TypeError, match="unhashable"):
        hash(x)


def test_a_refusal_leaves_no_trace():
    x = variable(0.0, 3)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"sqrt has none at 0\.0"):
            np.sqrt(x)
    assert x.made == {} and x.waiting == 0
    assert np.sin(x).coefficients == [0, 1, 0, -1 / 6]


def test_a_loop_of_thousands_of_steps_is_no_strain():
    x = variable(0.5, 3)
    y = x
    for _ in range(5000):
        y = np.sin(y)
    with mpmath.workdps(40):

        def many(t):
            for _ in range(5000):
                t = mpmath.sin(t)
            return t

        assert y.coefficients[0] == pytest.approx(float(many(mpmath.mpf(0.5))), rel=1e-12)


REFUSED = [
    (lambda x: np.log(x), 0.0, "log has none at 0.0"),
    (lambda x: np.log(x), -1.0, "log has none at -1.0"),
    (lambda x: np.sqrt(x), 0.0, "sqrt has none at 0.0"),
    (lambda x: np.sqrt(x), -2.0, "sqrt has none at -2.0"),
    (lambda x: np.cbrt(x), 0.0, "cbrt has none at 0.0"),
    (lambda x: abs(x), 0.0, "absolute has none at 0.0"),
    (lambda x: np.arcsin(x), 1.0, "arcsin has none at 1.0"),
    (lambda x: np.arccosh(x), 1.0, "arccosh has none at 1.0"),
    (lambda x: x**0.5, 0.0, "power has none at 0.0 and 0.5"),
    (lambda x: x**1.5, 0.0, "power has none"),
    (lambda x: x**0.5, -1.0, "power has none"),
    (lambda x: x**x, 0.0, "power has none"),
    (lambda x: 0.0**x, 1.0, "power has none"),
    (lambda x: x**-1, 0.0, "divides by 0"),
    (lambda x: 1 / x, 0.0, "divides by 0"),
    (lambda x: np.exp(x) / (x * x), 0.0, "divides by 0"),
    (lambda x: (x + 1e-20) / x, 0.0, "divides by 0"),
    (lambda x: x / 0, 1.0, "divides by 0"),
    (lambda x: x**5 / x**5, 0.0, "divides 0 by 0"),
    (lambda x: (x - x) / (x - x), 0.0, "divides 0 by 0"),
    (lambda x: np.floor(x), 2.0, "floor has none at 2.0"),
    (lambda x: np.rint(x), 0.5, "rint has none"),
    (lambda x: np.sign(x), 0.0, "sign has none"),
    (lambda x: np.maximum(x, 1), 1.0, "maximum has none"),
    (lambda x: np.minimum(x, x), 1.0, "minimum has none"),
    (lambda x: np.hypot(x, 0), 0.0, "sqrt has none"),
    (lambda x: np.remainder(x, 2), 4.0, "floor has none"),
    (lambda x: np.fmod(x, 2), -4.0, "trunc has none"),
    (lambda x: np.fmax(x, 1), 1.0, "fmax has none"),
    (lambda x: np.fmin(x, 1), 1.0, "fmin has none"),
    (lambda x: np.arctan2(x, x), 0.0, "arctan2 has none"),
    (lambda x: np.exp(x), 1e3, "exp has none"),
]


@pytest.mark.parametrize("f, at, words", REFUSED)
def test_no_series_is_said(f, at, words):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=r"^f: expected a function that has a T") as caught:
        f(variable(at, 4))
    assert words in str(caught.value)


MISUSED = [
    (lambda x: math.sin(x), "np.sin"),
    (lambda x: float(x), "np.sin"),
    (lambda x: int(x), "np.sin"),
    (lambda x: np.array([x, x]), "array"),
    (lambda x: np.asarray(x), "array"),
    (lambda x: np.where([True, False], x, 0), "np.where"),
    (lambda x: np.sum(x), "np.sum"),
    (lambda x: np.sum([x, x]), "np.sum"),
    (lambda x: x * np.array([1.0, 2.0]), "one number"),
    (lambda x: np.array([1.0, 2.0]) * x, "one number"),
    (lambda x: np.add(x, "1"), "one number"),
    (lambda x: np.multiply(x, 2j), "one number"),
    (lambda x: np.gcd(x, 2), "np.gcd"),
    (lambda x: np.add(x, 1, out=np.zeros(1)), "options"),
    (lambda x: np.add.reduce(x), "plain calls"),
    (lambda x: x * variable(1.0, 4), "one Taylor series at a time"),
    (lambda x: np.add(x, variable(1.0, 4)), "one Taylor series at a time"),
]


@pytest.mark.parametrize("f, words", MISUSED)
def test_misuse_is_said(f, words):
    with pytest.raises(TypeError, match=r"^f: expected") as caught:
        f(variable(0.5, 4))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x + "1",
        lambda x: x - None,
        lambda x: x * 1j,
        lambda x: x / [1],
        lambda x: x ** "2",
        lambda x: 1j / x,
        lambda x: "2" ** x,
        lambda x: None - x,
    ],
)
def test_what_is_no_number_is_refused(f):
    with pytest.raises(TypeError, match="unsupported operand"):
        f(variable(0.5, 4))


def test_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = variable(0.3, 5)
        np.exp(np.sin(x)) / np.arctan(x)


# Laws

few = settings(max_examples=50, deadline=None, derandomize=True, database=None)
numbers = st.integers(-8, 8).map(float)
polynomials = st.lists(numbers, min_size=1, max_size=7)


def jet_of(list_of_coefficients, order=6):
    return Jet(list(list_of_coefficients), order, origin="the same")


@few
@given(polynomials, polynomials)
def test_the_product_is_that_of_polynomials(a, b):
    product = np.convolve(a, b)[:7]
    padded = [*product, *[0.0] * (7 - len(product))]
    assert series(jet_of(a) * jet_of(b), 6) == padded == series(jet_of(b) * jet_of(a), 6)


@few
@given(polynomials, polynomials.filter(lambda b: abs(b[0]) >= 1))
def test_a_quotient_times_its_divisor_is_the_dividend(a, b):
    back = jet_of(a) / jet_of(b) * jet_of(b)
    size = max(map(abs, series(jet_of(a) / jet_of(b), 6))) * sum(map(abs, b))
    assert all(abs(x - y) <= 1e-14 * (1 + size) for x, y in zip(series(back, 6), series(jet_of(a), 6), strict=True))


@few
@given(polynomials, polynomials)
def test_sums_and_differences_go_entry_by_entry(a, b):
    pairs = list(zip(series(jet_of(a), 6), series(jet_of(b), 6), strict=True))
    assert series(jet_of(a) + jet_of(b), 6) == [x + y for x, y in pairs]
    assert series(jet_of(a) - jet_of(b), 6) == [x - y for x, y in pairs]


INVERSES = [
    (np.exp, np.log, st.floats(-2, 2)),
    (np.log, np.exp, st.floats(0.2, 5)),
    (np.tan, np.arctan, st.floats(-1, 1)),
    (np.arcsin, np.sin, st.floats(-0.8, 0.8)),
    (np.arccos, np.cos, st.floats(-0.8, 0.8)),
    (np.sinh, np.arcsinh, st.floats(-2, 2)),
    (np.tanh, np.arctanh, st.floats(-1, 1)),
    (np.arccosh, np.cosh, st.floats(1.5, 4)),
    (np.expm1, np.log1p, st.floats(-1, 1)),
    (np.cbrt, lambda y: y**3, st.floats(0.5, 4)),
    (np.sqrt, np.square, st.floats(0.5, 4)),
    (np.reciprocal, np.reciprocal, st.floats(0.5, 4)),
    (np.log2, np.exp2, st.floats(0.5, 4)),
]


@pytest.mark.parametrize("f, inverse, places", INVERSES)
def test_a_function_undoes_its_inverse(f, inverse, places):
    @settings(max_examples=15, deadline=None, derandomize=True, database=None)
    @given(places)
    def law(at):
        inner = f(variable(at, 5))
        size = max(map(abs, series(inner, 5)))
        got = series(inverse(inner), 5)
        assert all(abs(a - b) <= 1e-12 * (1 + size) ** 5 for a, b in zip(got, [at, 1, 0, 0, 0, 0], strict=True))

    law()


@few
@given(st.floats(0.3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_powers_add_their_exponents(at, p, q):
    x = variable(at, 5)
    left, right = series(x**p * x**q, 5), series(x ** (p + q), 5)
    size = max(map(abs, series(x**p, 5))) * max(map(abs, series(x**q, 5)))
    assert all(abs(a - b) <= 1e-13 * (1 + size) for a, b in zip(left, right, strict=True))
