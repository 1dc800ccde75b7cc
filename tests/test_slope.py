"""Slopes: exact derivatives from SymPy and mpmath, laws, refusals, honest errors."""

import itertools
import math
import warnings

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmlbook.slope import (
    central_difference,
    complex_step,
    forward_difference,
    richardson,
    rise_over_run,
    slopes,
)

x = sympy.Symbol("x")
SMOOTH = [  # formula, places, a length over which f changes
    (sympy.sin(x), [0, 1, -2, 3.0], 1),
    (sympy.cos(x), [0, 1, -2, 3.0], 1),
    (sympy.exp(x), [0, 1, -2, 3.0], 1),
    (sympy.log(x), [0.8, 3.0, 1e3], 1),
    (sympy.sqrt(x), [2.0, 4.0, 1e4], 1),
    (x**9, [0, 1.25, -3.0], 1),
    (sympy.tanh(x), [0, 0.5, -1.5], 1),
    (1 / (1 + x**2), [0, 0.5, -3.0], 1),
    (1 / x, [1.0, -2.5], 1),
    (10**12 * sympy.sin(x), [0.5], 1),
    (sympy.sin(x) / 10**12, [0.5], 1),
]
HARD = [
    (sympy.cos(50 * x), [0, 0.3, 2.0], 0.02),
    (sympy.exp(10 * x), [0, -1.0, 2.0], 0.1),
    (1 / x, [0.01, -0.01, 1e-4], 0.002),
    (sympy.sin(x), [1e6, -1e6], 1),
    (sympy.sin(1000 * x), [0, 0.7], 0.001),
    (sympy.tanh(30 * x), [0, 0.02, -0.05], 0.03),
    (sympy.sqrt(x), [1e-3], 3e-4),
    (sympy.log(x), [1e-4], 3e-5),
    (x**9, [0.1, 20.0], 0.01),
    (sympy.sin(2 * sympy.pi * x), [0, 1.0, 0.375], 0.15),
]


DRAW = np.random.default_rng(1)


def cases(table):
    for formula, places, length in table:
        f = sympy.lambdify(x, formula, "numpy")
        exact = sympy.lambdify(x, sympy.diff(formula, x), "mpmath")
        for place in places:
            yield pytest.param(f, place, exact, length, id=f"{formula} at {place}")


def truth(exact, place, length):
    """The derivative to 40 figures, and its largest size nearby."""
    with mpmath.workdps(40):
        near = [exact(mpmath.mpf(place) + move * mpmath.mpf(length)) for move in (0, -0.5, 0.5)]
        return near[0], float(max(abs(value) for value in near))


def miss(answer, exact):
    with mpmath.workdps(40):
        return float(abs(mpmath.mpf(answer) - exact))


# The accuracy that the docstrings promise


@pytest.mark.parametrize("f, at, exact, length", [*cases(SMOOTH)])
def test_default_steps_keep_their_promise(f, at, exact, length):
    value, size = truth(exact, at, length)
    assert miss(forward_difference(f, at), value) < 1e-7 * size
    assert miss(central_difference(f, at), value) < 2e-10 * size * max(1, abs(at))


@pytest.mark.parametrize("f, at, exact, length", [*cases(SMOOTH), *cases(HARD)])
def test_complex_step_is_exact_to_rounding(f, at, exact, length):
    value, size = truth(exact, at, length)
    conditioning = 1e-16 * abs(at) / length  # f rounds its own argument
    assert miss(complex_step(f, at), value) <= (1e-15 + conditioning) * size


@pytest.mark.parametrize("f, at, exact, length", [*cases(SMOOTH), *cases(HARD)])
def test_richardson_is_accurate_and_honest(f, at, exact, length):
    value, size = truth(exact, at, length)
    answer = richardson(f, at)
    error = miss(answer.slope, value)
    assert answer.converged, answer.reason
    assert error <= 1e-12 * size
    assert error / 10 <= answer.error <= 1e-8 * size


@pytest.mark.parametrize(
    "f, exact",
    [
        (lambda t: 0 * t, 0),
        (lambda t: 7.0, 0),
        (lambda t: 1e12 + 0 * t, 0),
        (lambda t: t, 1),
        (lambda t: 3 * t - 5, 3),
        (lambda t: -1e-9 * t, -1e-9),
    ],
)
@pytest.mark.parametrize("at", [0, 1, -2.5, 1e6])
def test_richardson_on_lines(f, exact, at):
    answer = richardson(f, at)
    assert answer.converged
    assert abs(answer.slope - exact) <= 10 * answer.error + 1e-30
    assert answer.error <= 1e-12 * max(abs(exact), abs(f(at)))


