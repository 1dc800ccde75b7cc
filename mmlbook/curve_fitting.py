"""Curves fitted to measurements: models that are not linear in their parameters, with error bars.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`,
`dual_rules.py`, `fit.py`, `gradient.py`, `gradient_check.py`, `inputs.py`, `levels.py`, `levenberg_marquardt.py`,
`recording.py`, `rules.py`, `slope.py`, `sparse_dual.py`, `stand_in.py`, `tape.py`, `variable.py` into a folder
`mmlbook` beside your program. Nothing else is needed but NumPy. What it offers:

- `fit_curve`: a model ``f(x; theta)`` through readings y, with or without known errors
- `least_squares`: the same from residuals of your own making

Both walk downhill from a start that you choose, by `mmlbook.levenberg_marquardt`, with exact
slopes from `mmlbook.sparse_dual` or `mmlbook.gradient`, and return a `Fit`. Error bars of a non-linear fit are
approximate: they take the model for a straight line, plane, ... over the width of the bars.
"""

import inspect
from functools import partial

import numpy as np

from mmlbook.fit import Fit, errors_of, pseudo_inverse
from mmlbook.gradient import jacobian as jacobian_of
from mmlbook.inputs import array, function, numbers, on_arrays, truth
from mmlbook.levenberg_marquardt import LIMIT, levenberg_marquardt, squares_add_up
from mmlbook.sparse_dual import Unsupported, values_and_slopes


def fit_curve(model, x, y, start, sigma=None, only_ratios_known=False):
    """The parameters theta with which ``f(x; theta)`` comes closest to the readings y.

    They minimise ``chi_squared = sum(((y - f(x; theta)) / sigma)**2)``, whose gradient is
    ``-2 J^T Sigma^-1 r`` with the residuals ``r = y - f(x; theta)`` and the model's Jacobian J. The
    covariance of theta is ``(J^T Sigma^-1 J)^-1``, where Sigma holds the squares of sigma;
    without sigma, or where only the ratios of the errors are known, it is that times ``s^2``,
    chi-squared over degrees of freedom.

    Parameters: model, called as ``model(x, theta_1, ..., theta_p)``, written in plain NumPy, which returns
    n numbers; x, the places of the readings, shape (n,), or (n, k) with k numbers for each;
    y, the readings, shape (n,); start, p first guesses, p <= n; sigma, the errors of y: one number above 0 for
    all, or an array of shape (n,); only_ratios_known, True if the errors are known up to a common factor.
    Returns a `Fit`; each parameter has the unit that the model gives it. `converged` is False, with a reason,
    where the data do not determine a parameter (its error is nan, and its value one of many), where a
    parameter runs off to infinity, where the model cannot be followed because it is
    not finite, and at a level place that is no minimum. A good start matters: the walk
    ends in the nearest minimum, which need not be the lowest.
    Raises TypeError or ValueError, naming the argument, if model is no function of x and p parameters, if
    x, y, start or sigma is not finite or of another shape, if there are fewer readings than parameters, if
    the model or its slopes are not finite at start, or if the model returns what is no real number.

    >>> def neuron(x, w, b):
    ...     return np.tanh(w * x + b)
    >>> x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    >>> y = np.array([-0.8, -0.4, 0.3, 0.7, 1.0])
    >>> fit = fit_curve(neuron, x, y, start=[1, 0])
    >>> fit.parameters.round(4), fit.standard_errors.round(4)
    (array([0.6967, 0.2844]), array([0.0477, 0.042 ]))

    Only the product of these two parameters shows in the data:

    >>> fit = fit_curve(lambda x, a, b: a * b * x, [1, 2, 3], [2, 4, 7], start=[1, 1])
    >>> fit.converged, fit.reason
    (False, 'the data do not determine a, b: some small change of them together leaves the model as it is')

    Source: W. H. Press, S. A. Teukolsky, W. T. Vetterling and B. P. Flannery,
    *Numerical Recipes*, third edition, Cambridge University Press, 2007, section 15.5.
    """
    function(model, "model", "a function of x and the parameters")
    y = array(y, "y", (None,))
    x = _places(x, len(y))
    start = _start(start, len(y))
    sigma = errors_of(y, sigma)
    estimate = truth(only_ratios_known, "only_ratios_known") or sigma is None

    walk = partial(_fit, ("model", "model"), start, lambda: _names(model, len(start)), estimate)
    with np.errstate(all="ignore"):  # what is not finite is seen to, here and along the walk
        try:
            run = _OneRun(model, x, y, sigma)
            if run.works(start):
                return walk(run.residuals, run.jacobian, run.probe)
        except Unsupported:  # from the start, or where the model branches on the way
            pass
        return walk(*_step_by_step(model, x, y, sigma, start))


