"""Curves: answers from fractions and mpmath, laws, repeated experiments, and what cannot be fitted is flagged."""

import math
import warnings

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmlbook.curve_fitting import fit_curve, least_squares
from mmlbook.fit import Fit
from tests.exact_least_squares import exact_errors, exact_fit

X = np.array([-2.0, -1.5, -1.0, -0.25, 0.0, 0.5, 1.25, 2.0])
Y = np.array([-0.9, -0.8, -0.5, 0.1, 0.4, 0.6, 0.8, 1.1])
SIGMA = np.array([0.1, 0.2, 0.1, 0.05, 0.1, 0.3, 0.1, 0.2])


def neuron(x, w, b):
    return np.tanh(w * x + b)


def decay(x, height, rate, level):
    return height * np.exp(-rate * x) + level


def line(x, intercept, slope):
    return intercept + slope * x


def by_mpmath(model, derivatives, x, y, sigma, start):
    """Parameters, chi-squared and (J^T Sigma^-1 J)^-1 from the stationary equations, solved with 40 digits."""
    with mpmath.workdps(40):
        x, y, w = ([mpmath.mpf(float(value)) for value in values] for values in (x, y, 1 / np.asarray(sigma)))
        w = [1 / mpmath.mpf(float(value)) ** 2 for value in sigma]

        def downhill(*theta):
            misses = [wi * (yi - model(xi, *theta)) for xi, yi, wi in zip(x, y, w, strict=True)]
            return [sum(m * d(xi, *theta) for m, xi in zip(misses, x, strict=True)) for d in derivatives]

        theta = mpmath.findroot(downhill, start)
        J = mpmath.matrix([[d(xi, *theta) for d in derivatives] for xi in x])
        inverse = (J.T * mpmath.diag(w) * J) ** -1
        chi_squared = sum(wi * (yi - model(xi, *theta)) ** 2 for xi, yi, wi in zip(x, y, w, strict=True))
        p = len(derivatives)
        return (
            np.array([float(value) for value in theta]),
            float(chi_squared),
            np.array([[float(inverse[i, j]) for j in range(p)] for i in range(p)]),
        )


def neuron_by_mpmath(sigma, y=Y):
    def slope(x, w, b):
        return 1 - mpmath.tanh(w * x + b) ** 2

    return by_mpmath(
        lambda x, w, b: mpmath.tanh(w * x + b), [lambda x, w, b: x * slope(x, w, b), slope], X, y, sigma, (0.7, 0.3)
    )


# Answers


def test_known_errors():
    parameters, chi_squared, inverse = neuron_by_mpmath(SIGMA)
    fit = fit_curve(neuron, X, Y, [1, 0], sigma=SIGMA)
    assert isinstance(fit, Fit) and fit.converged is True
    np.testing.assert_allclose(fit.parameters, parameters, rtol=1e-9)
    assert fit.chi_squared == pytest.approx(chi_squared, rel=1e-12)
    np.testing.assert_allclose(fit.covariance, inverse, rtol=1e-7)
    assert (fit.degrees_of_freedom, fit.rank) == (6, 2)
    assert type(fit.chi_squared) is float and type(fit.reason) is str and 1 <= fit.condition < 10
    assert fit.reason == "the steps have shrunk to nothing in a minimum"


def test_estimated_errors():
    parameters, chi_squared, inverse = neuron_by_mpmath(np.ones(8))
    fit = fit_curve(neuron, X, Y, [1, 0])
    np.testing.assert_allclose(fit.parameters, parameters, rtol=1e-9)
    assert fit.chi_squared == pytest.approx(chi_squared, rel=1e-12)
    np.testing.assert_allclose(fit.covariance, inverse * chi_squared / 6, rtol=1e-7)


def test_ratios_of_errors():
    parameters, chi_squared, inverse = neuron_by_mpmath(SIGMA)
    fit = fit_curve(neuron, X, Y, [1, 0], sigma=SIGMA, only_ratios_known=True)
    np.testing.assert_allclose(fit.parameters, parameters, rtol=1e-9)
    np.testing.assert_allclose(fit.covariance, inverse * chi_squared / 6, rtol=1e-7)


def test_one_error_for_all():
    one, many = (fit_curve(neuron, X, Y, [1, 0], sigma=sigma) for sigma in (0.25, np.full(8, 0.25)))
    np.testing.assert_array_equal(one.covariance, many.covariance)
    _, chi_squared, inverse = neuron_by_mpmath(np.full(8, 0.25))
    np.testing.assert_allclose(one.covariance, inverse, rtol=1e-7)
    assert one.chi_squared == pytest.approx(chi_squared, rel=1e-12)


