"""Slopes of a function of one variable, from its values alone.

To copy: put this file and `inputs.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `rise_over_run`: the line through two points of a graph
- `slopes`: the lines between successive readings of a table
- `forward_difference`, `central_difference`: a small step instead of a limit
- `complex_step`: a small step and no subtraction
- `richardson`: several steps, extrapolated to step zero, with an error estimate

Points may be numbers or arrays of numbers. With an array, f is called once with
the whole array and must return one value for each entry.
"""

from dataclasses import dataclass, field

import numpy as np

from mmlbook.inputs import function, numbers, on_arrays

EPSILON = 2.0**-52  # the gap between 1 and the next number that the machine can hold
LARGEST = float(np.finfo(float).max)  # about 1.8e308
PROBES = 12  # steps of `richardson` that measure noise before any answer counts


def rise_over_run(f, a, b):
    """Slope of the straight line through two points of the graph of f.

    In formula, ``(f(b) - f(a)) / (b - a)``: how far the graph rises, over how
    far it runs. The slope carries the unit of f divided by the unit of its input.

    Parameters: f, a function of one number; a and b, two different finite
    numbers, or two arrays of the same shape with a line for each pair.
    Returns a float, or an array of the shape of a.
    Raises TypeError or ValueError, naming the argument, if f is no function, a
    or b is not real and finite, a equals b, or f returns anything but finite
    real numbers in the shape of its input.

    >>> def distance(t):
    ...     return t**2
    >>> rise_over_run(distance, 1, 3)
    4.0

    One point alone does not make a line:

    >>> rise_over_run(distance, 2, 2)
    Traceback (most recent call last):
    ...
    ValueError: b: expected a number other than a, got 2.0 for both
    """
    a, b = _two_places(f, a, b)
    rise = _heights(f, b) - _heights(f, a)
    run = b - a
    return rise / run


def slopes(x, y):
    """Slopes between successive readings of a table.

    Entry i is ``(y[i + 1] - y[i]) / (x[i + 1] - x[i])``, in the unit of y
    divided by the unit of x.

    Parameters: x and y, lists or arrays of n finite numbers each, n >= 2, the
    x in increasing order. Returns an array of n - 1 slopes.
    Raises TypeError or ValueError, naming the argument, otherwise, or if a slope is too large for a float.

    >>> slopes([0, 1, 3], [0, 2, 8])
    array([2., 3.])

    Two readings at the same x have no slope between them:

    >>> slopes([0, 1, 1], [0, 2, 8])
    Traceback (most recent call last):
    ...
    ValueError: x: expected increasing readings, but x[2] = 1.0 follows 1.0
    """
    x, y = _table(x, y)
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused
        result = np.diff(y) / np.diff(x)
    for i in np.flatnonzero(~np.isfinite(result)):
        raise ValueError(f"y: expected readings with finite slopes, got {y[i]} and then {y[i + 1]} at y[{i + 1}]")
    return result


def forward_difference(f, at, step=None):
    """Slope of f at a point, from that point and one a small step ahead.

    In formula, ``(f(at + step) - f(at)) / step``. Where f is smooth, its error shrinks
    like the step, until the step is so small that rounding takes over. The default,
    ``sqrt(EPSILON) * max(abs(at), 1)``, balances the two where f changes over
    lengths like max(abs(at), 1): then about eight figures are right. The run is
    measured between the two points as rounded, so its own rounding does no harm.

    Parameters: f, a function of one number; at, a finite number or an array of
    them; step, one number above 0, in the unit of at.
    Returns a float, or an array of the shape of at, in the unit of f over that of at.
    Raises TypeError or ValueError, naming the argument, if f is no function, at
    or step is not real and finite, step is not above 0 or is lost when added to
    at, or f returns anything but finite real numbers in the shape of its input.

    >>> forward_difference(np.square, 3, step=0.5)
    6.5
    >>> round(forward_difference(np.square, 3), 6)
    6.0

    A step too small to move the point is refused:

    >>> forward_difference(np.square, 3, step=1e-17)
    Traceback (most recent call last):
    ...
    ValueError: step: expected a step that moves at = 3.0, but 1e-17 is lost in rounding

    Source: W. H. Press, S. A. Teukolsky, W. T. Vetterling and B. P. Flannery,
    *Numerical Recipes*, third edition, Cambridge University Press, 2007, section 5.7.
    """
    at, step = _place_and_step(f, at, step, power=1 / 2)
    return rise_over_run(f, at, at + step)


