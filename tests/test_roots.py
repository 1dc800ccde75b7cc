"""Roots by tangents and by halving, and honest words where there is none."""

import itertools
import math
import time
import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmlbook.roots import Root, bisect, newton_raphson

some = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def cubic(x):
    return x**3 - 2 * x - 5


def cubic_slope(x):
    return 3 * x**2 - 2


with mpmath.workdps(40):
    CUBIC = float(mpmath.findroot(lambda t: t**3 - 2 * t - 5, 2))
    COSINE = float(mpmath.findroot(lambda t: mpmath.cos(t) - t, 0.7))


# Newton and Raphson


def test_the_steps_are_those_of_the_book():
    answer = newton_raphson(cubic, 2, cubic_slope)
    x = 2.0
    for point in answer.path:
        assert point == x
        x = x - cubic(x) / cubic_slope(x)
    assert answer.path.shape == (answer.iterations + 1,) and answer.root == answer.path[-1]
    assert answer.converged is True and answer.root == pytest.approx(CUBIC, rel=2e-16)
    assert answer.value == cubic(answer.root) and "changes sign" in answer.reason
    assert all(type(entry) is float for entry in (answer.root, answer.value)) and type(answer.iterations) is int


def test_the_exact_derivative_takes_the_place_of_a_missing_one():
    with_slope, without = newton_raphson(cubic, 2, cubic_slope), newton_raphson(cubic, 2)
    np.testing.assert_allclose(with_slope.path, without.path, rtol=1e-15)
    assert newton_raphson(lambda x: np.cos(x) - x, 1).root == pytest.approx(COSINE, rel=2e-16)


def test_the_digits_double():
    errors = np.abs(newton_raphson(lambda x: x**2 - 2, 1.5).path - math.sqrt(2))
    for before, after in itertools.pairwise(errors[:3]):
        assert after == pytest.approx(before**2 / (2 * math.sqrt(2)), rel=0.1)


def test_roots_at_zero_and_at_the_start():
    answer = newton_raphson(np.sin, 0.5)
    assert answer.converged and abs(answer.root) < 1e-15
    answer = newton_raphson(np.expm1, 0.5)
    assert answer.converged and abs(answer.root) < 1e-15
    answer = newton_raphson(lambda x: np.exp(x) - 1, 0.5)
    assert answer.converged and abs(answer.root) < 1e-15
    answer = newton_raphson(lambda x: x * (x - 3), 0)
    assert answer.converged and answer.root == 0 and answer.iterations == 0 and answer.path.tolist() == [0]
    answer = newton_raphson(lambda x: x * (x - 3), 3)
    assert answer.converged and answer.root == 3 and "exactly 0" in answer.reason


@pytest.mark.parametrize("power", [2, 3, 4])
def test_multiple_roots_come_slowly(power):
    answer = newton_raphson(lambda x: (x - 1) ** power, 2, iterations=200)
    assert answer.converged and answer.root == pytest.approx(1, abs=2e-12)
    ratios = np.diff(answer.path[5:20])[1:] / np.diff(answer.path[5:20])[:-1]
    np.testing.assert_allclose(ratios, 1 - 1 / power, rtol=1e-6)
    assert answer.iterations > 30
    early = newton_raphson(lambda x: (x - 1) ** power, 2, iterations=20)
    assert not early.converged and "multiple" in early.reason and early.iterations == 20
    assert f"each {1 - 1 / power:.2f} of the one before" in early.reason


def test_a_double_root_that_rounding_hides():
    answer = newton_raphson(lambda x: (x * x - 2) ** 2, 2)
    assert answer.converged and answer.root == pytest.approx(math.sqrt(2), rel=1e-15)
    assert "turns back" in answer.reason or "exactly 0" in answer.reason


FAILURES = [
    (lambda x: x**3 - 2 * x + 2, 0, "the points repeat: x = 0.0 comes back after 2 steps"),
    (lambda x: x**2 + 1, 0, "the tangent at x = 0.0 is level"),
    (lambda x: x**2 + 1, 1, "level"),
    (lambda x: x**2 + 1, 0.7, "no root after 100 steps, the last of them"),
    (lambda x: x**2 - 2, 0, "level"),
    (np.cos, 0, "level"),
    (lambda x: 3.0, 1, "level"),
    (np.arctan, 2, "out of reach"),
    (lambda x: x * np.exp(-(x**2)), 1, "level|out of reach|no root|repeat|stretch|not finite"),
    (lambda x: np.log(x) if x > 0 else math.nan, 3, "f is not finite at x = -"),
    (lambda x: math.log(x), 3, "math"),
    (lambda x: np.sqrt(x) + 1, 0.5, "f is not finite at x = -"),
    (np.cbrt, 1, "no root after 100 steps|out of reach|not finite"),
    (lambda x: x / np.exp(1 / x**2) if x else 0.0, 1.5, "multiple|stretch|no root"),
    (lambda x: 1 / x, 1, "no root after 100 steps, the last of them 6.3e+29 long"),
    (lambda x: np.exp(x), 1, "no root after 100 steps|out of reach|stretch"),
    (lambda x: x - 2 * abs(x) - 1, -0.5, "not be|repeat|no root"),
    (lambda x: (x**2 - 2 * x + 1) if abs(x - 1) > 1e-3 else 0.0, 2, "whole stretch"),
]


