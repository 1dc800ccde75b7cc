"""Minima under constraints: exact solutions, verdicts, irregular points, refusals, laws."""

import math
import warnings
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from mmlbook import constrained
from mmlbook.constrained import lagrange
from mmlbook.constraints import Constraints, Split

WEIGHTS = np.array([1.0, 2.0, 3.0])


def circle(x):
    return x @ x - 5


def tilted(x):
    return x[0] + 2 * x[1]


def ellipsoid(x):
    return x @ (WEIGHTS * x)


def sphere(x):
    return x @ x - 1


def convex(A):
    H = A @ A.T + np.eye(len(A))
    return lambda x: 0.5 * x @ H @ x + np.sum(np.exp(0.3 * x)), H


# Exact solutions


def test_a_plane_over_a_circle():
    for start in ([3, 1], [0.1, -7], [1, 2.001], [0, 0]):
        answer = lagrange(tilted, circle, start)
        assert answer.converged and answer.verdict == "minimum", answer.reason
        assert np.allclose(answer.x, [-1, -2], rtol=0, atol=1e-10)
        assert np.allclose(answer.multipliers, [-0.5], atol=1e-10)  # (1, 2) = lambda * 2 * (-1, -2)
        assert answer.value == pytest.approx(-5) and np.allclose(answer.violation, 0, atol=1e-9)
        assert np.array_equal(answer.path[0], start) and np.array_equal(answer.path[-1], answer.x)
        assert len(answer.path) == answer.iterations + 1 <= 25
        assert answer.gradient_calls >= answer.iterations + 1 <= answer.f_calls
        assert answer.hessian_calls == answer.iterations + 1


def test_the_maximum_is_the_minimum_of_the_opposite():
    answer = lagrange(lambda x: -tilted(x), circle, [3, 1])
    assert np.allclose(answer.x, [1, 2]) and answer.verdict == "minimum"
    assert np.allclose(answer.multipliers, [-0.5]) and answer.value == pytest.approx(-5)


def test_stationary_points_are_sorted():
    expected = {0: (1, "minimum"), 1: (2, "saddle"), 2: (3, "maximum")}
    for axis, (value, verdict) in expected.items():
        for sign in (1, -1):
            start = sign * np.eye(3)[axis]
            answer = lagrange(ellipsoid, sphere, start)
            assert answer.converged and answer.iterations == 0 and np.array_equal(answer.x, start)
            assert answer.verdict == verdict in answer.reason
            assert answer.value == value and np.allclose(answer.multipliers, [value])
    away = lagrange(ellipsoid, sphere, [0.1, 0.2, 1.0])  # from close to the maximum it goes to a minimum
    assert away.verdict == "minimum" and np.allclose(np.abs(away.x), [1, 0, 0], atol=1e-9)


def test_several_constraints_in_every_dress():
    # the point of two planes that is nearest to the origin, by exact rational algebra
    A, c = sympy.Matrix([[1, 2, 3, 0], [0, 1, -1, 4]]), sympy.Matrix([6, 5])
    weights = (A * A.T).LUsolve(c)  # x = A.T @ weights; gradient 2 x = A.T @ lambda
    exact, multipliers = np.array(A.T * weights, float)[:, 0], 2 * np.array(weights, float)[:, 0]
    M, d = np.array(A, float), np.array(c, float)[:, 0]
    dresses = [
        [lambda x: M[0] @ x - d[0], lambda x: M[1] @ x - d[1]],
        lambda x: M @ x - d,
        lambda x: [M[0] @ x - d[0], M[1] @ x - d[1]],
        lambda x: (M[0] @ x - d[0], M[1] @ x - d[1]),
        (lambda x: M[:1] @ x - d[:1], lambda x: M[1] @ x - d[1]),
    ]
    for constraints in dresses:
        answer = lagrange(lambda x: x @ x, constraints, [5, -3, 1, 1])
        assert answer.converged and answer.verdict == "minimum" and answer.iterations == 1
        assert np.allclose(answer.x, exact, atol=1e-12) and np.allclose(answer.multipliers, multipliers, atol=1e-12)


