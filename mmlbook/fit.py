"""What every fit returns: parameters with error bars, and how far to trust them.

To copy: put this file and `inputs.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `Fit`: the result of `fit_line`, `fit_linear`, `least_squares` and `fit_curve`
- `errors_of`: checks the errors of the readings
- `pseudo_inverse`: which parameters a set of columns determines, and the matrix that gives them
"""

import math
from dataclasses import dataclass, field

import numpy as np

from mmlbook.inputs import numbers

RANK_TOLERANCE = 2.0**-43  # about 1e-13: five hundred roundings, relative to the largest singular value
SMALLEST, LARGEST = 1e-60, 1e60  # sizes between which no square or inverse overflows or is rounded to 0
ENTANGLED = 1e-10  # share of a column in a combination that vanishes, above which it counts as part of it


@dataclass(frozen=True, eq=False)
class Fit:
    """The answer of a least-squares fit, its uncertainty, and whether to believe it.

    - parameters: shape (p,); where the data leave a parameter undetermined, nan, or for a curve the last value tried
    - covariance: shape (p, p), in products of the parameters' units; nan where undetermined
    - chi_squared: the sum of ``((y - model) / sigma)**2``; without errors given, of ``(y - model)**2``
    - degrees_of_freedom: number of readings minus number of parameters that they determine
    - rank: how many independent combinations of parameters the data determine, p if all is well
    - condition: by how much the columns, each scaled to length 1, can magnify a small
      relative error of the data; where the model fits closely, about ``16 - log10(condition)`` figures
      survive the rounding of the data to double precision, with large residuals fewer.
      Infinite where rank is below p
    - converged: whether every parameter has been found
    - reason: why, or why not, in a sentence
    - iterations: how many steps the method took
    - path: the parameters at each step, shape (steps, p)

    Computed from these: `standard_errors`, `correlation`, `residual_standard_deviation`.

    >>> fit = Fit(
    ...     parameters=np.array([2.0, 3.0]), covariance=np.array([[0.04, 0.01], [0.01, 0.01]]),
    ...     chi_squared=6.0, degrees_of_freedom=4, rank=2, condition=3.0, converged=True,
    ...     reason="one step solves a linear problem", iterations=1, path=np.array([[2.0, 3.0]]),
    ... )
    >>> fit.standard_errors
    array([0.2, 0.1])
    >>> print(fit)
    parameter          value  standard error
            0              2             0.2
            1              3             0.1
    chi-squared 6 with 4 degrees of freedom
    converged: one step solves a linear problem
    """

    parameters: np.ndarray
    covariance: np.ndarray
    chi_squared: float
    degrees_of_freedom: int
    rank: int
    condition: float
    converged: bool
    reason: str
    iterations: int
    path: np.ndarray = field(repr=False)

    @property
    def standard_errors(self):
        """Square roots of the diagonal of the covariance, shape (p,)."""
        return np.sqrt(np.diagonal(self.covariance))

    @property
    def correlation(self):
        """Covariance divided by both standard errors, shape (p, p); nan where one of them is 0 or nan."""
        errors = self.standard_errors
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.covariance / errors / errors[:, None]

    @property
    def residual_standard_deviation(self):
        """The square root of chi-squared over degrees of freedom, s; nan where no readings are left over."""
        if self.degrees_of_freedom == 0:
            return np.nan
        return float(np.sqrt(self.chi_squared / self.degrees_of_freedom))

    def __str__(self):
        """The parameters as a table, with what else to know before using them."""
        lines = ["parameter          value  standard error"]
        for i, (value, error) in enumerate(zip(self.parameters, self.standard_errors, strict=True)):
            lines.append(f"{i:>9} {value:>14.7g} {error:>15.3g}")
        lines.append(f"chi-squared {self.chi_squared:.6g} with {self.degrees_of_freedom} degrees of freedom")
        lines.append(f"{'converged' if self.converged else 'not converged'}: {self.reason}")
        return "\n".join(lines)


