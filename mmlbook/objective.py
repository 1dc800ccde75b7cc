"""A cost with its derivatives, its calls counted and its answers checked: what every descent works on.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`,
`dual_rules.py`, `gradient.py`, `gradient_check.py`, `inputs.py`, `levels.py`, `recording.py`, `rules.py`,
`slope.py`, `stand_in.py`, `tape.py`, `variable.py` into a folder `mmlbook` beside your program. Nothing else is
needed but NumPy.

- `Objective`: f, its gradient and its Hessian at flat points, whatever shape the reader's points have
- `Trail`: the points visited on the way down, and the values there
- `Descent`: what `gradient_descent` and `newton` return
"""

import math
from dataclasses import dataclass, field

import numpy as np

from mmlbook.gradient import hessian as tape_hessian
from mmlbook.gradient import value_and_gradient
from mmlbook.inputs import function, number, numbers

ROOM = 2**23  # numbers that a path may hold: 64 MB


class Objective:
    """A function to be minimised, at points that are flat arrays.

    The gradient and the Hessian are the reader's own, or those of the tape.
    `f_calls`, `gradient_calls` and `hessian_calls` count what was asked for: methods
    are compared by these counts. More arguments of a call, a batch of
    data, go to the reader's functions behind the point.

    Parameters: f, a function of a point that returns one number; start, a number or an array
    of any shape; gradient and hessian, functions of a point or None.
    Raises TypeError or ValueError, naming the argument, at the first call that finds
    f, gradient or hessian returning anything but finite real numbers in the right shape.

    >>> bowl = Objective(lambda x: x @ x, start=[3, 4])
    >>> bowl.slope(bowl.start)
    (25.0, array([6., 8.]))
    >>> bowl.f_calls, bowl.gradient_calls
    (1, 1)
    >>> Objective(lambda x: np.nan, start=[3, 4]).value(bowl.start)
    Traceback (most recent call last):
    ...
    ValueError: f: expected finite numbers, got nan
    """

    def __init__(self, f, start, gradient=None, hessian=None):
        """Check what can be checked before the first call."""
        self.f = function(f, expected="a function of the point")
        self.gradient = gradient if gradient is None else function(gradient, "gradient")
        self.hessian = hessian if hessian is None else function(hessian, "hessian")
        start = numbers(start, "start")
        self.shape = np.shape(start)
        self.start = np.array(start, float).ravel()
        self.f_calls = self.gradient_calls = self.hessian_calls = 0

    @property
    def calls(self):
        """How often f, its gradient and its Hessian were asked for so far."""
        return self.f_calls, self.gradient_calls, self.hessian_calls

    def point(self, x):
        """A flat point in the reader's shape, and the reader's to change."""
        if not np.isfinite(x).all():
            raise ValueError(f"f: expected to be asked at finite points, not at {x}")
        return x.reshape(self.shape).copy() if self.shape else x.item()

    def value(self, x, *batch):
        """f at x."""
        self.f_calls += 1
        return number(self.f(self.point(x), *batch), "f", "one real number as the value of f")

    def slope(self, x, *batch):
        """f at x, and its gradient, flat."""
        self.gradient_calls += 1
        if self.gradient is not None:
            value = self.value(x, *batch)
            slope = numbers(self.gradient(self.point(x), *batch), "gradient")
            slope = self._flat(slope, "gradient", self.shape)
        else:
            self.f_calls += 1
            f = self.f
            value, slope = value_and_gradient(lambda point: f(point, *batch))(self.point(x))
            slope = np.reshape(slope, -1)
        if length(slope) == np.inf:
            raise ValueError("f: expected a gradient whose length is below the largest number")
        return value, slope

    def curvature(self, x):
        """The Hessian of f at x, as a symmetric matrix."""
        self.hessian_calls += 1
        n = x.size
        H = (self.hessian or tape_hessian(self.f))(self.point(x))
        H = self._flat(numbers(H, "hessian"), "hessian", self.shape + self.shape).reshape(n, n)
        if not np.allclose(H, H.T, rtol=1e-8, atol=1e-8 * np.abs(H).max()):
            raise ValueError(f"hessian: expected a symmetric matrix, got {H}")
        return (H + H.T) / 2

    @staticmethod
    def _flat(value, name, shape):
        if np.shape(value) != shape:
            raise ValueError(f"{name}: expected an array of shape {shape}, got shape {np.shape(value)}")
        return np.array(value, float).ravel()  # a copy: the reader's function may reuse its output


