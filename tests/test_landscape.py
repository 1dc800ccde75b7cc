"""Landscapes: the same in JavaScript, gradients from a second method, deepest points by exclusion, refusals."""

import json
import math
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook.gradient import gradient, hessian
from mmlbook.landscape import APART, LEVELS, MARGIN, SHAPE_NUMBERS, SIDE, Landscape, sandpit, uniform

# The generator


def test_the_generator_with_whole_numbers():
    """The definition once more, with the shifts and products written out as divisions."""

    def mixed(h):
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
            h = (h ^ h // 2**shift) * factor % 2**32
        return h

    for seed in (0, 1, 2**31, 2**32 - 1):
        for n in (0, 1, 77, 2**32 - 1):
            assert uniform(seed, n) == mixed((mixed(seed) + 2654435769 * n) % 2**32) / 2**32
    assert mixed(1) == 0x514E28B7  # as published for the last step of MurmurHash3


def test_the_generator_is_even():
    numbers = np.array([[uniform(seed, n) for n in range(100)] for seed in range(200)])
    assert 0 <= numbers.min() < 1e-3 and 1 - 1e-3 < numbers.max() < 1
    shares = np.histogram(numbers, bins=10, range=(0, 1))[0] / numbers.size
    np.testing.assert_allclose(shares, 0.1, atol=0.01)
    neighbours = np.corrcoef(numbers[:, :-1].ravel(), numbers[:, 1:].ravel())[0, 1]
    seeds = np.corrcoef(numbers[:-1].ravel(), numbers[1:].ravel())[0, 1]
    assert abs(neighbours) < 0.03 and abs(seeds) < 0.03


# The same ground in a browser


def test_javascript_makes_the_same_ground():
    """Parameters equal to the last bit, heights and soundings to 1e-12."""
    node = shutil.which("node")
    assert node, "tests need node: `make test` finds or installs it"
    points = np.random.default_rng(0).uniform(-1, 11, size=(20, 2))
    grounds = [sandpit(level, seed) for level in (*LEVELS, "random") for seed in (0, 1, 5, 12345, 2**32 - 1)]
    grounds += [Landscape(seed, pits=8, noise=0.3, valley=25.0) for seed in range(10)]
    tasks = [
        {"seed": g.seed, "pits": len(g.pits), "valley": g.valley, "noise": g.noise, "points": points.tolist()}
        for g in grounds
    ]
    script = Path(__file__).with_name("landscape.mjs")
    done = subprocess.run([node, script], input=json.dumps(tasks), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for ground, answer in zip(grounds, json.loads(done.stdout), strict=True):
        assert [vars(pit) for pit in ground.pits] == answer["pits"]
        np.testing.assert_allclose(ground.value(points), answer["heights"], rtol=0, atol=1e-12)
        soundings = [ground.sounding(point, n) for n, point in enumerate(points)]
        np.testing.assert_allclose(soundings, answer["soundings"], rtol=0, atol=1e-12)


# Shape


def test_the_pits_are_where_they_should_be():
    for seed in range(60):
        ground = Landscape(seed, pits=1 + seed % 8, valley=1 + seed % 5)
        assert len(ground.pits) == 1 + seed % 8
        for i, pit in enumerate(ground.pits):
            assert min(pit.x, pit.y) >= MARGIN and max(pit.x, pit.y) <= SIDE - MARGIN
            assert pit.length / pit.width == pytest.approx(ground.valley)
            size = math.sqrt(pit.length * pit.width * len(ground.pits))
            assert 1.5 <= size <= 2.5
            assert pit.cos**2 + pit.sin**2 == pytest.approx(1, rel=1e-14)
            assert (2 <= pit.depth <= 3) if i == 0 else (0.4 <= pit.depth / ground.pits[0].depth <= 0.75)
            for other in ground.pits[:i]:
                assert math.hypot(pit.x - other.x, pit.y - other.y) >= APART


def test_parameters_use_their_whole_range():
    pits = [Landscape(seed, pits=2).pits for seed in range(300)]
    first, second = [p[0] for p in pits], [p[1] for p in pits]
    for spread, low, high in (
        ([p.x for p in first], 1.5, 8.5),
        ([p.y for p in first], 1.5, 8.5),
        ([p.depth for p in first], 2, 3),
        ([b.depth / a.depth for a, b in pits], 0.4, 0.75),
        ([p.width * math.sqrt(2) for p in second], 1.5, 2.5),
        ([p.sin for p in first], -1, 1),
    ):
        reach = high - low
        assert low <= min(spread) < low + 0.05 * reach and high - 0.05 * reach < max(spread) <= high


def test_height_from_the_formula():
    ground = Landscape(7, pits=3, valley=4)
    for x, y in ((5.0, 5.0), (2.5, 8.0), (0.0, 10.0), (-3.0, 1.0)):
        height = 0.04 * math.hypot(x - 5, y - 5) ** 2
        for pit in ground.pits:
            angle = math.atan2(pit.sin, pit.cos)
            turned = (complex(x, y) - complex(pit.x, pit.y)) * np.exp(-1j * angle)
            height -= pit.depth * math.exp(-((turned.real / pit.length) ** 2 + (turned.imag / pit.width) ** 2) / 2)
        assert ground.value([x, y]) == ground([x, y]) == pytest.approx(height, rel=1e-13)


def test_one_point_or_many():
    ground = Landscape(3, pits=4)
    points = np.array([[1, 2], [5, 5], [9, 0]])
    assert type(ground.value(points[0])) is float
    assert ground.value(points).shape == (3,) and ground.gradient(points).shape == (3, 2)
    for i, point in enumerate(points.tolist()):
        assert ground.value(points)[i] == pytest.approx(ground.value(point), rel=1e-14)
        np.testing.assert_allclose(ground.gradient(points)[i], ground.gradient(point), rtol=1e-14)


def test_noise_is_reproducible_and_has_the_right_size():
    ground = Landscape(11, noise=0.25)
    errors = np.array([ground.sounding([3, 3], n) - ground.value([3, 3]) for n in range(4000)])
    assert abs(errors.mean()) < 0.012 and errors.std() == pytest.approx(0.25, rel=0.03)
    assert abs(np.corrcoef(errors[:-1], errors[1:])[0, 1]) < 0.05
    assert np.mean(np.abs(errors) < 0.25) == pytest.approx(0.683, abs=0.03)
    assert errors[7] == pytest.approx(Landscape(11, noise=0.25).sounding([8, 1], 7) - ground.value([8, 1]), abs=1e-14)
    by_hand = sum(uniform(11, 65536 + 12 * 7 + i) for i in range(12)) - 6
    assert errors[7] == pytest.approx(0.25 * by_hand, abs=1e-14)
    assert Landscape(11).sounding([3, 3], 5) == ground.value([3, 3])


# The deepest point


def lowest_elsewhere(ground, near):
    """A proof by exclusion: cells that cannot reach below the deepest point are dropped, the rest divided.

    Within a cell a pit is nowhere deeper than it would be if its middle came closer by the cell's half diagonal.
    Returns the cells that are left, further than `near` from the deepest point.
    """
    half = SIDE / 64
    ticks = half + 2 * half * np.arange(32)
    cells = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    lowest = ground.value(ground.deepest)
    for _ in range(12):
        reach = half * math.sqrt(2)
        bound = 0.04 * np.maximum(np.hypot(*(cells - 5).T) - reach, 0) ** 2
        for pit in ground.pits:
            turned = (cells - [pit.x, pit.y]) @ np.array([[pit.cos, -pit.sin], [pit.sin, pit.cos]])
            distance = np.hypot(turned[:, 0] / pit.length, turned[:, 1] / pit.width)
            bound -= pit.depth * np.exp(-0.5 * np.maximum(distance - reach / pit.width, 0) ** 2)
        far = np.hypot(*(cells - ground.deepest).T) > near + reach
        cells = cells[(bound < lowest) & far]
        half /= 2
        corners = half * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
        if len(cells) == 0:
            break
        cells = (cells[:, np.newaxis] + corners).reshape(-1, 2)
    return cells


@pytest.mark.parametrize("level", [*LEVELS, "random"])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_the_deepest_point_is_the_deepest(level, seed):
    ground = sandpit(level, seed)
    assert len(lowest_elsewhere(ground, near=0.2)) == 0
    np.testing.assert_allclose(ground.gradient(ground.deepest), 0, atol=1e-12)
    ring = ground.deepest + 0.2 * np.array([[np.cos(t), np.sin(t)] for t in np.linspace(0, 6.28, 20)])
    for fraction in np.linspace(0, 1, 5):  # inside the ring the ground is convex: one bottom
        for place in ground.deepest + fraction * (ring - ground.deepest):
            assert np.linalg.eigvalsh(hessian(ground)(place))[0] > 0


def test_the_deepest_point_of_many_landscapes():
    points = np.stack(np.meshgrid(np.linspace(0, 10, 61), np.linspace(0, 10, 61)), axis=-1).reshape(-1, 2)
    for seed in range(32):
        ground = Landscape(seed, pits=1 + seed % 8, valley=(1, 3, 9, 25)[seed % 4])
        assert np.abs(ground.gradient(ground.deepest)).max() < 1e-12
        assert ground.value(ground.deepest) <= ground.value(points).min()
        assert (ground.deepest >= 0).all() and (ground.deepest <= 10).all()
    assert ground.deepest is ground.deepest
    with pytest.raises(ValueError, match="read-only"):
        ground.deepest[0] = 0


# Laws


fast = settings(max_examples=50, deadline=None, derandomize=True, database=None)
seeds = st.integers(0, 2**32 - 1)
places = st.tuples(st.floats(0, 10), st.floats(0, 10))
grounds = st.builds(Landscape, seeds, pits=st.integers(1, 8), valley=st.floats(1, 25), noise=st.floats(0, 1))


@fast
@given(grounds, places)
def test_the_gradient_is_that_of_the_tape(ground, place):
    place = np.array(place)
    np.testing.assert_allclose(gradient(ground)(place), ground.gradient(place), rtol=1e-12, atol=1e-13)


@fast
@given(grounds, places)
def test_the_gradient_is_the_slope_of_nearby_heights(ground, place):
    step = 1e-5
    for axis, slope in zip(np.eye(2), ground.gradient(place), strict=True):
        rise = ground.value(place + step * axis) - ground.value(place - step * axis)
        assert rise / (2 * step) == pytest.approx(slope, abs=1e-6)


@fast
@given(grounds, places)
def test_the_second_derivatives_are_those_of_the_tape(ground, place):
    place = np.array(place)
    scale = 1 + 3 / min(pit.width for pit in ground.pits) ** 2
    np.testing.assert_allclose(ground._hessian(place[np.newaxis])[0], hessian(ground)(place), atol=1e-12 * scale)


@fast
@given(grounds, places)
def test_no_place_is_deeper_than_the_deepest(ground, place):
    assert ground.value(ground.deepest) <= ground.value(place) + 1e-14


@fast
@given(grounds, places, st.integers(0, 1000))
def test_the_same_seed_gives_the_same_ground(ground, place, n):
    again = Landscape(ground.seed, pits=len(ground.pits), valley=ground.valley, noise=ground.noise)
    assert again.pits == ground.pits
    assert again.value(place) == ground.value(place)
    assert again.sounding(place, n) == ground.sounding(place, n)
    assert repr(again) == repr(ground)
    other = Landscape((ground.seed + 1) % 2**32, pits=len(ground.pits))
    assert other.pits[0].x != ground.pits[0].x


@fast
@given(grounds)
def test_far_out_only_the_dish_is_left(ground):
    assert ground.value([200, 5]) == pytest.approx(0.04 * 195**2)
    np.testing.assert_allclose(ground.gradient([5, -200]), [0, -0.08 * 205], atol=1e-12)


# Levels and refusals


def test_levels():
    assert list(LEVELS) == ["one pit", "several pits", "noise", "narrow valley"]
    assert [len(sandpit(level, 1).pits) for level in LEVELS] == [1, 5, 5, 1]
    assert [sandpit(level, 1).noise for level in LEVELS] == [0, 0, 0.2, 0]
    assert [sandpit(level, 1).valley for level in LEVELS] == [1, 1, 1, 9]
    surprises = [sandpit("random", seed) for seed in range(200)]
    assert {len(ground.pits) for ground in surprises} == set(range(1, 9))
    for spread, low, high in (([g.noise for g in surprises], 0, 0.2), ([g.valley for g in surprises], 1, 9)):
        reach = high - low
        assert low <= min(spread) < low + 0.05 * reach and high - 0.05 * reach < max(spread) <= high


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: Landscape(-1), ValueError, "seed: expected a whole number of at least 0"),
        (lambda: Landscape(2**32), ValueError, r"seed: expected a whole number below 2\*\*32"),
        (lambda: Landscape(1.0), TypeError, "seed: expected a whole number"),
        (lambda: Landscape(True), TypeError, "seed: expected a whole number"),
        (lambda: Landscape(1, pits=0), ValueError, "pits: expected"),
        (lambda: Landscape(1, pits=9), ValueError, "pits: expected a whole number from 1 to 8"),
        (lambda: Landscape(1, pits=2.0), TypeError, "pits: expected"),
        (lambda: Landscape(1, noise=-0.1), ValueError, "noise: expected"),
        (lambda: Landscape(1, noise=math.nan), ValueError, "noise: expected"),
        (lambda: Landscape(1, noise="loud"), TypeError, "noise: expected"),
        (lambda: Landscape(1, valley=0.9), ValueError, "valley: expected a number from 1 to 25"),
        (lambda: Landscape(1, valley=26), ValueError, "valley: expected a number from 1 to 25"),
        (lambda: Landscape(1, valley=[1, 2]), ValueError, "valley: expected"),
        (lambda: uniform(2**32, 0), ValueError, "seed: expected"),
        (lambda: uniform(0, 2**32), ValueError, "n: expected"),
        (lambda: uniform(0, -1), ValueError, "n: expected"),
        (lambda: sandpit("hard", 0), ValueError, "level: expected one of 'one pit', 'several pits'"),
        (lambda: sandpit(3, 0), TypeError, "level: expected one of 'one pit'"),
        (lambda: sandpit("random", -1), ValueError, "seed: expected"),
        (lambda: Landscape(1).sounding([[1, 2], [3, 4]], 0), ValueError, "point: expected one place, got 2 rows"),
        (lambda: Landscape(1).sounding([1, 2], -1), ValueError, "n: expected"),
        (lambda: Landscape(1).sounding([1, 2], 2**32 // 12), ValueError, "n: expected"),
    ],
)
def test_landscapes_that_cannot_be(make, error, words):
    with pytest.raises(error, match=f"^{words}"):
        make()


def test_the_last_sounding():
    assert math.isfinite(Landscape(1, noise=0.1).sounding([1, 2], (2**32 - 65536) // 12 - 1))
    with pytest.raises(ValueError, match=r"^n: expected"):
        Landscape(1).sounding([1, 2], (2**32 - 65536) // 12)


@pytest.mark.parametrize(
    "bad, error",
    [
        (3.0, ValueError),
        ([1, 2, 3], ValueError),
        ([[1, 2, 3]], ValueError),
        ([[[1, 2]]], ValueError),
        ([], ValueError),
        ([1, math.nan], ValueError),
        ([math.inf, 1], ValueError),
        ([1e200, 1], ValueError),
        ([-1e200, 1], ValueError),
        ([[1, 2], [3]], ValueError),
        ([1j, 2], TypeError),
        (["1", "2"], TypeError),
        ([True, False], TypeError),
        (None, TypeError),
    ],
)
def test_bad_points_are_refused_by_name(bad, error):
    ground = Landscape(1)
    for use in (ground, ground.value, ground.gradient, lambda point: ground.sounding(point, 0)):
        with pytest.raises(error, match=r"^point: expected "):
            use(bad)


def test_bad_points_in_a_derivative_are_refused_by_name():
    with pytest.raises(ValueError, match=r"^point: expected .* got shape \(3,\)"):
        gradient(Landscape(1))([1.0, 2.0, 3.0])


def test_the_last_sounding_has_a_number_that_the_generator_can_hold():
    ground = Landscape(1, noise=0.1)
    last = (2**32 - 12 - SHAPE_NUMBERS) // 12
    assert np.isfinite(ground.sounding((1, 1), last))
    with pytest.raises(ValueError, match=r"^n: expected a number of a sounding below 350 million"):
        ground.sounding((1, 1), last + 1)
