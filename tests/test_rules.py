"""The table of derivatives, against mpmath with 60 digits, over all sizes of input."""

import math
import warnings

import mpmath
import numpy as np
import pytest

from mmlbook.rules import DERIVATIVE, PARTIALS

ALL_SIZES = [1e-300, 1e-150, 1e-20, 1e-8, 1e-3, 0.3, 0.9, 1.0, 1.7, 3.0, 10.0, 30.0, 300.0, 1e8, 1e150, 1e300]
ANY_SIGN = [-x for x in ALL_SIZES] + [0.0] + ALL_SIZES
NEAR_1 = [0.5, 0.9, 0.999, 1 - 1e-8, 1 - 1e-15]
INSIDE_1 = [s * x for s in (-1, 1) for x in [1e-300, 1e-8, 1e-3, 0.3, *NEAR_1]] + [0.0]
MODEST = [x for x in ANY_SIGN if abs(x) <= 300]
ANGLES = [*MODEST, 1.5707963, math.pi / 2, 3.14159, -1.5707, 1e8]

# function: its derivative with mpmath, from another form than the table's where there is one; and places
ONE_INPUT = {
    np.positive: (lambda x: 1, ANY_SIGN),
    np.negative: (lambda x: -1, ANY_SIGN),
    np.absolute: (mpmath.sign, ANY_SIGN),
    np.fabs: (mpmath.sign, ANY_SIGN),
    np.square: (lambda x: 2 * x, [x for x in ANY_SIGN if abs(x) < 1e154]),
    np.sqrt: (lambda x: x ** mpmath.mpf(-0.5) / 2, ALL_SIZES),
    np.cbrt: (lambda x: abs(x) ** (-mpmath.mpf(2) / 3) / 3, [x for x in ANY_SIGN if x]),
    np.reciprocal: (lambda x: -(x**-2), [x for x in ANY_SIGN if abs(x) > 1e-154]),
    np.exp: (mpmath.exp, MODEST),
    np.exp2: (lambda x: mpmath.log(2) * mpmath.mpf(2) ** x, MODEST),
    np.expm1: (mpmath.exp, MODEST),
    np.log: (lambda x: 1 / x, ALL_SIZES),
    np.log2: (lambda x: 1 / (x * mpmath.log(2)), [*ALL_SIZES, 1.5e308]),
    np.log10: (lambda x: 1 / (x * mpmath.log(10)), [*ALL_SIZES, 1.5e308]),
    np.log1p: (lambda x: 1 / (1 + x), [*ALL_SIZES, *INSIDE_1]),
    np.sin: (mpmath.cos, ANGLES),
    np.cos: (lambda x: -mpmath.sin(x), ANGLES),
    np.tan: (lambda x: mpmath.sec(x) ** 2, ANGLES),
    np.arcsin: (lambda x: 1 / mpmath.sqrt(1 - x * x), INSIDE_1),
    np.arccos: (lambda x: -1 / mpmath.sqrt(1 - x * x), INSIDE_1),
    np.arctan: (lambda x: 1 / (1 + x * x), [x for x in ANY_SIGN if abs(x) < 1e154]),
    np.sinh: (mpmath.cosh, MODEST),
    np.cosh: (mpmath.sinh, MODEST),
    np.tanh: (lambda x: mpmath.sech(x) ** 2, MODEST),
    np.arcsinh: (lambda x: 1 / mpmath.sqrt(1 + x * x), ANY_SIGN),
    np.arccosh: (lambda x: 1 / mpmath.sqrt(x * x - 1), [1 + 1e-15, 1 + 1e-8, 1.001, 1.7, 30.0, 1e8, 1e300]),
    np.arctanh: (lambda x: 1 / (1 - x * x), INSIDE_1),
    np.deg2rad: (lambda x: mpmath.pi / 180, ANY_SIGN),
    np.radians: (lambda x: mpmath.pi / 180, ANY_SIGN),
    np.rad2deg: (lambda x: 180 / mpmath.pi, ANY_SIGN),
    np.degrees: (lambda x: 180 / mpmath.pi, ANY_SIGN),
    np.sign: (lambda x: 0, ANY_SIGN),
    np.floor: (lambda x: 0, ANY_SIGN),
    np.ceil: (lambda x: 0, ANY_SIGN),
    np.trunc: (lambda x: 0, ANY_SIGN),
    np.rint: (lambda x: 0, ANY_SIGN),
}