def central_difference(f, at, step=None):
    """Slope of f at a point, from one point a small step back and one ahead.

    In formula, ``(f(at + step) - f(at - step)) / (2 * step)``. Where f is smooth, its
    error shrinks like the square of the step, until rounding takes over. The default,
    ``cbrt(EPSILON) * max(abs(at), 1)``, balances the two where f changes over
    lengths like max(abs(at), 1): then about ten figures are right.

    Parameters, result and errors are those of `forward_difference`.

    >>> central_difference(np.square, 3, step=0.5)
    6.0
    >>> central_difference(np.square, [1, 2], step=0.5)
    array([2., 4.])

    A kink has no slope, and a central difference does not notice; `richardson` does:

    >>> central_difference(abs, 0)
    0.0

    Source: W. H. Press, S. A. Teukolsky, W. T. Vetterling and B. P. Flannery,
    *Numerical Recipes*, third edition, Cambridge University Press, 2007, section 5.7.
    """
    at, step = _place_and_step(f, at, step, power=1 / 3)
    return rise_over_run(f, at - step, at + step)


def complex_step(f, at):
    """Slope of f at a point, from one tiny step into the complex plane.

    In formula, ``f(at + 1j * step).imag / step``. No two values are
    subtracted, so no digits cancel, and the step can be so small (2**-100 times the
    smaller of 1 and abs(at), or 2**-100 at 0) that its own error vanishes. f must be built from powers,
    sines, exponentials and the like, which continue to complex numbers; abs,
    maximum and the functions of `math` do not. Four more calls with real numbers
    check, to a tenth of a per cent, that f did not mislay the imaginary part.

    Parameters: f, a function of one number that accepts complex numbers; at, a
    finite real number or an array of them.
    Returns a float, or an array of the shape of at, in the unit of f over that of at.
    Raises TypeError or ValueError, naming the argument, if f is no function, at
    is not real and finite, or f refuses complex numbers, mislays the imaginary
    part or returns anything but finite numbers in the shape of its input.

    >>> complex_step(np.exp, 0)
    1.0
    >>> complex_step(abs, -2)
    Traceback (most recent call last):
    ...
    TypeError: f: expected complex values for complex input, got 2.0

    Source: W. Squire and G. Trapp, "Using complex variables to estimate derivatives
    of real functions", *SIAM Review* 40 (1998), 110-112.
    """
    at = _place(f, at)
    step = 2.0**-100 * np.minimum(_size(at), 1.0)
    slope = _complex_heights(f, at + 1j * step).imag / step
    _check_against_a_real_step(f, at, slope)
    return slope if np.ndim(slope) else float(slope)


@dataclass(frozen=True, eq=False)
class SlopeEstimate:
    """A slope, and how far to trust it: what `richardson` returns.

    - slope: the answer; the last finite one if the method stopped early, nan if there was none
    - error: estimate of how far the slope may be off, rounding included
    - converged: whether the error is below a millionth of the steepness nearby, and no kink was seen
    - reason: why the answer can be trusted, or cannot
    - iterations: how many steps were tried
    - path: a row for each of them, its step and central difference, shape (iterations, 2)
    """

    slope: float
    error: float
    converged: bool
    reason: str
    iterations: int
    path: np.ndarray = field(repr=False)


