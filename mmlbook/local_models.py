"""Straight and quadratic models of a function of many numbers, near one point.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`,
`dual_rules.py`, `gradient.py`, `gradient_check.py`, `inputs.py`, `levels.py`, `recording.py`, `rules.py`,
`slope.py`, `stand_in.py`, `tape.py`, `variable.py` into a folder `mmlbook` beside your program. Nothing else is
needed but NumPy. What it offers:

- `linearise`: value and slopes, the Taylor series to order 1
- `quadratic_model`: value, gradient and Hessian, to order 2
"""

from dataclasses import dataclass

import numpy as np

from mmlbook.gradient import hessian, jacobian, value_and_gradient
from mmlbook.inputs import function, numbers


def linearise(f, at):
    """The best straight model of f near a point: value and slopes, order 1 of the Taylor series.

    In formula, ``model(x) = f(at) + J (x - at)`` with the Jacobian J of f at the point. For a function of
    one number it is the tangent line; of two, the tangent plane.

    Parameters: f, a function of an array (or a number) that returns a number or an array, written
    in plain NumPy; at, the point, finite numbers. Returns a `LinearModel`, to be called with
    points in the shape of at, or with an array of such points.
    Raises TypeError or ValueError, naming the argument, if f is no function or at is not real and
    finite; and, naming f, if f or its Jacobian is not finite at the point.

    >>> def area(sides):
    ...     return sides[0] * sides[1]
    >>> model = linearise(area, at=[3, 4])
    >>> model.value, model.jacobian
    (12.0, array([4., 3.]))
    >>> print(f"{model([3.1, 4.2]):.2f}, not {area([3.1, 4.2]):.2f}: the corner, 0.1 * 0.2, is missing")
    13.00, not 13.02: the corner, 0.1 * 0.2, is missing

    A vertical tangent is no model:

    >>> linearise(np.sqrt, at=0)
    Traceback (most recent call last):
    ...
    ValueError: f: expected finite slopes, got inf as jacobian(f)(x) at x = 0.0

    Source: M. Spivak, *Calculus on Manifolds*, Benjamin, 1965, chapter 2.
    """
    function(f)
    at = _place(at)
    slopes = jacobian(f)(at)
    with np.errstate(all="ignore"):
        value = numbers(f(_copy(at)), "f")
    return LinearModel(at, value, slopes)


@dataclass(frozen=True, eq=False)
class LinearModel:
    """A function of first order near a point: what `linearise` returns.

    - at: the point, an array or a number
    - value: f(at), an array or a number
    - jacobian: all slopes at the point, with the shape of value, then that of at
    """

    at: np.ndarray
    value: np.ndarray
    jacobian: np.ndarray

    def __call__(self, x):
        """The model at x: ``value + jacobian (x - at)``."""
        with np.errstate(all="ignore"):  # what overflows is refused
            return _finite(self.value + _along(_steps(x, self.at), self.jacobian, self.at))


def quadratic_model(f, at):
    """The best quadratic model of f near a point: value, gradient and Hessian, order 2 of the Taylor series.

    In formula, ``model(x) = f(at) + g . d + d . (H d) / 2`` with the step ``d = x - at``, the gradient g and the
    Hessian H of f at the point. Where g is zero, H tells a pit from a peak or a saddle.

    Parameters: f, a function of an array (or a number) that returns one number, written in
    plain NumPy; at, the point, finite numbers. Returns a `QuadraticModel`, to be
    called with points in the shape of at, or with an array of such points.
    Raises TypeError or ValueError, naming the argument, if f is no function or at is not real and
    finite; and, naming f, if f returns more than one number, or f or a derivative is not finite at the point.

    >>> def saddle(x):
    ...     return x[0] ** 2 - x[1] ** 2 + x[0] ** 3
    >>> model = quadratic_model(saddle, at=[0, 0])
    >>> model.gradient, model.hessian
    (array([0., 0.]), array([[ 2.,  0.],
           [ 0., -2.]]))
    >>> model([0.5, 0]), saddle([0.5, 0])
    (0.25, 0.375)

    A model of many numbers needs `linearise`:

    >>> quadratic_model(lambda x: 2 * x, at=[1, 2])
    Traceback (most recent call last):
    ...
    ValueError: f: expected one number, got an array of shape (2,); `jacobian` is the transform for that

    Source: J. Nocedal and S. J. Wright, *Numerical Optimization*, second edition,
    Springer, 2006, section 2.2.
    """
    function(f)
    at = _place(at)
    value, slopes = value_and_gradient(f)(at)
    return QuadraticModel(at, value, slopes, hessian(f)(at))


@dataclass(frozen=True, eq=False)
class QuadraticModel:
    """A function of second order near a point: what `quadratic_model` returns.

    - at: the point, an array or a number
    - value: f(at), a number
    - gradient: all slopes at the point, in the shape of at
    - hessian: all second derivatives, in the shape of at, twice
    """

    at: np.ndarray
    value: float
    gradient: np.ndarray
    hessian: np.ndarray

    def __call__(self, x):
        """The model at x: ``value + gradient . d + d . (hessian d) / 2`` with ``d = x - at``."""
        with np.errstate(all="ignore"):  # what overflows is refused
            steps = _steps(x, self.at)
            curved = self.gradient + _along(steps, self.hessian, self.at) / 2  # the slope half way, at each point
            return _finite(self.value + np.sum(steps * curved, axis=tuple(range(-np.ndim(self.at), 0))))


def _place(at):
    at = numbers(at, "at")
    if np.ndim(at):
        at = at.copy()
        at.setflags(write=False)
    return at


def _copy(at):
    return at.copy() if np.ndim(at) else at


def _finite(value):
    if not np.all(np.isfinite(value)):
        raise ValueError(f"x: expected points at which the model is not too large for a float, got {value} there")
    return value if np.ndim(value) else float(value)


def _steps(x, at):
    """x - at, where x is one point or an array of points."""
    x = numbers(x, "x")
    if np.ndim(x) < np.ndim(at) or np.shape(x)[np.ndim(x) - np.ndim(at) :] != np.shape(at):
        raise ValueError(f"x: expected points of shape {np.shape(at)}, got an array of shape {np.shape(x)}")
    return np.subtract(x, at)


def _along(steps, slopes, at):
    """Slopes, whose last axes are those of at, times each of the steps."""
    axes = np.ndim(at)
    return np.tensordot(steps, np.moveaxis(slopes, range(-axes, 0), range(axes)) if axes else slopes, axes)
