"""The walk itself: its steps against the equations they solve, its end against what is known."""

import numpy as np
import pytest

from mmlbook.levenberg_marquardt import LIMIT, Place, Walk, levenberg_marquardt

DRAW = np.random.default_rng(3)
J = DRAW.normal(size=(7, 3)) * [1, 100, 0.01]
R = DRAW.normal(size=7)
SCALE = np.array([0.1, 500.0, 0.001])


@pytest.fixture
def place():
    return Place(np.zeros(3), R, J, SCALE)


def test_the_scale_is_the_length_of_the_columns_or_four_fifths_of_what_it_was(place):
    lengths = np.sqrt(np.sum(J**2, axis=0))
    np.testing.assert_allclose(place.lengths, lengths, rtol=1e-12)
    np.testing.assert_allclose(place.scale, [lengths[0], 400, lengths[2]], rtol=1e-12)


def test_a_column_of_zeros_is_measured_by_the_longest():
    assert Place(np.zeros(2), np.ones(2), np.array([[3.0, 0.0], [4.0, 0.0]]), np.zeros(2)).scale.tolist() == [5, 5]
    assert Place(np.zeros(2), np.ones(2), np.zeros((2, 2)), np.zeros(2)).scale.tolist() == [1, 1]


@pytest.mark.parametrize("damping", [0.0, 1e-3, 1.0, 1e3])
def test_a_step_solves_the_damped_equations(place, damping):
    """(J^T J + damping D^2) v = J^T r."""
    D = place.scale
    exact = np.linalg.solve((J.T @ J + damping * np.diag(D**2)) / D / D[:, None], J.T @ R / D) / D
    np.testing.assert_allclose(place.step(damping), exact, rtol=1e-9)


def test_the_correction_for_the_bend_halves_what_would_undo_it(place):
    """(J^T J + damping D^2) a = -J^T second / 2, with residuals r - J v / 10 - second / 200 a tenth of v ahead."""
    D, second = place.scale, DRAW.normal(size=7)
    w = place.inner(0.3)
    v = place.step(0.3)
    np.testing.assert_allclose(place.outer(w), v, rtol=1e-14)
    ahead = R - 0.1 * J @ v - 0.005 * second
    exact = np.linalg.solve((J.T @ J + 0.3 * np.diag(D**2)) / D / D[:, None], -0.5 * J.T @ second / D) / D
    np.testing.assert_allclose(place.outer(place.bend(w, ahead, 0.3)), exact, rtol=1e-9)


def test_what_else_a_place_knows(place):
    projection = J @ np.linalg.lstsq(J, R, rcond=None)[0]
    assert place.cosine == pytest.approx(np.linalg.norm(projection) / np.linalg.norm(R), rel=1e-10)
    assert place.sum_of_squares == pytest.approx(np.sum(R**2), rel=1e-14)
    np.testing.assert_allclose(place.R.T @ place.R, J.T @ J, rtol=1e-10)


def test_where_squares_would_lose_figures_orthogonal_steps_are_taken():
    """Two columns that differ by 1e-7 of their length: with J^T J alone, two figures of the step would be left."""
    a, b = np.array([1.0, 1.0, 1.0]), np.array([1.0, 0.0, -1.0])
    near = Place(np.zeros(2), 3 * a + 2e-7 * b, np.stack([a, a + 1e-7 * b], axis=1), np.ones(2))
    np.testing.assert_allclose(near.step(0.0), [1, 2], rtol=1e-7)  # 3 a + 2e-7 b = 1 a + 2 (a + 1e-7 b)
    assert not near.sound
    apart = Place(np.zeros(2), 3 * a + 2e-3 * b, np.stack([a, a + 1e-3 * b], axis=1), np.ones(2))
    np.testing.assert_allclose(apart.step(0.0), [1, 2], rtol=1e-9)
    assert apart.sound


@pytest.mark.parametrize("size", [1e-120, 1e120])
def test_columns_of_any_length_have_a_step(size, place):
    """Where a square is near to the smallest or largest of numbers, orthogonal steps are taken."""
    with np.errstate(all="ignore"):
        other = Place(np.zeros(3), R, J * size, SCALE * size)
    assert not other.sound
    np.testing.assert_allclose(other.step(0.3) * size, place.step(0.3), rtol=1e-9)


def test_a_place_nearby_has_residuals_and_slopes_of_its_own(place):
    there = place.moved(np.ones(3), 2 * R, 3 * J)
    np.testing.assert_allclose(there.step(0.3), 6 * place.step(0.3), rtol=1e-12)
    assert there.sum_of_squares == pytest.approx(4 * place.sum_of_squares)
    np.testing.assert_array_equal(there.theta, np.ones(3))
    np.testing.assert_array_equal(place.theta, np.zeros(3))