def family(count, seed):
    """Random functions, the same for NumPy and for mpmath, with a place and a length."""
    draw = np.random.default_rng(seed)
    for _ in range(count):
        k, s = float(10 ** draw.uniform(-3, 3)), float(draw.uniform(-3, 3))
        p, wide = int(draw.integers(2, 10)), float(10 ** draw.uniform(-4, 6))
        yield lambda m, t, k=k: m.sin(k * t), s, 1 / k
        yield lambda m, t: m.cos(t), wide, 1
        yield lambda m, t, k=k: m.exp(k * t), s / k, 1 / k
        yield lambda m, t: 1 / t, -wide, wide / 3
        yield lambda m, t: m.sqrt(t), wide, wide / 3
        yield lambda m, t: m.log(t), wide, wide / 3
        yield lambda m, t, p=p: t**p, s, abs(s) / p + 1e-3
        yield lambda m, t, k=k: m.tanh(k * t), s / k, 1 / k
        yield lambda m, t, k=k: m.exp(-((k * t) ** 2)), s / k, 1 / k
        yield lambda m, t, k=k: 1 / (1 + (k * t) ** 2), s / k, 1 / k
        yield lambda m, t, k=k: k * 1e9 * m.sin(t), s, 1
        yield lambda m, t, k=k: m.sin(t) + k, s, 1
        yield lambda m, t: m.sin(t * t), 2 * s, 1 / (1 + 4 * abs(s))


def test_richardson_never_boasts():
    accurate = total = 0
    with mpmath.workdps(50):
        for f, at, length in family(30, seed=2):

            def g(t, f=f):
                return f(mpmath, t)

            h = mpmath.mpf(length) * mpmath.mpf(10) ** -16

            def derivative(t, g=g, h=h):
                return (g(t - 2 * h) - 8 * g(t - h) + 8 * g(t + h) - g(t + 2 * h)) / (12 * h)

            value, size = truth(derivative, at, length)
            answer = richardson(lambda t, f=f: f(np, t), at)
            error = miss(answer.slope, value)
            assert error <= 10 * answer.error, (at, length, answer)
            total += 1
            accurate += error <= 1e-12 * size
    assert total == 390 and accurate / total > 0.9


@pytest.mark.parametrize(
    "f, at, reason",
    [
        (abs, 0, "kink"),
        (lambda t: abs(t - 1) + 1, 1, "kink"),
        (lambda t: abs(t) + math.sin(3 * t), 0, "kink"),
        (np.sign, 0, "kink|agree"),
        (lambda t: 1.0 * (t >= 0), 0, "kink|agree"),
        (math.sqrt, 0, "not finite"),
        (lambda t: math.nan if t != 1 else 2.0, 1, "not finite"),
        (np.cbrt, 0, "agree|kink"),
        (lambda t, draw=DRAW: draw.normal(), 1, "agree|kink"),
        (lambda t, draw=DRAW: math.sin(t) + 1e-4 * draw.normal(), 1, "agree|kink"),
    ],
)
def test_richardson_says_when_there_is_no_slope(f, at, reason):
    answer = richardson(f, at)
    assert answer.converged is False
    assert any(word in answer.reason for word in reason.split("|"))
    if "kink" in answer.reason:
        assert answer.error > 0.1


def test_richardson_keeps_the_last_finite_answer():
    answer = richardson(lambda t: math.sin(t) if abs(t) < 1e-11 else math.nan, 0)
    assert not answer.converged and "not finite" in answer.reason
    assert answer.slope == pytest.approx(1)
    empty = richardson(math.sqrt, 0)
    assert math.isnan(empty.slope) and empty.error == math.inf and empty.path.shape == (0, 2)


def test_richardson_is_not_fooled_by_steps_in_time_with_f():
    assert richardson(lambda t: np.sin(2 * np.pi * t), 0).slope == pytest.approx(2 * np.pi, rel=1e-14)


def test_richardson_result():
    answer = richardson(np.exp, 1)
    assert type(answer.slope) is float and type(answer.error) is float and type(answer.converged) is bool
    assert answer.path.shape == (answer.iterations, 2)
    np.testing.assert_allclose(answer.path[1:, 0], 2 * answer.path[:-1, 0])
    step, difference = answer.path[20]
    assert difference == central_difference(np.exp, 1, step=step)
    with pytest.raises(AttributeError):
        answer.slope = 2.0


