"""What several lectures draw: a tangent, contours, arrows, a path, a network, residuals.

To copy: put this file, `inputs.py` and `slope.py` into a folder `mmlbook` beside your
program. Besides NumPy it needs Matplotlib: ``pip install matplotlib``. What it offers:

- `curve_with_tangent`: the graph of a function, and its tangent at a point
- `contours_with_arrows`: lines of equal height, and the gradient at some places
- `path_on_contours`: lines of equal height, and the way that a method took
- `network`: neurons and connections
- `residuals`: measurements, a model, and what is left between them

Each draws into ``ax``, or into new axes, and returns them. Colours are those of Matplotlib's
cycle, so that they follow the style in use. Titles and labels are left to you.

>>> ax = curve_with_tangent(np.square, at=1, x=(0, 2))
>>> tangent = ax.lines[1]
>>> tangent.get_xdata(), tangent.get_ydata().round(6)
(array([0.5, 1.5]), array([0., 2.]))
"""

from itertools import pairwise

import numpy as np

from mmlbook.inputs import array, function, number, numbers, on_arrays, positive, whole, wholes
from mmlbook.slope import central_difference, richardson

POINTS = 121  # of a curve: smooth, and light enough for a page
MOST = 100  # arrows to a side, and lines of equal height: more would be a grey patch
GRID = 41  # points to a side where contours are computed
FARTHEST = 1e150  # that is drawn: the squares of larger numbers overflow
SHOWN = 8  # neurons of a layer; of larger layers only so many are drawn


def curve_with_tangent(f, at, x=None, ax=None):
    """The graph of f, a point on it, and the tangent there.

    In formula, the tangent is ``f(at) + slope * (x - at)``, with the slope from `richardson`. It
    is drawn over half of the range.

    Parameters: f, a function of one number; at, a number; x, the range (low, high),
    ``(at - 1, at + 1)`` unless given; ax, Matplotlib axes. Returns the axes.
    Raises TypeError or ValueError, naming the argument, for bad arguments, or if f has no slope at that point.

    >>> ax = curve_with_tangent(abs, at=0)
    Traceback (most recent call last):
    ...
    ValueError: f: expected a slope at 0.0, but f has a kink: its slopes to the left and to the right differ
    """
    function(f, expected="a function of one number")
    at = number(at, "at")
    low, high = _range((at - 1, at + 1) if x is None else x, "x")
    answer = richardson(f, at)
    if not answer.converged:
        raise ValueError(f"f: expected a slope at {at}, but {answer.reason}")
    places = np.linspace(low, high, POINTS)
    heights = [_height(f, place) for place in places.tolist()]
    ends = np.array([at - (high - low) / 4, at + (high - low) / 4])
    ax = _axes(ax)
    ax.plot(places, heights)
    (tangent,) = ax.plot(ends, _height(f, at) + answer.slope * (ends - at), label="tangent")
    ax.plot([at], [_height(f, at)], "o", color=tangent.get_color())
    return ax


def contours_with_arrows(f, x=(-1, 1), y=(-1, 1), gradient=None, arrows=7, levels=8, ax=None):
    """Lines of equal height of f, and arrows along its gradient.

    An arrow starts where the gradient was taken. It is as long as the gradient, times one factor for
    all, so that the longest fits. Both axes have the same scale, so that right angles look right.

    Parameters: f, a function of a point, an array (x, y); x and y, the ranges (low, high); gradient,
    a function of a point that returns the two slopes, central differences of f unless given;
    arrows, how many to a side, up to 100; levels, about how many heights to draw lines for, up to 100, or a
    rising list of heights; ax, Matplotlib axes. Returns the axes.
    Raises TypeError or ValueError, naming the argument, for bad arguments.

    >>> ax = contours_with_arrows(lambda p: p[0]**2 + 3 * p[1]**2)
    >>> contours, arrows = ax.collections
    >>> arrows.U.shape, bool(ax.get_aspect() == 1)
    ((49,), True)
    """
    function(f, expected="a function of a point (x, y)")
    if gradient is not None:
        function(gradient, "gradient", "a function of a point (x, y)")
    x, y = _range(x, "x"), _range(y, "y")
    n, levels = whole(arrows, "arrows", least=1, most=MOST), _levels(levels)
    gap = np.array([x[1] - x[0], y[1] - y[0]]) / n
    places = [
        np.array([a, b]) for a in x[0] + gap[0] * (np.arange(n) + 0.5) for b in y[0] + gap[1] * (np.arange(n) + 0.5)
    ]
    slopes = np.array([_slopes(f, gradient, place) for place in places])
    ax = _contours(f, x, y, levels, ax)
    longest = np.hypot(*slopes.T).max() or 1.0
    scale = longest / (0.9 * gap.min())
    ax.quiver(*np.transpose(places), *slopes.T, color="C1", angles="xy", scale_units="xy", scale=scale, width=0.006)
    return ax