class Counted:
    """A function that counts its calls."""

    def __init__(self, f):
        self.f, self.calls = f, 0

    def __call__(self, theta):
        self.calls += 1
        return self.f(theta)


def rosenbrock(theta):
    return np.array([10 * (theta[0] ** 2 - theta[1]), theta[0] - 1])


def slopes_of_rosenbrock(theta):
    return -np.array([[20 * theta[0], -10], [1, 0]])


def test_the_walk_through_a_bent_valley_is_short():
    """Rosenbrock's valley: the correction for the bend makes it a dozen steps; without it there are twice as many."""
    f, slopes = Counted(rosenbrock), Counted(slopes_of_rosenbrock)
    walk = levenberg_marquardt(f, slopes, np.array([-1.2, 1.0]))
    assert isinstance(walk, Walk) and walk.minimum and walk.settled.all() and walk.finite
    np.testing.assert_allclose(walk.end.theta, [1, 1], rtol=1e-14)
    assert len(walk.path) <= 10 and f.calls <= 18 and slopes.calls <= 10
    heights = [np.sum(rosenbrock(theta) ** 2) for theta in walk.path]
    assert np.all(np.diff(heights[:8]) < 0)


@pytest.mark.parametrize(("start", "straight"), [([0.9, 0.1], True), ([0.9, 1.8], False)])
def test_where_the_bend_is_probed_no_jacobian_is_wanted(start, straight):
    """The slopes are asked for at each place and nowhere else; the probes are shorter runs, none near the minimum."""
    x, draw = np.linspace(-3, 3, 30), np.random.default_rng(1)
    y = np.exp(-(x**2)) + 0.02 * draw.normal(size=30)
    f = Counted(lambda theta: y - theta[0] * np.exp(-((x - theta[1]) ** 2)))
    slopes = Counted(
        lambda theta: (
            np.exp(-((x - theta[1]) ** 2))[:, None] * np.stack([np.ones(30), 2 * theta[0] * (x - theta[1])], axis=1)
        )
    )
    probe = Counted(f.f)
    walk = levenberg_marquardt(f, slopes, np.array(start), probe)
    assert walk.minimum and walk.settled.all()
    assert slopes.calls == len(walk.path) and f.calls - slopes.calls <= probe.calls < slopes.calls
    assert (probe.calls == 0) is straight
    r, J = f.f(walk.end.theta), slopes.f(walk.end.theta)
    assert walk.end.sum_of_squares == pytest.approx(r @ r, rel=1e-15)
    assert np.max(np.abs(r @ J) / np.linalg.norm(J, axis=0)) < 1e-9 * np.linalg.norm(r)


def test_a_linear_problem_takes_few_steps():
    f, slopes = Counted(lambda theta: R - J @ theta), Counted(lambda theta: J)
    walk = levenberg_marquardt(f, slopes, np.array([5.0, -3.0, 200.0]))
    np.testing.assert_allclose(walk.end.theta, np.linalg.lstsq(J / SCALE, R, rcond=None)[0] / SCALE, rtol=1e-9)
    assert walk.minimum and len(walk.path) <= 6 and f.calls <= 12


def test_the_damping_is_that_of_the_books():
    """The first damped step from a place where the model is straight is that of damping 1e-3."""
    seen = []
    levenberg_marquardt(
        lambda theta: seen.append(theta) or R - J @ theta, lambda theta: J, np.array([1e-3, 1e-3, 1e-3])
    )
    lengths = np.sqrt(np.sum(J**2, axis=0))
    first = Place(np.full(3, 1e-3), R - J @ np.full(3, 1e-3), J, lengths).step(1e-3)
    np.testing.assert_allclose(seen[1], 1e-3 + first, rtol=1e-9)


def test_large_residuals_need_the_whole_second_derivative():
    """Residuals (theta + 1, c theta^2 + theta - 1) with c = -0.9: Gauss-Newton alone does not get closer."""
    c = -0.9

    def f(theta):
        return -np.array([theta[0] + 1, c * theta[0] ** 2 + theta[0] - 1])

    def slopes(theta):
        return np.array([[1.0], [2 * c * theta[0] + 1]])

    walk = levenberg_marquardt(f, slopes, np.array([0.05]))
    # theta + 1 + (c theta^2 + theta - 1) (2 c theta + 1) = 0
    roots = np.roots([2 * c * c, 3 * c, 2 - 2 * c, 0])
    nearest = min(roots[np.abs(roots.imag) < 1e-9].real, key=abs)
    assert walk.minimum and walk.settled.all()
    assert walk.end.theta[0] == pytest.approx(nearest, abs=1e-8)


