"""Lines, planes and other combinations of columns, fitted to measurements with error bars.

To copy: put this file and `double_double.py`, `fit.py`, `inputs.py`, `summary.py` into a folder
`mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `fit_line`: a straight line through points
- `fit_linear`: any model that is a sum of parameters times columns
- `polynomial_columns`: the columns of a polynomial

Both fits return a `Fit`. With the errors sigma given, the covariance of the parameters is
``(X^T Sigma^-1 X)^-1``, where Sigma holds the squares of sigma. Without them, or where they are
known up to a common factor, it is that times ``s^2``, chi-squared over degrees of freedom.
"""

import re
from dataclasses import replace

import numpy as np

from mmlbook.double_double import products_of_columns, sweep
from mmlbook.fit import errors_of
from mmlbook.inputs import array, truth, whole
from mmlbook.summary import LeastSquares, assembled_fit, check_sizes, readings

ORDINARY = 1e3  # a condition that takes no more than three of the sixteen digits
HIGHEST = 1000  # degree of a polynomial
PATIENCE = 1e8  # products that may be summed in twice the digits: a few seconds


def fit_line(x, y, sigma=None, only_ratios_known=False):
    """The straight line ``y = intercept + slope * x`` that comes closest to the points.

    Measured from the centre of the points, with weights ``w = 1 / sigma**2``,
    ``slope = sum(w * dx * dy) / sum(w * dx**2)`` has the variance ``1 / sum(w * dx**2)``; the
    height at the centre has ``1 / sum(w)``, and the two are uncorrelated. The
    intercept follows from them.

    Parameters: x and y, shape (n,); sigma, the errors of y: one number above 0 for all, or an array of
    shape (n,); only_ratios_known, True if the errors are known up to a common factor.
    Returns a `Fit` with parameters (intercept, slope), in the unit of y and in that over the
    unit of x. Two points and no sigma leave nothing to estimate errors from: they are nan.
    `converged` is False, with a reason, where all x are the same.
    Raises TypeError or ValueError, naming the argument, if x, y or sigma is not finite, is of
    another shape or beyond 1e60 in size, a sigma is not above 0, or only_ratios_known is not True or False.

    >>> fit = fit_line([0, 1, 2, 3], [1, 3, 5, 9], sigma=0.5)
    >>> fit.parameters.round(6), fit.standard_errors.round(6)
    (array([0.6, 2.6]), array([0.41833 , 0.223607]))
    >>> fit_line([2, 2, 2], [1, 3, 5]).reason
    'the data do not determine intercept, slope: all x are the same'

    Source: P. R. Bevington and D. K. Robinson, *Data Reduction and Error Analysis for the
    Physical Sciences*, third edition, McGraw-Hill, 2003, chapter 6.
    """
    x = array(x, "x", (None,))
    y = array(y, "y", (None,))
    if y.shape != x.shape:
        raise ValueError(f"y: expected one reading for each x, shape {x.shape}, got shape {y.shape}")
    sigma, only_ratios_known = errors_of(y, sigma), truth(only_ratios_known, "only_ratios_known")
    root = np.ones(len(x)) if sigma is None else 1 / sigma
    with np.errstate(over="ignore"):  # what is infinite is refused
        check_sizes((x * root)[:, None], "x")
        check_sizes((y * root)[:, None], "y")
    if np.all(x == x[0]):
        fit = fit_linear(polynomial_columns(x, 1), y, sigma, only_ratios_known)
        reason = fit.reason.replace("parameter 0", "intercept").replace("parameter 1", "slope")
        return replace(fit, reason=re.sub(": .* vanishes", ": all x are the same", reason))
    w = root**2
    centre_x, dx = _from_the_centre(x, w)
    centre_y, dy = _from_the_centre(y, w)
    spread = np.sum(w * dx**2)
    slope = np.sum(w * dx * dy) / spread
    covariance = np.array(
        [[1 / np.sum(w) + centre_x**2 / spread, -centre_x / spread], [-centre_x / spread, 1 / spread]]
    )
    return assembled_fit(
        parameters=np.array([centre_y - slope * centre_x, slope]),
        inverse=covariance,
        chi_squared=float(np.sum(w * (dy - slope * dx) ** 2)),
        rows=len(x),
        estimate=sigma is None or only_ratios_known,
        rank=2,
        condition=_condition_of_a_line(x, w, centre_x, spread),
    )