def test_a_vector_constraint_that_is_curved():
    def shells(x):
        return [x[0] ** 2 + x[1] ** 2 - 2, x[1] ** 2 + x[2] ** 2 - 2]

    mixed = [lambda x: np.stack(shells(x)), lambda x: x[0] * x[3] - 1]
    answer = lagrange(lambda x: x[0] + x[1] + x[2] + x[3] ** 2, mixed, [1, 2, 1, 1])
    alone = lagrange(lambda x: x[0] + x[1] + x[2] + 1 / x[0] ** 2, shells, [1, 2, 1])
    assert answer.converged and alone.converged and answer.verdict == alone.verdict == "minimum"
    assert np.allclose(answer.x[:3], alone.x, atol=1e-8)
    assert np.allclose(answer.multipliers[:2], alone.multipliers, atol=1e-8)
    assert answer.multipliers[2] == pytest.approx(2 * answer.x[3] / answer.x[0])  # by x[3]: 2 x[3] = lambda x[0]


def test_the_most_even_chances():
    answer = lagrange(lambda x: np.sum(x * np.log(x)), lambda x: np.sum(x) - 1, [0.7, 0.1, 0.1, 0.6])
    assert answer.converged and answer.verdict == "minimum" and np.allclose(answer.x, 0.25)
    assert answer.multipliers[0] == pytest.approx(1 + math.log(0.25))
    assert (answer.path > 0).all()  # no step into what has no logarithm


