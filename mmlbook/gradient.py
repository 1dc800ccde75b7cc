"""Derivatives as functions of functions: give f, and get the function that gives its slopes.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `dual.py`,
`dual_rules.py`, `gradient_check.py`, `inputs.py`, `levels.py`, `recording.py`, `rules.py`, `slope.py`,
`stand_in.py`, `tape.py`, `variable.py` into a folder `mmlbook` beside your program. Nothing else is needed but
NumPy. What it offers:

- `derivative`: the slope of a function of one number, or of an array, entry by entry
- `gradient`, `value_and_gradient`: all slopes of one number that depends on many
- `jacobian`: all slopes of many numbers that depend on many
- `hessian`: all second derivatives; `hvp`: the Hessian times a vector, without the Hessian
- `jvp`, `vjp`: the Jacobian times a vector, a vector times the Jacobian, without the Jacobian
- `directional_derivative`: the slope in a direction
- `check_gradient`, from `mmlbook.gradient_check`: is a gradient right?

f is written in plain NumPy: operators, indices, ``np.`` functions, loops and branches. The
derivatives are exact to rounding: they come from rules, applied step by step, not from
small differences. Transforms nest: ``derivative(derivative(f))`` is the second derivative.
"""

import functools
import math

import numpy as np

from mmlbook.chain_rule import shape
from mmlbook.dual import as_array, value_and_tangent
from mmlbook.gradient_check import GradientCheck, check_gradient
from mmlbook.inputs import function, numbers
from mmlbook.levels import level_of, plain
from mmlbook.tape import value_and_gradients, value_and_pull_back

__all__ = [
    "GradientCheck",
    "check_gradient",
    "derivative",
    "directional_derivative",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "value_and_gradient",
    "vjp",
]

BLOCK = 2**16  # entries of a tangent with all its directions, so that a calculation stays in fast memory
SWEEP = 5000  # what one sweep of the tape takes, in the time of one operation on an entry of an array


def _of_a_function(transform):
    """A transform that says how it is called where the point is put beside f, and not behind."""
    name = transform.__name__

    @functools.wraps(transform)
    def checked(f, *misplaced, **named):
        if misplaced or named:
            point = "x, v" if name in ("hvp", "directional_derivative") else "x"
            raise TypeError(f"{name}: expected f alone: write {name}(f)({point}), not {name}(f, {point})")
        result = transform(function(f))
        result.__name__ = result.__qualname__ = f"{name}(f)"  # Python's own errors use it
        return result

    return checked


@_of_a_function
def derivative(f):
    """The derivative of f, as a function.

    In formula ``f'(x) = df/dx``. With an array x, f works entry by entry, and so does f'.

    Parameters: f, a function of one number, which returns a number or an array; or one of an
    array, which returns an array of the same shape, each entry made from the same entry of x.
    Returns a function of x, a finite number or an array of them. It returns a float or an
    array in the shape of f(x), in the unit of f over that of x.
    Raises TypeError if f is no function. The function returned raises TypeError or
    ValueError, naming x, if x is not real and finite, and, naming f, if f(x) or its
    derivative is not, or if entries of f(x) depend on other entries of x.

    >>> derivative(np.sin)(0)
    1.0
    >>> def cube(x):
    ...     return x**3
    >>> second = derivative(derivative(cube))
    >>> second(np.array([1, 2]))
    array([ 6., 12.])

    A vertical tangent has no slope:

    >>> derivative(np.sqrt)(0)
    Traceback (most recent call last):
    ...
    ValueError: f: expected finite slopes, got inf as derivative(f)(x) at x = 0.0

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    Society for Industrial and Applied Mathematics, 2008, section 3.1.
    """

    def slope(x):
        x = _argument(x)
        if shape(x):
            return _entry_by_entry(f, x)
        value, tangent = _attempt(value_and_tangent, f, x, 1.0)
        return _finite(value, tangent, "derivative(f)(x)", x)

    return slope