@pytest.mark.parametrize("f, start, words", FAILURES)
def test_newton_says_why_it_failed(f, start, words):
    if words == "math":
        with pytest.raises(TypeError, match=r"np\.log|np\.sin|math"):
            newton_raphson(f, start)
        answer = newton_raphson(f, start, lambda x: 1 / x)
        words = "f is not finite at x = -"
    else:
        answer = newton_raphson(f, start)
    assert answer.converged is False
    assert any(word in answer.reason for word in words.split("|")), answer.reason
    assert math.isfinite(answer.root) and math.isfinite(answer.value) and np.all(np.isfinite(answer.path))
    assert answer.root == answer.path[-1] and answer.path[0] == start and len(answer.path) == answer.iterations + 1


def test_a_slope_that_cannot_be_had_stops_newton():
    answer = newton_raphson(lambda x: x - 1, 3, derivative=lambda x: math.nan)
    assert not answer.converged and answer.reason == "the tangent at x = 3.0 is not to be had"
    answer = newton_raphson(lambda x: x - 1, 3, derivative=lambda x: 1 / 0)
    assert not answer.converged and answer.root == 3 and answer.iterations == 0


def test_a_minimum_above_zero_is_no_root():
    for height in (1e-30, 1e-24, 1e-20, 1e-10, 1.0):
        for start in (0.3, 1.1, 3.0):
            answer = newton_raphson(lambda x, height=height: (x - 1) ** 2 + height, start, iterations=500)
            assert not answer.converged, (height, start, answer)


def test_a_jump_is_no_root():
    assert not newton_raphson(lambda x: x + 1 if x > 0 else x - 1, 0.5).converged


def test_noise_is_not_mistaken_for_a_root():
    """Multiplied out, (x - 1)**7 is lost in rounding within about 0.01 of its root."""

    def f(x):
        return x**7 - 7 * x**6 + 21 * x**5 - 35 * x**4 + 35 * x**3 - 21 * x**2 + 7 * x - 1

    for answer in (newton_raphson(f, 1.5, iterations=300), bisect(f, 0.3, 1.9)):
        assert not answer.converged and abs(answer.root - 1) < 0.1, answer
    rough = bisect(f, 0.3, 1.9, tolerance=0.1)
    assert rough.converged and abs(rough.root - 1) < 0.1


def test_tolerance_and_iterations():
    rough = newton_raphson(cubic, 2.5, tolerance=1e-2)
    fine = newton_raphson(cubic, 2.5)
    assert rough.converged and fine.converged and rough.iterations < fine.iterations
    assert abs(rough.root - CUBIC) < 1e-2 * (abs(CUBIC) + 0.5)
    short = newton_raphson(cubic, 2.5, iterations=2)
    assert short.iterations == 2 and not short.converged and short.path.shape == (3,)
    assert "no root after 2 steps, the last of them" in short.reason
    none = newton_raphson(cubic, 2.5, iterations=0)
    assert none.path.tolist() == [2.5] and none.reason == "no root after 0 steps" and not none.converged
    tightest = newton_raphson(cubic, 2.5, tolerance=1e-30)
    assert tightest.converged and tightest.root == pytest.approx(CUBIC, rel=4e-16)


@some
@given(st.floats(-5, 5), st.sampled_from([1e-100, -3.0, 1e-8, 0.5, 2.0**60]))
def test_scaling_f_leaves_the_steps_alone(start, factor):
    plain = newton_raphson(lambda x: x**3 - x + 3, start, lambda x: 3 * x**2 - 1)
    scaled = newton_raphson(lambda x: factor * (x**3 - x + 3), start, lambda x: factor * (3 * x**2 - 1))
    if plain.converged and plain.iterations < 15:
        assert scaled.converged and scaled.root == pytest.approx(plain.root, rel=1e-14)


