"""Descents: exact minima and paths, theory's counts of steps, honest verdicts, refusals, laws."""

import itertools
import math
import warnings
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmlbook import objective as objective_module
from mmlbook.line_search import FAIR, backtrack
from mmlbook.newtons_method import downhill_step
from mmlbook.objective import Objective, Trail, length
from mmlbook.optimisation import bisect, gradient_descent, lagrange, newton, newton_raphson
from mmlbook.stationary import classify, settle
from mmlbook.stochastic import batches


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def himmelblau(x):
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def beale(x):
    return sum((a - x[0] * (1 - x[1] ** k)) ** 2 for k, a in ((1, 1.5), (2, 2.25), (3, 2.625)))


def booth(x):
    return (x[0] + 2 * x[1] - 7) ** 2 + (2 * x[0] + x[1] - 5) ** 2


def double_well(x):
    return x[0] ** 2 + (x[1] ** 2 - 1) ** 2


def bowl(H, centre=0.0):
    """A quadratic function with the Hessian H, lowest at the centre, and its gradient."""
    return lambda x: 0.5 * (x - centre) @ H @ (x - centre), lambda x: H @ (x - centre)


def stationary_points(f):
    """All real stationary points of a polynomial of two variables, with their kind, by SymPy and mpmath."""
    x, y = sympy.symbols("x y")
    formula = sympy.expand(f((x, y)))
    slopes = [sympy.diff(formula, v) for v in (x, y)]
    first = sympy.Poly(sympy.resultant(*slopes, y), x)
    hessian = sympy.lambdify((x, y), sympy.hessian(formula, (x, y)), "mpmath")
    points = []
    for root in first.nroots(n=40, maxsteps=500):
        if abs(sympy.im(root)) > 1e-15:
            continue
        for other in sympy.Poly(slopes[0].subs(x, sympy.re(root)), y).nroots(n=40, maxsteps=500):
            place = (sympy.re(root), sympy.re(other))
            if abs(sympy.im(other)) < 1e-15 and abs(slopes[1].subs({x: place[0], y: place[1]})) < 1e-15:
                H = hessian(*map(mpmath.mpf, place))
                determinant, trace = H[0, 0] * H[1, 1] - H[0, 1] ** 2, H[0, 0] + H[1, 1]
                kind = "saddle" if determinant < 0 else "minimum" if trace > 0 else "maximum"
                points.append((np.array(place, float), kind))
    return points


# The classical functions


@pytest.mark.parametrize(
    "f, start, lowest",
    [
        (rosenbrock, [-1.2, 1], [1, 1]),
        (rosenbrock, [1, 1], [1, 1]),
        (rosenbrock, [2, -3], [1, 1]),
        (beale, [1, 1], [3, 0.5]),
        (booth, [-8, 9], [1, 3]),
    ],
)
def test_newton_finds_the_known_minimum(f, start, lowest):
    answer = newton(f, start)
    assert answer.converged and answer.verdict == "minimum"
    assert np.allclose(answer.x, lowest, rtol=0, atol=1e-10)
    assert answer.value == pytest.approx(0, abs=1e-18)
    assert np.array_equal(answer.path[0], start) and np.array_equal(answer.path[-1], answer.x)
    assert len(answer.path) == len(answer.values) == answer.iterations + 1 == len(answer.steps) + 1
    assert answer.values[-1] == answer.value


@pytest.mark.parametrize(
    "options, most, accuracy",
    [
        ({}, 20_000, 1e-3),
        ({"step_size": 1e-3}, 20_000, 1e-3),
        ({"step_size": 1e-3, "method": "momentum"}, 2_000, 1e-3),
        ({"step_size": 1e-2, "method": "adam"}, 6_000, 1e-3),
    ],
)
def test_descents_reach_the_end_of_the_banana(options, most, accuracy):
    def slope(x):
        return np.array([-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)])

    answer = gradient_descent(rosenbrock, [-1.2, 1], gradient=slope, iterations=most, tolerance=1e-6, **options)
    assert answer.converged and answer.verdict == "minimum", answer.reason
    assert np.allclose(answer.x, 1, rtol=0, atol=accuracy)
    assert np.allclose(answer.gradient, slope(answer.x))
    assert length(answer.gradient) <= 1e-6 * max(length(slope(x)) for x in answer.path)
    assert answer.steps == () and answer.hessian_calls == 0


def test_stationary_points_of_himmelblau_are_told_apart():
    points = stationary_points(himmelblau)
    assert sorted(kind for _, kind in points) == ["maximum"] + 4 * ["minimum"] + 4 * ["saddle"]
    for place, kind in points:
        answer = newton(himmelblau, place)
        assert answer.verdict == kind and answer.converged == (kind == "minimum")
        assert np.allclose(answer.x, place, atol=1e-9)
    minima = [place for place, kind in points if kind == "minimum"]
    for start in itertools.product((-4.0, 0.5, 3.0), repeat=2):
        for answer in (newton(himmelblau, start), gradient_descent(himmelblau, start)):
            assert answer.converged, answer.reason
            assert min(length(answer.x - place) for place in minima) < 1e-6


# Paths, step by step, by exact fractions


def test_a_fixed_step_follows_the_formula():
    answer = gradient_descent(lambda x: x**2, 3, step_size=0.25, iterations=5)
    assert answer.path.tolist() == [3, 1.5, 0.75, 0.375, 0.1875, 0.09375]
    assert answer.values.tolist() == [9 / 4**k for k in range(6)]
    assert isinstance(answer.x, float) and isinstance(answer.gradient, float)
    assert answer.gradient == 0.1875 and answer.value == 0.09375**2 and answer.iterations == 5
    assert (answer.f_calls, answer.gradient_calls, answer.hessian_calls) == (6, 6, 0)


