"""Roots of a function of one variable: where its graph meets the axis.

To copy: put this file and `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`, `dual_rules.py`,
`inputs.py`, `levels.py`, `rules.py`, `stand_in.py` into a folder `mmlbook` beside your program. Nothing else is
needed but NumPy. What it offers:

- `newton_raphson`: slide down tangents; a few steps give all digits, if the start is good
- `bisect`: halve a bracket; slow, and safe

Both look at f on both sides of what they found before they say `converged`: f must change
sign there, or be 0 at one place alone. So neither takes a pole for a root, nor a place where f is
lost in its own rounding.
"""

from dataclasses import dataclass, field
from math import inf, isfinite, nan

import numpy as np

from mmlbook.dual import value_and_tangent
from mmlbook.inputs import function, number, positive, whole

FINEST = 2.0**-50  # a few units in the last place, as a share of a number: no tolerance is smaller


@dataclass(frozen=True, eq=False)
class Root:
    """A root, and whether it is one: what `newton_raphson` and `bisect` return.

    - root: the answer; where the method stopped if it did not converge
    - value: f(root)
    - converged: whether f was seen to change sign, or to be 0, within the tolerance of the root
    - reason: why the answer can be trusted, or cannot
    - iterations: how many steps were taken
    - path: the points of `newton_raphson`, shape (iterations + 1,), from the start on; the brackets of
      `bisect`, a row (low, high) each, shape (iterations + 1, 2)
    """

    root: float
    value: float
    converged: bool
    reason: str
    iterations: int
    path: np.ndarray = field(repr=False)


def newton_raphson(f, start, derivative=None, *, tolerance=1e-12, iterations=100):
    """A root of f by following tangents to the axis.

    In formula, ``x - f(x) / f'(x)`` takes the place of x, again and again. Close to
    a simple root the number of right digits doubles with each step. Elsewhere anything may happen: the
    points may run away, go round in circles, or land at a root far from the start.

    Parameters: f, a function of one number; start, a finite number; derivative, the function f',
    or None for the exact derivative of an f that is written in plain NumPy; tolerance, how well
    the root must be located, as a share of its size and of its distance from start together;
    iterations, how many steps at most.
    Returns a `Root`. `converged` is False, with a reason, where a tangent is level or leads
    out of reach, f or its slope turns not finite, the points repeat, or the steps run out.
    Raises TypeError or ValueError, naming the argument, if one of them is not as said, or
    if f returns anything but one real number, finite at start.

    >>> answer = newton_raphson(lambda x: x**2 - 2, start=1)
    >>> print(f"{answer.root:.12f}", answer.converged, answer.iterations)
    1.414213562373 True 5
    >>> answer.path[:4]
    array([1.        , 1.5       , 1.41666667, 1.41421569])

    From 0 this cubic goes round in a circle:

    >>> answer = newton_raphson(lambda x: x**3 - 2 * x + 2, start=0)
    >>> answer.converged, answer.reason
    (False, 'the points repeat: x = 0.0 comes back after 2 steps')

    Source: W. H. Press, S. A. Teukolsky, W. T. Vetterling and B. P. Flannery,
    *Numerical Recipes*, third edition, Cambridge University Press, 2007, section 9.4.
    """
    function(f, expected="a function of one number")
    slope_of = _exact_slope(f) if derivative is None else function(derivative, "derivative")
    start, iterations = number(start, "start"), whole(iterations, "iterations")
    tolerance = max(positive(tolerance, "tolerance"), FINEST)
    with np.errstate(all="ignore"):  # what is not finite stops the method
        x, value = start, _first_value(f, start, "start")
        path, steps, slope = [x], {x: 0}, 0.0
        converged, reason = False, None
        while value and not reason and len(path) <= iterations:
            slope = _value(slope_of, x, "derivative")
            new = x - value / slope if slope else inf
            if not isfinite(new):
                level = "level, or so nearly that it meets the axis out of reach"
                reason = f"the tangent at x = {x} is {level if isfinite(slope) else 'not to be had'}"
                break
            new_value = _value(f, new)
            if not isfinite(new_value):
                reason = f"f is not finite at x = {new}, to which the tangent at x = {x} leads"
                break
            size, x, value = abs(new - x), new, new_value
            path.append(x)
            radius = tolerance * (abs(x) + abs(x - start))
            if size <= radius:
                converged, reason = _crossing(f, x, value, radius, still=size <= FINEST * abs(x))
            elif x in steps:
                reason = f"the points repeat: x = {x} comes back after {len(path) - 1 - steps[x]} steps"
            steps[x] = len(path) - 1
        if value == 0 and not converged:
            converged, reason = _alone(f, x, tolerance * (abs(x) + abs(x - start) or 1.0), slope=slope)
    return Root(x, value, converged, reason or _restless(path), len(path) - 1, np.array(path))


