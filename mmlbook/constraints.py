"""Constraints and their slopes: which ways lead off them, and which run along.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`,
`dual_rules.py`, `gradient.py`, `gradient_check.py`, `inputs.py`, `levels.py`, `recording.py`, `rules.py`,
`slope.py`, `stand_in.py`, `tape.py`, `variable.py` into a folder `mmlbook` beside your program. Nothing else is
needed but NumPy.

- `Constraints`: one or several functions that ought to be zero, their Jacobian and their Hessians
- `Split`: what the constraints' slopes say about a point: the shortest way to where the constraints
  hold, the directions along them, and the multipliers
"""

import numpy as np

from mmlbook.gradient import hessian, jacobian
from mmlbook.inputs import function, numbers
from mmlbook.levels import level_of

DEPENDENT = 1e-10  # directions this close to a combination of others are no directions of their own


class Constraints:
    """Functions of x that ought to be zero, all in one list.

    Parameters: constraints, a function of x or a list of functions, each of which returns
    a number, or a list or array of k numbers: k constraints at once; start, a flat array.
    Raises TypeError or ValueError, naming constraints, if there is none, there are more than numbers in
    x, or one returns anything but finite real numbers.

    >>> circle_and_plane = Constraints([lambda x: x @ x - 25, lambda x: x[2] - 1], np.array([3.0, 4.0, 2.0]))
    >>> circle_and_plane.values(np.array([3.0, 4.0, 2.0]))
    array([4., 1.])
    >>> circle_and_plane.slopes(np.array([3.0, 4.0, 2.0]))
    array([[6., 8., 4.],
           [0., 0., 1.]])

    Too many of them leave no point at all, as a rule:

    >>> Constraints(lambda x: [x[0], x[0] - 1], np.array([3.0]))
    Traceback (most recent call last):
    ...
    ValueError: constraints: expected at most as many as there are numbers in start, 1, got 2
    """

    def __init__(self, constraints, start):
        """Check the functions, and ask each how many constraints it holds."""
        functions = constraints if isinstance(constraints, list | tuple) else [constraints]
        if not functions:
            raise ValueError("constraints: expected a function or a list of them, got an empty list")
        self.functions = [function(c, "constraints", "a function or a list of them") for c in functions]
        self.sizes = [None] * len(functions)
        self.sizes = [values.size for values in self._each(start)]
        if sum(self.sizes) > start.size:
            raise ValueError(
                "constraints: expected at most as many as there are numbers in start, "
                f"{start.size}, got {sum(self.sizes)}"
            )

    def values(self, x):
        """The constraints' values at x, of shape (m,)."""
        return np.concatenate(self._each(x))

    def slopes(self, x):
        """The Jacobian at x, a row for each constraint, of shape (m, n)."""
        return np.concatenate([np.reshape(_slopes_of(c, x.copy()), (-1, x.size)) for c in self.functions])

    def curvature(self, x, multipliers):
        """The sum of the constraints' Hessians, each times its multiplier, of shape (n, n)."""
        total, ends = np.zeros((x.size, x.size)), np.cumsum(self.sizes)
        for c, weights in zip(self.functions, np.split(multipliers, ends[:-1]), strict=True):
            total += hessian(_weighted(c, weights))(x.copy())
        return total

    def _each(self, x):
        parts = []
        for c, size in zip(self.functions, self.sizes, strict=True):
            part = np.atleast_1d(numbers(c(x.copy()), "constraints", "a real number or a list of them as each value"))
            if part.ndim > 1 or size not in (None, part.size):
                raise ValueError(f"constraints: expected a list of {size or 'k'} values, got shape {part.shape}")
            parts.append(part)
        return parts


def _slopes_of(constraint, x):
    try:
        return jacobian(constraint)(x)
    except (TypeError, ValueError) as error:
        if str(error).startswith("f: "):  # so says `mmlbook.gradient`
            raise type(error)(f"constraints: {str(error)[3:]}") from error
        raise


def _weighted(constraint, weights):
    """One number from a constraint's values, whether they come as a number, a list or an array."""

    def total(x):
        values = constraint(x)
        if isinstance(values, list | tuple):
            return sum(weight * value for weight, value in zip(weights.tolist(), values, strict=True))
        return np.sum(weights * (values if level_of(values) else numbers(values, "constraints")))

    return total


class Split:
    """What the slopes of the constraints say about a point.

    - `back`: the shortest step to where the constraints, taken as straight, hold
    - `along`: directions at right angles to all slopes, one a column, each of length 1
    - `multipliers`: lambda, so that ``A.T @ multipliers`` is as close to the slope of f as can be
    - `steepness`: the length of each constraint's slope
    - `independence`: 1 if the slopes are at right angles, 0 if one is a combination of others

    Parameters: A, the Jacobian, of shape (m, n); values, the constraints', of shape (m,); slope, of shape (n,).

    >>> split = Split(np.array([[0.0, 2.0]]), values=np.array([6.0]), slope=np.array([1.0, 10.0]))
    >>> split.back + 0.0, split.multipliers, abs(split.along[:, 0])
    (array([ 0., -3.]), array([5.]), array([1., 0.]))

    The same constraint twice: no independence:

    >>> round(Split(np.array([[0.0, 2.0], [0.0, 2.0]]), np.array([6.0, 6.0]), np.array([1.0, 10.0])).independence, 9)
    0.0
    """

    def __init__(self, A, values, slope):
        """Take the Jacobian apart by its singular values, each row scaled to length 1."""
        self.steepness = np.linalg.norm(A, axis=1)
        self.units = np.where(self.steepness > 0, self.steepness, 1.0)
        left, sizes, right = np.linalg.svd(A / self.units[:, None])
        self.independence = float(sizes[-1])
        rank = int(np.sum(sizes > DEPENDENT))
        self.left, self.sizes, self.right = left[:, :rank], sizes[:rank], right[:rank]
        self.along = right[rank:].T
        self.back = self.way_back(values)
        self.multipliers = self.left @ ((self.right @ slope) / self.sizes) / self.units

    def way_back(self, values):
        """The shortest step that makes the constraints zero, if their slopes stay as they are."""
        return -((values / self.units) @ self.left / self.sizes) @ self.right