@some
@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_scaling_x_scales_the_root(shift, factor):
    plain = newton_raphson(lambda x: np.exp(x) - 3, 1.5)
    moved = newton_raphson(lambda x: np.exp((x - shift) / factor) - 3, 1.5 * factor + shift)
    assert moved.converged and moved.root == pytest.approx(plain.root * factor + shift, rel=1e-12, abs=1e-12)


@some
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=4), st.floats(-4, 4))
def test_what_newton_calls_a_root_is_one(roots, start):
    """Of polynomials with known roots, some of them close together or double."""

    def f(x):
        return math.prod(x - r for r in roots)

    answer = newton_raphson(f, start)
    if answer.converged:
        allowed = 1e-12 * (abs(answer.root) + abs(answer.root - start))
        assert min(abs(answer.root - r) for r in roots) <= 2 * allowed + 1e-15


# Halving


def test_the_brackets_are_halved():
    answer = bisect(cubic, 2, 3)
    assert answer.converged is True and answer.root == pytest.approx(CUBIC, rel=1e-15)
    assert answer.value == cubic(answer.root) and "changes sign" in answer.reason
    assert answer.path.shape == (answer.iterations + 1, 2) and answer.path[0].tolist() == [2, 3]
    widths = np.diff(answer.path)[:, 0]
    np.testing.assert_allclose(widths[1:40] / widths[:39], 0.5, rtol=1e-3)
    assert 48 <= answer.iterations <= 52
    assert min(abs(cubic(end)) for end in answer.path[-1]) == abs(answer.value)


@some
@given(st.floats(-10, 10), st.floats(0, 5), st.floats(0, 5), st.sampled_from([-1.0, 1.0]))
def test_the_bracket_always_holds_the_root(root, left, right, sign):
    low, high = root - left - 0.1, root + right + 0.1

    def f(x):
        assert low <= x <= high
        return sign * math.tanh(x - root) * (2 + math.sin(5 * x))

    answer = bisect(f, low, high)
    assert answer.converged
    for a, b in answer.path:
        assert a <= root <= b
    assert abs(answer.root - root) <= 1e-12 * (abs(root) + high - low)


@some
@given(st.floats(0.1, 5), st.sampled_from([-1e200, 1e-200, 7.0]))
def test_scaling_f_changes_nothing(root, factor):
    plain = bisect(lambda x: x**2 - root, 0, 6)
    scaled = bisect(lambda x: factor * (x**2 - root), 0, 6)
    assert plain.converged and scaled.converged
    np.testing.assert_array_equal(plain.path, scaled.path)


def test_a_root_at_an_end_or_hit_exactly():
    for low, high in ((1, 5), (-4, 1)):
        answer = bisect(lambda x: x - 1, low, high)
        assert answer.converged and answer.root == 1 and answer.value == 0 and answer.iterations == 0
    answer = bisect(lambda x: x - 1, 0, 2)
    assert answer.converged and answer.root == 1 and answer.iterations == 1 and answer.path[-1].tolist() == [1, 1]
    answer = bisect(lambda x: x - 1, -1, 2)
    assert answer.converged and answer.root == pytest.approx(1, rel=1e-15)


def test_a_root_at_zero_needs_no_thousand_steps():
    answer = bisect(np.sin, -1, 2)
    assert answer.converged and abs(answer.root) < 1e-20 and answer.iterations < 120
    answer = bisect(lambda x: np.exp(x) - 1, -1, 2)
    assert answer.converged and abs(answer.root) < 1e-15


@pytest.mark.parametrize("f", [np.cbrt, lambda x: x**3, lambda x: math.copysign(abs(x) ** 0.2, x), np.expm1])
def test_steep_and_flat_roots(f):
    for shift in (0.0, 0.7, -3.0):
        answer = bisect(lambda x, shift=shift: f(x - shift), shift - 1, shift + 1.7)
        assert answer.converged and answer.root == pytest.approx(shift, abs=1e-12), answer


