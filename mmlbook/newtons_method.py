"""Newton's method for minima: go where the quadratic model of f has its lowest point.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`,
`dual_rules.py`, `gradient.py`, `gradient_check.py`, `inputs.py`, `levels.py`, `line_search.py`, `objective.py`,
`recording.py`, `rules.py`, `slope.py`, `stand_in.py`, `stationary.py`, `tape.py`, `variable.py` into a folder
`mmlbook` beside your program. Nothing else is needed but NumPy.

- `newton`: from a start to a minimum of f, by its Hessian
- `downhill_step`: one step, made downhill where the Hessian alone would lead uphill
"""

import numpy as np

from mmlbook.inputs import positive, whole
from mmlbook.line_search import backtrack
from mmlbook.objective import Objective, Trail, descent, length
from mmlbook.stationary import is_rounding, reach_of, settle

FLOOR = 1e-4  # a modified eigenvalue is at least this share of the largest
KINDS = {
    (False, False): "full",
    (False, True): "shortened",
    (True, False): "modified",
    (True, True): "modified, shortened",
}
LEAP = 10.0  # a modified step is at most about this many times the size of x


def newton(f, start, *, gradient=None, hessian=None, iterations=100, tolerance=1e-12):
    """Find a minimum of f by steps of Newton's method.

    ``x = x - t * inverse(H) @ g``, with the gradient g and the Hessian H of f at x, and t = 1
    unless one of two things goes wrong:

    - the direction is uphill, or wildly long, because H is not positive definite. Then H is modified:
      each of its eigenvalues is replaced by its absolute value, or by 1e-4 times the largest of them if that is more
    - the direction is downhill but the step is too long, because f is not quadratic that far. Then it
      is shortened: t is halved until f falls by a fair share of what its slope promises

    Each step solves n linear equations, about n**3 / 3 multiplications, besides the n(n + 1) / 2 second
    derivatives. Close to a minimum with a positive definite Hessian, each step doubles the number of right figures.

    Parameters: f, a function of x that returns one number; start, a number or an array of any shape;
    gradient and hessian, the reader's own derivatives in place of the tape's, of the shapes of x and
    of x twice; iterations, the most steps to take; tolerance, a number above 0: the end is where the gradient is
    at most tolerance times the largest on the way and the next step tolerance times the size of x, or
    where both are lost in rounding.
    Returns a `Descent`, whose steps say which were "full", "shortened" or "modified".
    `converged` is False, with a reason, where the gradient vanishes at a maximum or a saddle,
    no step lowers f, or the iterations are used up.
    Raises TypeError or ValueError, naming the argument, if it is none of the above, or if f, gradient or hessian
    returns anything but finite real numbers in the right shape at the start.

    >>> def banana(x):
    ...     return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    >>> answer = newton(banana, start=[-1.2, 1])
    >>> print(answer.x.round(9), answer.verdict, answer.iterations < 30)
    [1. 1.] minimum True
    >>> answer.steps[:3]
    ('full', 'shortened', 'full')

    On top of a hill the gradient vanishes, and the method says what that is worth:

    >>> answer = newton(np.cos, start=0)
    >>> answer.converged, answer.verdict
    (False, 'maximum')

    Source: J. Nocedal and S. J. Wright, *Numerical Optimization*, second edition, Springer, 2006,
    sections 3.3 and 3.4.
    """
    objective = Objective(f, start, gradient, hessian)
    iterations = whole(iterations, "iterations")
    tolerance = positive(tolerance, "tolerance")
    with np.errstate(all="ignore"):  # what is not finite stops the method
        return _newton(objective, iterations, tolerance)


def downhill_step(H, slope, reach):
    """The step to the lowest point of the quadratic model, or a downhill one where there is no lowest point.

    ``-inverse(H) @ slope`` where the symmetric matrix H is positive definite. Otherwise, H is modified: its
    eigenvectors stay, its eigenvalues become their absolute values, at least 1e-4 times
    the largest, and large enough that no part of the step is longer than ten times reach.

    Parameters: H, of shape (n, n); slope, of shape (n,); reach, a length, 0 for unknown.
    Returns the step and whether H was modified.

    >>> downhill_step(np.array([[2.0]]), slope=np.array([6.0]), reach=1.0)
    (array([-3.]), False)

    On a hill, Newton's own step would lead up to the peak:

    >>> downhill_step(np.array([[-2.0]]), slope=np.array([6.0]), reach=1.0)
    (array([-3.]), True)

    Source: J. Nocedal and S. J. Wright, *Numerical Optimization*, second edition, Springer, 2006, section 3.4.
    """
    try:
        np.linalg.cholesky(H)  # fails unless H is positive definite
        step = np.linalg.solve(H, -slope)
    except np.linalg.LinAlgError:
        eigenvalues, directions = np.linalg.eigh(H)
        sizes = np.abs(eigenvalues)
        sizes = np.maximum(sizes, max(FLOOR * sizes.max(), length(slope) / (LEAP * (reach or 1.0))))
        sizes[sizes == 0] = 1.0  # no slope and no curvature: no step
        return -directions @ ((slope @ directions) / sizes), True
    return step, False


def _newton(objective, iterations, tolerance):
    x = objective.start
    value, slope = objective.slope(x)
    H = objective.curvature(x)
    trail, kinds, trouble, steepest = Trail(x, value), [], "", 0.0
    while True:
        steepness, reach = length(slope), reach_of(x, objective.start)
        steepest = max(steepest, steepness)
        step, modified = downhill_step(H, slope, length(reach))
        small = steepness <= tolerance * steepest and length(step) <= tolerance * length(reach)
        vanishes = small or is_rounding(slope, H, reach)
        if vanishes:
            break
        if len(kinds) == iterations:
            left = f"the gradient is still {steepness / steepest:.1e} of its largest"
            trouble = f"after {iterations} steps {left}, and f went from {trail.values[0]:.3} to {value:.3}"
            break
        found = backtrack(objective, x, value, slope, step)
        if found is None:
            trouble = "no step lowers f: the derivatives are not those of f, or all is rounding"
            break
        fraction, x, value, slope = found
        trail.add(x, value)
        kinds.append(KINDS[modified, fraction < 1])
        try:
            H = objective.curvature(x)
        except (ValueError, ArithmeticError) as error:
            trouble = f"the Hessian is not finite at the last point ({error})"
            break
    calls = objective.calls
    verdict, converged, reason = settle(objective, x, slope, reach, vanishes, moved=bool(kinds))
    reason = (reason or trouble) + _tally(kinds)
    return descent(objective, trail, value, slope, calls, verdict, converged, reason, tuple(kinds))


def _tally(kinds):
    """How often the two dangers were met."""
    modified, shortened = (sum(word in kind for kind in kinds) for word in ("modified", "shortened"))
    parts = []
    if modified:
        parts.append(f"the Hessian was not positive definite and was modified {modified} times")
    if shortened:
        parts.append(f"the step was too long and was shortened {shortened} times")
    return "".join("; " + part for part in parts).replace(" 1 times", " once")
