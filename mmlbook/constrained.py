"""Lowest points under constraints: where the slope of f is a mixture of the slopes of the constraints.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`,
`constraints.py`, `dual.py`, `dual_rules.py`, `gradient.py`, `gradient_check.py`, `inputs.py`, `levels.py`,
`line_search.py`, `newtons_method.py`, `objective.py`, `recording.py`, `rules.py`, `slope.py`, `stand_in.py`,
`stationary.py`, `tape.py`, `variable.py` into a folder `mmlbook` beside your program. Nothing else is needed but
NumPy.

- `lagrange`: a point where f is stationary among those that satisfy the constraints, and its multipliers
- `StationaryPoint`: what it returns
"""

from dataclasses import dataclass, field

import numpy as np

from mmlbook.constraints import Constraints, Split
from mmlbook.inputs import positive, whole
from mmlbook.line_search import EPSILON, FAIR
from mmlbook.newtons_method import downhill_step
from mmlbook.objective import Objective, Trail, length
from mmlbook.stationary import ROUNDING, SINGULAR, STEADY, classify, is_rounding, reach_of

HALVINGS = 60
IRREGULAR = (
    "the slopes of the constraints vanish or depend on each other there, "
    "so the lowest point need not satisfy the conditions of Lagrange"
)
REASONS = {
    "minimum": "the gradient of L vanishes, and L curves upwards along the constraints: a minimum",
    "maximum": "the gradient of L vanishes, and L curves downwards along the constraints: a maximum",
    "saddle": "the gradient of L vanishes, and L curves both ways along the constraints: a saddle",
    "undecided": "the gradient of L vanishes; second derivatives along the constraints do not tell what point it is",
}
NEARLY = 1e-6  # share of a size above which nothing is called rounding
REGULAR = 1e-8  # independence of the constraints' slopes that makes a point a regular one


@dataclass(frozen=True, eq=False)
class StationaryPoint:
    """A stationary point under constraints: what `lagrange` returns.

    - x: the last point
    - value: f there
    - multipliers: lambda, one for each constraint, in their order
    - violation: the constraints' values there, zero but for rounding
    - verdict: "minimum", "maximum" or "saddle" among the points that satisfy the constraints, or "undecided"
    - converged: whether the conditions of Lagrange hold at x and it is a regular point
    - reason: why the method stopped there
    - iterations: how many steps were taken
    - f_calls, gradient_calls, hessian_calls: how often f and the constraints, their slopes and
      their second derivatives were evaluated
    - path: the points visited, one a row, from the start to x
    """

    x: np.ndarray
    value: float
    multipliers: np.ndarray
    violation: np.ndarray
    verdict: str
    converged: bool
    reason: str
    iterations: int
    f_calls: int
    gradient_calls: int
    hessian_calls: int
    path: np.ndarray = field(repr=False)