@pytest.mark.parametrize("with_jacobian", [False, True])
def test_residuals_of_your_own(with_jacobian):
    """Least squares of y - model: the same answer, whether the slopes are given, with their own sign, or found."""
    parameters, chi_squared, inverse = neuron_by_mpmath(np.ones(8))

    def residuals(theta):
        return Y - neuron(X, *theta)

    def slopes(theta):
        slope = 1 - neuron(X, *theta) ** 2
        return -np.column_stack([X * slope, slope])

    fit = least_squares(residuals, [1, 0], slopes if with_jacobian else None)
    assert fit.converged
    np.testing.assert_allclose(fit.parameters, parameters, rtol=1e-9)
    np.testing.assert_allclose(fit.covariance, inverse * chi_squared / 6, rtol=1e-7)
    flipped = least_squares(lambda theta: -residuals(theta), [1, 0])
    np.testing.assert_allclose(flipped.parameters, parameters, rtol=1e-9)


def test_a_wrong_sign_of_the_jacobian_is_no_minimum():
    fit = least_squares(lambda t: Y - neuron(X, *t), [1, 0], lambda t: np.column_stack([X, np.ones(8)]))
    assert not fit.converged


def test_places_with_several_numbers():
    """A plane over places in a plane, against fractions."""
    place = np.array([[0.0, 0.0], [1, 0], [0, 1], [1, 1], [2, 1]])
    z = [1.0, 2.5, 0.0, 1.0, 3.0]
    fit = fit_curve(lambda x, a, b, c: a + b * x[:, 0] + c * x[:, 1], place, z, [0, 0, 0])
    columns = np.column_stack([np.ones(5), place])
    np.testing.assert_allclose(fit.parameters, [float(v) for v in exact_fit(columns, z)[0]], rtol=1e-12)
    np.testing.assert_allclose(fit.standard_errors, exact_errors(columns, z), rtol=1e-12)


def test_as_many_readings_as_parameters():
    fit = fit_curve(line, [0, 1], [2, 5], [0, 0])
    np.testing.assert_allclose(fit.parameters, [2, 3], rtol=1e-14)
    assert fit.converged and fit.degrees_of_freedom == 0 and np.isnan(fit.covariance).all()
    assert fit.reason.endswith("no reading is left over to estimate errors from: they are nan")
    known = fit_curve(line, [0, 1], [2, 5], [0, 0], sigma=0.5)
    np.testing.assert_allclose(known.covariance, [[0.25, -0.25], [-0.25, 0.5]], rtol=1e-12)
    assert "nan" not in known.reason


def test_the_path():
    fit = fit_curve(neuron, X, Y, [1, 0])
    np.testing.assert_array_equal(fit.path[0], [1, 0])
    np.testing.assert_array_equal(fit.path[-1], fit.parameters)
    assert fit.path.shape == (fit.iterations + 1, 2) and 2 <= fit.iterations <= 10
    heights = [np.sum((Y - neuron(X, *theta)) ** 2) for theta in fit.path]
    assert heights[-1] == fit.chi_squared and np.all(np.diff(heights) <= 1e-15)
    with pytest.raises(AttributeError):
        fit.parameters = None


@pytest.mark.parametrize("times", [200, pytest.param(1000, marks=pytest.mark.slow)])
def test_the_error_bars_are_right(times):
    """The same experiment again and again: the truth is within one standard error 68 times in 100."""
    draw = np.random.default_rng(5)
    x = np.linspace(0, 4, 10)
    truth, sigma = np.array([5.0, 1.0]), np.linspace(0.05, 0.2, 10)

    def model(x, height, rate):
        return height * np.exp(-rate * x)

    covered, chi_squared = np.zeros(2), 0.0
    for _ in range(times):
        fit = fit_curve(model, x, model(x, *truth) + sigma * draw.normal(size=10), [4.5, 1.2], sigma=sigma)
        assert fit.converged
        covered += np.abs(fit.parameters - truth) < fit.standard_errors
        chi_squared += fit.chi_squared / times
    share = math.erf(math.sqrt(0.5))
    assert np.all(np.abs(covered - times * share) < 4 * math.sqrt(times * share * (1 - share))), covered
    assert abs(chi_squared - 8) < 4 * math.sqrt(16 / times)


# Laws

numbers = st.floats(-5, 5).map(lambda value: round(value, 3))
positive = st.floats(0.2, 4).map(lambda value: round(value, 3))
seeds = st.integers(0, 10**6)
fast = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def noisy(seed, n=14, size=0.1):
    """A decay with noise; the truth, and places and readings."""
    draw = np.random.default_rng(seed)
    truth = np.array([draw.uniform(2, 5), draw.uniform(0.5, 1.5), draw.uniform(-1, 1)])
    x = np.sort(draw.uniform(0, 4, size=n))
    x[0], x[-1] = 0, 4
    return truth, x, decay(x, *truth) + size * draw.normal(size=n)


