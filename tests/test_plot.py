"""Drawings: what is drawn, from a second method; colours, weight, refusals. Not the pixels."""

import gzip
import io
import math
import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cells.figures import HEAVIEST, clean, strange_colours
from mmlbook import plot
from mmlbook.backprop import Network
from mmlbook.landscape import Landscape

STYLE = Path(__file__).parents[1] / "book" / "_ext" / "cells" / "kernel" / "matplotlibrc"
GROUND = Landscape(4, pits=5)
POSITION = np.arange(8)
READING = np.array([-0.95, -0.84, -0.67, -0.23, 0.32, 0.85, 0.88, 0.95])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def bowl(p):
    return p[0] ** 2 + 3 * p[1] ** 2


def walk(steps):
    """Downhill in small steps."""
    places = [np.array([5.0, 9.0])]
    for _ in range(steps):
        places.append(places[-1] - 0.1 * GROUND.gradient(places[-1]))
    return places


DRAWINGS = {
    "tangent": lambda ax: plot.curve_with_tangent(np.sin, 1, ax=ax),
    "arrows": lambda ax: plot.contours_with_arrows(bowl, ax=ax),
    "ground": lambda ax: plot.contours_with_arrows(GROUND, (0, 10), (0, 10), GROUND.gradient, ax=ax),
    "path": lambda ax: plot.path_on_contours(GROUND, walk(300), (0, 10), (0, 10), ax=ax),
    "network": lambda ax: plot.network((64, 32, 10), ax=ax),
    "weights": lambda ax: plot.network(Network((3, 4, 2)), ax=ax),
    "residuals": lambda ax: plot.residuals(POSITION, READING, np.tanh, 0.05, ax=ax),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_drawings_follow_the_theme_and_are_light(draw):
    with matplotlib.rc_context(fname=STYLE):
        ax = draw(None)
        file = io.StringIO()
        ax.figure.savefig(file, format="svg")
    svg = file.getvalue()
    assert strange_colours(svg) == set()
    assert len(gzip.compress(clean(svg, "p", "a drawing").encode())) < HEAVIEST == 15_000
    assert ax.get_title() == ax.get_xlabel() == ax.get_ylabel() == ""


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_drawings_go_where_they_are_told(draw):
    _, (left, right) = plt.subplots(1, 2)
    assert draw(left) is left
    assert left.has_data() and not right.has_data()
    assert len(plt.get_fignums()) == 1
    with pytest.raises(TypeError, match=r"^ax: expected Matplotlib axes, got 3"):
        draw(3)


# A curve and its tangent


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(st.floats(-3, 3), st.floats(0.1, 5), st.floats(0.1, 5))
def test_the_tangent_touches_with_the_slope_of_the_curve(at, before, after):
    ax = plot.curve_with_tangent(math.sin, at, x=(at - before, at + after))
    curve, tangent, point = ax.lines
    np.testing.assert_allclose(curve.get_ydata(), np.sin(curve.get_xdata()), atol=1e-15)
    assert curve.get_xdata()[[0, -1]].tolist() == [at - before, at + after]
    x, y = tangent.get_data()
    np.testing.assert_allclose(y, math.sin(at) + math.cos(at) * (x - at), atol=1e-9)
    assert x[1] - x[0] == pytest.approx((before + after) / 2) and sum(x) / 2 == pytest.approx(at, abs=1e-12)
    assert point.get_xydata().tolist() == [[at, math.sin(at)]]
    assert tangent.get_color() == point.get_color() != curve.get_color()
    plt.close("all")


def test_the_usual_range_is_one_to_each_side():
    curve = plot.curve_with_tangent(lambda t: 2 * t, 3).lines[0]
    assert curve.get_xdata()[[0, -1]].tolist() == [2, 4]
    assert len(curve.get_xdata()) == plot.POINTS


# Contours


def test_the_arrows_are_the_gradient():
    for options in ({}, {"gradient": lambda p: [2 * p[0], 6 * p[1]]}):
        ax = plot.contours_with_arrows(bowl, x=(-2, 1), y=(0, 2), arrows=4, **options)
        arrows = ax.collections[1]
        places = arrows.get_offsets()
        assert places.shape == (16, 2)
        np.testing.assert_allclose(sorted(set(places[:, 0])), [-1.625, -0.875, -0.125, 0.625])
        np.testing.assert_allclose(sorted(set(places[:, 1])), [0.25, 0.75, 1.25, 1.75])
        np.testing.assert_allclose(arrows.U, 2 * places[:, 0], atol=1e-8)
        np.testing.assert_allclose(arrows.V, 6 * places[:, 1], atol=1e-8)
        assert np.hypot(arrows.U, arrows.V).max() / arrows.scale == pytest.approx(0.9 * 0.5)
        assert arrows.angles == arrows.scale_units == "xy"


def test_arrows_of_a_landscape_agree_with_differences():
    by_rule, by_differences = (
        plot.contours_with_arrows(GROUND, (0, 10), (0, 10), rule).collections[1] for rule in (GROUND.gradient, None)
    )
    np.testing.assert_allclose(by_rule.U, by_differences.U, atol=1e-8)
    np.testing.assert_allclose(by_rule.V, by_differences.V, atol=1e-8)


@pytest.mark.parametrize(
    "draw",
    [
        lambda f: plot.contours_with_arrows(f, x=(-2, 1), y=(0, 2)),
        lambda f: plot.path_on_contours(f, [[0, 0], [-1, 1]], x=(-2, 1), y=(0, 2)),
    ],
)
def test_contours_have_equal_heights(draw):
    ax = draw(bowl)
    contours = ax.collections[0]
    seen = 0
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        for x, y in path.vertices:
            assert bowl((x, y)) == pytest.approx(level, abs=0.02)
            assert -2 <= x <= 1 and 0 <= y <= 2
            seen += 1
    assert seen > 100 and 4 <= len(contours.levels) <= 12
    assert ax.get_aspect() == 1
    assert len(ax.texts) > 0
    assert all(bowl(text.get_position()) == pytest.approx(float(text.get_text()), abs=0.1) for text in ax.texts)


def test_level_ground_has_no_contours():
    ax = plot.contours_with_arrows(lambda p: 7.0)
    (arrows,) = ax.collections
    assert not arrows.U.any() and ax.get_aspect() == 1


def test_the_path_is_drawn_from_ring_to_dot():
    path = np.array([[3.0, 1.0], [1.0, 0.0], [0.0, 0.5]])
    ax = plot.path_on_contours(bowl, path)
    line, start, end = ax.lines
    np.testing.assert_array_equal(line.get_xydata(), path)
    assert start.get_xydata().tolist() == [[3, 1]] and start.get_fillstyle() == "none"
    assert end.get_xydata().tolist() == [[0, 0.5]] and end.get_fillstyle() == "full"
    assert line.get_markevery() == 1
    assert ax.get_xlim() == (-0.75, 3.75) and ax.get_ylim() == (-0.75, 1.75)
    assert plot.path_on_contours(bowl, walk(120)).lines[0].get_markevery() == 3
    still = plot.path_on_contours(bowl, [[1, 2]])
    assert still.get_xlim() == (0, 2) and still.get_ylim() == (1, 3)


# Networks


def test_connections_show_the_weights():
    net = Network((2, 3, 1))
    net.weights[0] = [[1, -2], [0, 4], [0.5, -0.25]]
    net.weights[1] = [[-3, 6, 0]]
    ax = plot.network(net)
    assert len(ax.lines) == 9
    drawn = {tuple(map(tuple, line.get_xydata())): line for line in ax.lines}
    before, middle, after = [0.5, -0.5], [1, 0, -1], [0]
    for layer, (left, right, W) in enumerate(((before, middle, net.weights[0]), (middle, after, net.weights[1]))):
        for i, start in enumerate(left):
            for j, end in enumerate(right):
                line = drawn[(layer, start), (layer + 1, end)]
                assert line.get_linewidth() == pytest.approx(0.3 + 2.5 * abs(W[j, i]) / np.abs(W).max())
                assert (line.get_linestyle(), line.get_color()) == (("--", "C1") if W[j, i] < 0 else ("-", "C0"))
    assert [len(dots.get_offsets()) for dots in ax.collections] == [2, 3, 1]
    np.testing.assert_array_equal(ax.collections[1].get_offsets(), [[1, 1], [1, 0], [1, -1]])
    assert ax.get_ylim() == (-2.3, 1.8) and {text.get_position()[1] for text in ax.texts} == {-1.8}
    assert not ax.axison


def test_sizes_alone_and_large_layers():
    ax = plot.network([12, 8, 9])
    assert [len(dots.get_offsets()) for dots in ax.collections] == [8, 8, 8]
    assert [text.get_text() for text in ax.texts] == ["8 of 12", "8", "8 of 9"]
    assert [text.get_position()[0] for text in ax.texts] == [0, 1, 2]
    assert len(ax.lines) == 128 and {line.get_linewidth() for line in ax.lines} == {0.8}
    large = Network((20, 9), seed=1)
    large.weights[0][8, 19] = 100  # not among those that are drawn
    assert max(line.get_linewidth() for line in plot.network(large).lines) == pytest.approx(2.8)
    large.weights[0] = np.zeros((9, 20))
    assert {line.get_linewidth() for line in plot.network(large).lines} == {0.8}


# Residuals


@pytest.mark.parametrize("sigma", [None, 0.05, np.linspace(0.05, 0.2, 8)])
def test_residuals_reach_from_the_model_to_the_readings(sigma):
    def model(x):
        return np.tanh(0.8 * x - 2.8)

    ax = plot.residuals(POSITION, READING, model, sigma)
    curve, readings, *rest = ax.lines
    np.testing.assert_allclose(curve.get_ydata(), model(curve.get_xdata()))
    assert curve.get_xdata()[[0, -1]].tolist() == [0, 7]
    np.testing.assert_array_equal(readings.get_xydata(), np.transpose([POSITION, READING]))
    sticks = [line for line in rest if line.get_color() == "C2"]
    for stick, x, y in zip(sticks, POSITION, READING, strict=True):
        assert list(stick.get_xdata()) == [x, x]
        np.testing.assert_allclose(stick.get_ydata(), [model(x), y])
    assert len(ax.collections) == (sigma is not None)
    if sigma is not None:
        ends = [segment[:, 1] for segment in ax.collections[0].get_segments()]
        np.testing.assert_allclose(ends, np.transpose([READING - sigma, READING + sigma]))


# Refusals


@pytest.mark.parametrize(
    "draw, error, words",
    [
        (lambda: plot.curve_with_tangent(3, 1), TypeError, "f: expected a function"),
        (lambda: plot.curve_with_tangent(np.sin, math.nan), ValueError, "at: expected finite"),
        (lambda: plot.curve_with_tangent(np.sin, [1, 2]), ValueError, "at: expected"),
        (lambda: plot.curve_with_tangent(np.sin, 1, x=(2, 2)), ValueError, r"x: expected a range \(low, high\)"),
        (lambda: plot.curve_with_tangent(np.sin, 1, x=(3, 2)), ValueError, "x: expected a range"),
        (lambda: plot.curve_with_tangent(np.sin, 1, x=3), ValueError, "x: expected"),
        (lambda: plot.curve_with_tangent(np.log, 0.5), ValueError, "f: expected finite"),
        (lambda: plot.curve_with_tangent(abs, 0), ValueError, "f: expected a slope at 0.0, but f has a kink"),
        (lambda: plot.curve_with_tangent(lambda t: [t], 0), ValueError, "f: expected"),
        (lambda: plot.contours_with_arrows("bowl"), TypeError, "f: expected a function"),
        (lambda: plot.contours_with_arrows(np.log), ValueError, "f: expected"),
        (lambda: plot.contours_with_arrows(lambda p: p), ValueError, "f: expected one real number"),
        (lambda: plot.contours_with_arrows(bowl, x=(1, -1)), ValueError, "x: expected a range"),
        (lambda: plot.contours_with_arrows(bowl, y=(1, 1)), ValueError, "y: expected a range"),
        (lambda: plot.contours_with_arrows(bowl, arrows=0), ValueError, "arrows: expected"),
        (lambda: plot.contours_with_arrows(bowl, gradient=2), TypeError, "gradient: expected a function"),
        (lambda: plot.contours_with_arrows(bowl, gradient=bowl), ValueError, r"gradient: .* shape \(2,\)"),
        (lambda: plot.path_on_contours(None, [[1, 2]]), TypeError, "f: expected a function"),
        (lambda: plot.path_on_contours(lambda p: math.nan, [[1, 2]]), ValueError, "f: expected finite"),
        (lambda: plot.path_on_contours(bowl, [1, 2]), ValueError, "path: expected"),
        (lambda: plot.path_on_contours(bowl, [[1, 2, 3]]), ValueError, "path: expected"),
        (lambda: plot.path_on_contours(bowl, [[1, math.inf]]), ValueError, "path: expected finite"),
        (lambda: plot.path_on_contours(bowl, []), ValueError, "path: expected"),
        (lambda: plot.path_on_contours(bowl, [[1, 2]], x=(0, 0)), ValueError, "x: expected a range"),
        (lambda: plot.path_on_contours(bowl, [[1, 2]], y="ab"), TypeError, "y: expected"),
        (lambda: plot.network(3), TypeError, "sizes: expected a list of whole numbers or a Network, got 3"),
        (lambda: plot.network([3]), ValueError, "sizes: expected at least two layers"),
        (lambda: plot.network([3, 0]), ValueError, r"sizes\[1\]: expected"),
        (lambda: plot.network([3, 2.5]), TypeError, r"sizes\[1\]: expected"),
        (lambda: plot.residuals([0, 1], [1, 2], 3), TypeError, "model: expected a function"),
        (lambda: plot.residuals([0, 1], [1], np.sin), ValueError, "y: expected"),
        (lambda: plot.residuals([[0, 1]], [[1, 2]], np.sin), ValueError, "x: expected"),
        (lambda: plot.residuals([0, math.nan], [1, 2], np.sin), ValueError, "x: expected finite"),
        (lambda: plot.residuals([0, 1], ["a", "b"], np.sin), TypeError, "y: expected"),
        (lambda: plot.residuals([0, 1], [1, 2], lambda x: 1.0), ValueError, "model: expected"),
        (lambda: plot.residuals([0, 1], [1, 2], np.sin, sigma=0), ValueError, "sigma: expected"),
        (lambda: plot.residuals([0, 1], [1, 2], np.sin, sigma=[1, 0]), ValueError, "sigma: expected numbers above 0"),
        (lambda: plot.residuals([0, 1], [1, 2], np.sin, sigma=[1, 1, 1]), ValueError, "sigma: expected"),
    ],
)
def test_bad_input_is_refused_by_name(draw, error, words):
    with pytest.raises(error, match=f"^{words}"):
        draw()
    assert plt.get_fignums() == []


def test_nothing_of_the_reader_is_changed():
    def spoils(x):
        x += 1
        return x * 1.0

    places, path = np.array([0.0, 1.0, 2.0]), np.array([[0.0, 1.0], [1.0, 1.0]])
    for array in (places, path):
        array.setflags(write=False)
    plot.residuals(places, places, spoils)
    plot.path_on_contours(lambda p: spoils(p).sum(), path)
    arrows = plot.contours_with_arrows(bowl, gradient=spoils).collections[1]
    np.testing.assert_allclose(arrows.get_offsets().min(axis=0), -6 / 7)


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    for draw in DRAWINGS.values():
        with pytest.raises(ImportError, match="pip install matplotlib"):
            draw(None)


def test_heights_of_lines_have_to_rise():
    for levels in ([1.0, 1.0], [2.0, 1.0]):
        with pytest.raises(ValueError, match=r"^levels: expected heights in rising order"):
            plot.contours_with_arrows(bowl, levels=levels)
    assert plot.contours_with_arrows(bowl, levels=[0.5, 1.0]).collections[0].levels.tolist() == [0.5, 1.0]
