"""Walking to the least sum of squares: Gauss and Newton's step, shortened where it would overshoot.

To copy: put this file into a folder `mmlbook` beside your program, with the module
that uses it. Nothing else is needed but NumPy. What it offers:

- `levenberg_marquardt`: the walk; `mmlbook.curve_fitting` makes its arguments and explains its result
- `Walk`: where it went, and what it found at its end; `Place`: one point of it
- `squares_add_up`: whether residuals or slopes are finite, and small enough for it

Residuals are ``r = y - model``, a vector of n numbers that depends on p parameters, and J, of
shape (n, p), is the **model's** Jacobian. Close to a point the residuals of a step v are
nearly ``r - J v``. The v that makes this shortest is the Gauss-Newton step. Far from
the answer it is often much too long. So Levenberg and Marquardt make

``|r - J v|**2 + damping * |D v|**2``

least instead, where D holds the lengths of the columns of J: a change of units in a
parameter changes nothing. The damping falls after a good step and rises after a bad one.
"""

import math
from dataclasses import dataclass

import numpy as np

EPSILON, TINY = 2.0**-52, 2.0**-1000
SMALLEST = 1e-100  # lengths whose squares neither vanish nor overflow
ROUND = 1e-8  # ratio of the squares of singular values from which on their rounding does no harm
FLAT = 1e-10  # cosine of the angle between the residuals and what the parameters can change: this is a right angle
NEAR = 1e-3  # below this, undamped steps are tried
FIRST_DAMPING = 1e-3
STRAIGHT = 0.9  # the part of the promised improvement that has to come true where the model is taken for straight
PROBE = 0.1  # how much of a step is tried to see the model bend
BEND = 0.75  # the most that the correction for the bend may be, in halves of the step
SHRINKS = 0.9  # a step of the last part is to be shorter than this part of the one before
SOON = 0.1  # if it is even shorter than this part, the end is near
LIMIT = 1000  # steps


class Place:
    """A point of the walk: parameters theta, residuals r, Jacobian J, and what a step needs of them.

    With ``J / D = U S V^T``, where D is the scale, U and V keep lengths and S is a diagonal, the step for any damping
    is a division in the coordinates ``w = V^T D v``, in which ``|D v| = |w|`` and ``|J v| = |S w|``.
    S and V come from ``J^T J``, which is quick, or, where its rounding would show, from a triangle made of J.
    """

    def __init__(self, theta, r, J, scale_before):
        """The factors of J, and a scale that falls slowly where the columns of J get shorter."""
        self.theta, self.r, self.J = theta, r, J
        squares = (J.T[:, None] @ J)[:, 0]  # row by row, which for few columns is faster than J.T @ J
        self.lengths = np.sqrt(squares.diagonal())
        lengths = self.lengths.tolist()
        self.sound = min(lengths) > SMALLEST and max(lengths) < 1 / SMALLEST
        if self.sound:
            self.scale = np.maximum(self.lengths, 0.8 * scale_before)
            self.squared, V = np.linalg.eigh(squares / self.scale / self.scale[:, None])
            self.sound = bool(self.squared[0] > ROUND * self.squared[-1])
        if self.sound:
            self.out = V / self.scale[:, None]
            self._pulled()
        else:
            self._by_a_triangle(scale_before)

    def _by_a_triangle(self, scale_before):
        """The same with orthogonal steps alone: with ``J = Q R`` the step makes ``|Q^T r - R v|`` least."""
        p = len(self.theta)
        triangle = np.linalg.qr(np.vstack((self.J.T, self.r)).T, mode="r")
        self.lengths = np.sqrt(np.einsum("ij,ij->j", triangle[:p, :p], triangle[:p, :p]))
        self.scale = np.maximum(self.lengths, 0.8 * scale_before)
        self.scale[self.scale == 0] = np.max(self.scale) or 1.0
        U, singular, Vt = np.linalg.svd(triangle[:p, :p] / self.scale)
        q = U.T @ triangle[:p, p]
        self.out, self.squared, self.pull = Vt.T / self.scale[:, None], singular**2, q * singular
        self._measure(q @ q)

    def _measure(self, across):
        """Sizes: across is the square of that part of the residuals which the parameters can change."""
        self.sum_of_squares = float(self.r @ self.r)
        self.cosine = math.sqrt(across) / max(math.sqrt(self.sum_of_squares), TINY)

    def inner(self, damping):
        """The step that makes |r - J v|**2 + damping * |D v|**2 least, as w."""
        return self.pull / (self.squared + damping)

    def outer(self, w):
        """A step w in the coordinates of theta."""
        return self.out @ w

    def step(self, damping):
        """The v that makes |r - J v|**2 + damping * |D v|**2 least."""
        return self.out @ self.inner(damping)

    def bend(self, w, ahead, damping):
        """The correction of a step, as w: half of what would undo the second derivative of the model along it.

        That shows in the residuals ahead, a tenth of the step from here.
        """
        second = ((self.r - ahead) @ self.J @ self.out / PROBE - self.squared * w) * (2 / PROBE)
        return -0.5 * second / (self.squared + damping)

    def moved(self, theta, r, J):
        """A place so near that the factors of J are as good there."""
        new = Place.__new__(Place)
        new.__dict__.update(self.__dict__, theta=theta, r=r, J=J)
        new._pulled()
        return new

    def _pulled(self):
        """What depends on the residuals, by way of ``J^T r``."""
        self.pull = self.r @ self.J @ self.out
        self._measure(float(self.pull @ (self.pull / self.squared)))

    @property
    def R(self):
        """The triangle of ``J = Q R``, shape (p, p)."""
        return np.linalg.qr(self.J, mode="r")