def test_momentum_follows_the_formula():
    x, velocity, path = Fraction(3), Fraction(0), [Fraction(3)]
    for _ in range(6):
        velocity = velocity / 2 - Fraction(1, 8) * 2 * x
        x += velocity
        path.append(x)
    answer = gradient_descent(lambda x: x**2, 3, step_size=0.125, method="momentum", momentum=0.5, iterations=6)
    assert np.allclose(answer.path, np.array(path, float), rtol=1e-15)


def test_adam_follows_the_paper():
    with mpmath.workdps(30):
        x, m, v, path = mpmath.mpf(3), mpmath.mpf(0), mpmath.mpf(0), [3.0]
        for t in range(1, 7):
            slope = 3 * x**2
            m = mpmath.mpf("0.8") * m + mpmath.mpf("0.2") * slope
            v = mpmath.mpf("0.999") * v + mpmath.mpf("0.001") * slope**2
            m_hat, v_hat = m / (1 - mpmath.mpf("0.8") ** t), v / (1 - mpmath.mpf("0.999") ** t)
            x -= mpmath.mpf("0.1") * m_hat / (mpmath.sqrt(v_hat) + mpmath.mpf("1e-8"))
            path.append(float(x))
    answer = gradient_descent(lambda x: x**3, 3, step_size=0.1, method="adam", momentum=0.8, iterations=6)
    assert np.allclose(answer.path, path, rtol=1e-12)


def test_adam_keeps_small_slopes_apart_from_zero():
    first = gradient_descent(lambda x: 1e-8 * x, 0.0, step_size=1.0, method="adam", iterations=1)
    assert first.x == pytest.approx(-0.5, rel=1e-12)  # 1e-8 / (1e-8 + 1e-8)


def test_a_schedule_is_asked_for_every_step():
    answer = gradient_descent(lambda x: x**2 / 2, 1, step_size=lambda k: 1 / (k + 2), iterations=4)
    assert np.allclose(answer.path, [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5], rtol=1e-15)


def test_line_search_halves_then_doubles():
    answer = gradient_descent(lambda x: x**2, 3)
    assert answer.path.tolist() == [3, 0] and answer.converged and answer.verdict == "minimum"
    assert (answer.f_calls, answer.gradient_calls) == (5, 3)  # the start; a step of 1, level with it; a step of 1/2

    answer = gradient_descent(lambda x: x**2, 3, step_size=1 / 64, method="line search", iterations=3)
    steps = [1 / 64, 1 / 32, 1 / 16]
    assert np.allclose(answer.path, 3 * np.cumprod([1, *(1 - 2 * step for step in steps)]), rtol=1e-15)


def test_a_line_search_takes_no_step_that_promises_more_than_it_gives():
    well = Objective(lambda x: x @ x, [1.0])
    value, slope = well.slope(well.start)
    # x -> x - 2 t x gives 1 - 4t(1 - t); the test of Armijo allows t up to 1 - FAIR
    allowed = backtrack(well, well.start, value, slope, -slope, first=1 - FAIR * 1.01)
    refused = backtrack(well, well.start, value, slope, -slope, first=1 - FAIR * 0.99)
    assert allowed[0] == 1 - FAIR * 1.01
    assert refused[0] == (1 - FAIR * 0.99) / 2
    step, ahead, new, new_slope = refused
    assert np.array_equal(ahead, well.start - step * slope)
    assert new == ahead @ ahead and np.array_equal(new_slope, 2 * ahead)


def test_a_line_search_goes_on_where_values_are_lost_in_rounding():
    answer = gradient_descent(lambda x: 1e6 + (x - 1) ** 2 + (x - 1) ** 4, 3)
    assert answer.converged and answer.x == pytest.approx(1, abs=1e-7)
    assert newton(lambda x: 1e6 + (x - 1) ** 2 + (x - 1) ** 4, 3).x == pytest.approx(1, abs=1e-14)


def test_a_line_search_stays_where_f_is_defined():
    for answer in (gradient_descent(lambda x: x - np.log(x), 0.1), newton(lambda x: x - np.log(x), 10.0)):
        assert answer.converged and answer.x == pytest.approx(1, abs=1e-8)
        assert (answer.path > 0).all()
    assert math.isclose(newton(lambda x: x - np.log(x), 10.0).path[1], 10 - 90 / 16)  # 90, 45, 22.5, 11.25 are too far


# Theory's counts of steps


@pytest.mark.parametrize("kappa", [4, 100, 1000])
def test_the_best_fixed_step_takes_the_steps_of_theory(kappa):
    f, slope = bowl(np.diag([1.0, kappa]))
    answer = gradient_descent(f, [1, 1 / kappa], step_size=2 / (1 + kappa), gradient=slope)
    rate = (kappa - 1) / (kappa + 1)
    assert answer.converged
    assert abs(answer.iterations - math.log(1e-8) / math.log(rate)) <= 1


def test_a_ravine_of_condition_a_million_is_left_at_the_rate_of_theory():
    f, slope = bowl(np.diag([1.0, 1e6]))
    answer = gradient_descent(f, [1, 1e-6], step_size=2 / (1 + 1e6), gradient=slope, iterations=2000)
    assert not answer.converged and "the cost still falls" in answer.reason
    left = length(slope(answer.x)) / length(slope(answer.path[0]))
    assert left == pytest.approx(((1e6 - 1) / (1e6 + 1)) ** 2000, rel=1e-9)


@pytest.mark.parametrize("kappa", [100, 1e4, 1e6])
def test_momentum_takes_the_square_root_of_the_steps(kappa):
    f, slope = bowl(np.diag([1.0, kappa]))
    root = math.sqrt(kappa)
    step_size, momentum = 4 / (1 + root) ** 2, ((root - 1) / (root + 1)) ** 2
    answer = gradient_descent(
        f, [1, 1 / kappa], step_size, method="momentum", momentum=momentum, gradient=slope, iterations=20_000
    )
    theory = math.log(1e-8) / math.log((root - 1) / (root + 1))
    assert answer.converged, answer.reason
    assert theory <= answer.iterations <= 2 * theory