def length(x):
    """The length of a flat array, also where squares would overflow or vanish.

    >>> length(np.array([3.0, 4.0])), length(np.array([0.0, 3e-200])), length(np.array([0.0, -3e200]))
    (5.0, 3e-200, 3e+200)
    """
    square = float(np.vdot(x, x))
    if 1e-280 < square < 1e280:
        return math.sqrt(square)
    size = float(np.abs(x).max(initial=0.0))
    return size * float(np.linalg.norm(x / size)) if 0 < size < np.inf else size


class Trail:
    """The points visited, from the start on, and the values there.

    A path of more than eight million numbers keeps every second, fourth, ... point.

    >>> trail = Trail(np.array([3.0]), 9.0)
    >>> trail.add(np.array([1.0]), 1.0)
    >>> trail.path(shape=(1,))
    array([[3.],
           [1.]])
    """

    def __init__(self, start, value):
        """Begin at start, where the cost is value."""
        self.last, self.points, self.values, self.every = start, [start], [value], 1

    def add(self, x, value):
        """Go to x, where the cost is value."""
        if len(self.values) % self.every == 0:
            self.points.append(x)
        self.last = x
        self.values.append(value)
        if len(self.points) * x.size > ROOM and len(self.points) > 2:
            self.points, self.every = self.points[::2], 2 * self.every

    def path(self, shape):
        """The points, one a row, the last one always among them."""
        points = self.points if self.points[-1] is self.last else [*self.points, self.last]
        return np.reshape(points, (-1, *shape))


@dataclass(frozen=True, eq=False)
class Descent:
    """The end of a way downhill, and how it was found: what `gradient_descent` and `newton` return.

    - x: the last point, in the shape of the start
    - value: f there
    - gradient: the gradient there, in the shape of the start
    - verdict: "minimum", "maximum" or "saddle" where the gradient vanishes and the eigenvalues of
      the Hessian say so, otherwise "undecided"
    - converged: whether the gradient vanishes, and nothing is known against a minimum
    - reason: why the method stopped there
    - iterations: how many steps were taken
    - f_calls, gradient_calls, hessian_calls: how often each was evaluated on the way; the look
      at the Hessian that a verdict takes is not counted
    - steps: what each step of `newton` was: "full", "shortened", "modified" or "modified, shortened"
    - path: the points visited, one a row, from the start to x
    - values: f at each point; with batches, the cost of each step's batch
    """

    x: float | np.ndarray
    value: float
    gradient: float | np.ndarray
    verdict: str
    converged: bool
    reason: str
    iterations: int
    f_calls: int
    gradient_calls: int
    hessian_calls: int
    steps: tuple = field(repr=False)
    path: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)


def descent(objective, trail, value, slope, calls, verdict, converged, reason, steps=()):
    """The `Descent` at the end of a `Trail`, its points in the reader's shape.

    Parameters: value and slope, f and its gradient, flat, at the last point; calls, as `Objective.calls`
    gave them before the verdict was looked for; the others as in `Descent`.

    >>> bowl = Objective(lambda x: x @ x, start=[3.0])
    >>> end = descent(bowl, Trail(bowl.start, 9.0), 9.0, np.array([6.0]), bowl.calls, "undecided", False, "no steps")
    >>> end.x, end.value, end.gradient, end.iterations
    (array([3.]), 9.0, array([6.]), 0)
    """
    f_calls, gradient_calls, hessian_calls = calls
    return Descent(
        x=objective.point(trail.last),
        value=value,
        gradient=objective.point(slope),
        verdict=verdict,
        converged=converged,
        reason=reason,
        iterations=len(trail.values) - 1,
        f_calls=f_calls,
        gradient_calls=gradient_calls,
        hessian_calls=hessian_calls,
        steps=steps,
        path=trail.path(objective.shape),
        values=np.array(trail.values),
    )