# Laws

numbers = st.floats(-100, 100).map(lambda value: round(value, 3))
fast = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def cubic(a, b, c):
    return lambda t: a * t**3 + b * t**2 + c * t


@fast
@given(numbers, numbers, numbers)
def test_rise_over_run_is_symmetric_in_its_points(a, b, c):
    assume(a != b)
    f = cubic(1, c, 2)
    assert rise_over_run(f, a, b) == rise_over_run(f, b, a)


@fast
@given(numbers, numbers, numbers, numbers)
def test_rise_over_run_of_a_line_is_its_slope(a, b, slope, start):
    assume(abs(a - b) > 1e-2)
    size = abs(slope) * (abs(a) + abs(b)) + abs(start)
    got = rise_over_run(lambda t: slope * t + start, a, b)
    assert abs(got - slope) <= 1e-15 * (size / abs(a - b) + abs(slope))


@pytest.mark.parametrize("method", [forward_difference, central_difference])
@fast
@given(at=numbers, p=numbers, q=numbers)
def test_differences_are_linear(method, at, p, q):
    def both(t):
        return p * math.sin(t) + q * math.cos(t)

    parts = p * method(math.sin, at, step=1e-3) + q * method(math.cos, at, step=1e-3)
    assert method(both, at, step=1e-3) == pytest.approx(parts, abs=1e-12 * (1 + abs(p) + abs(q)))


@fast
@given(at=numbers, a=numbers, b=numbers, step=st.floats(0.25, 2))
def test_central_difference_is_exact_on_quadratics(at, a, b, step):
    size = abs(a) * (abs(at) + step) ** 2 + abs(b) * (abs(at) + step)
    got = central_difference(lambda t: a * t**2 + b * t, at, step=step)
    assert abs(got - (2 * a * at + b)) <= 1e-15 * size / step


@fast
@given(at=numbers, a=numbers, b=numbers, step=st.floats(0.25, 2))
def test_forward_difference_on_quadratics_is_off_by_a_times_the_step(at, a, b, step):
    size = abs(a) * (abs(at) + step) ** 2 + abs(b) * (abs(at) + step)
    got = forward_difference(lambda t: a * t**2 + b * t, at, step=step)
    assert abs(got - (2 * a * at + b + a * step)) <= 1e-15 * size / step


@fast
@given(at=st.floats(-3, 3), shift=st.sampled_from([-2.0, -0.5, 1.0, 4.0]))
def test_a_shifted_function_has_the_shifted_slope(at, shift):
    for method, allowed in ((forward_difference, 2e-7), (central_difference, 1e-9), (complex_step, 1e-14)):
        assert method(lambda t: np.sin(t - shift), at) == pytest.approx(method(np.sin, at - shift), abs=allowed)
    assert richardson(lambda t: np.sin(t - shift), at).slope == pytest.approx(np.cos(at - shift), abs=1e-12)


@pytest.mark.parametrize("method, order", [(forward_difference, 1), (central_difference, 2)])
@pytest.mark.parametrize("at", [-1.0, 0.3, 2.0])
def test_halving_the_step_divides_the_error(method, order, at):
    errors = [abs(method(np.exp, at, step=step) - np.exp(at)) for step in (0.02, 0.01, 0.005)]
    for coarse, fine in itertools.pairwise(errors):
        assert math.log2(coarse / fine) == pytest.approx(order, abs=0.02)


def test_the_forward_error_falls_and_then_rises():
    errors = [abs(forward_difference(np.sin, 1, step=10.0**-k) - np.cos(1)) for k in range(1, 16)]
    best = int(np.argmin(errors))
    assert 6 <= best <= 9
    assert errors[0] > errors[3] > errors[best] < errors[12] < errors[14]


@pytest.mark.parametrize("method, power", [(forward_difference, 1 / 2), (central_difference, 1 / 3)])
@pytest.mark.parametrize("at", [0, 0.5, -1.0, 1000.0, -1e6])
def test_the_default_step_grows_with_the_place(method, power, at):
    seen = []
    method(lambda t: seen.append(t) or 1.0, at)
    reach = max(abs(t - at) for t in seen)
    assert reach == pytest.approx(2.0 ** (-52 * power) * max(abs(at), 1), rel=1e-5)
    assert len(seen) == 2