def test_newton_needs_one_step_on_any_bowl_and_minds_no_ravine():
    rng = np.random.default_rng(5)
    Q, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    H = Q @ np.diag(np.geomspace(1, 1e6, 8)) @ Q.T
    centre = rng.normal(size=8)
    answer = newton(bowl((H + H.T) / 2, centre)[0], rng.normal(size=8))
    assert answer.converged and answer.iterations == 1 and answer.steps == ("full",)
    assert np.allclose(answer.x, centre, atol=1e-9)
    assert (answer.gradient_calls, answer.hessian_calls) == (2, 2)


def test_newton_doubles_the_figures():
    answer = newton(lambda x: np.exp(x) - 2 * x, 1.0)
    errors = [abs(x - math.log(2)) for x in answer.path]
    assert answer.iterations <= 6 and answer.x == pytest.approx(math.log(2), abs=1e-12)
    for before, after in itertools.pairwise(errors[:4]):
        assert after == pytest.approx(before**2 / 2, rel=0.3)  # f''' / (2 f'') = 1/2


# The two dangers of Newton's method


def test_an_uphill_direction_is_turned_round():
    answer = newton(np.cos, 1.0)
    assert answer.x == pytest.approx(math.pi, abs=1e-14) and answer.verdict == "minimum" and answer.converged
    assert answer.steps[0] == "modified" and "modified once" in answer.reason
    assert answer.path[1] == pytest.approx(1 + math.tan(1), rel=1e-15)  # Newton's own step is 1 - tan(1)


def test_a_step_too_long_is_shortened():
    answer = newton(lambda x: np.sqrt(1 + x * x), 2.0)  # the full step goes from x to -x**3
    assert answer.steps[0] == "shortened" and answer.path[1] == pytest.approx(2 - 10 / 4)
    assert answer.converged and answer.x == pytest.approx(0, abs=1e-9)
    assert "shortened once" in answer.reason
    assert "times" in newton(lambda x: np.sqrt(1 + x * x), 20.0).reason


def test_both_dangers_at_once():
    answer = newton(lambda x: np.sin(x) + x * x / 50, 0.9)
    assert answer.converged
    both = newton(double_well, [1, 0.1])
    assert both.converged and abs(both.x[1]) == pytest.approx(1) and both.steps[0].startswith("modified")


def test_a_modified_step_is_as_its_docstring_says():
    Q, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    H = Q @ np.diag([-2.0, 1e-9, 5.0]) @ Q.T
    step, modified = downhill_step((H + H.T) / 2, Q @ [2.0, 1e-3, 5.0], reach=1e4)
    assert modified and np.allclose(Q.T @ step, [-1, -2, -1], rtol=1e-6)  # 5e-4 in place of 1e-9
    step, modified = downhill_step((H + H.T) / 2, Q @ [2.0, 1e-3, 5.0], reach=0.01)
    assert modified and length(step) <= math.sqrt(3) * 0.1
    step, modified = downhill_step(np.zeros((2, 2)), np.array([3.0, 4.0]), reach=0.0)
    assert modified and np.allclose(step, [-6, -8])
    assert np.array_equal(downhill_step(np.zeros((2, 2)), np.zeros(2), reach=1.0)[0], [0, 0])
    step, modified = downhill_step(np.diag([2.0, 8.0]), np.array([2.0, 4.0]), reach=1e-9)
    assert not modified and np.array_equal(step, [-1, -0.5])


# Verdicts


FLAT_STARTS = [
    (np.cos, 0.0, "maximum", False),
    (np.cos, math.pi, "minimum", True),
    (lambda x: -(x @ x), [0, 0], "maximum", False),
    (lambda x: x @ x, [0, 0], "minimum", True),
    (lambda x: x[0] ** 2 - x[1] ** 2, [0, 0], "saddle", False),
    (double_well, [0, 0], "saddle", False),
    (lambda x: x**4, 0, "undecided", False),
    (lambda x: x**3, 0, "undecided", False),
    (lambda x: 0 * x + 7, 3, "undecided", False),
]


@pytest.mark.parametrize("f, start, verdict, converged", FLAT_STARTS)
def test_a_flat_start_is_called_what_it_is(f, start, verdict, converged):
    for answer in (gradient_descent(f, start, 0.1), gradient_descent(f, start), newton(f, start)):
        assert (answer.verdict, answer.converged, answer.iterations) == (verdict, converged, 0)
        assert "at the start" in answer.reason
        assert verdict == "undecided" or verdict in answer.reason


def test_a_descent_that_ends_on_a_saddle_says_so():
    for answer in (gradient_descent(double_well, [1, 0], 0.05), gradient_descent(double_well, [1, 0])):
        assert np.allclose(answer.x, 0, atol=1e-7)
        assert answer.verdict == "saddle" and not answer.converged and "saddle" in answer.reason
    assert newton(double_well, [1, 0]).verdict == "saddle"


def test_a_level_place_that_is_no_minimum_is_not_passed_off_as_one():
    # the gradient vanishes, the Hessian too, and f goes on falling
    answer = newton(lambda x: x**3, 1.0)
    assert not answer.converged and answer.verdict == "undecided" and "lower close by" in answer.reason
    answer = newton(lambda x: 100 * (x[0] - x[1]) ** 2 + (x[0] + x[1]) ** 3, [1, 1.5])
    assert not answer.converged
    answer = gradient_descent(lambda x: (x - 1) ** 3, 2.0, 0.1, iterations=40_000, tolerance=1e-6)
    assert not answer.converged and "lower close by" in answer.reason


def test_a_degenerate_minimum_is_reached_and_left_undecided():
    answer = newton(lambda x: (x - 2) ** 4, 3.0)
    assert answer.converged and answer.verdict == "undecided" and answer.x == pytest.approx(2, abs=1e-7)
    trough = newton(lambda x: (x[0] + x[1] - 1) ** 2, [3, 3])
    assert trough.converged and trough.verdict == "undecided" and trough.x.sum() == pytest.approx(1)