@pytest.mark.parametrize("bend, minimum", [(0.45, True), (0.55, False)])
def test_a_level_place_is_a_minimum_only_if_the_ground_rises_all_around(bend, minimum):
    """The sum theta_1^2 + theta_2^2 + (1 - bend theta_2^2)^2 is level at 0; it rises along theta_2 if bend < 1/2."""

    def f(theta):
        return np.array([theta[0], theta[1], 1 - bend * theta[1] ** 2])

    def slopes(theta):
        return -np.array([[1, 0], [0, 1], [0, -2 * bend * theta[1]]])

    walk = levenberg_marquardt(f, slopes, np.zeros(2))
    assert walk.minimum is minimum and walk.settled.all()


def test_a_minimum_at_infinity_does_not_settle():
    def f(theta):
        return np.array([1.0, -np.exp(-theta[0])])

    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        walk = levenberg_marquardt(f, lambda theta: np.array([[0.0], [-np.exp(-theta[0])]]), np.array([0.0]))
    assert not walk.settled.any() or not walk.minimum
    assert len(walk.path) <= LIMIT + 1


def test_the_walk_comes_to_an_end_even_if_the_slopes_are_wrong():
    walk = levenberg_marquardt(lambda theta: R - J @ theta, lambda theta: -J, np.ones(3))
    assert not (walk.minimum and walk.settled.all())
    np.testing.assert_array_equal(walk.path, [[1, 1, 1]])
    assert walk.finite


def test_a_cliff_is_remembered():
    def f(theta):
        return np.array([theta[0] + 1, theta[0] + 1]) if theta[0] > 0.5 else np.full(2, np.nan)

    walk = levenberg_marquardt(f, lambda theta: -np.ones((2, 1)), np.array([1.0]))
    assert walk.finite is False and not walk.settled.any()
    assert walk.end.theta[0] == pytest.approx(0.5, abs=1e-9) and walk.end.theta[0] > 0.5


def test_a_cliff_of_the_slopes_is_one_too():
    def slopes(theta):
        return -np.ones((2, 1)) if theta[0] > 0.5 else np.full((2, 1), np.nan)

    walk = levenberg_marquardt(lambda theta: np.array([theta[0] + 1, theta[0] + 1]), slopes, np.array([1.0]))
    assert walk.finite is False and not walk.settled.any() and walk.end.theta[0] > 0.5


@pytest.mark.parametrize("curvature, accepted", [(0.35, True), (0.5, False)])
def test_a_correction_for_too_strong_a_bend_is_not_even_tried(curvature, accepted):
    """For theta + c theta^2 = 1 from 0, the correction is -c v^2: c of the step, of which 0.375 is the most.

    The step alone comes first, and keeps too little of its promise: (1 - c^2) of it, less than nine tenths.
    """
    seen = []

    def f(theta):
        seen.append(theta[0])
        return np.array([1 - theta[0] - curvature * theta[0] ** 2])

    levenberg_marquardt(f, lambda theta: np.array([[1 + 2 * curvature * theta[0]]]), np.zeros(1))
    step = 1 / 1.001
    assert seen[1:3] == pytest.approx([step, 0.1 * step], rel=1e-12)
    assert seen[3] == pytest.approx(step - curvature * step**2 / 1.001 if accepted else 0.1 / 1.002, rel=1e-9)


def test_what_goes_wrong_goes_wrong_soon():
    """Few calls until the steps are too short to move, and until full steps are seen to grow."""
    f = Counted(lambda theta: R - J @ theta)
    levenberg_marquardt(f, lambda theta: -J, np.ones(3))
    assert f.calls <= 31
    c = -0.9
    slopes = Counted(lambda theta: np.array([[1.0], [2 * c * theta[0] + 1]]))
    levenberg_marquardt(
        lambda theta: -np.array([theta[0] + 1, c * theta[0] ** 2 + theta[0] - 1]), slopes, np.array([0.05])
    )
    assert slopes.calls <= 36


def test_a_step_that_is_small_only_beside_a_large_parameter_has_not_settled():
    """With theta = 1e9 a step of 1 is a small part of it, and yet it changes the residuals: a cliff stops the walk."""

    def f(theta):
        return np.array([theta[0] - 1e9 + 5, theta[0] - 1e9 + 7]) if theta[0] > 1e9 - 1 else np.full(2, np.nan)

    walk = levenberg_marquardt(f, lambda theta: -np.ones((2, 1)), np.array([1e9]))
    assert not walk.settled.any()