@_of_a_function
def gradient(f):
    """The gradient of f, as a function.

    In formula ``gradient(f)(x)[i] = df / dx[i]``: one slope for each entry of x, and all of
    them together point uphill.

    Parameters: f, a function of one array or number, or of several, which returns one number.
    Returns a function of as many inputs, arrays of finite numbers or numbers. It returns an
    array in the shape of x, a float for a number; for several inputs a tuple, one gradient
    for each. The unit is that of f over that of the input.
    Raises TypeError if f is no function. The function returned raises TypeError or
    ValueError, naming the input, if that is not real and finite, and, naming f, if f(x) is not
    one finite real number or a slope is not finite.

    >>> def height(x):
    ...     return x[0] ** 2 + 3 * x[1]
    >>> gradient(height)([1, 2])
    array([2., 3.])
    >>> gradient(lambda x, y: x * y**2)(3, 2)
    (4.0, 12.0)

    The point goes into a second pair of brackets:

    >>> gradient(height, [1, 2])
    Traceback (most recent call last):
    ...
    TypeError: gradient: expected f alone: write gradient(f)(x), not gradient(f, x)

    Several heights have no gradient:

    >>> gradient(np.square)([1, 2])
    Traceback (most recent call last):
    ...
    ValueError: f: expected one number, got an array of shape (2,); `jacobian` is the transform for that

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    Society for Industrial and Applied Mathematics, 2008, section 3.2.
    """
    with_value = value_and_gradient(f)

    def slopes(*inputs):
        return with_value(*inputs)[1]

    return slopes


@_of_a_function
def value_and_gradient(f):
    """f and its gradient together, as a function, in the time of the gradient alone.

    Parameters and errors are those of `gradient`. The function returned gives a pair:
    f(x), a float, and what `gradient` would give.

    >>> value_and_gradient(lambda x: np.sum(x**2))([1, 2])
    (5.0, array([2., 4.]))
    >>> value_and_gradient(lambda x: np.log(x[0]))([0, 1])
    Traceback (most recent call last):
    ...
    ValueError: f: expected finite values, got -inf as f(x)
    """

    def both(*inputs):
        if len(inputs) == 1:
            x = _argument(inputs[0])
            value, (slope,) = _attempt(value_and_gradients, f, x)
            return value, _finite(value, slope, "gradient(f)(x)", x)
        inputs = [_argument(x, f"input {i} of f") for i, x in enumerate(inputs, 1)]
        value, slopes = _attempt(value_and_gradients, f, *inputs)
        for i, (x, slope) in enumerate(zip(inputs, slopes, strict=True)):
            _finite(value, slope, f"gradient(f)(...)[{i}]", x)
        return value, slopes

    return both


@_of_a_function
def jacobian(f):
    """The Jacobian of f, as a function: every slope of every output.

    In formula ``jacobian(f)(x)[i, j] = df[i] / dx[j]``: a row for each output, a column for
    each input. Where f or x has more axes, the axes of f(x) come first, then those of x.

    Parameters: f, a function of one array or number, which returns a number, an array or a
    list of numbers.
    Returns a function of x, finite numbers. It returns an array of shape
    ``f(x).shape + x.shape``, or a float where both are numbers; in the unit of f over that of x.
    Raises TypeError if f is no function. The function returned raises TypeError or
    ValueError, naming x, if x is not real and finite, and, naming f, if f(x) or a slope is not.
    Dual numbers carry all directions through f at once, or, where x has many more
    entries than f(x), the tape is swept once for each entry of f(x).

    >>> def polar(x):
    ...     return [x[0] * np.cos(x[1]), x[0] * np.sin(x[1])]
    >>> jacobian(polar)([2, 0])
    array([[1., 0.],
           [0., 2.]])

    A plain array has no room for slopes; a list has, and so has ``np.stack``:

    >>> jacobian(lambda x: np.array([x[0] ** 2, x[1]]))([2, 0])
    Traceback (most recent call last):
    ...
    TypeError: f: a plain array has no derivative: use np.stack for np.array or y[i] = x, x itself for np.asarray(x)

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    Society for Industrial and Applied Mathematics, 2008, chapter 3.
    """

    def rows(x):
        x = _argument(x)
        n = math.prod(shape(x))
        if n * n > SWEEP:
            value, pull_back = _attempt(value_and_pull_back, lambda x: as_array(f(x)), x)
            if math.prod(shape(value)) * (SWEEP + 3 * n) < n * n:
                return _row_by_row(value, pull_back, x)
        return _column_by_column(f, x, "jacobian(f)(x)")

    return rows


