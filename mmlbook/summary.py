"""All that least squares needs to know about the data, in a small triangle that can be added to and merged.

To copy: put this file, `fit.py` and `inputs.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `LeastSquares`: fits data that arrive in parts, or that lie on many machines
- `readings`, `check_sizes`, `assembled_fit`: the checks and the last step, which `mmlbook.linear_regression` shares

A rotation of the rows of ``[X, y]`` changes neither the lengths of its columns nor the angles
between them, and so not the answer of a fit. The factorisation ``[X, y] = Q R`` rotates all
that matters into the triangle R, with as many rows as columns, however many rows the data have.
The triangle of two heaps of data is the triangle of their two triangles, one set on the other.
"""

import numpy as np

from mmlbook.fit import LARGEST, SMALLEST, Fit, errors_of, pseudo_inverse
from mmlbook.inputs import array, truth

PANEL_ROWS = 4096  # rows that are rotated into the triangle at a time: they fit into the cache
DELICATE = 1e8  # a condition that takes more than half of the sixteen digits


class LeastSquares:
    """A summary of rows ``(x_1, ..., x_p, y)``, from which the best parameters can be computed.

    The parameters theta minimise ``chi_squared = sum(((y - X @ theta) / sigma)**2)``. The summary
    is a triangle of p + 1 rows and columns and a count of the rows. It can be pickled,
    sent elsewhere, and merged in any order: the answers agree up to rounding. They
    lose to rounding about as many figures as the `condition` of the fit has digits, at worst
    twice as many; `fit_linear`, which sees all data at once, can do better.

    >>> night = LeastSquares().add([[1, 0], [1, 1]], [1, 3])
    >>> day = LeastSquares().add([[1, 2], [1, 3]], [5, 9])
    >>> both = night.merge(day)
    >>> both, both.solve().parameters.round(6)
    (LeastSquares(rows=4, columns=2), array([0.6, 2.6]))

    Readings at one place alone cannot determine two parameters:

    >>> fit = LeastSquares().add([[1, 5], [1, 5], [1, 5]], [2, 3, 4]).solve()
    >>> fit.converged, fit.parameters
    (False, array([nan, nan]))
    >>> fit.reason
    'the data do not determine parameter 0, parameter 1: a combination of their columns vanishes'

    Source: G. H. Golub and C. F. Van Loan, *Matrix Computations*, fourth edition, Johns
    Hopkins University Press, 2013, sections 5.2 and 5.3.
    """

    def __init__(self):
        """An empty summary. The first rows that are added decide how many columns there are."""
        self.triangle = None
        self.rows = 0
        self.errors_known = False

    def __repr__(self):
        """Its size, for a look at the prompt."""
        return f"LeastSquares(rows={self.rows}, columns={self._columns()})"

    def add(self, X, y, sigma=None):
        """Take more rows into this summary, and return it.

        Parameters: X, shape (n, p), a row for each reading; y, shape (n,), the readings; sigma, their
        errors: one number above 0 for all, or an array of shape (n,). Either all parts of the
        data come with a sigma, or none.
        Raises TypeError or ValueError, naming the argument, otherwise; the summary is then as before.

        >>> LeastSquares().add([[1, 2], [1, 3]], [5, 9], sigma=[0.1, 0])
        Traceback (most recent call last):
        ...
        ValueError: sigma: expected numbers above 0, got 0.0 at sigma[1]
        """
        X, y, sigma = readings(X, y, sigma)
        if self.rows and X.shape[1] != self._columns():
            raise ValueError(f"X: expected {self._columns()} columns, as before, got shape {X.shape}")
        if self.rows and self.errors_known != (sigma is not None):
            raise ValueError("sigma: expected it with every part of the data, or with none")
        triangle = np.empty((0, X.shape[1] + 1)) if self.triangle is None else self.triangle
        for start in range(0, len(y), PANEL_ROWS):
            part = slice(start, start + PANEL_ROWS)
            triangle = _rotated(triangle, X[part], y[part], None if sigma is None else sigma[part])
        check_sizes(triangle[:, :-1], "X")
        check_sizes(triangle[:, -1:], "y")
        self.triangle, self.rows, self.errors_known = triangle, self.rows + len(y), sigma is not None
        return self

    def merge(self, other):
        """A new summary, of the rows of both; the two stay as they are.

        Parameters: other, a `LeastSquares` of as many columns, with a sigma if this one has one.
        Raises TypeError or ValueError, naming the argument, otherwise.

        >>> LeastSquares().add([[1, 2]], [3]).merge(LeastSquares().add([[1]], [3]))
        Traceback (most recent call last):
        ...
        ValueError: other: expected a summary of 2 columns, got LeastSquares(rows=1, columns=1)
        """
        if not isinstance(other, LeastSquares):
            raise TypeError(f"other: expected a LeastSquares, got {other!r}")
        both = LeastSquares()
        parts = [part for part in (self, other) if part.rows]
        if not parts:
            return both
        if parts[-1]._columns() != parts[0]._columns():
            raise ValueError(f"other: expected a summary of {self._columns()} columns, got {other!r}")
        if parts[-1].errors_known != parts[0].errors_known:
            raise ValueError("other: expected a sigma with every part of the data, or with none")
        both.triangle = np.linalg.qr(np.concatenate([part.triangle for part in parts]), mode="r")
        both.rows, both.errors_known = self.rows + other.rows, parts[0].errors_known
        return both

    def solve(self, only_ratios_known=False):
        """The best parameters of all rows so far, as a `Fit`.

        Parameters: only_ratios_known, True if sigma says how large the errors are relative to
        each other, and the fit is to find how large they are. Without sigma, that is always so.
        Raises TypeError, naming only_ratios_known, if it is not True or False; ValueError if no rows have been added.

        >>> LeastSquares().solve()
        Traceback (most recent call last):
        ...
        ValueError: LeastSquares: expected rows to fit, got none: add them first
        """
        only_ratios_known = truth(only_ratios_known, "only_ratios_known")
        if not self.rows:
            raise ValueError("LeastSquares: expected rows to fit, got none: add them first")
        A, b = self.triangle[:, :-1], self.triangle[:, -1]
        inverse, rank, condition, undetermined = pseudo_inverse(A, self.rows)
        parameters = inverse @ b
        misses = b[rank:] if rank == A.shape[1] else b - A @ parameters
        chi_squared = float(misses @ misses)
        estimate = only_ratios_known or not self.errors_known
        return assembled_fit(
            parameters, inverse @ inverse.T, chi_squared, self.rows, estimate, rank, condition, undetermined
        )

    def _columns(self):
        return self.triangle.shape[1] - 1 if self.rows else 0