@dataclass(frozen=True, eq=False)
class Walk:
    """The end of a walk and the way to it.

    - end: the last `Place`
    - path: the parameters at every step, shape (steps + 1, p)
    - settled: p truth values, whether the next step would leave the parameter where it is
    - minimum: whether the sum of squares curves upwards there in every direction
    - finite: False if the steps from there led to where the residuals are not finite
    """

    end: Place
    path: np.ndarray
    settled: np.ndarray
    minimum: bool
    finite: bool


def levenberg_marquardt(residuals, jacobian, start, probe=None):
    """Walk from start to a place where the sum of squares of the residuals is least.

    Two parts. First damped steps, until the residuals are nearly at right angles to every
    change that the parameters can make. Where a step does not bring nine tenths of what it
    promised, it is corrected for the bend of the model along it (geodesic acceleration), and so
    are those after it, until one does. Then full Gauss-Newton steps, as long as each is
    shorter than the last: they need no look at the sum of squares, whose rounding would
    stop them at half of the digits. Only a minimum draws them in. Once they shrink quickly, to
    each is added what the ones after it would bring (Anderson's mixing). Where the model bends
    too much for them, Newton's steps with the whole second derivative take their place.

    Parameters: residuals and jacobian, functions of an array of p floats whose values are
    floats of shapes (n,) and (n, p), n >= p, not finite where there are none, the Jacobian
    that of the model; start, p floats where the squares of both add up; probe, the same as
    residuals, for places where no Jacobian will be wanted: residuals may then work it out at
    once. Nothing is checked here.
    Returns a `Walk`.

    >>> def residuals(theta):
    ...     return np.array([3.0, 5.0]) - np.exp(theta)
    >>> def jacobian(theta):
    ...     return np.diag(np.exp(theta))
    >>> walk = levenberg_marquardt(residuals, jacobian, np.zeros(2))
    >>> np.exp(walk.end.theta).round(12), walk.minimum
    (array([3., 5.]), True)

    Sources: D. W. Marquardt, "An algorithm for least-squares estimation of nonlinear
    parameters", *Journal of the Society for Industrial and Applied Mathematics* 11 (1963),
    431-441; H. B. Nielsen, *Damping Parameter in Marquardt's Method*, Technical
    University of Denmark, report IMM-REP-1999-05, 1999; M. K. Transtrum and J. P. Sethna,
    "Improvements to the Levenberg-Marquardt algorithm for nonlinear least-squares
    minimization", arXiv:1201.5885, 2012; D. G. Anderson, "Iterative procedures for nonlinear
    integral equations", *Journal of the ACM* 12 (1965), 547-560.
    """
    probe = probe or residuals
    place, path = Place(start, residuals(start), jacobian(start), np.zeros(len(start))), [start]
    for cosine, shortest in ((NEAR, 1e-6), (FLAT, EPSILON)):
        place, finite = _descend(residuals, jacobian, probe, place, path, cosine, shortest)
        for next_step in (_gauss_newton, _newton):
            place, step, minimum = _close_in(residuals, jacobian, place, path, next_step)
            walked = np.array(path)
            settled = _settled(place, step, np.max(np.abs(walked), axis=0))
            if minimum and settled.all():
                return Walk(place, walked, settled, minimum, finite)
    if not np.isfinite(step).all():
        settled = _settled(place, _gauss_newton(jacobian, place), np.max(np.abs(walked), axis=0))
    return Walk(place, walked, settled, minimum, finite)


