"""How far to go in a direction: halve the step until f falls by a fair share of what its slope promises.

To copy: put this file into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy.

- `backtrack`: the search, used by `gradient_descent` and by `newton`
"""

import numpy as np

EPSILON = 2.0**-52  # the gap between 1 and the next number that the machine can hold
FAIR = 1e-4  # share of the promised fall that is enough
HALVINGS = 200  # a step of 1 is then 6e-61
SILENT = 2.0**-10  # a step cut to this share of the first is not for the slope alone to judge


def backtrack(objective, x, value, slope, direction, first=1.0):
    """The longest of the steps first, first/2, first/4, ... that lowers f enough.

    In formula, the test of Armijo: ``f(x + t*d) <= f(x) + FAIR * t * (slope @ d)``.
    Close to a minimum the fall of f is lost in its rounding while the gradient still knows the way.
    There, a step counts if the slope along it has not turned up more steeply than it went down,
    ``slope_at_new_x @ d <= -(1 - 2*FAIR) * (slope @ d)``. Where f is not finite, the step is too long.

    Parameters: objective, an `Objective`; x, a flat array; value and slope, f and its gradient there;
    direction, downhill; first, the first step tried, in units of direction.
    Returns the step t, the new x, and f and its gradient there, or None if no step is good enough.

    >>> from mmlbook.objective import Objective
    >>> bowl = Objective(lambda x: x @ x, start=[3.0])
    >>> value, slope = bowl.slope(bowl.start)
    >>> backtrack(bowl, bowl.start, value, slope, -slope, first=4.0)
    (0.5, array([0.]), 0.0, array([0.]))

    Uphill, there is nothing to be found:

    >>> backtrack(bowl, bowl.start, value, slope, slope) is None
    True

    Sources: L. Armijo, "Minimization of functions having Lipschitz continuous first partial
    derivatives", *Pacific Journal of Mathematics* 16 (1966), 1-3, and W. W. Hager and H. Zhang, "A new
    conjugate gradient method with guaranteed descent and an efficient line search",
    *SIAM Journal on Optimization* 16 (2005), 170-192, for the test on slopes.
    """
    promise = slope @ direction
    if not promise < 0:
        return None
    rounding = 8 * EPSILON * abs(value)
    step = first
    for _ in range(HALVINGS):
        ahead = x + step * direction
        if np.array_equal(ahead, x):
            return None
        try:
            new = objective.value(ahead)
            low_enough = new <= value + FAIR * step * promise and new < value
            if low_enough or (abs(new - value) <= rounding and step >= SILENT * first):
                new, new_slope = objective.slope(ahead)
                if low_enough or new_slope @ direction <= -(1 - 2 * FAIR) * promise:
                    return step, ahead, new, new_slope
        except (ValueError, ArithmeticError):
            pass  # f is not finite there
        step /= 2
    return None