START = [3, 1, 0]


@fast
@given(seeds)
def test_a_linear_model_gives_the_linear_answer(seed):
    """Exact fractions are the judge; the start does not matter."""
    draw = np.random.default_rng(seed)
    x, y, sigma = draw.normal(size=9), draw.normal(size=9), draw.uniform(0.5, 2, size=9)
    columns = np.column_stack([np.ones(9), x, x**2])
    fit = fit_curve(lambda x, a, b, c: a + b * x + c * x**2, x, y, draw.normal(size=3) * 10, sigma=sigma)
    parameters, inverse, chi_squared = exact_fit(columns, y, sigma)
    assert fit.converged and fit.iterations <= 8
    np.testing.assert_allclose(fit.parameters, np.array(parameters, float), rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fit.covariance, np.array(inverse, float), rtol=1e-8)
    assert fit.chi_squared == pytest.approx(float(chi_squared), rel=1e-10)


@fast
@given(seeds)
def test_the_residual_is_at_right_angles_to_the_jacobian(seed):
    _, x, y = noisy(seed)
    fit = fit_curve(decay, x, y, START)
    assert fit.converged
    a, k, _ = fit.parameters
    J = np.column_stack([np.exp(-k * x), -a * x * np.exp(-k * x), np.ones(len(x))])
    r = y - decay(x, *fit.parameters)
    cosines = (J.T @ r) / np.linalg.norm(J, axis=0) / np.linalg.norm(r)
    assert np.max(np.abs(cosines)) < 1e-9
    np.testing.assert_allclose(fit.covariance, np.linalg.inv(J.T @ J) * (r @ r) / (len(x) - 3), rtol=1e-6)


@fast
@given(seeds)
def test_exact_data_give_exact_parameters(seed):
    truth, x, y = noisy(seed, size=0.0)
    fit = fit_curve(decay, x, y, START)
    assert fit.converged
    np.testing.assert_allclose(fit.parameters, truth, rtol=1e-11, atol=1e-12)
    assert fit.chi_squared < 1e-25