def condition(derivative, x):
    """By how much the derivative magnifies a relative error of x."""
    step = mpmath.mpf(10) ** -25 * (abs(x) or 1)
    low, high = derivative(x - step), derivative(x + step)
    middle = derivative(x)
    return abs((high - low) / (2 * step) * x / middle) if middle and mpmath.isfinite(high) else 1


def test_every_rule_is_compared():
    assert set(ONE_INPUT) == set(DERIVATIVE)
    assert set(TWO_INPUTS) == set(PARTIALS)


@pytest.mark.parametrize("ufunc", DERIVATIVE, ids=lambda ufunc: ufunc.__name__)
def test_derivatives_at_all_sizes(ufunc):
    derivative, places = ONE_INPUT[ufunc]
    got = DERIVATIVE[ufunc](np.array(places), ufunc(np.array(places)))
    got = np.broadcast_to(got, len(places))
    for x, slope in zip(places, got, strict=True):
        with mpmath.workdps(60):
            x = mpmath.mpf(x)
            exact = derivative(x)
            allowed = 4e-16 * (4 + condition(derivative, x)) * abs(exact) + 1e-320
            assert abs(slope - exact) <= allowed, f"at {float(x)}: {slope}, not {float(exact)}"


@pytest.mark.parametrize("ufunc", DERIVATIVE, ids=lambda ufunc: ufunc.__name__)
def test_numbers_and_arrays_have_the_same_derivatives(ufunc):
    for x in ONE_INPUT[ufunc][1]:
        alone = DERIVATIVE[ufunc](x, float(ufunc(x)))
        in_array = DERIVATIVE[ufunc](np.array([x]), ufunc(np.array([x])))
        assert alone == pytest.approx(float(np.reshape(in_array, ())), rel=1e-15, abs=0)


def shares(base):
    return (lambda a, b: 1 / (1 + base ** (b - a)), lambda a, b: 1 / (1 + base ** (a - b)))


PAIRS = [(a, b) for a in (-300.0, -3.0, -0.7, 1e-8, 0.3, 1.0, 3.0, 30.0) for b in (-30.0, -2.0, 1e-3, 0.5, 2.0, 7.0)]
POSITIVE = [(a, b) for a in (1e-30, 1e-8, 0.3, 1.0, 2.0, 30.0) for b in (-2.0, -0.5, 1e-8, 0.5, 1.0, 2.0, 3.0, 7.5)]
HUGE = [(1e200, 1e200), (-1e200, 3e199), (1e-200, 3e-200), (1e200, 1e-200), (1e-200, -1e200)]
STEP = (lambda a, b: (mpmath.sign(a - b) + 1) / 2, lambda a, b: (mpmath.sign(b - a) + 1) / 2)
TWO_INPUTS = {
    np.add: ((lambda a, b: 1, lambda a, b: 1), PAIRS),
    np.subtract: ((lambda a, b: 1, lambda a, b: -1), PAIRS),
    np.multiply: ((lambda a, b: b, lambda a, b: a), PAIRS),
    np.divide: ((lambda a, b: 1 / b, lambda a, b: -a / b**2), PAIRS),
    np.power: ((lambda a, b: b * a**b / a, lambda a, b: a**b * mpmath.log(a)), POSITIVE),
    np.float_power: ((lambda a, b: b * a**b / a, lambda a, b: a**b * mpmath.log(a)), POSITIVE),
    np.maximum: (STEP, [*PAIRS, (2.0, 2.0), (1e308, -1e308)]),
    np.minimum: (STEP[::-1], [*PAIRS, (2.0, 2.0), (1e308, -1e308)]),
    np.fmax: (STEP, [*PAIRS, (2.0, 2.0)]),
    np.fmin: (STEP[::-1], [*PAIRS, (2.0, 2.0)]),
    np.remainder: ((lambda a, b: 1, lambda a, b: -mpmath.floor(a / b)), PAIRS),
    np.fmod: ((lambda a, b: 1, lambda a, b: -mpmath.sign(a / b) * mpmath.floor(abs(a / b))), PAIRS),
    np.hypot: (
        (lambda a, b: a / mpmath.sqrt(a * a + b * b), lambda a, b: b / mpmath.sqrt(a * a + b * b)),
        [*PAIRS, *HUGE],
    ),
    np.arctan2: (
        (lambda a, b: b / (a * a + b * b), lambda a, b: -a / (a * a + b * b)),
        [*PAIRS, *HUGE[:2], *HUGE[3:]],
    ),
    np.logaddexp: (shares(mpmath.e), [*PAIRS, (500.0, -200.0), (-200.0, 500.0), (1e5, 1e5 + 1)]),
    np.logaddexp2: (shares(mpmath.mpf(2)), [*PAIRS, (500.0, -200.0), (-200.0, 500.0), (1e5, 1e5 + 1)]),
}


