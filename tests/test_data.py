"""The book's measurements: what the book prints, what their docstrings promise, and that fits find what is in them."""

import numpy as np
import pytest

from mmlbook import csv_table, data
from mmlbook.data import battery_charge, kettle_temperatures, shadow_readings, spring_lengths, sunflower_heights
from mmlbook.linear_regression import fit_line

SETS = [shadow_readings, spring_lengths, battery_charge, kettle_temperatures, sunflower_heights]


def scatter(method, model, seeds=200):
    """Misses in units of the error, from many repetitions of an experiment."""
    misses = []
    for seed in range(seeds):
        place, reading, error = method(seed)
        misses.append((reading - model(place)) / error)
    return np.array(misses)


def normal(misses):
    assert misses.mean() == pytest.approx(0, abs=4 / np.sqrt(misses.size))
    assert misses.std() == pytest.approx(1, abs=0.05)


def test_the_readings_are_those_of_the_first_page():
    position, reading, error = shadow_readings()
    np.testing.assert_array_equal(position, [0, 1, 2, 3, 4, 5, 6, 7])
    np.testing.assert_array_equal(reading, [-0.95, -0.84, -0.67, -0.23, 0.32, 0.85, 0.88, 0.95])
    assert error == 0.05


def test_the_shadow_is_as_documented():
    normal(scatter(shadow_readings, lambda position: np.tanh(0.6 * position - 2)))


def test_the_spring_is_as_documented():
    load, length, error = spring_lengths()
    np.testing.assert_array_equal(load, np.arange(1, 11) * 20)
    np.testing.assert_array_equal(error, [1.5] * 5 + [0.4] * 5)
    misses = scatter(spring_lengths, lambda load: 80 + 0.25 * load)
    normal(misses[:, :5])
    normal(misses[:, 5:])
    fit = fit_line(load, length, error)
    assert np.all(np.abs(fit.parameters - [80, 0.25]) < 3 * fit.standard_errors)
    np.testing.assert_array_equal(length, length.round(1))


def test_the_battery_is_as_documented():
    time, charge, error = battery_charge()
    np.testing.assert_array_equal(time, np.arange(24) / 2)
    assert error == 1
    np.testing.assert_array_equal(charge, charge.round())
    wrong = np.isin(time, [2, 6, 9.5])
    misses = scatter(battery_charge, lambda time: 96 - 7.5 * time)
    assert misses[:, ~wrong].std() == pytest.approx(np.sqrt(1 + 1 / 12), abs=0.05)  # rounding adds its own error
    assert np.abs(misses[:, ~wrong].mean()) < 0.1
    swapped = [float(f"{value:02.0f}"[::-1]) for value in charge[wrong]]
    np.testing.assert_allclose(swapped, 96 - 7.5 * time[wrong], atol=4)
    assert np.all(np.abs(charge - (96 - 7.5 * time))[wrong] > 10)
    assert wrong.sum() == 3


def test_the_kettle_is_as_documented():
    time, temperature, error = kettle_temperatures()
    np.testing.assert_array_equal(time, np.arange(19) * 5)
    assert error == 0.4
    np.testing.assert_array_equal(temperature, temperature.round(1))
    normal(scatter(kettle_temperatures, lambda time: 21 + 74 * np.exp(-time / 28)))


def test_the_sunflowers_are_as_documented():
    heights = np.concatenate([sunflower_heights(seed) for seed in range(100)])
    assert sunflower_heights().shape == (600,)
    np.testing.assert_array_equal(heights, heights.round())
    mean = 0.6 * 148 + 0.4 * 184
    assert heights.mean() == pytest.approx(mean, abs=0.5)
    variance = 0.6 * (9**2 + (148 - mean) ** 2) + 0.4 * (12**2 + (184 - mean) ** 2) + 1 / 12
    assert heights.var() == pytest.approx(variance, rel=0.02)
    # Of the low variety, a share of 0.5 is below its mean, and nearly none of the tall.
    assert np.mean(heights < 147.5) == pytest.approx(0.6 * 0.4778 + 0.4 * 0.0012, abs=0.01)
    assert np.mean(heights > 184.5) == pytest.approx(0.4 * 0.4834, abs=0.01)
    assert np.mean(heights > 172) == pytest.approx(0.6 * 0.0032 + 0.4 * 0.8312, abs=0.01)


@pytest.mark.parametrize("method", SETS)
def test_a_seed_repeats_the_experiment(method):
    def readings(*seed):
        answer = method(*seed)
        return answer[1] if isinstance(answer, tuple) else answer

    np.testing.assert_array_equal(readings(), readings())
    np.testing.assert_array_equal(readings(5), readings(5))
    assert np.any(readings(5) != readings(6))


@pytest.mark.parametrize("method", SETS)
def test_bad_seeds_are_refused(method):
    for seed, error in ((-1, ValueError), (0.5, TypeError), ("1", TypeError), (None, TypeError), (True, TypeError)):
        with pytest.raises(error, match=r"^seed: expected a whole number"):
            method(seed)


def test_read_csv_is_here_too():
    assert data.read_csv is csv_table.read_csv
    assert sorted(data.__all__) == sorted(["read_csv", *(method.__name__ for method in SETS)])