def test_a_valley_on_a_circle():
    def banana(x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    x, y = sympy.symbols("x y")
    f, g = banana((x, y)), x**2 + y**2 - sympy.Rational(3, 2)
    condition = sympy.diff(f, x) * sympy.diff(g, y) - sympy.diff(f, y) * sympy.diff(g, x)
    exact = sympy.nsolve([condition, g], [x, y], [0.9, 0.82], prec=30)
    for start in ([0.5, 0.5], [3, 3], [1, 0.1]):
        answer = lagrange(banana, lambda x: x @ x - 1.5, start)
        assert answer.converged and answer.verdict == "minimum"
        assert np.allclose(answer.x, np.array(exact, float)[:, 0], atol=1e-9)


def test_as_many_constraints_as_numbers_leave_no_freedom():
    answer = lagrange(lambda x: x[0] ** 2 + x[1], lambda x: [x @ x - 25, x[1] - 3], [3, 3])
    assert answer.converged and np.allclose(answer.x, [4, 3]) and answer.verdict == "undecided"
    # (8, 1) = lambda * (8, 6) + mu * (0, 1)
    assert np.allclose(answer.multipliers, [1, -5])


def test_the_answer_does_not_depend_on_the_unit_of_a_constraint():
    for unit in (1e-6, 1e6):
        answer = lagrange(tilted, lambda x, unit=unit: unit * circle(x), [3, 1])
        assert answer.converged and np.allclose(answer.x, [-1, -2], atol=1e-9)
        assert np.allclose(answer.multipliers * unit, [-0.5], atol=1e-9)


# Where a step is much too long


def lowest_on_the_circle(H):
    """x and the multipliers where x @ H @ x / 2 + sum(exp(0.3 x)) is lowest with x @ x = 9 and sum(x) = 1.

    These points are a circle around (1, 1, 1) / 3; one angle tells them all.
    """
    radius = mpmath.sqrt(9 - mpmath.mpf(1) / 3)
    u, v = mpmath.matrix([1, -1, 0]) / mpmath.sqrt(2), mpmath.matrix([1, 1, -2]) / mpmath.sqrt(6)
    H = mpmath.matrix(H.tolist())

    def point(t):
        return mpmath.matrix([1, 1, 1]) / 3 + radius * (mpmath.cos(t) * u + mpmath.sin(t) * v)

    def f(t):
        x = point(t)
        return (x.T * H * x)[0] / 2 + sum(mpmath.exp(0.3 * entry) for entry in x)

    with mpmath.workdps(30):
        angle = mpmath.findroot(lambda t: mpmath.diff(f, t), min(np.linspace(0, 2 * np.pi, 361), key=f))
        x = point(angle)
        slope = H * x + mpmath.matrix([0.3 * mpmath.exp(0.3 * entry) for entry in x])
        normals = mpmath.matrix([[2 * x[0], 1], [2 * x[1], 1], [2 * x[2], 1]])
        multipliers = mpmath.lu_solve(normals, slope)
    return np.array(x.tolist(), float)[:, 0], np.array(multipliers.tolist(), float)[:, 0]


def test_a_wildly_long_way_along_the_constraints_does_not_keep_it_off_them():
    # L curves downwards, hardly at all, and upwards along the constraints on the way: where it hardly does, steps
    # along them are far longer than the way back, and halved together the two come to a stop off the constraints
    f, H = convex(np.array([[0, 0.125, 0], [2.188, 2, 1], [2.938, -0.75, 0]]))
    x, multipliers = lowest_on_the_circle(H)
    globe, plane = (lambda x: x @ x - 9), (lambda x: x[0] + x[1] + x[2] - 1)
    for constraints, order in (([globe, plane], [0, 1]), ([plane, globe], [1, 0])):
        answer = lagrange(f, constraints, [0, -1.062, 0])
        assert answer.converged and answer.verdict == "minimum", answer.reason
        assert np.allclose(answer.x, x, rtol=0, atol=1e-10)
        assert np.allclose(answer.multipliers, multipliers[order], rtol=0, atol=1e-9)
        assert answer.iterations <= 8 and answer.f_calls <= 40


def test_planes_and_spheres_take_few_steps_in_either_order():
    rng = np.random.default_rng(3)
    for _ in range(25):
        n = rng.integers(3, 6)
        f, _ = convex(rng.uniform(-3, 3, (n, n)))
        meet, centre, normal, start = rng.uniform(-3, 3, (4, n))

        def globe(x, centre=centre, meet=meet):
            return (x - centre) @ (x - centre) - (meet - centre) @ (meet - centre)

        def plane(x, normal=normal, meet=meet):
            return normal @ x - normal @ meet

        one, other = lagrange(f, [globe, plane], start), lagrange(f, [plane, globe], start)
        assert one.converged and other.converged and one.verdict == other.verdict == "minimum"
        assert np.allclose(one.x, other.x, atol=1e-8) and max(one.iterations, other.iterations) <= 20
        assert np.allclose(one.violation, 0, atol=1e-10)


def test_a_violation_is_priced_so_that_the_way_back_pays():
    # from close to the lowest point of f, where its slope asks for hardly any price
    answer = lagrange(lambda x: 50 * (x @ x), lambda x: x[0] + x[1] - 2, [0.01, 0])
    assert answer.converged and answer.iterations == 1 and answer.f_calls <= 4
    assert np.allclose(answer.x, [1, 1]) and np.allclose(answer.multipliers, [100])


def test_a_step_that_gains_nothing_is_shortened():
    # Newton's method goes from y to -y and back: arctan(y) * (1 + y**2) = 2 * y, and likewise for a slope of y
    y = float(mpmath.findroot(lambda y: mpmath.atan(y) * (1 + y * y) - 2 * y, 1.4))
    off = lagrange(lambda x: x[0] ** 2 / 2, lambda x: np.arctan(x[1]), [1, y])
    on = lagrange(lambda x: np.sqrt(1 + x[0] ** 2), lambda x: x[1], [1, 0])
    for answer in (off, on):
        assert answer.converged and answer.iterations <= 6 and np.allclose(answer.x, 0, atol=1e-12), answer.reason


def test_a_maximum_or_saddle_is_left_even_where_values_do_not_tell():
    # so close to the maximum [0, 0, 1], or on the way to the saddle [0, 1, 0], f falls by less than its rounding
    for offset in (1e-6, 1e-9, 1e-10):
        answer = lagrange(ellipsoid, sphere, [0, offset, 1])
        assert answer.converged and answer.verdict == "minimum", answer.reason
        assert np.allclose(np.abs(answer.x), [1, 0, 0], atol=1e-12) and answer.multipliers[0] == pytest.approx(1)


# Where second derivatives are silent


@pytest.mark.parametrize(
    "f, constraint, start",
    [
        (lambda x: x[0] ** 4 + x[1], lambda x: x[1], [1, 1]),
        (lambda x: x[0] ** 3, lambda x: x[1] - x[0] ** 2, [1, 1]),
        (lambda x: x[0] ** 3 + x[1], lambda x: x[1], [0, 0]),
        (lambda x: x @ x, circle, [1, 3]),
        (lambda x: (x[0] - x[1]) ** 2 + (x[1] - x[2]) ** 4, lambda x: np.sum(x) - 3, [3, 0, 1]),
    ],
)
def test_a_singular_hessian_is_left_undecided(f, constraint, start):
    answer = lagrange(f, constraint, start)
    assert answer.converged and answer.verdict == "undecided", answer.reason
    assert "do not tell" in answer.reason


# Irregular points


@pytest.mark.parametrize(
    "start", [[1, 1], [2, 0.5], [0, 0], [1, 0], [-1, 0], [0, 1], [1e-3, 1e-8], [1.92, 0.31], [3.9, 2.8], [-3, -0.6]]
)
def test_the_cusp_has_no_multiplier(start):
    answer = lagrange(lambda x: x[0], lambda x: x[1] ** 2 - x[0] ** 3, start)
    assert not answer.converged
    assert np.allclose(answer.x, 0, atol=0.02)
    if start != [0, 1]:
        assert "slopes of the constraints vanish or depend" in answer.reason


def test_patience_does_not_make_the_cusp_converge():
    for start in np.random.default_rng(0).normal(size=(30, 2))[[1, 3, 12, 15, 24]] * 3:
        answer = lagrange(lambda x: x[0], lambda x: x[1] ** 2 - x[0] ** 3, start, iterations=200)
        assert not answer.converged and answer.verdict == "undecided"


@pytest.mark.parametrize(
    "constraints",
    [
        lambda x: circle(x) ** 2,  # the slope vanishes on the whole circle
        [circle, circle],
        [circle, lambda x: 3 * circle(x)],
    ],
)
def test_dependent_constraints_are_flagged(constraints):
    answer = lagrange(tilted, constraints, [2, 1])
    assert not answer.converged and "slopes of the constraints" in answer.reason
    assert np.allclose(answer.x, [-1, -2], atol=1e-4)  # the point is right all the same


def test_a_start_where_the_slopes_depend_on_each_other_is_left():
    # both slopes are along x[0] at the start
    answer = lagrange(
        lambda x: x[0] ** 2 + x[1] + x[2], [lambda x: x[0] - x[1] ** 2, lambda x: 2 * x[0] - x[2] ** 2 - 1], [0, 0, 0]
    )
    assert answer.converged and answer.verdict == "minimum"
    u, v = answer.x[1:]
    # f = u**4 + u + v on the hyperbola 2 * u**2 - v**2 = 1, where dv/du = 2 * u / v
    assert 2 * u**2 - v**2 == pytest.approx(1) and 4 * u**3 + 1 + 2 * u / v == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize(
    "constraints", [[lambda x: x[0], lambda x: x[0] - 1], lambda x: x @ x + 1, lambda x: np.exp(x[0])]
)
def test_constraints_that_cannot_hold_are_flagged(constraints):
    answer = lagrange(lambda x: x @ x, constraints, [2, 1])
    assert not answer.converged and answer.verdict == "undecided"
    assert "contradict" in answer.reason or "no stationary point" in answer.reason
    assert np.isfinite(answer.path).all() and np.isfinite(answer.multipliers).all()


def test_no_lowest_point_is_flagged():
    answer = lagrange(lambda x: x[0], lambda x: x[1], [1, 1])
    assert not answer.converged and "after 100 steps" in answer.reason and answer.iterations == 100
    short = lagrange(tilted, circle, [30, 1], iterations=2)
    assert not short.converged and short.iterations == 2 and len(short.path) == 3 and "after 2 steps" in short.reason


def test_a_function_that_ends_on_the_way():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = lagrange(lambda x: -np.sqrt(x[0]), lambda x: x[1] - x[0] ** 2, [1.0, 1.0], iterations=30)
        edge = lagrange(lambda x: x[0] + 0 * np.sqrt(x[0]), lambda x: x[1], [1.0, 1.0])
    for ended in (answer, edge):
        assert not ended.converged and np.isfinite(ended.path).all() and math.isfinite(ended.value)


# What the slopes of constraints say


def test_split_separates_back_from_along():
    rng = np.random.default_rng(2)
    A, values, slope = rng.normal(size=(2, 5)) * [[1e3], [1e-3]], rng.normal(size=2), rng.normal(size=5)
    split = Split(A, values, slope)
    assert np.allclose(A @ split.back, -values, rtol=1e-9)
    assert np.allclose(A @ split.along / split.units[:, None], 0, atol=1e-12) and split.along.shape == (5, 3)
    assert np.allclose(split.along.T @ split.along, np.eye(3)) and np.allclose(split.along.T @ split.back, 0, atol=1e-6)
    assert np.allclose(split.multipliers, np.linalg.lstsq(A.T, slope, rcond=1e-15)[0], rtol=1e-8)
    assert np.allclose(split.steepness, np.linalg.norm(A, axis=1))
    turned = Split(np.array([[1.0, 0.0], [3.0, 4.0]]), np.zeros(2), np.zeros(2))
    assert turned.independence == pytest.approx(math.sqrt(1 - 0.6))
    none = Split(np.zeros((1, 2)), np.ones(1), np.ones(2))
    assert none.along.shape == (2, 2) and not none.back.any() and not none.multipliers.any()


def test_constraints_know_their_derivatives():
    held = Constraints([lambda x: x[0] ** 2 * x[1], lambda x: [x[0] * x[2], x[1] ** 3]], np.ones(3))
    x = np.array([2.0, 3.0, 5.0])
    assert held.values(x).tolist() == [12, 10, 27]
    assert held.slopes(x).tolist() == [[12, 4, 0], [5, 0, 2], [0, 27, 0]]
    assert held.curvature(x, np.array([1.0, 10.0, 100.0])).tolist() == [[6, 4, 10], [4, 1800, 0], [10, 0, 0]]


# Bad input

BAD = [
    ({"f": 3}, TypeError, "f"),
    ({"f": lambda x: x}, (TypeError, ValueError), "f"),
    ({"f": lambda x: math.nan}, ValueError, "f"),
    ({"f": lambda x: "low"}, TypeError, "f"),
    ({"constraints": 3}, TypeError, "constraints"),
    ({"constraints": None}, TypeError, "constraints"),
    ({"constraints": []}, ValueError, "constraints"),
    ({"constraints": [circle, 3]}, TypeError, "constraints"),
    ({"constraints": lambda x: math.nan}, ValueError, "constraints"),
    ({"constraints": lambda x: math.inf}, ValueError, "constraints"),
    ({"constraints": lambda x: "zero"}, TypeError, "constraints"),
    ({"constraints": lambda x: None}, TypeError, "constraints"),
    ({"constraints": lambda x: x @ x == 5}, TypeError, "constraints"),
    ({"constraints": lambda x: []}, ValueError, "constraints"),
    ({"constraints": lambda x: [[1.0, 2.0]]}, ValueError, "constraints"),
    ({"constraints": [circle, circle, circle]}, ValueError, "constraints"),
    ({"constraints": lambda x: [x[0], x[1], x[0] + x[1]]}, ValueError, "constraints"),
    ({"start": 1.0}, ValueError, "start"),
    ({"start": [[1.0, 2.0]]}, ValueError, "start"),
    ({"start": []}, ValueError, "start"),
    ({"start": [1, math.nan]}, ValueError, "start"),
    ({"start": [1, 2j]}, TypeError, "start"),
    ({"start": "ab"}, TypeError, "start"),
    ({"start": [True, False]}, TypeError, "start"),
    ({"iterations": -1}, ValueError, "iterations"),
    ({"iterations": 10.0}, TypeError, "iterations"),
    ({"tolerance": 0}, ValueError, "tolerance"),
    ({"tolerance": "tight"}, TypeError, "tolerance"),
]


@pytest.mark.parametrize("bad, error, name", BAD)
def test_bad_input_is_refused_by_name(bad, error, name):
    with pytest.raises(error, match=f"^{name}: "):
        lagrange(**{"f": tilted, "constraints": circle, "start": [3.0, 1.0], **bad})


def test_the_start_is_not_changed():
    def changing(x):
        value = x[0] + x[1]
        return value

    start = np.array([3.0, 1.0])
    answer = lagrange(changing, circle, start)
    assert start.tolist() == [3, 1] and not np.shares_memory(start, answer.path)


# Laws

numbers = st.floats(-3, 3).map(lambda t: round(t, 3))
points = st.lists(numbers, min_size=3, max_size=3).map(np.array)
matrices = st.lists(points, min_size=3, max_size=3).map(np.array)
LAW = settings(max_examples=20, deadline=None, derandomize=True)


@LAW
@given(A=matrices, normal=points, level=numbers, start=points)
def test_law_the_multiplier_is_the_price_of_the_constraint(A, normal, level, start):
    assume(np.linalg.norm(normal) > 0.5)
    f, _ = convex(A)
    here, h = lagrange(f, lambda x: normal @ x - level, start), 1e-4
    more = lagrange(f, lambda x: normal @ x - (level + h), start)
    less = lagrange(f, lambda x: normal @ x - (level - h), start)
    assert here.converged and more.converged and less.converged and here.verdict == "minimum"
    assert (more.value - less.value) / (2 * h) == pytest.approx(here.multipliers[0], rel=1e-5, abs=1e-6)


@LAW
@given(A=matrices, normal=points, level=numbers, start=points)
def test_law_a_quadratic_under_a_plane_takes_one_step_to_the_solution_of_the_linear_system(A, normal, level, start):
    assume(np.linalg.norm(normal) > 0.5)
    H = A @ A.T + np.eye(3)
    answer = lagrange(lambda x: 0.5 * x @ H @ x - np.sum(x), lambda x: normal @ x - level, start)
    system = np.block([[H, -normal[:, None]], [normal[None, :], np.zeros((1, 1))]])
    exact = np.linalg.solve(system, [1, 1, 1, level])
    assert answer.converged and answer.iterations <= 2
    assert np.allclose([*answer.x, *answer.multipliers], exact, atol=1e-9)


@settings(LAW, phases=[Phase.generate])  # to shrink a failure takes minutes
@given(A=matrices, start=points)
def test_law_the_order_of_constraints_is_the_order_of_multipliers(A, start):
    f, _ = convex(A)
    first, second = (lambda x: x @ x - 9), (lambda x: x[0] + x[1] + x[2] - 1)
    assume(np.linalg.norm(start - start.mean()) > 0.1)
    one, other = lagrange(f, [first, second], start), lagrange(f, [second, first], start)
    assert one.converged and other.converged
    assert np.allclose(one.x, other.x, atol=1e-8) and np.allclose(one.multipliers, other.multipliers[::-1], atol=1e-7)


@LAW
@given(A=matrices, start=points)
def test_law_the_verdict_of_the_opposite_is_the_opposite(A, start):
    S = A + A.T
    eigenvalues = np.linalg.eigvalsh(S)
    assume(np.diff(eigenvalues).min() > 0.05 and np.linalg.norm(start) > 0.1)
    answer = lagrange(lambda x: x @ S @ x, sphere, start)
    assert answer.converged
    opposite = lagrange(lambda x: -(x @ S @ x), sphere, answer.x)
    turned = {"minimum": "maximum", "maximum": "minimum", "saddle": "saddle"}
    assert opposite.verdict == turned[answer.verdict] and opposite.iterations <= 1
    assert np.allclose(opposite.multipliers, -answer.multipliers, atol=1e-8)


@LAW
@given(A=matrices, start=points)
def test_law_on_a_sphere_multipliers_are_eigenvalues_and_verdicts_their_order(A, start):
    S = A + A.T
    eigenvalues, directions = np.linalg.eigh(S)
    assume(np.diff(eigenvalues).min() > 0.05)
    for k, verdict in enumerate(("minimum", "saddle", "maximum")):
        answer = lagrange(lambda x: x @ S @ x, sphere, directions[:, k])
        assert answer.converged and answer.verdict == verdict
        assert answer.multipliers[0] == pytest.approx(eigenvalues[k], abs=1e-9)


@LAW
@given(A=matrices, shift=points, start=points)
def test_law_the_answer_moves_with_the_origin(A, shift, start):
    f, _ = convex(A)
    plain = lagrange(f, lambda x: x[0] + x[1] - 1, start)
    moved = lagrange(lambda x: f(x - shift), lambda x: x[0] - shift[0] + x[1] - shift[1] - 1, start + shift)
    assert plain.converged and moved.converged
    assert np.allclose(moved.x - shift, plain.x, atol=1e-8) and np.allclose(moved.multipliers, plain.multipliers)


@LAW
@given(A=matrices, start=points, unit=st.sampled_from([1e-4, 1e4]))
def test_law_units_of_f_and_of_constraints_scale_the_multipliers(A, start, unit):
    f, _ = convex(A)
    plain = lagrange(f, lambda x: x[0] + x[1] - 1, start)
    scaled = lagrange(lambda x: unit * f(x), lambda x: 10 * (x[0] + x[1] - 1), start)
    assert scaled.converged and scaled.verdict == "minimum" and np.allclose(scaled.x, plain.x, atol=1e-8)
    assert np.allclose(scaled.multipliers, plain.multipliers * unit / 10, rtol=1e-6, atol=1e-7 * unit)


def test_a_slope_that_is_small_beside_the_first_one_is_not_enough():
    """x**4 from 10,000: at 1 its slope is a million-millionth of the first, and the minimum is still far away."""
    answer = lagrange(lambda x: x[0] ** 4, lambda x: x[1], [1e4, 1.0])
    assert answer.converged and abs(answer.x[0]) < 1e-7


def test_a_step_that_relieves_no_violation_leaves_the_prices():
    split = SimpleNamespace(multipliers=np.array([1.0]), units=np.array([1.0]))
    here = SimpleNamespace(split=split, slope=np.array([1.0]), H=np.zeros((1, 1)), relief=np.zeros_like)
    assert constrained._prices(here, np.array([1.0]), np.array([0.5])).tolist() == [2.0]