def test_a_long_way_along_one_axis_does_not_hide_that_another_flattens_out_for_ever():
    answer = gradient_descent(lambda x: np.exp(-x[0]) + x[1] ** 2, [0, 1000])  # falls for ever as x[0] grows
    assert not answer.converged and "far away" in answer.reason


def test_a_plateau_above_the_start_is_no_minimum():
    answer = gradient_descent(lambda x: -np.exp(-(x**2)), 1, step_size=100)  # thrown to where f is 0 to the last digit
    assert answer.x < -70 and answer.value > -np.exp(-1)
    assert not answer.converged and answer.reason.startswith("the gradient vanishes, but the step is too long")


def test_a_slope_that_flattens_out_for_ever_is_no_minimum():
    for method in (gradient_descent, newton):
        assert not method(lambda x: np.exp(-x), 0.0).converged
    answer = gradient_descent(lambda x: np.exp(-x), 0.0)
    assert "far away" in answer.reason


def test_without_a_hessian_nothing_is_claimed():
    answer = gradient_descent(lambda x: math.cos(x), 3, 0.1, gradient=lambda x: -math.sin(x))
    assert answer.converged and answer.verdict == "undecided" and "no Hessian" in answer.reason
    top = gradient_descent(lambda x: math.cos(x), 0, 0.1, gradient=lambda x: -math.sin(x))
    assert not top.converged and top.verdict == "undecided"
    many = gradient_descent(lambda x: x @ x, np.ones(101), 0.25)
    assert many.converged and many.verdict == "undecided"
    assert gradient_descent(lambda x: x @ x, np.ones(100), 0.25).verdict == "minimum"
    assert newton(lambda x: x @ x, np.ones(101)).verdict == "minimum"  # its Hessian is at hand


def test_eigenvalues_are_classified():
    a = np.array
    assert classify(a([1e-9, 1.0])) == "minimum" and classify(a([-1.0, -1e-9])) == "maximum"
    assert classify(a([-1.0, 0.0, 1.0])) == "saddle" and classify(a([0.0, 1.0])) == "undecided"
    assert classify(a([1e-13, 1.0])) == classify(a([-1e-13, 1.0])) == "undecided"
    assert classify(a([-1.0, 0.0])) == classify(a([])) == classify(a([0.0])) == "undecided"
    assert classify(a([1.0]), size=1e13) == "undecided"
    assert classify(a([1.0]), a([0.75])) == "minimum" and classify(a([1.0]), a([0.65])) == "undecided"
    assert classify(a([1.0]), a([1.4])) == "minimum" and classify(a([1.0]), a([1.5])) == "undecided"
    assert classify(a([1.0]), a([-1.0])) == "undecided" and classify(a([-1.0]), a([-1.1])) == "maximum"


def test_settling_leaves_a_steep_place_alone():
    steep = Objective(lambda x: x @ x, [1.0, 0.0])
    slope = np.array([2.0, 0.0])
    assert settle(steep, steep.start, slope, steep.start, vanishes=False, moved=True) == ("undecided", False, "")
    # but a gradient as small as rounding counts as none
    word, converged, _ = settle(steep, steep.start, slope * 1e-16, steep.start, vanishes=False, moved=True)
    assert (word, converged) == ("minimum", True)


def test_a_start_at_the_minimum_with_a_rounded_slope_has_arrived():
    x = math.sqrt(2)  # not exactly: the slope is 1e-15, and nothing can be done about it
    answer = newton(lambda x: (x * x - 2) ** 2, x)
    assert answer.converged and answer.verdict == "minimum" and answer.iterations == 0
    answer = gradient_descent(lambda x: (x * x - 2) ** 2, x, 0.01, iterations=50)
    assert answer.converged and answer.verdict == "minimum"


# When it goes wrong


def valley(x):
    return (x[0] - 3) ** 2 + 10 * x[1] ** 2


def test_a_step_too_long_is_told():
    answer = gradient_descent(valley, [0, 1], 0.11)
    assert not answer.converged and answer.verdict == "undecided"
    assert answer.reason.startswith("the step is too long: the cost rose from 19.0 at the start to ")
    assert answer.iterations == len(answer.path) - 1 < 200 and np.isfinite(answer.path).all()
    edge = gradient_descent(valley, [0, 1], 0.1, iterations=500)  # to and fro for ever
    assert not edge.converged and "rises and falls: the step is too long" in edge.reason


def test_a_step_too_short_is_told():
    answer = gradient_descent(valley, [0, 1], 1e-30, iterations=20)
    assert not answer.converged and "too short" in answer.reason
    answer = gradient_descent(valley, [0, 1], 1e-4, iterations=20)
    assert not answer.converged and "the cost still falls" in answer.reason
    assert "no steps were allowed" in gradient_descent(valley, [0, 1], 1e-4, iterations=0).reason
    assert not newton(valley, [0, 1], iterations=0).converged


def test_a_ball_may_rise_on_its_way():
    # the best momentum overshoots before it settles: that is not a runaway
    f, slope = bowl(np.diag([1.0, 1e4]))
    answer = gradient_descent(f, [0, 1], 4 / 101**2, method="momentum", momentum=(99 / 101) ** 2, gradient=slope)
    assert answer.converged and max(answer.values) > 100 * answer.values[0]


def test_values_that_are_not_finite_stop_the_walk_at_the_last_finite_point():
    cases = [
        (gradient_descent(lambda x: x**4, 10.0, 1.0), "too long"),
        (gradient_descent(lambda x: np.log(x) + 0 * x, 1.0, 0.5), "not finite at the next point"),
        (gradient_descent(lambda x: -x, 0.0), "falls without end"),
        (gradient_descent(lambda x: -(x**3), 1.0, 1.0), "falls without end"),
        (gradient_descent(lambda x: math.log(x), 1.0, 0.7, gradient=lambda x: 1 / x), "not finite"),
        (newton(lambda x: -x, 0.0), "f went from -0.0 to -"),
    ]
    for answer, words in cases:
        assert not answer.converged and words in answer.reason, answer.reason
        assert np.isfinite(answer.path).all() and math.isfinite(answer.value) and math.isfinite(answer.x)
        assert answer.path[-1] == answer.x