def textbook(f, slopes, theta, steps):
    """The damped part again, with normal equations, as the sources print it: the places of the first few steps.

    Only where a step alone does not keep nine tenths of its promise is it corrected, and those after it.
    """
    damping, growth, r, J, path, careful = 1e-3, 2, f(theta), slopes(theta), [theta], False
    D = np.linalg.norm(J, axis=0)
    while len(path) <= steps:
        D = np.maximum(np.linalg.norm(J, axis=0), 0.8 * D)
        matrix = J.T @ J + damping * np.diag(D**2)
        v = np.linalg.solve(matrix, J.T @ r)
        second = 2 / 0.1 * ((r - f(theta + 0.1 * v)) / 0.1 - J @ v)
        a = np.linalg.solve(matrix, J.T @ second) / -2 if careful else 0 * v
        there = theta + v + a
        kept = (r @ r - f(there) @ f(there)) / (r @ r - (r - J @ v) @ (r - J @ v))
        if 2 * np.linalg.norm(D * a) <= 0.75 * np.linalg.norm(D * v) and kept > (1e-4 if careful else 0.9):
            theta, r, J = there, f(there), slopes(there)
            path.append(theta)
            damping, growth, careful = damping * max(1 / 3, 1 - (2 * kept - 1) ** 3), 2, kept <= 0.9
        elif careful:
            damping, growth = damping * growth, 2 * growth
        else:
            careful = True
    return np.array(path)


def box(theta):
    x, y = np.array([1, 2, 3, 5, 7, 10.0]), np.array([109, 149, 149, 191, 213, 224.0])
    return y - theta[0] * (1 - np.exp(-theta[1] * x))


def slopes_of_box(theta):
    x = np.array([1, 2, 3, 5, 7, 10.0])
    return np.stack([1 - np.exp(-theta[1] * x), theta[0] * x * np.exp(-theta[1] * x)], axis=1)


@pytest.mark.parametrize(
    "f, slopes, start, steps",
    [(box, slopes_of_box, [150.0, 1.5], 7), (box, slopes_of_box, [1.0, 1.0], 7)],
)
def test_the_damped_steps_are_those_of_the_textbooks(f, slopes, start, steps):
    with np.errstate(over="ignore", invalid="ignore"):
        walk = levenberg_marquardt(f, slopes, np.array(start))
        expected = textbook(f, slopes, np.array(start), steps)
    np.testing.assert_allclose(walk.path[: steps + 1], expected, rtol=1e-7)


def test_newtons_steps_in_two_directions():
    """Two problems with large residuals, c = -0.9 and -0.7, in coordinates that mix them; each has its minimum at 0."""
    mix = np.array([[2.0, 1.0], [-1.0, 3.0]])
    c = np.array([-0.9, -0.7])

    def f(theta):
        u = mix @ theta
        return -np.concatenate([u + 1, c * u**2 + u - 1])

    def slopes(theta):
        u = mix @ theta
        return np.concatenate([mix, (2 * c * u + 1)[:, None] * mix])

    walk = levenberg_marquardt(f, slopes, np.linalg.solve(mix, [0.05, -0.04]))
    assert walk.minimum and walk.settled.all() and len(walk.path) < 26
    np.testing.assert_allclose(mix @ walk.end.theta, 0, atol=1e-12)


def with_large_residuals(curvatures, start):
    """Residuals (u_i + 1, c_i u_i^2 + u_i - 1), where u = theta - 1: near 0 a step makes each u_i c_i times as long.

    Half their sum of squares has the second derivatives 2 (1 - c_i) there: a minimum if all c_i are below 1.
    """
    c = np.array(curvatures)
    f = Counted(lambda t: -np.concatenate([t, c * (t - 1) ** 2 + t - 2]))
    walk = levenberg_marquardt(
        f, lambda t: np.concatenate([np.eye(2), np.diag(2 * c * (t - 1) + 1)]), 1 + np.array(start)
    )
    return walk.end.theta - 1, walk.minimum, f.calls


def test_steps_that_shrink_alike_are_added_up():
    """Each is 0.09 of the last, or minus that: alone, nine of them would lead from 1e-2 to 1e-11."""
    for curvatures in ([0.09, 0.09], [-0.09, -0.09]):
        u, minimum, calls = with_large_residuals(curvatures, [1e-2, 1e-2])
        assert minimum and calls <= 6
        np.testing.assert_allclose(u, 0, atol=1e-9)


def test_steps_that_shrink_slowly_are_taken_as_they_are():
    """Each is 0.15 of the last: ten of them lead from 1e-2 to 6e-11."""
    u, minimum, calls = with_large_residuals([0.15, 0.15], [1e-2, 1e-2])
    assert minimum and calls == 11
    np.testing.assert_allclose(u, 0.15**10 / 100, rtol=0.1)


@pytest.mark.parametrize("far", [1e-4, 1e-6, 1e-8])
def test_lengthened_steps_are_not_drawn_to_where_there_is_no_minimum(far):
    """Along the second parameter u = 0 is a top: steps go away from it, however they shrink along the first one."""
    u, minimum, _ = with_large_residuals([0.05, 1.5], [1e-2, far])
    assert not minimum or abs(u[1]) > 0.1