@_of_a_function
def hessian(f):
    """The Hessian of f, as a function: every second derivative.

    In formula ``hessian(f)(x)[i, j] = d2f / (dx[i] dx[j])``, a symmetric matrix.

    Parameters: f, a function of one array or number, which returns one number.
    Returns a function of x, finite numbers. It returns an array of shape
    ``x.shape + x.shape``, or a float for a number, in the unit of f over that of x squared.
    Errors are those of `gradient`. Dual numbers, with all directions at once, go
    through the tape: one sweep gives the gradient and how it changes.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([1, 2])
    array([[4., 2.],
           [2., 0.]])

    A curve may have a slope where its slope has none:

    >>> hessian(lambda x: x[0] ** 1.5 + x[1])([0, 0])
    Traceback (most recent call last):
    ...
    ValueError: f: expected finite slopes, got inf as hessian(f)(x)[0, 0] at x[0] = 0.0

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    Society for Industrial and Applied Mathematics, 2008, chapter 5.
    """
    slopes = _bare_gradient(f)

    def second(x):
        return _column_by_column(slopes, _argument(x), "hessian(f)(x)")

    return second


@_of_a_function
def hvp(f):
    """The Hessian of f times a vector, as a function, without the Hessian.

    In formula ``hvp(f)(x, v) = hessian(f)(x) @ v``: how the gradient changes as x moves
    along v. It takes a few times as long as f, however many entries x has.

    Parameters: f, a function of one array or number, which returns one number.
    Returns a function of x and v, finite numbers of the same shape. It returns an array of
    that shape, or a float for numbers.
    Errors are those of `gradient`, and a ValueError naming v if its shape is not that of x.

    >>> hvp(lambda x: x[0] ** 2 * x[1])([1, 2], [1, 0])
    array([4., 2.])
    >>> hvp(np.sum)([1, 2], [1, 0, 0])
    Traceback (most recent call last):
    ...
    ValueError: v: expected the shape of x, (2,), got (3,)

    Source: B. A. Pearlmutter, "Fast exact multiplication by the Hessian",
    *Neural Computation* 6 (1994), 147-160.
    """
    slopes = _bare_gradient(f)

    def change(x, v):
        x, v = _place_and_vector(x, v)
        value, tangent = _attempt(value_and_tangent, slopes, x, v)
        return _finite(value, tangent, "hvp(f)(x, v)", x)

    return change


def jvp(f, x, v):
    """f(x), and the Jacobian of f times a vector, without the Jacobian.

    In formula ``jvp(f, x, v) = f(x), J @ v``: how fast f(x) changes as x moves with velocity v.
    The longer v, the faster; for the slope in the direction of v, see `directional_derivative`.

    Parameters: f, a function of one array or number; x and v, finite numbers of the same shape.
    Returns a pair, f(x) and its rate of change, both in the shape of f(x).
    Raises TypeError or ValueError, naming x or v, if they are not real and finite or differ in
    shape, and, naming f, if f is no function or f(x) or its rate of change is not finite.

    >>> jvp(np.square, [1, 2], [1, 10])
    (array([1., 4.]), array([ 2., 40.]))
    >>> jvp(np.square, [1, 2], 1)
    Traceback (most recent call last):
    ...
    ValueError: v: expected the shape of x, (2,), got ()

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    Society for Industrial and Applied Mathematics, 2008, section 3.1.
    """
    function(f)
    x, v = _place_and_vector(x, v)
    value, tangent = _attempt(value_and_tangent, f, x, v)
    return value, _finite(value, tangent, "J @ v", x)