def bisect(f, low, high, *, tolerance=1e-12):
    """A root of f in a bracket, by halving it.

    f has opposite signs at the ends of the bracket. Of its two halves, the one with that property
    takes its place, again and again, so that it always holds a root if the graph of f does not break. Each step
    gains one binary digit; ten steps gain three decimal ones. f is never called outside the bracket.

    Parameters: f, a function of one number; low and high, finite numbers, low < high; tolerance, how well
    the root must be located, as a share of its size and of high - low together. The bracket is
    halved until it is a thousand times narrower, so that f has shrunk noticeably.
    Returns a `Root`. `converged` is False, with a reason, where f has a pole or
    a jump between its signs, is 0 on a whole stretch, is lost in its own rounding, or is not finite.
    Raises TypeError or ValueError, naming the argument, if one of them is not as said, if f has the same
    sign at low and high, or if it returns anything but one real number, finite at both.

    >>> answer = bisect(lambda x: x**3 - 2, low=1, high=2)
    >>> print(f"{answer.root:.12f}", answer.converged, answer.iterations)
    1.259921049895 True 50
    >>> answer.path[:3]
    array([[1.  , 2.  ],
           [1.  , 1.5 ],
           [1.25, 1.5 ]])

    A change of sign is not always a root:

    >>> answer = bisect(np.tan, low=1, high=2)
    >>> answer.converged, answer.reason
    (False, 'f has a pole here: it changes sign by way of infinity, not of 0')

    Source: W. H. Press, S. A. Teukolsky, W. T. Vetterling and B. P. Flannery,
    *Numerical Recipes*, third edition, Cambridge University Press, 2007, section 9.1.
    """
    function(f, expected="a function of one number")
    low, high = number(low, "low"), number(high, "high")
    if low >= high:
        raise ValueError(f"high: expected a number above low = {low}, got {high}")
    tolerance = max(positive(tolerance, "tolerance"), FINEST)
    with np.errstate(all="ignore"):  # what is not finite stops the method
        at_low, at_high = _first_value(f, low, "low"), _first_value(f, high, "high")
        if at_low and at_high and (at_low > 0) == (at_high > 0):
            raise ValueError(
                f"low, high: expected f to have opposite signs, got f(low) = {at_low} and f(high) = {at_high}"
            )
        first, path, trouble = (low, high), [(low, high)], None
        while at_low and at_high and not _narrow(low, high, first, tolerance):
            middle = low / 2 + high / 2
            value = _value(f, middle)
            if not isfinite(value):
                trouble = f"f is not finite at x = {middle}"
                break
            if value == 0 or (value > 0) == (at_high > 0):
                high, at_high = middle, value
            if value == 0 or (value > 0) == (at_low > 0):
                low, at_low = middle, value
            path.append((low, high))
        x, value = min((low, at_low), (high, at_high), key=lambda end: abs(end[1]))
        radius = tolerance * abs(x) + 2 * tolerance * (first[1] / 2 - first[0] / 2)
        if trouble:
            converged, reason = False, trouble
        elif value == 0:
            converged, reason = _alone(f, x, radius, *first)
        else:
            converged, reason = _shrinking(f, (at_low, at_high), x, radius, *first)
    return Root(x, value, converged, reason, len(path) - 1, np.array(path))


def _exact_slope(f):
    return lambda x: value_and_tangent(f, x, 1.0)[1]


def _first_value(f, x, name):
    """f where the reader put it: what is no finite number here is a mistake."""
    try:
        value = _value(f, x, guarded=False)
    except (ArithmeticError, ValueError) as error:
        if str(error).startswith("f: "):
            raise
        raise ValueError(f"f: expected a finite value at {name} = {x}, but: {error}") from error
    if not isfinite(value):
        raise ValueError(f"f: expected a finite value at {name} = {x}, got {value}")
    return value


