"""Minimum, maximum or saddle: what second derivatives say about a point where the gradient vanishes.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`,
`dual_rules.py`, `gradient.py`, `gradient_check.py`, `inputs.py`, `levels.py`, `objective.py`, `recording.py`,
`rules.py`, `slope.py`, `stand_in.py`, `tape.py`, `variable.py` into a folder `mmlbook` beside your program. Nothing
else is needed but NumPy.

- `classify`: the verdict from eigenvalues of the Hessian
- `verdict`: the same for a point that a method has come close to, and the way that is left to go
- `settle`: whether a descent that ends there has found what it looked for
"""

import numpy as np

from mmlbook.objective import length

EPSILON = 2.0**-52  # the gap between 1 and the next number that the machine can hold
SINGULAR = 1e-12  # eigenvalues this small beside the Hessian count as zero
STEADY = 0.7  # how much of an eigenvalue must be left where the next step leads
MANY = 100  # variables: beyond these a Hessian is not cheap
FAR = 0.01  # of the way come so far: this much left is not the end of it
NOTHING = 1e-6  # of the size of x: so little left is the end of it, however short the way was
ROUNDING = 2.0**-48  # a gradient this small, beside the Hessian times x, is rounding
WORDS = {
    "minimum": ", and every eigenvalue of the Hessian is positive: a minimum",
    "maximum": ", but this is a maximum: f falls whichever way one goes",
    "saddle": ", but this is a saddle: f falls along some ways and rises along others",
}


def classify(eigenvalues, ahead=None, size=None):
    """The verdict of the Hessian's eigenvalues where the gradient vanishes.

    All above zero: "minimum". All below: "maximum". Some of each: "saddle". Otherwise,
    some are zero, and the Hessian is silent: "undecided". An eigenvalue smaller than
    `SINGULAR` times size counts as zero.

    A computed point is only close to the stationary one, where an eigenvalue that ought to be zero is
    small but not zero. So a second list, ahead, holds the eigenvalues where one more step of
    Newton's method leads. Near a proper minimum that step changes them little. Near the minimum of x**4
    it multiplies them by 4/9, near the level point of x**3 by 1/2: those count as zero, too.

    Parameters: eigenvalues, an array in increasing order; ahead, another of the same length, or
    None where the point is exact; size, a positive number, the largest eigenvalue's unless given.

    >>> classify(np.array([1.0, 3.0])), classify(np.array([-1.0, 3.0]))
    ('minimum', 'saddle')

    x**4 near 0: positive, but on its way to zero:

    >>> classify(np.array([0.12]), ahead=np.array([0.053]))
    'undecided'

    Source: J. Nocedal and S. J. Wright, *Numerical Optimization*, second edition, Springer,
    2006, section 2.1, for the conditions. The look ahead is our own.
    """
    ahead = eigenvalues if ahead is None else ahead
    size = np.abs(eigenvalues).max(initial=0.0) if size is None else size
    solid = (np.abs(eigenvalues) > SINGULAR * size) & (np.abs(ahead) > SINGULAR * size)
    steady = (STEADY * np.abs(eigenvalues) < np.abs(ahead)) & (STEADY * np.abs(ahead) < np.abs(eigenvalues))
    signs = np.sign(eigenvalues) * (solid & steady & (eigenvalues * ahead > 0))
    if np.any(signs > 0) and np.any(signs < 0):
        return "saddle"
    if signs.size and np.all(signs != 0):
        return "minimum" if signs[0] > 0 else "maximum"
    return "undecided"


def verdict(curvature, x, slope):
    """The verdict at a point where the gradient nearly vanishes, and the step of Newton's method from there.

    Parameters: curvature, a function that returns the Hessian at a point; x, a flat array; slope, the gradient there.
    Returns the verdict, the step ``-inverse(H) @ slope`` (along the eigenvectors whose
    eigenvalues are not zero), the Hessian H, and its eigenvectors, one a column.
    Raises what curvature raises.

    >>> def curvature(x):
    ...     return np.diag([2.0, -12 * x[1] ** 2])
    >>> word, step, H, _ = verdict(curvature, np.array([0.0, 0.1]), slope=np.array([0.0, -0.004]))
    >>> print(word, step.round(3), H.diagonal())
    undecided [ 0.    -0.033] [ 2.   -0.12]
    """
    H = curvature(x)
    eigenvalues, directions = np.linalg.eigh(H)
    size = np.abs(eigenvalues).max()
    solid = np.abs(eigenvalues) > SINGULAR * size
    along = directions[:, solid]
    step = -along @ ((slope @ along) / eigenvalues[solid])
    ahead = np.linalg.eigvalsh(curvature(x + step))
    return classify(eigenvalues, ahead, size), step, H, directions