NO_ROOT = [
    (np.tan, 1, 2, "pole"),
    (lambda x: 1 / (x - 1 / 3), 0, 1, "pole"),
    (lambda x: 1 / (x - 1 / 3) ** 3, 0, 1, "pole"),
    (lambda x: -1 if x < 1 / 3 else 1 / (x - 1 / 3), 0, 1, "pole"),
    (lambda x: 1 / (x - 0.5), 0, 1, "not finite at x = 0.5"),
    (lambda x: math.inf if x == 0.5 else x - 0.4, 0, 1, "not finite"),
    (lambda x: math.nan if 0.3 < x < 0.6 else x - 0.4, 0, 1, "not finite"),
    (lambda x: math.log(x - 0.3) if x > 0.9 or x < 0.6 else -1.0, 0.59, 2, "found"),
    (lambda x: 1.0 if x > 1 / 3 else -1.0, 0, 1, "jumps"),
    (lambda x: 5.0 if x > 1 / 3 else x - 1, 0, 1, "jumps"),
    (lambda x: x - 1 / 3 if x < 1 / 3 else 5.0, 0, 1, "jumps"),
    (lambda x: 5.0 if x < 1 / 3 else 1 / 3 - x, 0, 1, "exactly 0|jumps"),
    (lambda x: 0.0 if abs(x - 0.4) < 0.1 else x - 0.4, 0, 1, "whole stretch"),
    (lambda x: x / np.exp(1 / x**2) if x else 0.0, -1, 4, "whole stretch"),
    (lambda x: 0.0 if x <= 0.2 else x, 0.1, 1, "whole stretch"),
]


@pytest.mark.parametrize("f, low, high, words", NO_ROOT)
def test_a_change_of_sign_without_a_root_is_flagged(f, low, high, words):
    answer = bisect(f, low, high)
    if words == "found":
        assert answer.converged and answer.root == pytest.approx(1.3, abs=1e-12)
        return
    assert any(word in answer.reason for word in words.split("|")), answer.reason
    assert answer.converged is ("exactly 0, and" in answer.reason or "not 0 close by" in answer.reason)
    assert math.isfinite(answer.root) and math.isfinite(answer.value) and low <= answer.root <= high


def test_brackets_too_narrow_to_tell():
    below = math.nextafter(CUBIC, 0)
    answer = bisect(lambda x: -1.0 if x <= below else 1.0, below, CUBIC)
    assert not answer.converged and answer.iterations == 0


def test_huge_brackets():
    answer = bisect(lambda x: x - 3, -1.7e308, 1.7e308)
    assert answer.iterations < 1200 and np.all(np.isfinite(answer.path))
    answer = bisect(lambda x: x - 1e-310, 0, 1e-300)
    assert answer.root == pytest.approx(1e-310, rel=1e-3)


def test_tolerance_sets_the_width():
    rough = bisect(cubic, 2, 3, tolerance=1e-3)
    assert rough.converged and 15 <= rough.iterations <= 20
    assert abs(rough.root - CUBIC) < 1e-3


def test_numpy_numbers_are_as_good_as_python_ones():
    answer = bisect(lambda x: np.float64(x) - 2, np.float32(1), np.int64(4))
    assert answer.converged and type(answer.value) is float and type(answer.root) is float
    answer = bisect(lambda x: int(x > 2) * 2 - 1, 1, 4)
    assert not answer.converged
    answer = newton_raphson(lambda x: np.array(x - 2.0), np.float32(1), lambda x: 1)
    assert answer.converged and answer.root == 2 and type(answer.value) is float


# Both


def good(x):
    return x - 1.0


REFUSED = [
    (newton_raphson, (None, 0), TypeError, "f"),
    (newton_raphson, (3.0, 0), TypeError, "f"),
    (newton_raphson, (good, math.nan), ValueError, "start"),
    (newton_raphson, (good, math.inf), ValueError, "start"),
    (newton_raphson, (good, "1"), TypeError, "start"),
    (newton_raphson, (good, 1j), TypeError, "start"),
    (newton_raphson, (good, None), TypeError, "start"),
    (newton_raphson, (good, True), TypeError, "start"),
    (newton_raphson, (good, [1, 2]), ValueError, "start"),
    (newton_raphson, (good, []), ValueError, "start"),
    (newton_raphson, (good, 0, 1.0), TypeError, "derivative"),
    (newton_raphson, (good, 0, lambda x: "1"), TypeError, "derivative"),
    (newton_raphson, (good, 0, lambda x: None), TypeError, "derivative"),
    (newton_raphson, (good, 0, lambda x: np.array([1.0])), ValueError, "derivative"),
    (newton_raphson, (lambda x: "1", 0), TypeError, "f"),
    (newton_raphson, (lambda x: None, 0), TypeError, "f"),
    (newton_raphson, (lambda x: [x], 0), ValueError, "f"),
    (newton_raphson, (lambda x: 1j, 0), TypeError, "f"),
    (newton_raphson, (lambda x: True, 0), TypeError, "f"),
    (newton_raphson, (lambda x: math.nan, 0), ValueError, "f"),
    (newton_raphson, (lambda x: math.log(x), -1.0), ValueError, "f"),
    (newton_raphson, (np.log, -1.0), ValueError, "f"),
    (newton_raphson, (lambda x: 1 / x, 0), ValueError, "f"),
    (bisect, (None, 0, 2), TypeError, "f"),
    (bisect, (good, math.nan, 2), ValueError, "low"),
    (bisect, (good, "0", 2), TypeError, "low"),
    (bisect, (good, 0, math.inf), ValueError, "high"),
    (bisect, (good, 0, None), TypeError, "high"),
    (bisect, (good, 0, 1j), TypeError, "high"),
    (bisect, (good, 0, [1, 2]), ValueError, "high"),
    (bisect, (good, 2, 0), ValueError, "high"),
    (bisect, (good, 2, 2), ValueError, "high"),
    (bisect, (good, 2, 3), ValueError, "low, high"),
    (bisect, (good, -2, 0), ValueError, "low, high"),
    (bisect, (np.log, -1, 2), ValueError, "f"),
    (bisect, (lambda x: 1 / x, 0, 2), ValueError, "f"),
    (bisect, (lambda x: 1 / (x - 2), 0, 2), ValueError, "f"),
    (bisect, (lambda x: "1", 0, 2), TypeError, "f"),
    (bisect, (lambda x: (x - 1) * 1j, 0, 2), TypeError, "f"),
]