def lagrange(f, constraints, start, *, iterations=100, tolerance=1e-12):
    """Find a lowest point of f among the points that satisfy constraints(x) = 0, and the multipliers.

    At such a point the slope of f is a mixture of the slopes of the constraints: with constraints
    ``g(x) - c = 0`` and multipliers lambda, the function ``L = f - lambda @ (g - c)`` is stationary,
    ``gradient(f) = lambda @ jacobian(g)``. A multiplier is the price of its constraint:
    the lowest value of f changes by lambda times a small change of c.

    Each step goes the shortest way back to the constraints, taken as straight, and along
    them as Newton's method would, with the Hessian of L modified where it does not curve
    upwards along the constraints. Both parts are kept within a radius, which is halved until f, plus a penalty
    for violating the constraints, falls: a part that is much too long does not cut the other short.
    So minima are what it finds, as a rule; maxima are the minima of -f. Where it starts
    or ends at another stationary point, the verdict says so.

    The verdict comes from the eigenvalues of the Hessian of L along the constraints. The conditions are only
    to be trusted at a regular point, where the constraints' slopes are
    independent. Where they are not, `converged` is False: the lowest x on the
    curve ``y**2 = x**3`` is at its cusp, and no multiplier makes L stationary there.

    Parameters: f, a function of x that returns one number; constraints, a function of x or a list of them, each
    of which returns a number, or a list or array of them; start, n numbers, n at least the number of constraints,
    which need not satisfy them; iterations, the most steps to take; tolerance, a number above 0:
    the end is where the gradient of L is tolerance times the largest gradient of f on the way, and the
    next step, like the distance from the constraints, tolerance times the size of x.
    Returns a `StationaryPoint`; the multipliers are in the unit of f over that of their constraint.
    Raises TypeError or ValueError, naming the argument, if it is none of the above, or if f or a
    constraint returns anything but finite real numbers at the start.

    The rectangle of the largest area, x*y, with circumference 2*(x + y) = 20:

    >>> answer = lagrange(lambda x: -x[0] * x[1], lambda x: 2 * (x[0] + x[1]) - 20, start=[1, 2])
    >>> print(answer.x.round(9), answer.multipliers.round(9), answer.verdict)
    [5. 5.] [-2.5] minimum

    The cusp:

    >>> answer = lagrange(lambda x: x[0], lambda x: x[1] ** 2 - x[0] ** 3, start=[1, 1])
    >>> answer.converged
    False
    >>> print(answer.reason[-56:])
    lowest point need not satisfy the conditions of Lagrange

    Source: J. Nocedal and S. J. Wright, *Numerical Optimization*, second edition, Springer, 2006,
    chapters 12 and 18.
    """
    objective = Objective(f, start)
    if len(objective.shape) != 1:
        raise ValueError(f"start: expected a list of numbers, got shape {objective.shape}")
    with np.errstate(all="ignore"):  # what is not finite stops the method
        constraints = Constraints(constraints, objective.start)
        iterations = whole(iterations, "iterations")
        tolerance = positive(tolerance, "tolerance")
        return _lagrange(objective, constraints, iterations, tolerance)


class _Place:
    """A point with what a step from it, and a verdict on it, need to know."""

    def __init__(self, objective, constraints, x):
        self.x = x
        self.value, self.slope = objective.slope(x)
        self.violation = constraints.values(x)
        self.A = constraints.slopes(x)
        self.split = Split(self.A, self.violation, self.slope)
        self.off = length(self.violation / self.split.units)  # about the distance from the constraints
        self.residual = self.slope - self.A.T @ self.split.multipliers  # the gradient of L
        of_f, of_constraints = objective.curvature(x), constraints.curvature(x, self.split.multipliers)
        self.H = of_f - of_constraints  # the Hessian of L
        self.bulk = np.abs(of_f) + np.abs(of_constraints)
        self.size = self.bulk.max()
        along = self.split.along
        self.reduced = along.T @ self.H @ along
        self.eigenvalues = np.linalg.eigvalsh(self.reduced)

    def slope_along(self, back):
        """The slope of L along the constraints, after a step back to them."""
        return self.split.along.T @ (self.slope + self.H @ back)

    def step(self, reach, radius=np.inf):
        """Back to the constraints, and downhill along them, neither part longer than the radius."""
        back = _within(radius, self.split.back)
        slope = self.slope_along(back)
        if length(slope) <= ROUNDING * (self.size * reach + length(self.slope)):
            return back  # what is left of the slope along the constraints is rounding
        down, _ = downhill_step(self.reduced, slope, reach)
        return back + self.split.along @ _within(radius, down)

    def relief(self, step):
        """How much less each constraint, taken as straight, is violated after the step."""
        return np.abs(self.violation) - np.abs(self.violation + self.A @ step)


def _within(radius, step):
    size = length(step)
    return step * (radius / size) if size > radius else step