def test_a_wrong_gradient_is_found_out():
    for answer in (
        gradient_descent(lambda x: x**2, 3, gradient=lambda x: -2 * x),
        newton(lambda x: x**2, 3, gradient=lambda x: -2 * x),
    ):
        assert not answer.converged and answer.x == 3 and "lowers f" in answer.reason


def test_a_hessian_that_fails_on_the_way_stops_newton():
    answer = newton(lambda x: np.cosh(x), 1.0, hessian=lambda x: np.cosh(x) if x == 1 else math.nan)
    assert not answer.converged and "Hessian" in answer.reason and answer.iterations == 1


def test_errors_of_the_reader_are_not_swallowed():
    def broken(x):
        if x < 0.9:
            raise TypeError("a slip of the reader's")
        return x**2

    with pytest.raises(TypeError, match="slip"):
        gradient_descent(broken, 1.0, 0.1)


# Batches

READINGS = np.array([2.0, 3.0, 5.0, 7.0, 11.0, 13.0])


def spread(theta, y):
    return np.mean((theta - y) ** 2) / 2


def test_steps_of_one_over_k_keep_the_running_mean():
    answer = gradient_descent(spread, 0, lambda k: 1 / (k + 1), data=READINGS, batch_size=1, seed=3, iterations=6)
    draw = batches(READINGS, 1, seed=3)
    seen = [next(draw)[0].item() for _ in range(6)]
    assert sorted(seen) == READINGS.tolist()
    assert np.allclose(answer.path[1:], np.cumsum(seen) / np.arange(1, 7), rtol=1e-14)
    assert answer.x == pytest.approx(READINGS.mean()) and answer.iterations == 6
    assert answer.value == pytest.approx(READINGS.var() / 2)  # of all the data, not of a batch
    assert np.allclose(answer.values[:6], [(x - y) ** 2 / 2 for x, y in zip(answer.path, seen, strict=False)])
    assert answer.converged and "on the whole data" in answer.reason


def test_every_pass_visits_each_sample_once_in_a_new_order():
    X = np.arange(20.0).reshape(10, 2)
    draw = batches((X, X[:, 0]), batch_size=4, seed=0)
    orders = []
    for _ in range(3):
        passed = [next(draw) for _ in range(3)]
        assert [len(part) for part, _ in passed] == [4, 4, 2]
        assert all(np.array_equal(rows[:, 0], first) for rows, first in passed)
        orders.append(np.concatenate([first for _, first in passed]).tolist())
        assert sorted(orders[-1]) == X[:, 0].tolist()
    assert orders[0] != orders[1] != orders[2]
    again = next(batches(X, 10, seed=0))[0]
    assert np.array_equal(again, next(batches(X, 10, seed=0))[0])
    assert not np.array_equal(again, next(batches(X, 10, seed=1))[0])


@pytest.mark.parametrize("method, step_size", [("gradient", 0.05), ("momentum", 0.01), ("adam", 0.02)])
def test_noisy_steps_lead_to_the_line(method, step_size):
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=500), np.ones(500)])
    y = X @ [2.0, -1.0] + 0.1 * rng.normal(size=500)

    def cost(theta, X, y):
        return np.mean((X @ theta - y) ** 2)

    best = np.linalg.lstsq(X, y, rcond=None)[0]
    answer = gradient_descent(cost, [0, 0], step_size, method=method, data=(X, y), batch_size=20, iterations=1500)
    assert np.allclose(answer.x, best, atol=0.03) and answer.value == pytest.approx(cost(answer.x, X, y))
    assert not answer.converged and answer.verdict == "undecided"
    left = length(answer.gradient) / length(2 * X.T @ y / 500)
    assert f"{left:.1e}" in answer.reason
    own = gradient_descent(
        cost,
        [0, 0],
        step_size,
        method=method,
        data=(X, y),
        batch_size=20,
        iterations=20,
        gradient=lambda theta, X, y: 2 * X.T @ (X @ theta - y) / len(y),
    )
    assert np.allclose(own.path, answer.path[:21], rtol=1e-9, atol=1e-12)
    assert own.gradient_calls == 20 + 3


def test_labels_stay_whole():
    def cost(theta, y):
        return np.sum(theta[y] ** 2)

    answer = gradient_descent(cost, [1.0, 1.0], 0.1, data=np.array([0, 1, 1]), batch_size=3, iterations=1)
    assert np.allclose(answer.x, [0.8, 0.6])


def test_shrinking_steps_quieten_the_noise():
    rng = np.random.default_rng(1)
    y = rng.normal(size=1000)
    fixed = gradient_descent(spread, 0, 0.5, data=y, batch_size=1, iterations=3000)
    shrinking = gradient_descent(spread, 0, lambda k: 0.5 / (1 + k / 50), data=y, batch_size=1, iterations=3000)
    noise = np.std(fixed.path[1000:] - y.mean())
    assert noise == pytest.approx(math.sqrt(0.5 / 1.5) * y.std(), rel=0.1)  # variance: step / (2 - step)
    assert np.std(shrinking.path[2500:] - y.mean()) < noise / 5


def test_batches_that_go_wrong_say_so():
    answer = gradient_descent(spread, 0, 3.0, data=READINGS, batch_size=2, iterations=10)
    assert not answer.converged and answer.reason.startswith("the step is too long: the cost rose from 31.4 ")
    answer = gradient_descent(spread, 0, 3.0, data=READINGS, batch_size=2, iterations=5000)
    assert not answer.converged and answer.iterations < 200 and "too long" in answer.reason
    answer = gradient_descent(lambda x, y: np.mean(y * np.sqrt(x)), 1.0, 0.3, data=READINGS, batch_size=2)
    assert not answer.converged and "not finite" in answer.reason and answer.x == answer.path[-1] > 0