@pytest.mark.parametrize("method, arguments, error, name", REFUSED)
def test_bad_input_is_refused_by_name(method, arguments, error, name):
    with pytest.raises(error, match=rf"^{name}: expected ") as caught:
        method(*arguments)
    assert caught.type is error


@pytest.mark.parametrize("method, places", [(newton_raphson, (0,)), (bisect, (0, 3))])
def test_bad_options_are_refused_before_f_is_called(method, places):
    def never(x):
        raise AssertionError("f was called")

    for bad, error in (
        (0, ValueError),
        (-1e-3, ValueError),
        (math.nan, ValueError),
        ("1", TypeError),
        (None, TypeError),
    ):
        with pytest.raises(error, match=r"^tolerance: expected "):
            method(never, *places, tolerance=bad)
    if method is newton_raphson:
        for bad, error in ((-1, ValueError), (2.5, TypeError), ("9", TypeError), (True, TypeError)):
            with pytest.raises(error, match=r"^iterations: expected "):
                method(never, *places, iterations=bad)


@pytest.mark.parametrize("gap", [1e-14, 1e-20])
def test_a_root_next_to_an_end_of_the_bracket_is_no_pole(gap):
    for answer, end in ((bisect(lambda x: x - gap, 0, 1), gap), (bisect(lambda x: x + gap, -1, 0), -gap)):
        assert answer.converged and abs(answer.root - end) <= 1e-12
    pole = bisect(lambda x: 1 / (x - gap), 0, 1)
    assert not pole.converged and "pole" in pole.reason


def test_complex_values_half_way_are_not_finite_ones():
    answer = newton_raphson(lambda x: x**0.5 + 1, 0.5, lambda x: 0.5 / x**0.5)
    assert not answer.converged and "not finite at x = -" in answer.reason and answer.root == 0.5


def test_messages_carry_the_cause():
    with pytest.raises(ValueError, match=r"^f: expected a finite value at low = -1.0, but: .*domain"):
        bisect(math.log, -1, 2)
    with pytest.raises(
        ValueError, match=r"^low, high: expected f to have opposite signs, got f\(low\) = 1.0 and f\(high"
    ):
        bisect(good, 2, 3)


def test_no_warnings_and_no_hang():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        started = time.perf_counter()
        newton_raphson(np.log, 3)
        bisect(lambda x: np.exp(700 * x) - 1, -1, 1)
        bisect(lambda x: 1 / np.float64(x - 0.5), 0, 1)
        newton_raphson(lambda x: np.sin(1e5 * x) + 1.001, 0.3)
        assert time.perf_counter() - started < 2


def test_the_result_cannot_be_changed():
    answer = bisect(good, 0, 3)
    assert isinstance(answer, Root) and "path" not in repr(answer)
    with pytest.raises(AttributeError):
        answer.root = 3


@some
@given(st.floats(0.5, 3), st.floats(0.5, 3))
def test_both_agree(a, b):
    assume(abs(a - b) > 1e-3)

    def f(x):
        return np.exp(a * x) - b - 1

    tangents, halves = newton_raphson(f, 1.0), bisect(f, 0, 5)
    assert tangents.converged and halves.converged
    assert tangents.root == pytest.approx(math.log(b + 1) / a, rel=1e-13)
    assert halves.root == pytest.approx(tangents.root, rel=1e-13)
