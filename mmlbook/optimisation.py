"""Downhill by the slope: fixed steps, momentum, Adam, a line search, batches.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`,
`constrained.py`, `constraints.py`, `dual.py`, `dual_rules.py`, `gradient.py`, `gradient_check.py`, `inputs.py`,
`levels.py`, `line_search.py`, `newtons_method.py`, `objective.py`, `recording.py`, `roots.py`, `rules.py`,
`slope.py`, `stand_in.py`, `stationary.py`, `steps.py`, `stochastic.py`, `tape.py`, `variable.py` into a folder
`mmlbook` beside your program. Nothing else is needed but NumPy.

- `gradient_descent`: from a start to a minimum of f, against its gradient

The other methods of the book's chapter on optimisation live in modules of their own
and can be had from here, too:

- `newton_raphson`, `bisect`: roots of an equation (`mmlbook.roots`)
- `newton`: minima by the Hessian (`mmlbook.newtons_method`)
- `lagrange`: minima under constraints (`mmlbook.constrained`)
"""

import itertools

import numpy as np

from mmlbook.constrained import lagrange
from mmlbook.inputs import number, positive, whole
from mmlbook.line_search import backtrack
from mmlbook.newtons_method import newton
from mmlbook.objective import Objective, Trail, descent, length
from mmlbook.roots import bisect, newton_raphson
from mmlbook.stationary import reach_of, settle
from mmlbook.steps import adam, steepest_descent, with_momentum
from mmlbook.stochastic import batches, samples

__all__ = ["bisect", "gradient_descent", "lagrange", "newton", "newton_raphson"]

RULES = {"gradient": lambda step_size, _: steepest_descent(step_size), "momentum": with_momentum, "adam": adam}
METHODS = (*RULES, "line search")
RUNAWAY = 1e10  # a cost that has risen by this many times its first size will not come back


class Stuck(Exception):
    """There is no next point, for the reason given."""


def gradient_descent(
    f,
    start,
    step_size=None,
    *,
    method=None,
    momentum=None,
    gradient=None,
    data=None,
    batch_size=None,
    seed=0,
    iterations=10_000,
    tolerance=1e-8,
):
    """Walk downhill to a minimum of f.

    ``x = x - step_size * gradient(f)(x)``, again and again, until the gradient is small.
    The methods differ in how a gradient becomes a step:

    - "gradient", the default where a step size is given: the formula above
    - "momentum": ``velocity = momentum * velocity - step_size * slope``; ``x = x + velocity``
    - "adam": each coordinate's step is measured by the usual size of its own slope
    - "line search", the default without a step size: the step is halved until f falls
      enough, and doubled for the next try

    Parameters: f, a function of x that returns one number; start, a number or an array of any
    shape; step_size, a number above 0 (in the unit of x squared over that of f; for Adam, of x; for the
    line search, of the first step tried) or a function of the step's number k = 0, 1, 2, ...
    that returns one, a schedule; method, one of the four names; momentum, from 0 up to but not 1,
    for momentum and Adam alone, 0.9 unless given; gradient, the reader's own gradient of f, in place of the
    tape's (it is taken at its word; `check_gradient` tells whether it is right); iterations, the most steps to
    take; tolerance, a number above 0: the gradient counts as zero once its length is tolerance times the
    largest on the way.

    Batches: where f is a mean over samples, pass them as data, an array with a sample a row or a tuple of such
    arrays. Then f is called with x and the rows of a batch, ``f(x, X, y)`` for ``data=(X, y)``.
    Each step sees the next batch_size samples (32 unless given, or all if they are fewer) in an order drawn
    anew, from seed, for every pass. All the
    iterations are taken, since a noisy slope cannot tell when to stop, and the whole data
    are looked at in the beginning and in the end: value, gradient and converged speak of them.
    The reader's own gradient is called like f.

    Returns a `Descent`. `converged` is False, with a reason, where the cost runs away or is no
    longer finite, the iterations are used up, the point is a maximum or a saddle, or the ground
    flattens out with no minimum close by, or above the start. For up
    to 100 variables the Hessian of the tape is looked at in the end.
    Raises TypeError or ValueError, naming the argument, if it is none of the above, or if f or gradient
    returns anything but finite real numbers in the right shape at the start.

    >>> def valley(x):
    ...     return (x[0] - 3) ** 2 + 10 * x[1] ** 2
    >>> answer = gradient_descent(valley, start=[0, 1], step_size=0.05)
    >>> print(answer.x.round(6), answer.converged, answer.iterations)
    [3. 0.] True 163

    A step that is too long goes up the other side, higher each time:

    >>> answer = gradient_descent(valley, start=[0, 1], step_size=0.11)
    >>> answer.converged
    False
    >>> print(answer.reason)
    the step is too long: the cost rose from 19.0 at the start to 8.45e+11

    Source: J. Nocedal and S. J. Wright, *Numerical Optimization*, second edition, Springer, 2006,
    chapter 3; for the rules of momentum and of Adam see `mmlbook.steps`.
    """
    objective = Objective(f, start, gradient)
    method = _method(method, step_size, data)
    step_size = _schedule(step_size, method)
    momentum = _momentum(momentum, method)
    batch_size, seed = _batch_size(batch_size, data), whole(seed, "seed")
    iterations = whole(iterations, "iterations")
    tolerance = positive(tolerance, "tolerance")
    with np.errstate(all="ignore"):  # what is not finite stops the walk
        if method == "line search":
            return _descend(objective, _searching(objective, step_size(0)), iterations, tolerance)
        move = RULES[method](step_size, momentum)
        if data is None:
            everything = itertools.repeat(())
            return _descend(objective, _moving(objective, move, everything), iterations, tolerance)
        draw = batches(data, batch_size, seed)
        return _descend_by_batches(objective, move, draw, samples(data), iterations, tolerance)