@pytest.mark.parametrize("method", [forward_difference, central_difference])
@pytest.mark.parametrize("at", [1 / 3, 123.456, -0.1])
def test_the_run_is_the_distance_that_was_gone(method, at):
    """On a line even a step of a few thousand gaps gives the slope, because the step is measured."""
    assert method(lambda t: t, at, step=1e-12 * max(1, abs(at))) == 1.0


def test_points_may_be_arrays():
    at = np.array([[0.0, 0.5, 1.0], [2.0, -3.0, 1e3]])
    for method, allowed in ((forward_difference, 1e-4), (central_difference, 1e-5), (complex_step, 1e-12)):
        answer = method(np.sin, at)
        assert answer.shape == at.shape
        np.testing.assert_allclose(answer[0], np.cos(at[0]), atol=1e-7)
        one_by_one = [method(np.sin, float(t)) for t in at.flat]
        np.testing.assert_allclose(answer.ravel(), one_by_one, atol=allowed, rtol=0)
    np.testing.assert_array_equal(rise_over_run(np.square, [0, 1], [2, 4]), [2, 5])


def test_numbers_in_are_plain_floats_out():
    for answer in (
        rise_over_run(np.sin, 0, 1),
        forward_difference(np.sin, 1),
        central_difference(np.sin, 1),
        complex_step(np.sin, 1),
        complex_step(lambda z: z**2, np.float32(3)),
    ):
        assert type(answer) is float
    assert rise_over_run(lambda t: t, 1, 2) == 1.0
    assert forward_difference(lambda t: 5, 1) == 0.0


def test_f_may_spoil_its_input_or_reuse_its_output():
    def doubled(t):
        t *= 2
        return t

    room = np.empty(2)

    def squared(t):
        return np.multiply(t, t, out=room)

    np.testing.assert_array_equal(rise_over_run(doubled, [1, 2], [3, 5]), [2, 2])
    np.testing.assert_array_equal(rise_over_run(squared, [1, 2], [3, 5]), [4, 7])


@pytest.mark.parametrize("power", [2, 3, 4, 9])
def test_complex_step_accepts_flat_places(power):
    assert complex_step(lambda z: z**power, 0) == pytest.approx(0, abs=1e-30)
    assert complex_step(np.cos, 0) == 0


def test_slopes_of_a_table():
    t = np.array([0.0, 1.0, 1.5, 4.0])
    np.testing.assert_array_equal(slopes(t, t**2), [1, 2.5, 5.5])
    np.testing.assert_array_equal(slopes([0, 2], [7, 3]), [-2])


def test_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        richardson(np.log, 1e-4)
        richardson(np.sqrt, 0)
        richardson(lambda t: t, 1.7e308)
        complex_step(np.sqrt, 1e-3)


# Refusals


def good(t):
    return t * t


def raises_for_complex(t):
    return math.sin(t)


REFUSED = [
    (rise_over_run, (3, 0, 1), TypeError, "f"),
    (rise_over_run, ("sin", 0, 1), TypeError, "f"),
    (rise_over_run, (good, 2, 2), ValueError, "b"),
    (rise_over_run, (good, math.nan, 2), ValueError, "a"),
    (rise_over_run, (good, 0, math.inf), ValueError, "b"),
    (rise_over_run, (good, "0", 2), TypeError, "a"),
    (rise_over_run, (good, 0, 1j), TypeError, "b"),
    (rise_over_run, (good, None, 1), TypeError, "a"),
    (rise_over_run, (good, True, 2), TypeError, "a"),
    (rise_over_run, (good, [0, 1], [1, 1]), ValueError, "b"),
    (rise_over_run, (good, [0, 1], 2), ValueError, "b"),
    (rise_over_run, (good, [[0], [1, 2]], 2), ValueError, "a"),
    (rise_over_run, (good, [], []), ValueError, "a"),
    (rise_over_run, (good, -1.7e308, 1.7e308), ValueError, "b"),
    (slopes, ([0, 1], [0, 1, 2]), ValueError, "y"),
    (slopes, ([0], [0]), ValueError, "x"),
    (slopes, (0, 0), ValueError, "x"),
    (slopes, ([0, 1, 1], [0, 1, 2]), ValueError, "x"),
    (slopes, ([0, 2, 1], [0, 1, 2]), ValueError, "x"),
    (slopes, ([0, math.nan], [0, 1]), ValueError, "x"),
    (slopes, ([0, 1], [0, math.inf]), ValueError, "y"),
    (slopes, ([0, 1], ["0", "1"]), TypeError, "y"),
    (complex_step, (abs, 1), TypeError, "f"),
    (complex_step, (abs, 0), TypeError, "f"),
    (complex_step, (raises_for_complex, 1), TypeError, "f"),
    (complex_step, (lambda z: z * abs(z), 2), ValueError, "f"),
    (complex_step, (np.conj, 2), ValueError, "f"),
    (complex_step, (lambda z: np.real(z) + 0j, 2), TypeError, "f"),
    (complex_step, (np.sqrt, 0), ValueError, "f"),
    (complex_step, (lambda z: z * abs(z), [2.0, 3.0]), ValueError, "f"),
    (complex_step, (lambda z: 3.0, 2), TypeError, "f"),
    (complex_step, (np.sum, [1.0, 2.0]), ValueError, "f"),
    (richardson, (good, [1.0, 2.0]), ValueError, "at"),
    (richardson, (lambda t: math.nan, 1), ValueError, "f"),
]
for method in (forward_difference, central_difference):
    REFUSED += [
        (method, (good, 1, bad), error, "step")
        for bad, error in (
            (0, ValueError),
            (-1e-3, ValueError),
            (math.nan, ValueError),
            (math.inf, ValueError),
            ("1", TypeError),
            (1j, TypeError),
            ([1e-3, 1e-4], ValueError),
            (1e-17, ValueError),
            (1e308, None),
        )
    ]
    REFUSED += [(method, (good, 1.7e308, 1.7e308), ValueError, "step")]