def errors_of(y, sigma):
    """The error of each reading, shape (n,), or None where sigma is None.

    Parameters: y, shape (n,); sigma, one number above 0 for all readings, or n of them,
    from 1e-60 to 1e60.
    Raises TypeError or ValueError, naming sigma, otherwise.

    >>> errors_of(np.array([3.0, 5.0]), 0.5)
    array([0.5, 0.5])
    >>> errors_of(np.array([3.0, 5.0]), [0.5, 0.5, 0.5])
    Traceback (most recent call last):
    ...
    ValueError: sigma: expected one error for each reading, shape (2,), or one for all, got shape (3,)
    """
    if sigma is None:
        return None
    sigma = np.asarray(numbers(sigma, "sigma", "one error for each reading, or one for all"))
    if sigma.shape not in (y.shape, ()):
        expected = f"one error for each reading, shape {y.shape}, or one for all"
        raise ValueError(f"sigma: expected {expected}, got shape {sigma.shape}")
    for bad, expected in (sigma <= 0, "above 0"), (sigma < SMALLEST, "not so small"), (sigma > LARGEST, "not so large"):
        if bad.any():
            place = f" at sigma[{np.argmax(bad)}]" if sigma.ndim else ""
            raise ValueError(f"sigma: expected numbers {expected}, got {sigma.flat[np.argmax(bad)]}{place}")
    return np.broadcast_to(sigma, y.shape)


def pseudo_inverse(A, rows=0):
    """The matrix that takes readings to parameters, and which parameters it cannot be trusted for.

    Where the columns of A are independent, it is ``(A^T A)^-1 A^T``, so that the
    parameters are ``inverse @ y`` and their covariance ``inverse @ inverse.T``.
    The columns are first scaled to length 1. Then a singular value below 2**-43 of
    the largest (about 1e-13) counts as zero: that combination of columns vanishes, and
    the data say nothing about it. Parameters that take part in such a combination
    are undetermined: the inverse picks the shortest of many answers for
    them, so put nan in its place. The others are as well determined as if it were not there.

    Parameters: A, finite floats of shape (n, p); rows, the number of rows of data, where A
    is a triangle that stands for more than its own.
    Returns the inverse, of shape (p, n); the rank; the condition of the scaled columns,
    infinite where the rank is below p; and undetermined, p truth values.

    >>> inverse, rank, condition, undetermined = pseudo_inverse(np.array([[3.0, 0.0], [4.0, 0.0], [0.0, 2.0]]))
    >>> inverse.round(2), rank, round(condition, 6), undetermined
    (array([[0.12, 0.16, 0.  ],
           [0.  , 0.  , 0.5 ]]), 2, 1.0, array([False, False]))

    The second column is twice the first; the third stands alone:

    >>> inverse, rank, condition, undetermined = pseudo_inverse(np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 1.0]]))
    >>> rank, condition, undetermined
    (2, inf, array([ True,  True, False]))
    """
    columns = A.shape[1]
    scale = 1 / _lengths(A)
    U, singular, Vt = np.linalg.svd(A * scale, full_matrices=A.shape[0] < columns)
    tolerance = RANK_TOLERANCE * max(1.0, math.sqrt(max(rows, len(A))) / 64) * float(singular[0])
    rank = sum(value > tolerance for value in singular.tolist())
    inverse = scale[:, None] * (Vt[:rank].T / singular[:rank]) @ U[:, :rank].T
    if rank == columns:
        return inverse, rank, float(singular[0] / singular[-1]), np.zeros(columns, bool)
    return inverse, rank, np.inf, np.linalg.norm(Vt[rank:], axis=0) > ENTANGLED


def _lengths(A):
    """The lengths of the columns, 1 where there is next to none; powers of two first, lest a square overflow."""
    _, exponent = np.frexp(np.max(np.abs(A), axis=0))
    lengths = np.ldexp(np.linalg.norm(np.ldexp(A, -exponent), axis=0), exponent)
    return np.where(lengths < 2.0**-1000, 1.0, lengths)