def least_squares(residuals, start, jacobian=None):
    """The parameters theta that make the sum of the squares of some residuals least.

    It minimises ``chi_squared = sum(r(theta)**2)``. The covariance of theta is
    ``s^2 (J^T J)^-1``, with chi-squared over degrees of freedom for ``s^2``. If the residuals are in
    units of known errors, divide the covariance by that: ``fit.residual_standard_deviation**2``.

    Parameters: residuals, a function of an array of p numbers, which returns n numbers, n >= p, for instance
    ``y - model``; start, shape (p,), a first guess; jacobian, the function that gives the
    slopes of the **residuals**, shape (n, p), with their own sign: where the residuals are
    ``y - model``, minus the model's; it is taken at its word, so a wrong one gives wrong
    error bars. Without it, `mmlbook.gradient` finds the slopes.
    Returns a `Fit`. `converged` is False, with a reason, in the cases that `fit_curve` names.
    Raises TypeError or ValueError, naming the argument, if residuals or jacobian is no function, start is not
    finite, or residuals or jacobian gives something else than finite numbers of these shapes at start, or
    what is no real number later.

    >>> def residuals(theta):
    ...     return np.stack([10 * (theta[1] - theta[0] ** 2), 1 - theta[0]])
    >>> fit = least_squares(residuals, start=[-1.2, 1])
    >>> fit.parameters, fit.converged
    (array([1., 1.]), True)

    The best exponent would be infinite:

    >>> fit = least_squares(lambda theta: np.exp(-theta * np.array([0, 1, 2])) - [2, 0, 0], start=[1])
    >>> fit.converged, fit.reason
    (False, 'parameter 0 does not settle: the minimum may lie at infinity')

    Source: J. Nocedal and S. J. Wright, *Numerical Optimization*, second edition,
    Springer, 2006, chapter 10.
    """
    function(residuals, "residuals", "a function of an array of parameters")
    start = _start(start)
    if jacobian is None:
        name, slopes = "residuals", jacobian_of(residuals)
    else:
        name, slopes = "jacobian", function(jacobian, "jacobian", "a function of an array of parameters")
    with np.errstate(all="ignore"):
        r = _followed("residuals", residuals, start, (None,))
        if (rows := len(r(start))) < len(start):
            raise ValueError(f"residuals: expected at least one for each of {len(start)} parameters, got {rows}")
        J = _followed(name, slopes, start, (rows, len(start)))
        return _fit(
            ("residuals", name),
            start,
            lambda: _numbered(len(start)),
            True,
            lambda theta: r(theta) + 0.0,  # a copy: residuals may reuse its array
            lambda theta: -J(theta),
        )


def _fit(sources, start, names, estimate, residuals, jacobian, probe=None):
    """The walk, and the statistics at its end; sources are the names of what gives the residuals and the Jacobian."""
    for name, what, entries in zip(sources, ("residuals", "slopes"), (residuals, jacobian), strict=True):
        if not squares_add_up(entries(start)):
            raise ValueError(f"{name}: expected {what} whose squares can be added up, got some beyond 1e150")
    walk = levenberg_marquardt(residuals, jacobian, start, probe)
    place = walk.end
    inverse, rank, condition, undetermined = pseudo_inverse(place.R)
    degrees_of_freedom = len(place.r) - rank
    chi_squared = float(place.sum_of_squares)
    factor, reason = 1.0, _reason(walk, names, undetermined)
    if estimate:
        factor = chi_squared / degrees_of_freedom if degrees_of_freedom else np.nan
    if estimate and not degrees_of_freedom:
        reason += "; no reading is left over to estimate errors from: they are nan"
    return Fit(
        parameters=place.theta,
        covariance=np.where(undetermined | undetermined[:, None], np.nan, factor * inverse @ inverse.T),
        chi_squared=chi_squared,
        degrees_of_freedom=degrees_of_freedom,
        rank=rank,
        condition=condition,
        converged=bool(walk.minimum and walk.settled.all() and not undetermined.any()),
        reason=reason,
        iterations=len(walk.path) - 1,
        path=walk.path,
    )


def _reason(walk, names, undetermined):
    """What became of a walk, in a sentence; names is a function that returns the names of the parameters."""

    def named(which):
        return ", ".join(name for name, chosen in zip(names(), which, strict=True) if chosen)

    if undetermined.sum() == 1:
        return f"the data do not determine {named(undetermined)}: no change of it changes the model"
    if undetermined.any():
        some = "some small change of them together leaves the model as it is"
        return f"the data do not determine {named(undetermined)}: {some}"
    if not walk.finite:
        return "the way down leads to where there are no finite values"
    if len(walk.path) > LIMIT:
        return f"{LIMIT} steps were not enough"
    if not walk.settled.all():
        verb = "does" if (~walk.settled).sum() == 1 else "do"
        return f"{named(~walk.settled)} {verb} not settle: the minimum may lie at infinity"
    if not walk.minimum:
        return "the ground is level here, but this is no minimum: try another start"
    return "the steps have shrunk to nothing in a minimum"