for method in (forward_difference, central_difference, complex_step, richardson):
    REFUSED += [
        (method, (good, bad), error, "at")
        for bad, error in (
            (math.nan, ValueError),
            (-math.inf, ValueError),
            ("1", TypeError),
            (1 + 0j, TypeError),
            (None, TypeError),
        )
    ]
    REFUSED += [(method, (None, 1), TypeError, "f")]
for method in (forward_difference, central_difference, richardson):
    REFUSED += [
        (method, (bad, 1), error, "f")
        for bad, error in (
            (lambda t: math.inf, ValueError),
            (lambda t: "1", TypeError),
            (lambda t: None, TypeError),
            (lambda t: 1j * t, TypeError),
            (lambda t: [t, t], ValueError),
            (lambda t: np.array([t]), ValueError),
            (lambda t: np.float32(t), TypeError),
            (lambda t: t > 0, TypeError),
        )
    ]
REFUSED = [case for case in REFUSED if case[2] is not None]


@pytest.mark.parametrize("method, arguments, error, name", REFUSED)
def test_bad_input_is_refused_by_name(method, arguments, error, name):
    with pytest.raises(error, match=rf"^{name}: expected ") as caught:
        method(*arguments)
    assert caught.type is error


@pytest.mark.parametrize(
    "method, arguments",
    [
        (rise_over_run, (0, math.nan)),
        (rise_over_run, (1, 1)),
        (forward_difference, (1, 0)),
        (central_difference, (math.nan,)),
        (complex_step, ("1",)),
        (richardson, ([1, 2],)),
    ],
)
def test_bad_input_is_refused_before_f_is_called(method, arguments):
    def never(t):
        raise AssertionError("f was called")

    with pytest.raises((TypeError, ValueError), match="expected"):
        method(never, *arguments)


@pytest.mark.parametrize("method", [forward_difference, central_difference])
def test_a_function_that_is_not_finite_nearby_is_refused(method):
    with pytest.raises(ValueError, match=r"^f: expected finite"):
        method(lambda t: 1.0 if t <= 1 else math.nan, 1)


def test_richardson_is_not_taken_in_by_steps_that_agree_by_accident():
    """At steps of 1, 2 and 4 the wave is not seen at all, and the differences agree exactly, on 1."""
    answer = richardson(lambda x: x + np.sin(2 * np.pi * x), 0.3)
    with mpmath.workdps(40):
        exact = 1 + 2 * mpmath.pi * mpmath.cos(2 * mpmath.pi * mpmath.mpf(0.3))
        assert answer.converged and abs(answer.slope - exact) < 1e-11
    assert answer.path[-1, 0] < 1


def test_richardson_counts_rounding_that_leaves_no_scatter():
    """Here the argument of the cosine is rounded alike at neighbouring steps, so that nothing seems to jump about."""
    factor, at = 62.403563006775805, 27.839856139931634
    answer = richardson(lambda x: math.cos(factor * x), at)
    with mpmath.workdps(40):
        exact = -factor * mpmath.sin(mpmath.mpf(factor) * mpmath.mpf(at))
        assert abs(answer.slope - exact) <= answer.error < 1e-9