def fit_linear(X, y, sigma=None, only_ratios_known=False):
    """The combination of columns ``y = X @ parameters`` that comes closest to the readings.

    The triangle of `LeastSquares` (QR factorisation) gives the parameters. Where its condition
    is above 1000, so that rounding would take more than a few figures, the normal equations
    ``X^T Sigma^-1 X theta = X^T Sigma^-1 y`` are solved in its place, in twice the digits,
    unless that would take longer than some seconds.

    Parameters: X, shape (n, p), a row for each reading, a column for each parameter (with a column of
    ones where the model has a constant); y, shape (n,); sigma, the errors of y: one number above 0 for all,
    or an array of shape (n,); only_ratios_known, True if the errors are known up to a common factor.
    Returns a `Fit`. Parameters that the data do not determine are nan, `converged` is then False, and the
    reason names them: X has fewer rows than columns, or a combination of columns vanishes. As many rows
    as parameters and no sigma leave nothing to estimate errors from: they are nan. From a condition of
    1e8, the reason says how many figures can be trusted.
    Raises TypeError or ValueError, naming the argument, if X, y or sigma is not finite, is of
    another shape or beyond 1e60 in size, a sigma is not above 0, or only_ratios_known is not True or False.

    >>> fit = fit_linear([[1, 0], [1, 1], [1, 2], [1, 3]], [1, 3, 5, 9])
    >>> fit.parameters.round(6), fit.standard_errors.round(6)
    (array([0.6, 2.6]), array([0.648074, 0.34641 ]))

    The last two columns are the same, so that only their sum is determined:

    >>> fit = fit_linear([[1, 0, 0], [1, 1, 1], [1, 2, 2]], [1, 3, 5])
    >>> fit.converged, fit.parameters.round(6)
    (False, array([ 1., nan, nan]))

    Source: Å. Björck, *Numerical Methods for Least Squares Problems*, SIAM, 1996, chapter 2.
    """
    X, y, sigma = readings(X, y, sigma)
    only_ratios_known = truth(only_ratios_known, "only_ratios_known")
    rows, columns = X.shape
    fit = LeastSquares().add(X, y, sigma).solve(only_ratios_known)
    if ORDINARY < fit.condition < np.inf and columns**2 * (rows + 1000 * columns) <= PATIENCE:
        parameters, inverse, chi_squared = sweep(*products_of_columns(np.column_stack([X, y]), sigma))
        estimate = sigma is None or only_ratios_known
        fit = assembled_fit(parameters, inverse, chi_squared, rows, estimate, columns, fit.condition)
    return fit


def polynomial_columns(x, degree):
    """The columns ``1, x, x**2, ..., x**degree`` for `fit_linear`.

    The higher the degree, the more alike the columns. Measuring x from the middle of the points, in
    units of half their extent, makes the condition smaller by many powers of ten.

    Parameters: x, shape (n,); degree, a whole number from 0 to 1000.
    Returns an array of shape (n, degree + 1).
    Raises TypeError or ValueError, naming the argument, otherwise, or if a power is too large for a float.

    >>> polynomial_columns([2, 3], 2)
    array([[1., 2., 4.],
           [1., 3., 9.]])
    >>> polynomial_columns([2, 3], -1)
    Traceback (most recent call last):
    ...
    ValueError: degree: expected a whole number of at least 0, got -1
    """
    x = array(x, "x", (None,))
    degree = whole(degree, "degree", most=HIGHEST)
    with np.errstate(over="ignore"):
        columns = x[:, None] ** np.arange(degree + 1)
    if not np.isfinite(columns).all():
        raise ValueError(f"x: expected numbers whose powers up to {degree} are finite, got {np.max(np.abs(x))}")
    return columns


def _from_the_centre(values, weights):
    """The weighted mean, and the distances from it; centred twice, so that the rounding of the mean does no harm."""
    centre = np.sum(weights * values) / np.sum(weights)
    distances = values - centre
    correction = np.sum(weights * distances) / np.sum(weights)
    return centre + correction, distances - correction


def _condition_of_a_line(x, w, centre, spread):
    """The condition of the columns 1 and x: two unit vectors at an angle of cosine c have sqrt((1 + c) / (1 - c))."""
    root_mean_square = np.sqrt(np.sum(w * x**2) / np.sum(w))
    cosine = abs(centre) / root_mean_square
    return float((1 + cosine) * root_mean_square / np.sqrt(spread / np.sum(w)))