def richardson(f, at):
    """Slope of f at a point from central differences, extrapolated to step zero.

    Central differences with step h and 2h have errors that stand nearly as 1 to
    4, so ``D(h) + (D(h) - D(2h)) / 3`` cancels most of it; the next order
    uses 15 in place of 3, and so on. The steps double from tiny, where f is
    straight and rounding rules, until the answers no longer agree: f itself
    says how long a step may be. The answer with the smallest error estimate wins.
    The estimate adds up the last correction, the rounding of the values of f,
    and the scatter seen at the smallest steps.

    Parameters: f, a function of one number, called about ninety times; at, one finite number.
    Returns a `SlopeEstimate`. `converged` is False, with a reason, where f has a
    kink or a jump, is not finite close to at, or is too rough for a millionth.
    Values alone cannot prove a slope: a function that changes within a
    thousand-millionth of max(abs(at), 1), or whose own rounding is hidden in wide flat
    steps, can still deceive it.
    Raises TypeError or ValueError, naming the argument, if f is no function, at
    is not one finite real number, or f(at) is not one.

    >>> answer = richardson(np.sin, 0)
    >>> answer.slope, answer.error < 1e-12, answer.converged
    (1.0, True, True)

    A kink has no slope:

    >>> answer = richardson(abs, 0)
    >>> answer.converged, answer.reason
    (False, 'f has a kink: its slopes to the left and to the right differ')

    Sources: L. F. Richardson, "The approximate arithmetical solution by finite
    differences of physical problems involving differential equations",
    *Philosophical Transactions of the Royal Society A* 210 (1911), 307-357, and
    C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)",
    *Advances in Engineering Software* 4 (1982), 75-76. His steps shrink; these grow.
    """
    at = _place(f, at)
    if np.ndim(at):
        raise ValueError(f"at: expected one number, got an array of shape {np.shape(at)}")
    level = _heights(f, at)
    slope, error, nearby = np.nan, np.inf, 0.0
    steepest, bend, scatter = 0.0, 0.0, 0.0
    row, steps, path, kinks, kinked = [], [], [], [], False
    trouble = "no two steps agree to a millionth of the slope"
    for step in _ladder(at):
        try:
            high, low = _heights(f, at + step), _heights(f, at - step)
        except (ValueError, ArithmeticError):
            trouble = f"f is not finite {step:.1e} away from at"
            break
        probing = len(steps) < PROBES
        steps.append(step)
        previous, row = row, _extrapolate(row, (high - low) / (2 * step))
        path.append((step, row[0]))
        kinks.append(abs((high - level) - (level - low)) / step)  # right slope minus left slope
        rounding = EPSILON * max(abs(level), abs(high), abs(low))
        scatter = max(scatter, _scatter(row[: 1 if probing else 5], previous, steps))
        noise = rounding + 2 * scatter
        if len(steps) == 9:
            kinked = kinks[4] > max(kinks[8] / 2, 40 * noise / steps[4])
        if probing:
            continue

        steepness = max(abs(high - level), abs(level - low)) / step
        steepest = max(steepest, steepness)
        if kinks[-1] > 8 * noise / step:
            bend = max(bend, kinks[-1] / step)
        unseen = EPSILON * (2 * steepest + abs(at) * bend)  # rounding that leaves no scatter
        new_slope, new_error = _best(row, previous, steps, noise, unseen)
        if abs(new_slope - slope) > error + new_error or new_error > 1000 * error:
            break  # the step has outgrown f
        if new_error < error:
            slope, error, nearby = new_slope, new_error, steepness

    if np.isnan(slope) and path:
        slope = path[-1][1]
    allowed = max(1e-6 * nearby, 16 * EPSILON * abs(level) / max(abs(at), 1.0))
    if kinked:
        reason = "f has a kink: its slopes to the left and to the right differ"
        error = max(error, kinks[4] / 2)
    else:
        reason = trouble if error > allowed else "the answers agree"
    converged = reason == "the answers agree"
    return SlopeEstimate(float(slope), float(error), converged, reason, len(path), np.reshape(path, (-1, 2)))


def _ladder(at):
    """Steps for `richardson`, each twice the last, that move at without rounding."""
    _, exponent = np.frexp(max(abs(at), 1.0))
    for power in range(-44, 3):
        step = float(np.ldexp(1.0, int(exponent) + power))
        if not np.isfinite(abs(at) + 2 * step):
            return
        yield (abs(at) + step) - abs(at)


def _extrapolate(finer_row, difference):
    """The next row of Neville's table: entry k is free of the first k terms of the error."""
    row = [difference]
    for finer in finer_row[:8]:
        row.append(finer + (finer - row[-1]) / (4.0 ** len(row) - 1))
    return row


def _scatter(row, previous, steps):
    """How far the values of f seem to jump about, from two neighbouring rows."""
    pairs = zip(row, previous, steps[-2::-1], strict=False)
    return min((abs(new - old) * step for new, old, step in pairs), default=0.0)


def _best(row, previous, steps, noise, unseen):
    """The entry of a row with the smallest error estimate, and that estimate."""
    finer = [previous[0], *previous]  # what each entry was made from
    rounding = [1.5 * noise / step + unseen for step in steps[::-1]]
    errors = [abs(entry - old) + lost for entry, old, lost in zip(row, finer, rounding, strict=False)]
    best = int(np.argmin(errors))
    return row[best], errors[best]