def vjp(f, x):
    """f(x), and a function that multiplies a vector by the Jacobian of f, without the Jacobian.

    In formula ``value, pull_back = vjp(f, x)``, then ``pull_back(u) = u @ J``: the gradient of
    ``np.sum(u * f(x))``, where u says how much each output counts.

    Parameters: f, a function of one array or number; x, finite numbers.
    Returns a pair: f(x), and pull_back, which takes finite numbers u in the shape of f(x) and
    returns an array in the shape of x, or a float for a number. It may be called again and again.
    Raises TypeError or ValueError, naming x or u, if they are not real and finite or u has
    another shape than f(x), and, naming f, if f is no function or f(x) or a slope is not finite.

    >>> value, pull_back = vjp(np.square, [1, 2])
    >>> pull_back([1, 10])
    array([ 2., 40.])
    >>> pull_back(1)
    Traceback (most recent call last):
    ...
    ValueError: u: expected the shape of f(x), (2,), got ()

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    Society for Industrial and Applied Mathematics, 2008, section 3.2.
    """
    function(f)
    x = _argument(x)
    value, tape_back = _attempt(value_and_pull_back, lambda x: as_array(f(x)), x)
    _finite(value, 0.0, "", x)

    def pull_back(u):
        u = _argument(u, "u")
        if shape(u) != shape(value):
            raise ValueError(f"u: expected the shape of f(x), {shape(value)}, got {shape(u)}")
        return _finite(value, _attempt(tape_back, u)[0], "pull_back(u)", x)

    return value, pull_back


@_of_a_function
def directional_derivative(f):
    """The slope of f in a direction, as a function.

    In formula ``directional_derivative(f)(x, v) = gradient(f)(x) @ v / norm(v)``: how fast f
    rises for each unit of way towards v. The length of v does not matter: it is made a unit
    vector. (`jvp` leaves v as it is.)

    Parameters: f, a function of one array or number, which returns a number or an array.
    Returns a function of x and v, finite numbers of the same shape, v not zero. It returns
    a float, or an array in the shape of f(x), in the unit of f over that of x.
    Errors are those of `jvp`, and a ValueError naming v if v is zero, which has no direction.

    >>> def height(x):
    ...     return x[0] ** 2 + 3 * x[1]
    >>> slope = directional_derivative(height)
    >>> slope([1, 2], [0, 10])
    3.0
    >>> slope([1, 2], [0, 0])
    Traceback (most recent call last):
    ...
    ValueError: v: expected a direction, got zero, which has none

    Source: T. M. Apostol, *Calculus*, volume II, second edition, Wiley, 1969, chapter 8.
    """

    def slope(x, v):
        x, v = _place_and_vector(x, v)
        longest = np.max(np.abs(v))
        if plain(longest) == 0:
            raise ValueError("v: expected a direction, got zero, which has none")
        v = v / longest  # so that squares neither overflow nor vanish
        value, tangent = _attempt(value_and_tangent, f, x, v / np.sqrt(np.sum(v * v)))
        return _finite(value, tangent, "directional_derivative(f)(x, v)", x)

    return slope


def _argument(x, name="x"):
    """x as a float or an array of floats; what another transform is differentiating stays as it is."""
    if type(x) is np.ndarray and x.dtype == float and x.ndim and x.size and _all_finite(x):
        return x  # the usual case, without detours
    return x if level_of(x) else numbers(x, name)


def _place_and_vector(x, v):
    x, v = _argument(x), _argument(v, "v")
    if shape(v) != shape(x):
        raise ValueError(f"v: expected the shape of x, {shape(x)}, got {shape(v)}")
    return x, v


def _attempt(transform, f, *inputs):
    """Run a transform without NumPy's warnings: what is not finite is refused at the end."""
    with np.errstate(all="ignore"):
        try:
            return transform(f, *inputs)
        except (ArithmeticError, np.linalg.LinAlgError) as error:
            raise ValueError(f"f: expected finite values and slopes, but: {error}") from error
        except ValueError as error:
            if isinstance(error.__cause__, TypeError) and str(error.__cause__).startswith("f: "):
                raise error.__cause__ from None  # NumPy, asked to put x into an array, hides why it cannot
            raise