def _places(x, rows):
    """x as floats, one or one row for each reading."""
    x = numbers(x, "x", f"{rows} real numbers, or as many rows of them")
    x = array(x, "x", (rows,) if np.ndim(x) < 2 else (rows, None)).copy()
    x.setflags(write=False)  # a model that writes into x is told so
    return x


def _start(start, rows=None):
    start = array(start, "start", (None,))
    if rows is not None and len(start) > rows:
        raise ValueError(f"start: expected no more parameters than readings, {rows}, got {len(start)}")
    return start.copy()


def _names(model, p):
    """What the model calls its parameters, once their number is known to be right."""
    try:
        arguments = list(inspect.signature(model).parameters.values())
    except (TypeError, ValueError):  # some functions written in C do not say
        return _numbered(p)
    if any(argument.kind is argument.VAR_POSITIONAL for argument in arguments):
        return _numbered(p)
    arguments = [a for a in arguments if a.kind in (a.POSITIONAL_ONLY, a.POSITIONAL_OR_KEYWORD)]
    names = [argument.name for argument in arguments[1:]]
    needed = sum(argument.default is argument.empty for argument in arguments[1:])
    if not names:
        raise TypeError("model: expected a function of x and the parameters, such as model(x, a, b)")
    if not needed <= p <= len(names):
        call = f"model(x, {', '.join(names)})"
        raise ValueError(f"start: expected a number for each of {', '.join(names)} in {call}, got {p} numbers")
    return names[:p]


def _numbered(p):
    return [f"parameter {i}" for i in range(p)]


class _OneRun:
    """Residuals and Jacobian of a curve from one and the same run of its model, kept for the place where it was."""

    def __init__(self, model, x, y, sigma):
        self.model, self.y, self.sigma, self.theta = partial(model, x), y, sigma, None

    def works(self, start):
        """Whether the model can be run like this; if not, `_step_by_step` says why, or finds another way."""
        try:
            return squares_add_up(self.residuals(start)) and squares_add_up(self.J)
        except Exception:
            return False

    def residuals(self, theta):
        if theta is not self.theta:
            try:
                values, slopes = values_and_slopes(self.model, theta)
            except (TypeError, AttributeError) as error:
                raise Unsupported from error
            except (ValueError, ArithmeticError, LookupError):
                values = slopes = np.empty(0)
            if values.shape != self.y.shape:
                values, slopes = np.nan, np.full((len(theta), len(self.y)), np.nan)
            self.theta = theta
            self.r, self.J = _in_units_of(self.sigma, self.y - values), _in_units_of(self.sigma, slopes.T)
        return self.r

    def jacobian(self, theta):
        self.residuals(theta)
        return self.J

    def probe(self, theta):
        """The residuals alone, where no Jacobian will be wanted."""
        return _in_units_of(
            self.sigma, self.y - _or_nan("model", lambda theta: self.model(*theta), theta, self.y.shape)
        )


def _step_by_step(model, x, y, sigma, start):
    """Residuals and Jacobian of any other curve, after a look at what they are at the start."""

    def curve(theta):
        return model(x, *theta)

    try:
        values = _followed("model", curve, start, y.shape)
    except TypeError:
        _names(model, len(start))  # says so if the number of parameters is to blame
        raise
    slopes = _followed("model", jacobian_of(curve), start, (len(y), len(start)))
    return (
        lambda theta: _in_units_of(sigma, y - values(theta)),
        lambda theta: _in_units_of(sigma, slopes(theta)),
    )


def _in_units_of(sigma, rows):
    return rows if sigma is None else (rows.T / sigma).T


def _followed(name, f, start, shape):
    """f as the walk wants it, once its first values are known to be right; they are kept."""
    first = _at_the_start(name, f, start, shape).copy()
    return lambda theta: first if theta is start else _or_nan(name, f, theta, first.shape)


def _at_the_start(name, f, start, shape):
    """The first values of f, which have to be what is expected."""
    try:
        return array(on_arrays(f, name, start.copy()), name, shape)
    except ArithmeticError as error:
        raise ValueError(f"{name}: expected finite numbers at start, got an error: {error}") from error
    except (TypeError, ValueError) as error:
        if str(error).startswith("f: "):  # so says `mmlbook.gradient`
            raise type(error)(f"{name}: {str(error)[3:]}") from error
        raise


def _or_nan(name, f, theta, shape):
    """The values of f on the way, nan where there are none; an error if they are no real numbers."""
    try:
        given = f(theta.copy())
        values = np.asarray(given)
    except (TypeError, ValueError, ArithmeticError, LookupError):
        return np.full(shape, np.nan)
    if values.dtype.kind not in "iuf":
        return array(given, name, shape)  # says what is wrong
    if values.shape != shape or np.ma.is_masked(given):
        return np.full(shape, np.nan)
    return values.astype(float, copy=False)