@fast
@given(seeds, st.lists(st.integers(-20, 20), min_size=3, max_size=3))
def test_units_of_the_parameters_do_not_matter(seed, powers):
    """A parameter in another unit, a power of two, gives the same walk in that unit."""
    _, x, y = noisy(seed)
    unit = 2.0 ** np.array(powers)
    fit = fit_curve(decay, x, y, START)
    other = fit_curve(
        lambda x, *theta: decay(x, *(t * u for t, u in zip(theta, unit, strict=True))), x, y, START / unit
    )
    assert other.converged
    np.testing.assert_allclose(other.parameters * unit, fit.parameters, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(other.standard_errors * unit, fit.standard_errors, rtol=1e-6)


@fast
@given(seeds, numbers, positive)
def test_an_affine_change_of_x_moves_the_parameters_with_it(seed, shift, stretch):
    """With u = shift + stretch x the rate is rate / stretch, and the height moves to where u is 0."""
    _, x, y = noisy(seed)
    fit = fit_curve(decay, x, y, START)
    rate = START[1] / stretch
    other = fit_curve(decay, shift + stretch * x, y, [START[0] * math.exp(min(rate * shift, 30)), rate, START[2]])
    assume(other.condition < 1e6)
    a, k, c = other.parameters
    assert other.converged
    np.testing.assert_allclose([a * math.exp(-k * shift), k * stretch, c], fit.parameters, rtol=1e-6, atol=1e-7)
    assert other.chi_squared == pytest.approx(fit.chi_squared, rel=1e-9)


@fast
@given(seeds, positive)
def test_larger_errors_make_wider_bars_only_if_known(seed, factor):
    _, x, y = noisy(seed)
    sigma = np.linspace(0.5, 2, len(x))
    fits = [
        fit_curve(decay, x, y, START, sigma=s, only_ratios_known=r)
        for s in (sigma, factor * sigma)
        for r in (False, True)
    ]
    known, ratios, known_larger, ratios_larger = fits
    np.testing.assert_allclose(known_larger.covariance, factor**2 * known.covariance, rtol=1e-6)
    np.testing.assert_allclose(ratios_larger.covariance, ratios.covariance, rtol=1e-6)
    np.testing.assert_allclose(known_larger.parameters, known.parameters, rtol=1e-7, atol=1e-7)
    assert known_larger.chi_squared == pytest.approx(known.chi_squared / factor**2, rel=1e-9)


@fast
@given(seeds)
def test_the_order_of_the_readings_does_not_matter(seed):
    _, x, y = noisy(seed)
    order = np.random.default_rng(seed).permutation(len(x))
    sigma = np.linspace(0.5, 2, len(x))
    fit, other = (fit_curve(decay, x[i], y[i], START, sigma=sigma[i]) for i in (slice(None), order))
    np.testing.assert_allclose(other.parameters, fit.parameters, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(other.covariance, fit.covariance, rtol=1e-6)


@fast
@given(seeds, st.integers(2, 5))
def test_each_reading_several_times_divides_the_covariance(seed, times):
    _, x, y = noisy(seed)
    fit, many = fit_curve(decay, x, y, START, 0.1), fit_curve(decay, np.tile(x, times), np.tile(y, times), START, 0.1)
    np.testing.assert_allclose(many.parameters, fit.parameters, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(many.covariance, fit.covariance / times, rtol=1e-6)
    assert many.chi_squared == pytest.approx(times * fit.chi_squared, rel=1e-9)


@fast
@given(seeds, positive, numbers)
def test_a_change_of_scale_and_zero_of_y_moves_what_it_should(seed, stretch, shift):
    _, x, y = noisy(seed)
    fit, other = fit_curve(decay, x, y, START), fit_curve(decay, x, stretch * y + shift, START)
    a, k, c = fit.parameters
    assert other.converged
    np.testing.assert_allclose(other.parameters, [stretch * a, k, stretch * c + shift], rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(other.standard_errors, fit.standard_errors * [stretch, 1, stretch], rtol=1e-6)


@fast
@given(seeds)
def test_where_a_fit_has_ended_another_stays(seed):
    _, x, y = noisy(seed)
    fit = fit_curve(decay, x, y, START)
    again = fit_curve(decay, x, y, fit.parameters)
    assert again.converged and again.iterations <= 2
    np.testing.assert_allclose(again.parameters, fit.parameters, rtol=1e-8, atol=1e-9)


@fast
@given(seeds)
def test_the_minimum_is_lower_than_all_around(seed):
    _, x, y = noisy(seed)
    fit = fit_curve(decay, x, y, START)
    aside = np.random.default_rng(seed).normal(size=3) * fit.standard_errors * 0.01
    for theta in (fit.parameters + aside, fit.parameters - aside):
        assert np.sum((y - decay(x, *theta)) ** 2) > fit.chi_squared


# What cannot be fitted is flagged


@pytest.mark.parametrize(
    "model, p, names",
    [
        (lambda x, a, b: a * b * x, 2, "a, b"),
        (lambda x, a, b: np.exp(-(a + b) * x), 2, "a, b"),
        (lambda x, a, b, c: a * x + c, 3, "b"),
        (lambda x, a, b, c: a * np.exp(-b * x + c), 3, "a, c"),
        (lambda x, *theta: theta[0] * theta[1] * x, 2, "parameter 0, parameter 1"),
    ],
)
def test_parameters_that_cannot_be_told_apart(model, p, names):
    x = np.linspace(0, 2, 9)
    fit = fit_curve(model, x, 2 * np.exp(-x) + 0.01 * np.cos(9 * x), np.linspace(0.5, 1, p))
    assert fit.converged is False and fit.rank == p - 1 and fit.condition == np.inf
    assert fit.reason.startswith(f"the data do not determine {names}: ")
    assert np.isfinite(fit.parameters).all() and fit.degrees_of_freedom == 9 - (p - 1)
    free = [name in names.split(", ") for name in ("a", "b", "c")[:p]] if "parameter" not in names else [True, True]
    np.testing.assert_array_equal(np.isnan(fit.standard_errors), free)


def test_those_that_can_keep_their_error_bars():
    x = np.linspace(0, 2, 9)
    y = 3 * x + 1 + 0.01 * np.cos(9 * x)
    fit = fit_curve(lambda x, a, b, c: a * x + c + 0 * b, x, y, [1, 1, 1])
    columns = np.column_stack([x, np.ones(9)])
    parameters = np.array(exact_fit(columns, y)[0], float)
    np.testing.assert_allclose(fit.parameters[[0, 2]], parameters, rtol=1e-9)
    np.testing.assert_allclose(fit.standard_errors[[0, 2]], exact_errors(columns, y), rtol=1e-9)


def test_a_flat_start_is_flagged():
    fit = fit_curve(lambda x, k: np.exp(-k * x), [1, 2, 3], [0.5, 0.2, 0.1], [1000])
    assert not fit.converged and fit.rank == 0 and fit.reason.startswith("the data do not determine k")
    np.testing.assert_array_equal(fit.parameters, [1000])


@pytest.mark.parametrize(
    "model, y, start, culprit",
    [
        (lambda x, k: np.exp(-k * x), [2, 0, 0, 0], [1], "k"),
        (lambda x, w, b: np.tanh(w * x + b), [-1, -1, 1, 1], [1, -1], "w"),
        (lambda x, c, k: c + 1 / (1 + k * x), [3, 1, 1, 1], [0.5, 1], "k"),
        (lambda x, a, k: a * (1 - np.exp(-np.exp(k) * x)), [0.1, 1, 2.2, 3.5], [1, -1], "k"),
    ],
)
def test_parameters_that_run_to_infinity(model, y, start, culprit):
    fit = fit_curve(model, [0, 1, 2, 3], y, start)
    assert not fit.converged, fit
    assert culprit in fit.reason
    assert np.isfinite(fit.parameters).all() and np.isfinite(fit.path).all()


def test_a_level_place_that_is_no_minimum():
    """The sum of squares theta^2 + (1 - 5 theta^2)^2 has a maximum at 0."""

    def residuals(theta):
        return np.stack([theta[0], 1 - 5 * theta[0] ** 2])

    fit = least_squares(residuals, [0])
    assert not fit.converged and "no minimum" in fit.reason
    fit = least_squares(residuals, [0.01])  # 2 theta - 20 theta (1 - 5 theta^2) = 0
    assert fit.converged
    np.testing.assert_allclose(fit.parameters, [math.sqrt(0.18)], rtol=1e-8)


def test_a_minimum_far_from_the_readings():
    """Residuals (theta - 10, 3 theta^2 / 20 + ...) that bend too much for Gauss and Newton: Newton's own steps."""

    def residuals(theta):
        return np.stack([theta[0], 1 + 3 * theta[0] + 2 * theta[0] ** 2])

    fit = least_squares(residuals, [3.0])
    # 2 theta + 2 (1 + 3 theta + 2 theta^2)(3 + 4 theta) = 0
    roots = np.roots([8, 18, 14, 3])
    np.testing.assert_allclose(fit.parameters, roots[np.abs(roots.imag) < 1e-9].real, rtol=1e-9)
    assert fit.converged


def test_a_wall_in_the_way_shortens_the_steps():
    """The logarithm ends at 0, and the first steps would jump over the edge."""
    x = np.linspace(1, 5, 9)
    fit = fit_curve(lambda x, a: np.log(a * x), x, np.log(0.01 * x), [5])
    assert fit.converged
    np.testing.assert_allclose(fit.parameters, [0.01], rtol=1e-10)


def test_a_wall_before_the_minimum_stops_the_walk():
    def residuals(theta):
        return np.stack([theta[0] + 5 + 0 * np.sqrt(theta[0]), theta[1] - 1])

    fit = least_squares(residuals, [1, 0])
    assert not fit.converged and "finite" in fit.reason
    assert np.isfinite(fit.parameters).all() and np.isfinite(fit.chi_squared)
    assert 0 <= fit.parameters[0] < 1


@pytest.mark.parametrize("error", [ValueError("beyond"), ZeroDivisionError("beyond"), OverflowError("beyond")])
def test_errors_on_the_way_are_walls_too(error):
    def model(x, a):
        if a > 3:
            raise error
        return a * x

    fit = fit_curve(model, [1, 2, 3], [4, 8, 12], [1])
    assert not fit.converged and fit.parameters[0] <= 3


def test_a_parameter_without_effect_at_the_start_may_gain_it_later():
    """With height 0 the frequency of a wave does not show."""
    x = np.linspace(0, 6, 25)
    fit = fit_curve(lambda x, height, frequency: height * np.sin(frequency * x), x, 1000 * np.sin(1.1 * x), [0, 1])
    assert fit.converged
    np.testing.assert_allclose(fit.parameters, [1000, 1.1], rtol=1e-12)


def by_running_sum(x, a, b):
    """Each value depends on all readings before."""
    return np.cumsum(a * x) + b**2 * np.mean(np.sin(a * x))


@pytest.mark.parametrize("start", [[1, 0], [1, 0.5]])
def test_a_model_that_mixes_the_readings(start):
    """Their slopes cannot be had one reading at a time; at b = 0 the first places do not show that the means do."""
    x = np.linspace(0, 3, 12)
    for model in (by_running_sum, lambda x, a, b: a * x + b**2 * np.mean(np.sin(a * x))):
        y = model(x, 0.8, 0.6) + 0.01 * np.cos(9 * x)
        fit = fit_curve(model, x, y, start)
        if start[1] == 0:
            assert not fit.converged or fit.parameters[1] != 0
            continue
        assert fit.converged
        shifts = 1e-6 * np.eye(2)
        J = np.stack([(model(x, *fit.parameters + h) - model(x, *fit.parameters - h)) / 2e-6 for h in shifts], axis=1)
        r = y - model(x, *fit.parameters)
        np.testing.assert_allclose(J.T @ r, 0, atol=1e-7)
        np.testing.assert_allclose(fit.covariance, np.linalg.inv(J.T @ J) * (r @ r) / 10, rtol=1e-5)


def test_a_model_that_mixes_the_readings_only_later():
    """At the start, b = 0, no reading feels the others."""
    x = np.linspace(0, 3, 12)

    def model(x, a, b):
        return a * x + b * (b + np.mean(np.sin(a * x)))

    y = model(x, 0.8, 0.6) + 0.01 * np.cos(9 * x)
    near, far = fit_curve(model, x, y, [1, 0.5]), fit_curve(model, x, y, [0.9, 0])
    np.testing.assert_allclose(far.parameters, near.parameters, rtol=1e-7)
    np.testing.assert_allclose(far.covariance, near.covariance, rtol=1e-6)


def test_a_model_that_takes_another_way_later():
    """Beyond a = 1.5 it does what has no slope entry by entry; from there dual numbers of another kind go on."""
    x = np.array([1.0, 2, 3])

    def model(x, a):
        return a * x if a < 1.5 else np.cumsum(np.stack([a, a, a])) * x / np.array([1, 2, 3])

    fit = fit_curve(model, x, [2, 4, 6.5], [1])
    assert fit.converged
    np.testing.assert_allclose(fit.parameters, [(2 + 8 + 19.5) / 14], rtol=1e-12)


def test_a_model_that_branches_on_a_parameter():
    fit = fit_curve(lambda x, a: a * x if a > 0 else -a * x, [1, 2, 3], [2, 4, 6], [1])
    np.testing.assert_allclose(fit.parameters, [2], rtol=1e-12)


def test_a_model_that_writes_into_x_is_told_so():
    def model(x, a):
        x *= a
        return x

    x = np.array([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="read-only"):
        fit_curve(model, x, [1, 2, 3], [1])
    np.testing.assert_array_equal(x, [1, 2, 3])


def test_a_kink_does_not_count_as_a_minimum():
    fit = least_squares(lambda t: np.stack([1 + abs(t[0]), 1 + abs(t[0])]), [1.0])
    assert not fit.converged or fit.parameters[0] == 0


def test_a_mistake_in_the_model_is_not_hidden():
    with pytest.raises(NameError):
        fit_curve(lambda x, a: a * nowhere, [1, 2, 3], [1, 2, 3], [1])  # noqa: F821


# Good manners


def test_nothing_is_changed_or_shared():
    x, y, start = X.copy(), Y.copy(), np.array([1.0, 0.0])
    room = np.empty(8)
    fit = fit_curve(neuron, x, y, start, sigma=SIGMA)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)
    np.testing.assert_array_equal(start, [1, 0])
    start[0] = 7
    assert fit.path[0, 0] == 1

    def residuals(theta):
        room[:] = Y - neuron(X, *theta)
        theta[:] = 0
        return room

    def slopes(theta):
        slope = 1 - neuron(X, *theta) ** 2
        return -np.column_stack([X * slope, slope])

    reused = least_squares(residuals, [1, 0], slopes)
    np.testing.assert_allclose(reused.parameters, fit_curve(neuron, X, Y, [1, 0]).parameters, rtol=1e-9)


def test_residuals_that_reuse_their_array_for_the_slopes():
    """A look at residuals elsewhere, as for differences, overwrites those that were there."""
    room = np.empty(8)

    def residuals(theta):
        return np.subtract(Y, neuron(X, *theta), out=room)

    def slopes(theta):
        residuals(theta + 0.5)
        slope = 1 - neuron(X, *theta) ** 2
        return -np.column_stack([X * slope, slope])

    fit, good = least_squares(residuals, [1, 0], slopes), least_squares(lambda t: Y - neuron(X, *t), [1, 0], slopes)
    assert fit.converged
    np.testing.assert_array_equal(fit.path, good.path)
    np.testing.assert_array_equal(fit.covariance, good.covariance)


def test_whole_numbers_become_floats():
    fit = fit_curve(line, [0, 1, 2], [1, 3, 6], [0, 0], sigma=1)
    assert fit.parameters.dtype == float
    np.testing.assert_allclose(fit.parameters, [5 / 6, 2.5], rtol=1e-12)


def test_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit_curve(lambda x, a: np.log(a * x), X[5:], np.log(0.01 * X[5:]), [5])
        fit_curve(lambda x, k: np.exp(k * x), [1, 2, 3], [1e100, 1e100, 1e-300], [1])
        least_squares(lambda t: np.stack([1e100 * (t[0] - 1), t[0]]), [1e5])


# Refusals


def never(*inputs):
    raise AssertionError("called")


@pytest.mark.parametrize(
    "arguments, error, name",
    [
        (("model", [1, 2], [1, 2], [1]), TypeError, "model"),
        ((never, [1, np.nan], [1, 2], [1]), ValueError, "x"),
        ((never, [1, 2, 3], [1, 2], [1]), ValueError, "x"),
        ((never, [[[1]], [[2]]], [1, 2], [1]), ValueError, "x"),
        ((never, [], [], [1]), ValueError, "y"),
        ((never, ["1", "2"], [1, 2], [1]), TypeError, "x"),
        ((never, [1, 2j], [1, 2], [1]), TypeError, "x"),
        ((never, [1, 2], [1, np.inf], [1]), ValueError, "y"),
        ((never, [1, 2], [[1], [2]], [1]), ValueError, "y"),
        ((never, [1, 2], [True, False], [1]), TypeError, "y"),
        ((never, [1, 2], [1, 2], [np.nan]), ValueError, "start"),
        ((never, [1, 2], [1, 2], 1), ValueError, "start"),
        ((never, [1, 2], [1, 2], []), ValueError, "start"),
        ((never, [1, 2], [1, 2], [None]), TypeError, "start"),
        ((never, [1, 2], [1, 2], [1, 2, 3]), ValueError, "start"),
        ((never, [1, 2], [1, 2], [1], 0), ValueError, "sigma"),
        ((never, [1, 2], [1, 2], [1], [1, -1]), ValueError, "sigma"),
        ((never, [1, 2], [1, 2], [1], [1, 1, 1]), ValueError, "sigma"),
        ((never, [1, 2], [1, 2], [1], "1"), TypeError, "sigma"),
        ((lambda x: never, [1, 2], [1, 2], [1]), TypeError, "model"),
        ((lambda x, a: never, [1, 2], [1, 2], [1, 1]), ValueError, "start"),
        ((lambda x, a, b: never, [1, 2], [1, 2], [1]), ValueError, "start"),
        ((lambda x, a: a, [1, 2], [1, 2], [1]), ValueError, "model"),
        ((lambda x, a: a * x[:, None], [1, 2], [1, 2], [1]), ValueError, "model"),
        ((lambda x, a: np.log(a * x), [1, 2], [1, 2], [-1]), ValueError, "model"),
        ((lambda x, a: 1 / 0, [1, 2], [1, 2], [-1]), ValueError, "model"),
        ((lambda x, a: np.sqrt(a) * x, [1, 2], [1, 2], [0]), ValueError, "model"),
        ((lambda x, a: "curve", [1, 2], [1, 2], [1]), TypeError, "model"),
        ((lambda x, a: 1j * a * x, [1, 2], [1, 2], [1]), TypeError, "model"),
        ((lambda x, a: None, [1, 2], [1, 2], [1]), TypeError, "model"),
        ((lambda x, a: math.sin(a) * x, [1, 2], [1, 2], [1]), TypeError, "model"),
        ((lambda x, a: 1e200 * a * x, [1, 2], [1, 2], [1]), ValueError, "model"),
    ],
)
def test_bad_input_of_a_curve_is_refused_by_name(arguments, error, name):
    with pytest.raises(error, match=rf"^{name}: ") as caught:
        fit_curve(*arguments)
    assert caught.type is error


@pytest.mark.parametrize(
    "arguments, error, name",
    [
        ((3, [1]), TypeError, "residuals"),
        ((never, [np.inf]), ValueError, "start"),
        ((never, [[1]]), ValueError, "start"),
        ((never, ["1"]), TypeError, "start"),
        ((never, [1], 3), TypeError, "jacobian"),
        ((lambda t: t[0], [1]), ValueError, "residuals"),
        ((lambda t: t[:1], [1, 2]), ValueError, "residuals"),
        ((lambda t: t / 0, [1]), ValueError, "residuals"),
        ((lambda t: 1 / 0, [1]), ValueError, "residuals"),
        ((lambda t: [None], [1]), TypeError, "residuals"),
        ((lambda t: [math.exp(t[0])], [1]), TypeError, "residuals"),
        ((lambda t: 1e200 * t, [1]), ValueError, "residuals"),
        ((lambda t: t, [1, 2], lambda t: t), ValueError, "jacobian"),
        ((lambda t: t, [1, 2], lambda t: [[1, 0, 0], [0, 1, 0]]), ValueError, "jacobian"),
        ((lambda t: t, [1, 2], lambda t: [[1, 0], [0, np.nan]]), ValueError, "jacobian"),
        ((lambda t: t, [1, 2], lambda t: 1 / 0), ValueError, "jacobian"),
        ((lambda t: t, [1, 2], lambda t: "slopes"), TypeError, "jacobian"),
    ],
)
def test_bad_input_of_residuals_is_refused_by_name(arguments, error, name):
    with pytest.raises(error, match=rf"^{name}: ") as caught:
        least_squares(*arguments)
    assert caught.type is error


def turning(f, value, calls=1):
    """A function that gives something else after a few calls."""
    made = []

    def turned(*inputs):
        made.append(1)
        return f(*inputs) if len(made) <= calls else value

    return turned


HALF_MASKED = np.ma.array(np.ones((2, 1)), mask=[[False], [True]])


@pytest.mark.parametrize(
    "slopes", [np.full((2, 1), np.nan), np.full((2, 1), np.inf), np.full((2, 1), 1e200), HALF_MASKED]
)
def test_slopes_that_fail_on_the_way_end_it_at_the_last_good_place(slopes):
    """The slopes at the start are asked for once: nothing fails there."""
    fit = least_squares(lambda t: np.append(t, t**2), [3], turning(lambda t: np.stack([[1], 2 * t]), slopes))
    assert not fit.converged and "finite" in fit.reason
    assert fit.parameters == [3] and fit.chi_squared == 90 and fit.path.tolist() == [[3]]


@pytest.mark.parametrize("residuals", [np.full(2, np.nan), HALF_MASKED[:, 0]])
def test_residuals_that_fail_on_the_way_end_it_at_the_last_good_place(residuals):
    fit = least_squares(turning(lambda t: np.append(t, t**2), residuals), [3], lambda t: np.stack([[1], 2 * t]))
    assert not fit.converged and "finite" in fit.reason
    assert fit.parameters == [3] and fit.chi_squared == 90


@pytest.mark.parametrize("value", [None, "slopes", 1j * np.ones((2, 1)), np.ones((2, 1), bool)])
def test_what_is_no_number_is_refused_on_the_way_too(value):
    def residuals(t):
        return np.append(t, t**2)

    with pytest.raises(TypeError, match=r"^jacobian: expected real numbers"):
        least_squares(residuals, [3], turning(lambda t: np.stack([[1], 2 * t]), value))
    with pytest.raises(TypeError, match=r"^residuals: expected real numbers"):
        least_squares(turning(residuals, value), [3], lambda t: np.stack([[1], 2 * t]))
    with pytest.raises(TypeError, match=r"^model: expected real numbers"):
        fit_curve(lambda x, a: a * x if a == 1 else value, [1, 2], [2, 4], [1])


def test_slopes_whose_squares_overflow_are_refused_at_the_start():
    words = ": expected slopes whose squares can be added up, got some beyond 1e150$"
    with pytest.raises(ValueError, match="^jacobian" + words):
        least_squares(lambda t: t, [1, 2], lambda t: np.full((2, 2), 1e200))
    with pytest.raises(ValueError, match="^residuals" + words):
        least_squares(lambda t: 1e200 * (t - 1), [1])
    with pytest.raises(ValueError, match=r"^residuals: expected residuals whose squares"):
        least_squares(lambda t: 1e200 * t, [1], lambda t: [[1]])
    with pytest.raises(ValueError, match="^model" + words):
        fit_curve(lambda x, a: 1e200 * (a - 1) * x, [1, 2], [1, 2], [1])


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (
            (never, [[1], [2, 3]], [1, 2], [1]),
            ValueError,
            "x: expected 2 real numbers, or as many rows of them, got the",
        ),
        ((never, np.ma.array([1, 2], mask=[0, 1]), [1, 2], [1]), ValueError, "x: .* got masked entries"),
        ((lambda x, a: np.ma.array(x, mask=[0, 1]), [1, 2], [1, 2], [1]), ValueError, "model: .* got masked entries"),
        ((never, [1, 2], [1, 2], [1], 1, 1), TypeError, "only_ratios_known: expected True or False, got 1"),
        ((never, [1, 2], [1, 2], [1], 1, None), TypeError, "only_ratios_known: expected True or False, got None"),
    ],
)
def test_the_error_says_what_is_wrong(arguments, error, words):
    with pytest.raises(error, match=f"^{words}"):
        fit_curve(*arguments)


def test_the_error_names_the_parameters():
    with pytest.raises(
        ValueError, match=r"^start: expected a number for each of w, b in model\(x, w, b\), got 3 numbers$"
    ):
        fit_curve(neuron, X, Y, [1, 2, 3])
    assert fit_curve(lambda x, a, b=0: a * x + b, X, Y, [1]).parameters.shape == (1,)
    assert fit_curve(np.multiply, X, Y, [1]).converged