def _descend(objective, advance, iterations, tolerance):
    """Until the gradient vanishes; then see what kind of point this is."""
    value, slope = objective.slope(objective.start)
    trail = Trail(objective.start, value)
    slope, steepest, trouble = _walk(trail, slope, advance, iterations, tolerance)
    x, steps = trail.last, len(trail.values) - 1
    vanishes = length(slope) <= tolerance * steepest
    reach = reach_of(x, objective.start)
    calls = objective.calls
    verdict, converged, reason = settle(objective, x, slope, reach, vanishes, moved=steps > 0)
    first, last = trail.values[0], trail.values[-1]
    if converged and verdict == "undecided" and last > first:  # a plateau, not a pit
        converged, reason = False, f"the gradient vanishes, but {_too_long(first, last)}"
    reason = reason or trouble or _used_up(trail, length(slope) / steepest)
    return descent(objective, trail, trail.values[-1], slope, calls, verdict, converged, reason)


def _descend_by_batches(objective, move, draw, data, iterations, tolerance):
    """All the steps there are; then see what they have done to the cost of the whole data."""
    before, slope = objective.slope(objective.start, *data)
    steepness = length(slope)
    value, slope = objective.slope(objective.start, *next(draw))
    trail = Trail(objective.start, value)
    _, _, trouble = _walk(trail, slope, _moving(objective, move, draw), iterations)
    value, slope = objective.slope(trail.last, *data)
    left = length(slope) / steepness if steepness else np.inf
    reason = trouble or f"all steps are taken: on the whole data the gradient is {left:.1e} of that at the start"
    if value > before and not trouble:
        reason = _too_long(before, value)
    return descent(objective, trail, value, slope, objective.calls, "undecided", bool(left <= tolerance), reason)


def _walk(trail, slope, advance, iterations, tolerance=None):
    """Advance until the gradient is small beside the largest so far, or something is wrong.

    Without a tolerance, a gradient does not stop the walk, because it is noisy. Returns the last
    gradient, the length of the largest, and what was wrong, if anything.
    """
    steepest = steepness = length(slope)
    limit, watched = np.inf, tolerance is not None
    for k in range(iterations):
        if watched and steepness <= tolerance * steepest:
            break
        try:
            ahead, value, new_slope = advance(k, trail.last, trail.values[-1], slope)
        except Stuck as stuck:
            return slope, steepest, _explain(trail, stuck)
        if watched and np.array_equal(ahead, trail.last):
            return slope, steepest, "x no longer moves: the step is lost in rounding"
        if k == 0:
            promise = abs(slope @ (ahead - trail.last))
            limit = trail.values[0] + RUNAWAY * (abs(trail.values[0]) + promise)
        trail.add(ahead, value)
        slope, steepness = new_slope, length(new_slope)
        steepest = max(steepest, steepness)
        if value > limit:
            return slope, steepest, _too_long(trail.values[0], value)
    return slope, steepest, ""