def _rotated(triangle, X, y, sigma):
    """The triangle of the rows of a triangle and of some more rows."""
    top = len(triangle)
    panel = np.empty((top + len(y), X.shape[1] + 1), order="F")  # by columns: so that qr need not rearrange it
    panel[:top], panel[top:, :-1], panel[top:, -1] = triangle, X, y
    if sigma is not None:
        with np.errstate(over="ignore"):  # what becomes infinite is refused when all is done
            panel[top:] /= sigma[:, None]
    return np.linalg.qr(panel, mode="r")


def readings(X, y, sigma):
    """X as an array of shape (n, p), y and sigma (unless None) of shape (n,), all of them finite floats.

    >>> readings([[1, 2], [1, 3]], [5], None)
    Traceback (most recent call last):
    ...
    ValueError: y: expected one reading for each row of X, shape (2,), got shape (1,)
    """
    X = array(X, "X", (None, None))
    y = array(y, "y", (None,))
    if len(y) != len(X):
        raise ValueError(f"y: expected one reading for each row of X, shape ({len(X)},), got shape {y.shape}")
    return X, y, errors_of(y, sigma)


def check_sizes(columns, name):
    """Refuse columns, already divided by sigma, that are so long or so short that their squares would be lost.

    >>> check_sizes(np.array([[3.0, 1e200], [4.0, 0.0]]), "X")
    Traceback (most recent call last):
    ...
    ValueError: X: expected a length from 1e-60 to 1e+60 relative to sigma, got 1e+200: choose another unit
    """
    with np.errstate(over="ignore"):
        lengths = np.hypot.reduce(columns, axis=0)
    for length in lengths:
        if not (length == 0 or SMALLEST <= length <= LARGEST):
            expected = f"a length from {SMALLEST} to {LARGEST} relative to sigma"
            raise ValueError(f"{name}: expected {expected}, got {length:.3g}: choose another unit")


def assembled_fit(parameters, inverse, chi_squared, rows, estimate, rank, condition, undetermined=False):
    """The `Fit` of a linear problem: its covariance, and its reason.

    Parameters: inverse, ``(X^T Sigma^-1 X)^-1``, shape (p, p); rows, the number of readings; estimate, whether
    the fit is to find how large the errors are; the others as in `Fit` and `pseudo_inverse`.

    >>> fit = assembled_fit(np.array([2.0]), np.array([[0.5]]), 0.0, 1, True, rank=1, condition=1.0)
    >>> fit.standard_errors, fit.reason
    (array([nan]), 'one step solves a linear problem; no reading is left over to estimate errors from: they are nan')
    """
    undetermined = np.broadcast_to(undetermined, parameters.shape)
    degrees_of_freedom = rows - rank
    reason = "one step solves a linear problem"
    if undetermined.any():
        which = ", ".join(f"parameter {i}" for i in np.flatnonzero(undetermined))
        vanishes = "its column" if undetermined.sum() == 1 else "a combination of their columns"
        reason = f"the data do not determine {which}: {vanishes} vanishes"
    elif condition > DELICATE:
        figures = int(16 - np.log10(condition))
        reason += f", but its columns are nearly dependent: trust {figures} figures"
    factor = 1.0
    if estimate and degrees_of_freedom:
        factor = chi_squared / degrees_of_freedom
    elif estimate:
        factor = np.nan
        reason += "; no reading is left over to estimate errors from: they are nan"
    parameters = np.where(undetermined, np.nan, parameters)
    return Fit(
        parameters=parameters,
        covariance=np.where(undetermined | undetermined[:, None], np.nan, inverse * factor),
        chi_squared=chi_squared,
        degrees_of_freedom=degrees_of_freedom,
        rank=rank,
        condition=condition,
        converged=not undetermined.any(),
        reason=reason,
        iterations=1,
        path=parameters[None],
    )