def _finite(value, slopes, name, x):
    """The slopes, if they and the value are finite; those of an outer transform are checked there."""
    if not _all_finite(value):
        _refuse(value, "values", "f(x)", x)
    if not _all_finite(slopes):
        _refuse(slopes, "slopes", name, x)
    return slopes


def _all_finite(x):
    if type(x) is np.ndarray:  # the square tells almost always, and in one pass; but it may overflow
        return math.isfinite(np.vdot(x, x)) or bool(np.isfinite(x).all())
    return level_of(x) or math.isfinite(x)


def _refuse(part, what, name, x):
    """Name the first entry that is not finite."""
    part = np.asarray(part)
    place = np.unravel_index(np.argmin(np.isfinite(part)), part.shape)
    where = f"[{', '.join(map(str, place))}]" if place else ""
    raise ValueError(f"f: expected finite {what}, got {part[place]} as {name}{where}{_at(x, place)}")


def _at(x, place):
    """The number in x, if it is one, that belongs to a slope: its last axes are those of x."""
    x = plain(x)
    if np.ndim(x) == 0:
        return f" at x = {x}"
    place = place[len(place) - np.ndim(x) :]
    return f" at x[{', '.join(map(str, place))}] = {x[place]}" if len(place) == np.ndim(x) else ""


def _bare_gradient(f):
    """`gradient` for use inside another transform, which checks f, x and the slopes."""

    def slopes(x):
        value, (slope,) = value_and_gradients(f, x)
        _finite(plain(value), 0.0, "", x)
        return slope

    return slopes


def _entry_by_entry(f, x):
    """The derivative of each entry of f(x) by the same entry of x.

    A second direction, in which the entries of x move at different speeds, shows whether f mixes them.
    """
    speeds = 2.0 ** (np.arange(math.prod(shape(x))) * 7919 % 31 - 15).reshape(shape(x))
    value, tangent = _attempt(value_and_tangent, f, x, np.stack([np.ones(shape(x)), speeds]))
    if shape(value) != shape(x):
        raise ValueError(f"f: expected values in the shape of x, {shape(x)}, got {shape(value)}; see jacobian")
    slope = _finite(value, tangent[0], "derivative(f)(x)", x)
    if not np.allclose(plain(tangent[1]), speeds * plain(slope), rtol=1e-9, atol=1e-300):
        raise ValueError("f: expected each entry of f(x) to depend on the same entry of x alone; see jacobian")
    return slope


def _column_by_column(f, x, name):
    """The Jacobian by dual numbers, in blocks of directions that fit the machine's fast memory."""
    if not shape(x):
        value, tangent = _attempt(value_and_tangent, f, x, 1.0)
        return _finite(value, tangent, name, x)
    n = math.prod(shape(x))
    block = max(1, BLOCK // n)
    columns = []
    for start in range(0, n, block):
        directions = np.eye(min(block, n - start), n, start)
        value, tangent = _attempt(value_and_tangent, f, x, directions.reshape(-1, *shape(x)))
        columns.append(tangent)
    columns = columns[0] if len(columns) == 1 else np.concatenate(columns)
    result = columns.reshape(n, -1).T.reshape(shape(value) + shape(x))
    return result if _all_finite(value) and _all_finite(columns) else _finite(value, result, name, x)


def _row_by_row(value, pull_back, x):
    """The Jacobian by sweeps of the tape, one for each output."""
    if not shape(value):
        return _finite(value, _attempt(pull_back, 1.0)[0], "jacobian(f)(x)", x)
    outputs = np.eye(math.prod(shape(value))).reshape(-1, *shape(value))
    rows = np.stack([_attempt(pull_back, output)[0] for output in outputs])
    return _finite(value, np.reshape(rows, shape(value) + shape(x)), "jacobian(f)(x)", x)