def path_on_contours(f, path, x=None, y=None, levels=8, ax=None):
    """Lines of equal height of f, and a path over them: a ring at its start, a dot at its end.

    Parameters: f, a function of a point, an array (x, y); path, the points visited, one a row, such as the
    ``path`` of an iterative method; x and y, the ranges (low, high), a little wider than the path unless
    given; levels, about how many heights to draw lines for, up to 100, or a rising list of heights; ax, Matplotlib
    axes. Returns the axes, with the same scale both ways.
    Raises TypeError or ValueError, naming the argument, for bad arguments.

    >>> ax = path_on_contours(lambda p: p[0]**2 + 3 * p[1]**2, [[2, 1], [1, 0], [0, 0]])
    >>> ax.lines[0].get_xydata()
    array([[2., 1.],
           [1., 0.],
           [0., 0.]])
    >>> path_on_contours(np.sum, [2, 1])
    Traceback (most recent call last):
    ...
    ValueError: path: expected an array of shape (any, 2), got shape (2,)
    """
    function(f, expected="a function of a point (x, y)")
    path, levels = _near(array(path, "path", (None, 2)), "path"), _levels(levels)
    low, high = path.min(axis=0), path.max(axis=0)
    margin = 0.25 * (high - low).max() or 1.0  # of one point alone: 1
    x = (low[0] - margin, high[0] + margin) if x is None else x
    y = (low[1] - margin, high[1] + margin) if y is None else y
    ax = _contours(f, _range(x, "x"), _range(y, "y"), levels, ax)
    every = 1 + len(path) // 50  # many markers would hide the line
    ax.plot(*path.T, "-", color="C1", marker=".", markevery=every)
    ax.plot(*path[0], "o", color="C1", fillstyle="none")
    ax.plot(*path[-1], "o", color="C1")
    return ax


def network(sizes, ax=None):
    """Neurons as dots, layer by layer from left to right, and their connections as lines.

    Of a `Network` the weights are drawn too: the larger, the thicker, a positive one solid in
    the first colour of the cycle, a negative one dashed in the second. Of a layer of more than eight
    neurons only eight are drawn. Below each layer stands its size.

    Parameters: sizes, a list of sizes, or a `Network` of `mmlbook.backprop`; ax, Matplotlib axes.
    Returns the axes, without a frame. Raises TypeError or ValueError, naming sizes, for anything else.

    >>> ax = network((2, 3, 1))
    >>> len(ax.lines)        # 2 * 3 + 3 * 1 connections
    9
    >>> [text.get_text() for text in ax.texts]
    ['2', '3', '1']
    """
    weights = getattr(sizes, "weights", None)
    sizes = getattr(sizes, "sizes", sizes)
    sizes = wholes(sizes, "sizes", least=1, expected="a list of whole numbers or a Network")
    if len(sizes) < 2:
        raise ValueError(f"sizes: expected at least two layers, got {sizes}")
    ax = _axes(ax)
    heights = [np.arange(shown) - (shown - 1) / 2 for shown in (min(size, SHOWN) for size in sizes)]
    for layer, (before, after) in enumerate(pairwise(heights)):
        largest = 0 if weights is None else np.abs(weights[layer][: len(after), : len(before)]).max()
        for i, start in enumerate(before):
            for j, end in enumerate(after):
                weight = weights[layer][j, i] if largest else 0.0
                style = {"color": "C1", "linestyle": "--"} if weight < 0 else {"color": "C0"}
                thickness = 0.3 + 2.5 * abs(weight) / largest if largest else 0.8
                ax.plot([layer, layer + 1], [-start, -end], linewidth=thickness, zorder=1, **style)
    lowest = min(-places.max() for places in heights) - 0.8
    for layer, (places, size) in enumerate(zip(heights, sizes, strict=True)):
        ax.scatter(np.full(len(places), layer), -places, s=150, color="C2", zorder=2)
        words = f"{size}" if size <= SHOWN else f"{SHOWN} of {size}"
        ax.text(layer, lowest, words, ha="center", va="center")
    ax.set_ylim(lowest - 0.5, -lowest)
    ax.set_axis_off()
    return ax