def _place(f, at):
    """The place as a float or an array of floats, once f is known to be a function."""
    function(f, expected="a function of one number")
    return numbers(at, "at")


def _two_places(f, a, b):
    function(f, expected="a function of one number")
    a, b = numbers(a, "a"), numbers(b, "b")
    if np.shape(a) != np.shape(b):
        raise ValueError(f"b: expected the shape of a, {np.shape(a)}, got {np.shape(b)}")
    if np.any(a == b):
        raise ValueError(f"b: expected a number other than a, got {b} for both")
    if not np.all(np.abs(np.divide(b, 2) - np.divide(a, 2)) < LARGEST / 2):
        raise ValueError(f"b: expected a number no further than {LARGEST:.1e} from a, got a = {a} and b = {b}")
    return a, b


def _place_and_step(f, at, step, power):
    at = _place(f, at)
    if step is None:
        step = EPSILON**power * np.maximum(np.abs(at), 1.0)
    else:
        step = numbers(step, "step")
        if np.ndim(step) or step <= 0:
            raise ValueError(f"step: expected one number above 0, got {step}")
    if not np.all(np.abs(at) < LARGEST - 2 * step):
        raise ValueError(f"step: expected at + 2 step below {LARGEST:.1e}, got at = {at} and step = {step}")
    if np.any(np.abs(at) + step == np.abs(at)):
        raise ValueError(f"step: expected a step that moves at = {at}, but {step} is lost in rounding")
    return at, step


def _table(x, y):
    x, y = numbers(x, "x"), numbers(y, "y")
    if np.ndim(x) != 1 or len(x) < 2:
        raise ValueError(f"x: expected a list of at least two readings, got shape {np.shape(x)}")
    if np.shape(y) != np.shape(x):
        raise ValueError(f"y: expected one reading for each x, shape {np.shape(x)}, got {np.shape(y)}")
    for i in np.flatnonzero(x[1:] <= x[:-1]):
        raise ValueError(f"x: expected increasing readings, but x[{i + 1}] = {x[i + 1]} follows {x[i]}")
    return x, y


def _size(at):
    """The size of at, or 1 where at is 0: a length that f can be expected to notice."""
    return np.where(at == 0, 1.0, np.maximum(np.abs(at), 2.0**-900))[()]


def _heights(f, x, kinds="iuf", expected="real values"):
    """The values f(x), checked: finite, one for each entry of x."""
    with np.errstate(all="ignore"):  # what is not finite is refused below
        y = on_arrays(f, "f", x.copy() if isinstance(x, np.ndarray) else x)
    coarse = getattr(y, "dtype", np.dtype(float))
    if coarse.kind == "f" and coarse.itemsize < 8:
        raise TypeError(f"f: expected values in double precision, got {coarse}, too coarse for small steps")
    y = numbers(y.copy() if isinstance(y, np.ndarray) else y, "f", expected, kinds)  # f may reuse its output
    if np.shape(y) != np.shape(x):
        raise ValueError(f"f: expected values in the shape of the input, {np.shape(x)}, got {np.shape(y)}")
    return y


def _complex_heights(f, z):
    z = z if np.ndim(z) else complex(z)
    try:
        return np.asarray(_heights(f, z, "c", "complex values for complex input"))
    except TypeError as error:
        if str(error).startswith("f: "):
            raise
        raise TypeError(f"f: expected a function that accepts complex numbers, but: {error}") from error


def _check_against_a_real_step(f, at, slope):
    """Refuse a slope from a complex step that real steps contradict."""
    step = 2.0**-30 * _size(at)
    (rough, noise), (finer, _) = _rough_slope(f, at, step), _rough_slope(f, at, step / 2)
    allowed = 1e-3 * (np.abs(slope) + np.abs(rough)) + 4 * np.abs(rough - finer) + noise
    if not np.all(np.abs(slope - rough) <= allowed):
        raise ValueError(
            "f: expected a function that keeps the imaginary part, but a complex step "
            f"gives the slope {slope} and a real step {rough}"
        )


def _rough_slope(f, at, step):
    ahead, behind = numbers(at + step, "at"), numbers(at - step, "at")
    high, low = np.asarray(_heights(f, ahead)), np.asarray(_heights(f, behind))
    return (high - low) / np.subtract(ahead, behind), 16 * EPSILON * (np.abs(high) + np.abs(low)) / step