@pytest.mark.parametrize("ufunc", PARTIALS, ids=lambda ufunc: ufunc.__name__)
@pytest.mark.parametrize("number", [float, lambda x: np.array([x])], ids=["numbers", "arrays"])
def test_partial_derivatives_at_all_sizes(ufunc, number):
    partials, places = TWO_INPUTS[ufunc]
    for a, b in places:
        y = ufunc(number(a), number(b))
        for rule, partial in zip(PARTIALS[ufunc], partials, strict=True):
            slope = rule(number(a), number(b), float(y) if number is float else y)
            slope = float(np.reshape(slope, ()))
            with mpmath.workdps(700):
                p, q = mpmath.mpf(a), mpmath.mpf(b)
                exact = partial(p, q)
                size = 4 + abs(p - q if "logadd" in ufunc.__name__ else (1 + abs(q)) * mpmath.log(p) if p > 0 else 0)
                assert abs(slope - exact) <= 4e-16 * size * abs(exact) + 1e-320, (a, b, slope, float(exact))


def test_powers_of_zero_and_below():
    by_base, by_exponent = PARTIALS[np.power]
    assert by_base(0.0, 0, 1.0) == 0 and by_base(0.0, 0.0, 1.0) == 0
    assert by_base(0.0, 1, 0.0) == 1 and by_base(0.0, 2, 0.0) == 0 and by_base(0.0, 3.0, 0.0) == 0
    assert by_base(-2.0, 3, -8.0) == 12 and by_base(-2.0, -1, -0.5) == -0.25
    assert by_exponent(0.0, 2.0, 0.0) == 0
    a, b = np.array([0.0, 0.0, 0.0, -2.0, 3.0]), np.array([0.0, 1.0, 2.0, 2.0, 0.0])
    np.testing.assert_array_equal(by_base(a, b, a**b), [0, 1, 0, -4, 0])
    np.testing.assert_array_equal(by_exponent(a[1:3], b[1:3], a[1:3] ** b[1:3]), [0, 0])
    for number in (1, 2, 2.0, 3):
        np.testing.assert_array_equal(by_base(a, number, a**number), number * a ** (number - 1))


def test_kinks_take_the_middle_of_the_jump():
    assert DERIVATIVE[np.absolute](0.0, 0.0) == 0
    for rule in (*PARTIALS[np.maximum], *PARTIALS[np.minimum]):
        assert rule(1.0, 1.0, 1.0) == 0.5
        np.testing.assert_array_equal(rule(np.ones(2), np.ones(2), np.ones(2)), [0.5, 0.5])
    for rule in PARTIALS[np.hypot]:
        assert rule(0.0, 0.0, 0.0) == 0
        np.testing.assert_array_equal(rule(np.zeros(1), np.zeros(1), np.zeros(1)), [0])


def test_rules_do_not_overflow_where_the_derivative_is_small():
    far = np.array([-1e300, -800.0, 800.0, 1e300])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for ufunc in (np.tanh, np.arctan, np.arcsinh):
            slope = DERIVATIVE[ufunc](far, ufunc(far))
            assert np.all((slope >= 0) & (slope < 0.01))
        by_a, by_b = PARTIALS[np.logaddexp]
        np.testing.assert_array_equal(by_a(far, 0.0, np.logaddexp(far, 0.0)), [0, 0, 1, 1])
        np.testing.assert_array_equal(by_b(0.0, far, np.logaddexp(0.0, far)), [0, 0, 1, 1])


def test_no_rule_changes_its_input():
    x, y = np.array([0.3, 0.7]), np.array([0.2, 0.9])
    for rule in DERIVATIVE.values():
        with np.errstate(all="ignore"):
            rule(x, y)
    for rules in PARTIALS.values():
        for rule in rules:
            rule(x, y, y)
    np.testing.assert_array_equal(x, [0.3, 0.7])
    np.testing.assert_array_equal(y, [0.2, 0.9])