def _descend(residuals, jacobian, probe, place, path, cosine, shortest):
    """Damped steps until the cosine, or the step relative to theta, is small; whether those tried there were finite."""
    damping, growth, finite, careful = FIRST_DAMPING, 2.0, True, False
    while place.cosine > cosine and len(path) <= LIMIT:
        w = place.inner(damping)
        length, far = _length(w), _length(place.scale * place.theta)
        if not length > shortest * far:
            break
        bend, size = 0.0, 0.0
        if careful and length > 1e-8 * far:  # else rounding rules it
            bend = place.bend(w, probe(place.theta + PROBE * place.outer(w)), damping)
            size = _length(bend)
        kept = 0.0  # the part of the promised improvement that came true
        if 2 * size <= BEND * length:
            theta = place.theta + place.outer(w + bend)
            r = residuals(theta)
            promised = place.pull @ w + damping * length * length  # |J v|**2 + 2 damping |D v|**2
            kept = (place.sum_of_squares - r @ r) / promised
        J = jacobian(theta) if kept > (1e-4 if careful else STRAIGHT) else None
        if J is not None and squares_add_up(J):
            place = Place(theta, r, J, place.scale)
            path.append(theta)
            damping, growth, finite = damping * max(1 / 3, 1 - (2 * kept - 1) ** 3), 2.0, True
            careful = kept <= STRAIGHT
        elif careful:
            finite = finite and J is None and math.isfinite(size) and math.isfinite(kept)
            damping, growth = damping * growth, 2 * growth
        else:
            careful = True
    return place, finite


def _close_in(residuals, jacobian, place, path, next_step):
    """Undamped steps as long as they shrink: the place, the step from there, whether it is a minimum."""
    step, shrank, soon = next_step(jacobian, place), False, False
    move, scale = step, place.scale
    length = _length(scale * step)
    while length > 0 and place.cosine > FLAT and len(path) <= LIMIT:
        theta = place.theta + move
        r, J = residuals(theta), jacobian(theta)
        if not (math.isfinite(r @ r) and squares_add_up(J)):
            break
        near = soon and place.sound and place.cosine < NEAR
        new = place.moved(theta, r, J) if near else Place(theta, r, J, scale)
        step_there = next_step(jacobian, new)
        length_there = _length(scale * step_there)
        if not length_there < SHRINKS * length:
            break
        shrank, soon = True, length_there < SOON * length
        add_up = soon and next_step is _gauss_newton
        move = _lengthened(step_there, step_there - step, move, scale) if add_up else step_there
        place, step, length = new, step_there, length_there
        path.append(theta)
    return place, step, shrank or (next_step is _newton and bool(np.isfinite(length)))


def _lengthened(step, change, move, scale):
    """The step, and what those to come would add if moves change steps as the last move did."""
    rest = (scale * change) @ (scale * step) / ((scale * change) @ (scale * change))
    return step - rest * (move + change)


def _gauss_newton(jacobian, place):
    return place.step(damping=0.0)


def _newton(jacobian, place):
    """Newton's step for half the sum of squares, whose second derivative is J^T J less the bend of the model.

    The bend, the sum of each residual times the second derivative of its reading's model, comes
    from differences of J. The step is nan where the second derivative makes no bowl.
    """
    theta, unit = place.theta, np.where(place.lengths == 0, 1.0, place.lengths)
    reach = 1e-5 * np.maximum(np.abs(theta), _length(place.r) / unit)
    reach = np.where(reach == 0, 1e-5, reach)
    bend = [place.r @ (jacobian(theta + h) - jacobian(theta - h)) for h in np.diag(reach)] / (2 * reach[:, None])
    second = (place.J.T @ place.J - (bend + bend.T) / 2) / unit / unit[:, None]
    if not np.isfinite(second).all():
        return np.full(len(theta), np.nan)
    curvatures, axes = np.linalg.eigh(second)
    if curvatures[0] <= 0:
        return np.full(len(theta), np.nan)
    return axes @ (axes.T @ (place.r @ place.J / unit) / curvatures) / unit


def _settled(place, step, largest):
    """Which entries of theta the step leaves where they are, and the residuals too, but for rounding."""
    rounding = 100 * EPSILON * np.sum(place.lengths * np.abs(place.theta))
    felt = place.lengths * np.abs(step)
    unfelt = (felt <= 1e-6 * math.sqrt(place.sum_of_squares)) | (_length(place.J @ step) <= rounding)
    return (np.abs(step) <= 1e-8 * largest) & unfelt | (felt <= rounding)


def _length(v):
    return math.sqrt(v @ v)


def squares_add_up(J):
    """Whether all entries are finite, and small enough for the lengths of rows and columns to be finite too."""
    entries = J.ravel("K")
    return math.isfinite(entries @ entries)