def residuals(x, y, model, sigma=None, ax=None):
    """Measurements, a model's curve, and the residuals ``y - model(x)`` as upright lines between them.

    Parameters: x and y, lists or arrays of n numbers; model, a function that is given an array and returns
    the model's value for each entry; sigma, the error of each y, one for all or n of them, drawn as error
    bars where given; ax, Matplotlib axes. Returns the axes.
    Raises TypeError or ValueError, naming the argument, for bad arguments.

    >>> ax = residuals([0, 1, 2], [0.5, 2, 4.5], lambda x: 2 * x)
    >>> [line.get_ydata().tolist() for line in ax.lines[2:]]
    [[0.0, 0.5], [2.0, 2.0], [4.0, 4.5]]
    """
    function(model, "model", "a function of an array")
    x = _near(array(x, "x", (None,)), "x")
    y = array(y, "y", x.shape)
    if sigma is not None:
        sigma = numbers(sigma, "sigma", "one error for each y, or one for all")
        sigma = array(sigma, "sigma", x.shape) if np.ndim(sigma) else positive(sigma, "sigma")
        if np.any(sigma <= 0):
            raise ValueError(f"sigma: expected numbers above 0, got {sigma.min()}")
    fine = np.linspace(x.min(), x.max(), POINTS)
    with np.errstate(all="ignore"):  # what is not finite is refused
        curve, values = (array(on_arrays(model, "model", places.copy()), "model", places.shape) for places in (fine, x))
    ax = _axes(ax)
    ax.plot(fine, curve, color="C1")
    if sigma is None:
        ax.plot(x, y, "o", color="C0")
    else:
        ax.errorbar(x, y, sigma, fmt="o", color="C0", capsize=3)
    for place, value, reading in zip(x, values, y, strict=True):
        ax.plot([place, place], [value, reading], color="C2", zorder=1)
    return ax


def _axes(ax):
    try:
        import matplotlib.pyplot as plt
        from matplotlib.axes import Axes
    except ImportError as error:
        raise ImportError("drawing needs Matplotlib: pip install matplotlib") from error
    if ax is None:
        return plt.subplots()[1]
    if not isinstance(ax, Axes):
        raise TypeError(f"ax: expected Matplotlib axes, got {ax!r}")
    return ax


def _range(value, name):
    low, high = _near(array(value, name, (2,)), name).tolist()
    if low >= high:
        raise ValueError(f"{name}: expected a range (low, high), got ({low}, {high})")
    return low, high


def _near(places, name):
    if np.abs(places).max() > FARTHEST:
        raise ValueError(f"{name}: expected numbers no larger than {FARTHEST}, got {np.abs(places).max()}")
    return places


def _height(f, place):
    with np.errstate(all="ignore"):  # what is not finite is refused
        return number(f(place), "f", "one real number for each point")


def _slopes(f, gradient, place):
    """The gradient at a place, from the reader's function or by central differences along x and y."""
    if gradient is not None:
        with np.errstate(all="ignore"):
            return array(gradient(place.copy()), "gradient", (2,))
    x, y = place.tolist()
    by_x = central_difference(lambda t: _height(f, np.array([t, y])), x)
    return by_x, central_difference(lambda t: _height(f, np.array([x, t])), y)


def _levels(value):
    """How many lines to draw, or for which heights."""
    if not np.iterable(value):
        return whole(value, "levels", least=1, most=MOST)
    heights = array(value, "levels", (None,))
    if np.any(np.diff(heights) <= 0):
        raise ValueError(f"levels: expected heights in rising order, got {value}")
    return heights


def _contours(f, x, y, levels, ax):
    """Lines of equal height, thin, with their heights written on every other one."""
    xs, ys = np.linspace(*x, GRID), np.linspace(*y, GRID)
    heights = np.array([[_height(f, np.array([a, b])) for a in xs] for b in ys])
    ax = _axes(ax)
    if heights.min() < heights.max():  # level ground has no lines
        lines = ax.contour(xs, ys, heights, levels=levels, colors="C5", linewidths=1, linestyles="solid")
        ax.clabel(lines, lines.levels[::2], fontsize="small")
    ax.set_aspect("equal")
    return ax