def _moving(objective, move, draw):
    """Advance by a rule for steps."""

    def advance(k, x, value, slope):
        ahead = x + move(k, slope)
        try:
            return ahead, *objective.slope(ahead, *next(draw))
        except (ValueError, ArithmeticError) as error:
            raise Stuck(f"f is not finite at the next point ({error})") from error

    return advance


def _searching(objective, first):
    """Advance by a line search, which starts from twice the last step."""
    step = first / 2

    def advance(k, x, value, slope):
        nonlocal step
        found = backtrack(objective, x, value, slope, -slope, first=2 * step)
        if found is None:
            raise Stuck("no step against the gradient lowers f: it is not the gradient of f, or all is rounding")
        step, *ahead = found
        return ahead

    return advance


def _explain(trail, stuck):
    """Why there is no next point, in the light of the values so far."""
    first, last = trail.values[0], trail.values[-1]
    if last < first - RUNAWAY * (abs(first) + 1e-100):
        return f"f falls without end, from {first:.3} to {last:.3}, and {stuck}"
    if "finite" not in str(stuck):
        return str(stuck)
    if last > first:
        return f"{_too_long(first, last)}, and {stuck}"
    return f"after {len(trail.values) - 1} steps {stuck}: the step is too long, or f ends there"


def _too_long(first, last):
    return f"the step is too long: the cost rose from {first:.3} at the start to {last:.3}"


def _used_up(trail, left):
    """Why the steps were not enough."""
    if len(trail.values) == 1:
        return "no steps were allowed"
    recent = trail.values[-10:]
    before, last = trail.points[-2:]
    if max(recent) == min(recent) and length(last - before) <= 1e-12 * length(last):
        why = "f no longer changes: the step is too short, or lost in rounding"
    elif any(later >= earlier for earlier, later in itertools.pairwise(recent)):
        why = "the cost rises and falls: the step is too long"
    else:
        why = "the cost still falls: more iterations, or longer steps, are needed"
    return f"after {len(trail.values) - 1} steps the gradient is still {left:.1e} of its largest; {why}"


def _method(method, step_size, data):
    if method is None:
        method = "line search" if step_size is None and data is None else "gradient"
    if not isinstance(method, str) or method not in METHODS:
        raise ValueError(f"method: expected one of {', '.join(map(repr, METHODS))}, got {method!r}")
    if data is not None and method == "line search":
        raise ValueError("method: expected a rule with a step size where there are batches, got 'line search'")
    return method


def _momentum(momentum, method):
    if momentum is None:
        return 0.9
    momentum = number(momentum, "momentum", "a number from 0 up to 1")
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum: expected a number from 0 up to but not 1, got {momentum}")
    if method not in ("momentum", "adam"):
        raise ValueError(f"momentum: expected with method 'momentum' or 'adam' alone, got it with {method!r}")
    return momentum


def _batch_size(batch_size, data):
    if data is None and batch_size is not None:
        raise ValueError("batch_size: expected together with data alone, got it without")
    if data is None or batch_size is not None:
        return batch_size
    return min(32, len(samples(data)[0]))


def _schedule(step_size, method):
    """The step size as a function of the step's number."""
    if step_size is None and method != "line search":
        raise ValueError(f"step_size: expected a number above 0, which the method {method!r} needs, got None")
    if callable(step_size) and method == "line search":
        raise TypeError("step_size: expected a number above 0, the first step that the line search tries")
    if callable(step_size):
        return lambda k: positive(step_size(k), f"step_size({k})")
    fixed = 1.0 if step_size is None else positive(step_size, "step_size")
    return lambda k: fixed