def _value(f, x, name="f", guarded=True):
    """f(x) as a float, nan where there is none."""
    try:
        value = f(x)
    except (ArithmeticError, ValueError):
        if guarded:
            return nan
        raise
    if type(value) is float:
        return value
    if isinstance(value, np.floating):
        return float(value)
    if isinstance(value, complex | np.complexfloating) and guarded:
        return nan  # such as a power of a negative number
    return number(value, name, "one real number")


def _crossing(f, x, value, radius, still):
    """Whether f changes sign around x, as far as it can be told, and a reason to stop, if there is one.

    Once the steps stand still, a root at which f turns back may be granted, too.
    """
    below, above = _value(f, x - radius), _value(f, x + radius)
    around = min(abs(below), abs(above))
    if (below > 0) != (above > 0) and abs(value) <= around / 2:
        return True, f"f changes sign within {radius:.1e} of here"
    if not still or value == 0:
        return False, None
    if abs(value) <= around / 100:
        return True, "f comes as close to 0 here as rounding allows, and turns back"
    return False, "the steps have ended, but f does not change sign here, or is lost in rounding"


def _alone(f, x, radius, low=-inf, high=inf, slope=0.0):
    """Whether f, which is 0 at x, is so at x alone; quick to tell where f goes along a slope that is known."""
    if slope * radius and all([0.5 < _value(f, x + side) / (slope * side) < 2 for side in (-radius, radius)]):
        return True, "f is exactly 0 here, and not 0 close by"
    sides = _around(f, x, radius, low, high)
    if any(0 in values for values in sides):
        return False, "f is exactly 0 on a whole stretch here, so that its root cannot be told"
    if not _leaving_zero(sides):
        return False, "f is lost in rounding here: it is 0, and then not, and then near 0 again"
    return True, "f is exactly 0 here, and not 0 close by"


def _shrinking(f, ends, x, radius, low, high):
    """Whether f is much smaller at both ends of the last bracket than further out, as it is at a root."""
    sides = _around(f, x, radius, low, high)
    ratios = [
        abs(end) / abs(far[-1]) if far and isfinite(far[-1]) else inf for end, far in zip(ends, sides, strict=True)
    ]
    if max(ratios) <= 1 / 2 and _leaving_zero(sides):
        return True, f"f changes sign within {radius:.1e} of here"
    if max(ratios) >= 8:
        return False, "f has a pole here: it changes sign by way of infinity, not of 0"
    return False, "f jumps from one sign to the other here, or is lost in rounding"


def _around(f, x, radius, low, high):
    """Values of f on the left and on the right, from near to far, where there are any."""
    places = [[x + side * radius / share for share in (16, 8, 4, 2, 1)] for side in (-1, 1)]
    inside = [[min(max(place, low), high) for place in side] for side in places]
    values = [[_value(f, place) for place in side if place != x] for side in inside]
    return [[value for value in side if value == value] for side in values]


def _leaving_zero(sides):
    """Whether f, on either side, moves away from 0 and keeps its sign, which rounding would not do."""
    sizes = [[abs(value) for value in side] for side in sides]
    return all(
        abs(sum(side)) == sum(size) > 0 and size == sorted(size)
        for side, size in zip(sides, sizes, strict=True)
        if side
    )


def _narrow(low, high, first, tolerance):
    """Whether a bracket can be told no finer, or need not be."""
    width = high - low
    small = width <= tolerance / 1024 * max(abs(low), abs(high)) or width <= tolerance**2 * (
        first[1] / 2 - first[0] / 2
    )
    return small or not low < low / 2 + high / 2 < high


def _restless(path):
    """What to say of steps that have run out."""
    sizes = np.abs(np.diff(path[-4:]))
    ratios = sizes[1:] / sizes[:-1] if np.all(sizes) else sizes[:0]
    if len(ratios) == 2 and 0.4 < ratios[1] < 0.99 and abs(ratios[1] - ratios[0]) < 1e-3:
        return f"the steps have run out, each {ratios[1]:.2f} of the one before: the root may be a multiple one"
    last = f", the last of them {sizes[-1]:.1e} long" if len(sizes) else ""
    return f"no root after {len(path) - 1} steps{last}"