# Bad input


def f(x):
    return np.sum(np.square(x))


GOOD = {gradient_descent: {"start": [1.0, 2.0], "step_size": 0.1}, newton: {"start": [1.0, 2.0]}}
BAD = [
    ({"start": []}, ValueError),
    ({"start": [1, math.nan]}, ValueError),
    ({"start": [1, math.inf]}, ValueError),
    ({"start": "here"}, TypeError),
    ({"start": [1j, 2]}, TypeError),
    ({"start": [None, 2]}, TypeError),
    ({"start": [True, False]}, TypeError),
    ({"start": [[1, 2], [3]]}, ValueError),
    ({"start": None}, TypeError),
    ({"iterations": -1}, ValueError),
    ({"iterations": 2.5}, TypeError),
    ({"iterations": True}, TypeError),
    ({"tolerance": 0}, ValueError),
    ({"tolerance": -1e-8}, ValueError),
    ({"tolerance": math.nan}, ValueError),
    ({"tolerance": "small"}, TypeError),
    ({"f": 3}, TypeError),
    ({"f": lambda x: "low"}, TypeError),
    ({"f": lambda x: None}, TypeError),
    ({"f": lambda x: x}, (TypeError, ValueError)),
    ({"f": lambda x: math.nan}, ValueError),
    ({"f": lambda x: f(x) + math.inf}, ValueError),
    ({"f": lambda x: 1j}, TypeError),
    ({"gradient": 3}, TypeError),
    ({"gradient": lambda x: 1.0}, ValueError),
    ({"gradient": lambda x: [1.0, 2.0, 3.0]}, ValueError),
    ({"gradient": lambda x: [1.0, math.nan]}, ValueError),
    ({"gradient": lambda x: ["a", "b"]}, TypeError),
]
BAD_STEPS = [
    ({"step_size": 0}, ValueError),
    ({"step_size": -0.1}, ValueError),
    ({"step_size": math.nan}, ValueError),
    ({"step_size": math.inf}, ValueError),
    ({"step_size": "0.1"}, TypeError),
    ({"step_size": [0.1, 0.1]}, ValueError),
    ({"step_size": True}, TypeError),
    ({"step_size": 1j}, TypeError),
    ({"step_size": lambda k: 0.0}, ValueError),
    ({"step_size": lambda k: 0.1 - k}, ValueError),
    ({"step_size": lambda k: "a"}, TypeError),
    ({"step_size": lambda k: 0.1, "method": "line search"}, TypeError),
    ({"step_size": None, "method": "adam"}, ValueError),
    ({"step_size": None, "data": [1.0, 2.0]}, ValueError),
    ({"method": "newton"}, ValueError),
    ({"method": ["adam"]}, ValueError),
    ({"momentum": 1}, ValueError),
    ({"momentum": -0.1}, ValueError),
    ({"momentum": "heavy"}, TypeError),
    ({"momentum": math.nan}, ValueError),
    ({"momentum": 0.5}, ValueError),
    ({"momentum": 0.5, "method": "gradient"}, ValueError),
    ({"batch_size": 1}, ValueError),
    ({"data": [1.0, 2.0], "method": "line search"}, ValueError),
    ({"data": ()}, ValueError),
    ({"data": ([1.0, 2.0], [1.0])}, ValueError),
    ({"data": [1.0, math.nan]}, ValueError),
    ({"data": "data"}, TypeError),
    ({"data": [1.0, 2.0], "batch_size": 0}, ValueError),
    ({"data": [1.0, 2.0], "batch_size": 3}, ValueError),
    ({"data": [1.0, 2.0], "batch_size": 1.0}, TypeError),
    ({"data": [1.0, 2.0], "batch_size": 1, "seed": -1}, ValueError),
    ({"data": [1.0, 2.0], "batch_size": 1, "seed": "x"}, TypeError),
]
BAD_HESSIANS = [
    ({"hessian": 3}, TypeError),
    ({"hessian": lambda x: np.eye(3)}, ValueError),
    ({"hessian": lambda x: np.full((2, 2), math.nan)}, ValueError),
    ({"hessian": lambda x: np.array([[1.0, 2.0], [3.0, 4.0]])}, ValueError),
    ({"hessian": lambda x: "H"}, TypeError),
]


@pytest.mark.parametrize(
    "method, bad, error",
    [
        *((method, bad, error) for method in GOOD for bad, error in BAD),
        *((gradient_descent, bad, error) for bad, error in BAD_STEPS),
        *((newton, bad, error) for bad, error in BAD_HESSIANS),
    ],
)
def test_bad_input_is_refused_by_name(method, bad, error):
    name = next(iter(bad))
    name = {"step_size": "step_size|method", "data": "data|method|batch_size|seed|step_size"}.get(name, name)
    with pytest.raises(error, match=f"^({name})"):
        method(**{"f": f, **GOOD[method], **bad})