def reach_of(x, start):
    """For each coordinate, the larger of its size and its way from the start: what its rounding is measured by.

    >>> reach_of(np.array([3.0, -1.0]), start=np.array([2.0, 4.0]))
    array([3., 5.])
    """
    return np.maximum(np.abs(x), np.abs(x - start))


def is_rounding(slope, H, reach):
    """Whether a gradient is so small that the rounding of x explains it: ``abs(H) @ reach``, some 16 units rounded.

    >>> is_rounding(np.array([1e-15]), H=np.array([[2.0]]), reach=np.array([1.0]))
    True
    """
    return bool(np.all(np.abs(slope) <= ROUNDING * (np.abs(H) @ reach)))


def settle(objective, x, slope, reach, vanishes, moved):
    """Whether a descent has come to a minimum, as far as its last point can tell.

    Parameters: objective, an `Objective`; x and slope as in `verdict`; reach, as by
    `reach_of`; vanishes, whether the gradient has become small beside the largest on the way; moved,
    whether there was a way.
    Returns the verdict, whether the method converged, and the reason, which is
    empty where the gradient has not vanished. A gradient as small as the rounding of x
    makes it has vanished, too. Where the Hessian is silent, values close by are asked.

    >>> from mmlbook.objective import Objective
    >>> cubic = Objective(lambda x: x**3, start=0)
    >>> print(*settle(cubic, np.zeros(1), np.zeros(1), np.zeros(1), True, moved=False), sep="; ")
    undecided; False; the gradient vanishes at the start, but f is lower close by: no minimum
    """
    known = False
    if x.size <= MANY or objective.hessian_calls:
        try:
            word, step, H, directions = verdict(objective.curvature, x, slope)
            known = True
        except (TypeError, ValueError, ArithmeticError):
            pass  # f has no second derivatives there, or is not open to the tape
    if known:
        vanishes = vanishes or is_rounding(slope, H, reach)
    if not vanishes:
        return "undecided", False, ""
    far = length(reach)
    where = "the gradient vanishes" if moved else "the gradient vanishes at the start"
    if not known:
        return "undecided", moved, f"{where}; no Hessian is at hand to tell whether at a minimum"
    near = directions * max(10 * length(step), 1e-6 * (far or 1.0))
    if word == "minimum" and objective.gradient and _lower_close_by(objective, x, slope, near):
        return word, False, "the gradient given vanishes, but f is lower close by: the gradient is not that of f"
    if word != "undecided":
        return word, word == "minimum", where + WORDS[word]
    if _lower_close_by(objective, x, slope, directions * max(10 * length(step), 1e-3 * (far or 1.0))):
        return word, False, f"{where}, but f is lower close by: no minimum"
    way = np.abs(x - objective.start)  # coordinate by coordinate: a long way in one says nothing of another
    if moved and np.any(np.abs(step) > FAR * way + NOTHING * far):
        return word, False, f"{where} nearly, but f flattens out, and its minimum, if any, is still far away"
    return word, moved, f"{where}; the Hessian is singular there and cannot tell whether at a minimum"


def _lower_close_by(objective, x, slope, moves):
    """Whether f is lower after one of the moves, or its opposite, by more than rounding and slope explain."""
    try:
        value = objective.value(x)
        for move in moves.T:
            allowed = 64 * EPSILON * abs(value) + 2 * abs(slope @ move)
            if min(objective.value(x + move), objective.value(x - move)) < value - allowed:
                return True
    except (ValueError, ArithmeticError):
        pass  # f ends close by
    return False