def _lagrange(objective, constraints, iterations, tolerance):
    here = _Place(objective, constraints, objective.start)
    trail, prices, trouble = Trail(here.x, here.value), 0.0, ""
    steepest, constraints_steepest = 0.0, here.split.steepness
    while True:
        constraints_steepest = np.maximum(constraints_steepest, here.split.steepness)
        spans = reach_of(here.x, objective.start)
        reach = length(spans)
        steepest = max(steepest, length(here.slope))
        step = here.step(reach)
        near = here.off <= tolerance * reach
        left = length(here.residual)
        small = left <= tolerance * steepest and length(step) <= tolerance * reach
        rounding = left <= NEARLY * steepest and is_rounding(here.residual, here.bulk, spans)
        if near and (small or rounding):
            break
        if len(trail.values) > iterations:
            trouble = f"after {iterations} steps no stationary point is found"
            break
        ahead, prices = _search(objective, constraints, here, step, prices, steepest, reach)
        if ahead is None:
            trouble = "no step lowers f together with the violation of the constraints"
            break
        here = ahead
        trail.add(here.x, here.value)
    calls = objective.calls
    verdict, regular = _judge(objective, constraints, here)
    if trouble:
        verdict = "undecided"
        if here.off > NEARLY * reach:
            trouble += ": the constraints do not hold there, and may contradict each other"
        regular = regular and bool(np.all(here.split.steepness > REGULAR * constraints_steepest))
    if not regular:
        trouble = (trouble and trouble + "; ") + IRREGULAR
    reason = trouble or REASONS[verdict]
    x, violation, multipliers = here.x.copy(), here.violation, here.split.multipliers
    path, steps = trail.path(objective.shape), len(trail.values) - 1
    return StationaryPoint(x, here.value, multipliers, violation, verdict, not trouble, reason, steps, *calls, path)


def _prices(here, step, prices):
    """What a violation of each constraint costs: more than its multiplier, and enough to make the step pay."""
    prices = np.maximum(prices, 2 * np.abs(here.split.multipliers))
    prices = np.maximum(prices, 0.1 * length(here.slope) / here.split.units)
    fall = prices @ here.relief(step)
    rise = here.slope @ step + max(0.0, step @ here.H @ step) / 2
    return prices * (2 * rise / fall) if 0 < fall < 2 * rise else prices


def _search(objective, constraints, here, step, prices, steepest, reach):
    """The next place, or None, and the prices it was judged by.

    The radius is halved until the penalised f falls enough after the step, or after the step bent back to
    curved constraints. Prices are those of the step taken: one much too long must not raise them for good.
    """
    before, radius = prices, length(step)
    for _ in range(HALVINGS):
        prices = _prices(here, step, before)
        now = here.value + prices @ np.abs(here.violation)
        promise = here.slope @ step - prices @ here.relief(step)
        if abs(promise) <= 16 * EPSILON * (abs(here.value) + prices @ here.split.units * reach):  # values are silent
            return _unpriced(objective, constraints, here, step, steepest, reach), prices
        for bend in (False, True):
            try:
                x = here.x + step
                if bend:
                    x = x + here.split.way_back(constraints.values(x))
                if objective.value(x) + prices @ np.abs(constraints.values(x)) <= now + FAIR * promise:
                    return _Place(objective, constraints, x), prices
            except (ValueError, ArithmeticError):
                pass  # f or a constraint is not finite there
        radius /= 2
        step = here.step(reach, radius)
    return None, prices


def _unpriced(objective, constraints, here, step, steepest, reach):
    """The place after the step if it is closer to stationary, or the step leaves a maximum or a saddle; or None."""
    try:
        ahead = _Place(objective, constraints, here.x + step)
    except (ValueError, ArithmeticError):
        return None
    closer = _badness(ahead, steepest, reach) < _badness(here, steepest, reach)
    return ahead if closer or np.any(here.eigenvalues < -SINGULAR * here.size) else None


def _badness(place, steepest, reach):
    """How far a place is from satisfying the conditions of Lagrange."""
    return length(place.residual) * reach + place.off * steepest


def _judge(objective, constraints, here):
    """The verdict, and whether the place is regular, with a look at where Newton's method would go next.

    Where slopes of constraints vanish, a computed place is only close; but then each
    step shortens them by a fixed share, while near a regular point they hardly change.
    """
    split = here.split
    regular = bool(split.independence > REGULAR and split.steepness.all())
    eigenvalues, directions = np.linalg.eigh(here.reduced)
    solid = np.abs(eigenvalues) > SINGULAR * here.size
    along = split.along @ directions[:, solid]
    slope = here.slope_along(split.back)
    step = split.back - along @ ((slope @ directions[:, solid]) / eigenvalues[solid])
    try:
        ahead = _Place(objective, constraints, here.x + step)
    except (ValueError, ArithmeticError):
        return "undecided", regular
    if len(ahead.eigenvalues) != len(eigenvalues):
        return "undecided", False
    regular = regular and bool(
        ahead.split.independence > STEADY * split.independence
        and np.all(ahead.split.steepness > STEADY * split.steepness)
    )
    return classify(eigenvalues, ahead.eigenvalues, here.size), regular