@pytest.mark.parametrize(
    "method, options",
    [
        (gradient_descent, {"step_size": 1.0}),
        (gradient_descent, {"step_size": 1e200}),
        (gradient_descent, {"step_size": 1e200, "method": "momentum"}),
        (gradient_descent, {"step_size": 1e308, "method": "adam"}),
        (gradient_descent, {}),
        (newton, {}),
    ],
)
def test_no_warning_leaks_and_no_start_changes(method, options):
    def wild(x):
        x[0] += 0.0  # the copy is the reader's to change
        return np.exp(x[0] ** 2) + x[1] ** 4 - np.log(x[1])

    def slope(x):
        value = np.array([2 * x[0] * np.exp(x[0] ** 2), 4 * x[1] ** 3 - 1 / x[1]])
        x[:] = 99.0
        return value

    start = np.array([2.0, 3.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if method is gradient_descent:
            answer = method(wild, start, gradient=slope, **options)
        else:
            answer = method(lambda x: np.exp(x[0] ** 2) + x[1] ** 4 - np.log(x[1]), start)
    assert start.tolist() == [2, 3] and np.isfinite(answer.path).all()
    assert answer.converged == (options == {})


def test_a_gradient_that_reuses_its_output_does_no_harm():
    shared = np.empty(2)

    def slope(x):
        np.multiply(2, x, out=shared)
        return shared

    answer = gradient_descent(f, [1.0, 2.0], 0.1, method="momentum", gradient=slope, iterations=50)
    assert np.allclose(answer.path, gradient_descent(f, [1.0, 2.0], 0.1, method="momentum", iterations=50).path)


def test_points_keep_their_shape():
    def spread_out(W):
        assert W.shape == (2, 3)
        return np.sum((W - np.arange(6.0).reshape(2, 3)) ** 2)

    for answer in (gradient_descent(spread_out, np.ones((2, 3), int), 0.25), newton(spread_out, np.ones((2, 3)))):
        assert answer.x.shape == answer.gradient.shape == (2, 3)
        assert answer.path.shape == (answer.iterations + 1, 2, 3)
        assert answer.converged and np.allclose(answer.x, np.arange(6.0).reshape(2, 3), atol=1e-7)
    scalar = newton(lambda x: (x - 2) ** 2, 5, hessian=lambda x: 2.0, gradient=lambda x: 2 * (x - 2))
    assert scalar.x == 2 and isinstance(scalar.x, float) and scalar.path.shape == (2,)


def test_a_long_path_is_thinned(monkeypatch):
    monkeypatch.setattr(objective_module, "ROOM", 20)
    answer = gradient_descent(f, [1.0, 2.0], 0.01, iterations=101)
    assert len(answer.path) <= 12 and len(answer.values) == 102
    assert np.array_equal(answer.path[0], [1, 2]) and np.array_equal(answer.path[-1], answer.x)
    assert np.allclose(answer.path[1], np.array([1, 2]) * 0.98**16)
    trail = Trail(np.array([0.0]), 0.0)
    for k in range(1, 41):
        trail.add(np.array([float(k)]), 0.0)
    assert trail.path((1,))[:, 0].tolist() == [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40]


def test_counts_are_those_of_the_calls():
    calls = {}

    def counted(name, function):
        def call(x):
            calls[name] += 1
            return function(x)

        return call

    slope = counted("gradient", lambda x: 2 * x)
    for options in ({}, {"step_size": 0.1, "method": "adam", "iterations": 20}):
        calls.update(f=0, gradient=0)  # with 101 variables no Hessian is looked at in the end
        answer = gradient_descent(counted("f", lambda x: x @ x), np.arange(101.0), gradient=slope, **options)
        assert (answer.f_calls, answer.gradient_calls) == (calls["f"], calls["gradient"]) > (1, 1)


def test_the_other_methods_are_at_hand():
    assert bisect(lambda x: x - 1, 0, 3).converged and newton_raphson(lambda x: x - 1, 0).converged
    assert lagrange(lambda x: x @ x, lambda x: x[0] - 1, [2, 2]).converged


# Laws

numbers = st.floats(-3, 3).map(lambda t: round(t, 3))
points = st.lists(numbers, min_size=3, max_size=3).map(np.array)
matrices = st.lists(points, min_size=3, max_size=3).map(np.array)
LAW = settings(max_examples=25, deadline=None, derandomize=True)
FEW = settings(LAW, max_examples=15)


def positive_definite(A):
    return A @ A.T + np.eye(3)


def curved(x):
    """A function that is convex but not quadratic."""
    return np.sum(np.exp(0.5 * x)) + np.sum(np.exp(-0.5 * x)) + 0.5 * (x @ x) + x[0] * x[1]


@LAW
@given(A=matrices, centre=points, start=points)
def test_law_newton_minimises_a_quadratic_in_one_step(A, centre, start):
    H = positive_definite(A)
    answer = newton(bowl(H, centre)[0], start, gradient=bowl(H, centre)[1], hessian=lambda x: H)
    assert answer.converged and answer.iterations <= 2 and answer.verdict == "minimum"
    if answer.iterations:
        assert np.allclose(answer.path[1], centre, atol=1e-10)


@FEW
@given(A=matrices, start=points)
def test_law_every_step_of_a_line_search_lowers_f(A, start):
    H = positive_definite(A)

    def wavy(x):
        return 0.5 * x @ H @ x + np.sum(np.sin(3 * x))

    for answer in (gradient_descent(wavy, start, iterations=300), newton(wavy, start)):
        rounding = 1e-14 * np.abs(answer.values[:-1])
        assert (np.diff(answer.values) <= rounding).all()
    newton_steps = newton(wavy, start)
    for x, ahead in itertools.pairwise(newton_steps.path):
        slope = H @ x + 3 * np.cos(3 * x)
        assert slope @ (ahead - x) < 0


@LAW
@given(A=matrices, shift=points, start=points)
def test_law_newton_does_not_mind_a_change_of_coordinates(A, shift, start):
    M = A + 4 * np.eye(3)
    assume(np.linalg.cond(M) < 50)
    there = newton(lambda z: curved(M @ z + shift), start)
    here = newton(curved, M @ start + shift)
    both = min(len(here.path), len(there.path), 4)
    assert np.allclose(there.path[:both] @ M.T + shift, here.path[:both], atol=1e-6)
    assert np.allclose(M @ there.x + shift, here.x, atol=1e-8)


@FEW
@given(A=matrices, start=points)
def test_law_gradient_descent_turns_with_the_axes(A, start):
    Q, _ = np.linalg.qr(A + 4 * np.eye(3))
    for method in ("gradient", "momentum"):
        turned = gradient_descent(lambda z: curved(Q @ z), Q.T @ start, 0.1, method=method, iterations=30)
        plain = gradient_descent(curved, start, 0.1, method=method, iterations=30)
        both = min(len(plain.path), len(turned.path))
        assert np.allclose(turned.path[:both] @ Q.T, plain.path[:both], atol=1e-12)


@FEW
@given(start=points, power=st.integers(-20, 20))
def test_law_a_cost_in_other_units_wants_a_step_in_other_units(start, power):
    unit = 2.0**power
    for method in ("gradient", "momentum"):
        scaled = gradient_descent(lambda x: unit * curved(x), start, 0.1 / unit, method=method, iterations=40)
        plain = gradient_descent(curved, start, 0.1, method=method, iterations=40)
        assert np.array_equal(scaled.path, plain.path)
        assert (scaled.converged, scaled.verdict) == (plain.converged, plain.verdict)
    assert np.allclose(newton(lambda x: unit * curved(x), start).path, newton(curved, start).path, atol=1e-12)


@FEW
@given(start=points, shift=points)
def test_law_descents_move_with_the_origin(start, shift):
    shift = np.round(shift * 64) / 64
    start = np.round(start * 64) / 64
    for method, options in ((gradient_descent, {"step_size": 0.1, "iterations": 40}), (newton, {})):
        moved = method(lambda x: curved(x - shift), start + shift, **options)
        plain = method(curved, start, **options)
        both = min(len(moved.path), len(plain.path))
        assert np.allclose(moved.path[:both] - shift, plain.path[:both], atol=1e-12)
        assert np.allclose(moved.x - shift, plain.x, atol=1e-8)


@FEW
@given(start=points)
def test_law_a_level_added_to_the_cost_changes_no_step(start):
    plain = gradient_descent(curved, start, 0.1, iterations=40)
    raised = gradient_descent(lambda x: curved(x) + 1000.0, start, 0.1, iterations=40)
    assert np.array_equal(plain.path, raised.path)


@LAW
@given(A=matrices, centre=points)
def test_law_a_verdict_turns_over_with_the_function(A, centre):
    H = (A + A.T) / 2
    eigenvalues = np.linalg.eigvalsh(H)
    assume(np.abs(eigenvalues).min() > 1e-3)
    up = newton(bowl(H, centre)[0], centre)
    down = newton(bowl(-H, centre)[0], centre)
    assert {up.verdict, down.verdict} in ({"minimum", "maximum"}, {"saddle"})
    assert (up.verdict == "minimum") == (eigenvalues > 0).all() == up.converged


@LAW
@given(A=matrices, start=points)
def test_law_newton_ends_where_the_gradient_vanishes_and_the_hessian_is_positive(A, start):
    S = A + A.T

    def hills(x):
        return 0.5 * x @ S @ x + np.sum(x**4)

    answer = newton(hills, start)
    if answer.converged:
        assert np.allclose(S @ answer.x + 4 * answer.x**3, 0, atol=1e-8)
        least = np.linalg.eigvalsh(S + np.diag(12 * answer.x**2)).min()
        assert answer.verdict == ("minimum" if least > 1e-6 else answer.verdict) and least > -1e-6
    else:
        assert answer.verdict in ("saddle", "maximum") or answer.reason


@pytest.mark.parametrize("count, batch_size", [(2, 2), (31, 31), (32, 32), (33, 32)])
def test_a_batch_has_32_samples_unless_there_are_fewer(count, batch_size):
    seen = []

    def cost(x, rows):
        seen.append(len(rows))
        return np.mean((rows - x) ** 2)

    gradient_descent(cost, 0, 0.1, data=np.arange(float(count)), iterations=1)
    assert sorted(set(seen)) == sorted({count, batch_size, (count - batch_size) or batch_size})


@LAW
@given(rows=st.integers(1, 30), batch_size=st.integers(1, 30), seed=st.integers(0, 1000))
def test_law_a_pass_of_batches_is_the_whole_data(rows, batch_size, seed):
    assume(batch_size <= rows)
    data, draw, seen = np.arange(float(rows)), batches(np.arange(float(rows)), batch_size, seed), []
    while len(seen) < rows:
        seen.extend(next(draw)[0])
    assert sorted(seen) == data.tolist()


@pytest.mark.parametrize("method", [newton, gradient_descent])
def test_a_wrong_gradient_does_not_lead_to_a_minimum(method):
    """It vanishes at 4, while f is lowest at 3; and beside it the right one, which does."""
    wrong = method(lambda x: (x[0] - 3) ** 2, [0.0], gradient=lambda x: 2 * (x - 4))
    assert not wrong.converged and "the gradient is not that of f" in wrong.reason
    assert method(lambda x: (x[0] - 3) ** 2, [0.0], gradient=lambda x: 2 * (x - 3)).converged


@pytest.mark.parametrize(
    ("f", "start", "step_size", "words"),
    [
        (lambda x: x**2 if abs(x) < 10 else np.inf, 3.0, 3.0, "after 0 steps f is not finite at the next point"),
        (lambda x: np.sqrt(x), 1.0, 0.5, "after 3 steps f is not finite at the next point"),
        (lambda x: -np.log(1 - x * x), 0.9, 0.2, "the step is too long: the cost rose from 1.66 at the start to 4.56"),
    ],
)
def test_the_reason_says_whether_the_step_was_too_long(f, start, step_size, words):
    answer = gradient_descent(f, start, step_size=step_size)
    assert not answer.converged and answer.reason.startswith(words)
    assert ("or f ends there" in answer.reason) == words.startswith("after")


@pytest.mark.parametrize("unit", [1.0, 1e-9])
def test_a_flat_end_is_near_when_what_is_left_is_a_hundredth_of_the_way(unit):
    """x**4 from 1: Newton's step from x is x / 3, so the border lies at x = 0.03, in any unit."""
    quartic = Objective(lambda x: (x[0] / unit) ** 4, [unit])
    for x, near in ((0.04, False), (0.02, True)):
        place, slope = np.array([x * unit]), np.array([4 * x**3 / unit])
        word, converged, reason = settle(quartic, place, slope, np.array([unit]), vanishes=True, moved=True)
        assert (word, converged, "flattens out" in reason) == ("undecided", near, not near)
