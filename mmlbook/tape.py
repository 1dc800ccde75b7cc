"""Reverse mode: write down every step of a calculation on a tape, then run the tape backwards.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `levels.py`, `recording.py`,
`rules.py`, `stand_in.py`, `variable.py` into a folder `mmlbook` beside your program. Nothing else is needed but
NumPy. What it offers:

- `value_and_gradients`: the value of f, one number, and its gradients, from one sweep
- `value_and_pull_back`: the value of f, number or array, and a function that sweeps as often as you like
- `Variable`: the number or array that f is given instead of a plain one

Going forward, each operation writes one entry: where its inputs stand on the tape, and what its
derivative needs. Going backward, each entry takes the gradient of its output, multiplies it by
its own derivative, and adds the result to the gradients of its inputs. That is the chain rule.
One sweep gives the slopes by all inputs at once, however many there are.

The forward half is in `mmlbook.arithmetic` and `mmlbook.recording`, the backward half is here.
The rules stand elsewhere: those that hold entry by entry in `mmlbook.rules`, those of whole
arrays in `mmlbook.array_rules`.

Arrays that take part must not be changed until the sweep is over: the tape keeps them, not copies.
The inputs are taken as they are; `mmlbook.gradient` builds its transforms on this, and checks them first.
"""

import numpy as np

from mmlbook.array_rules import add_at, is_basic, scatter, spread_out
from mmlbook.levels import level_of, new_level
from mmlbook.recording import Variable
from mmlbook.stand_in import NO_ARRAY, NO_FLOAT
from mmlbook.variable import Tape, plain, recorded

NOTHING = 0.0  # the gradient of what nothing depends on so far: known by its identity


def value_and_gradients(f, *inputs):
    """The value of f, one number, and its gradient by each input.

    In formula, the gradient by x has the entries ``df / dx[i]``.

    Parameters: f, a function of as many inputs as are given; inputs, floats or arrays of floats.
    Returns the value, a float, and a tuple with a gradient for each input, in the input's shape.
    Raises TypeError or ValueError, naming f, where f returns anything but one real number.

    >>> value_and_gradients(lambda x, y: np.sum(x * y), np.array([1.0, 2.0]), 3.0)
    (9.0, (array([3., 3.]), 3.0))

    >>> value_and_gradients(np.sin, np.array([1.0, 2.0]))
    Traceback (most recent call last):
    ...
    ValueError: f: expected one number, got an array of shape (2,); `jacobian` is the transform for that

    Source: A. Griewank and A. Walther, *Evaluating Derivatives*, second edition,
    Society for Industrial and Applied Mathematics, 2008, section 3.2.
    """
    with np.errstate(all="ignore"):  # an infinite slope shows in the result
        tape, place, value = _run(f, inputs)
        shape = getattr(value, "shape", ())
        if shape:
            raise ValueError(
                f"f: expected one number, got an array of shape {shape}; `jacobian` is the transform for that"
            )
        return value, _sweep(tape, place, 1.0, inputs)


def value_and_pull_back(f, *inputs):
    """The value of f and a function that pulls gradients back through f.

    In formula, ``pull_back(u)`` is ``transpose(J) @ u`` with the Jacobian J of f by each input:
    the gradient of ``sum(u * f)`` with u held fast.

    Parameters: f, a function of as many inputs as are given; inputs, floats or arrays of floats.
    Returns the value, float or array, and pull_back, which takes an array of the shape of
    the value and returns a tuple with a gradient for each input, in the input's shape.
    Raises TypeError or ValueError, naming f, where f returns anything but real numbers.

    >>> value, pull_back = value_and_pull_back(np.square, np.array([1.0, 2.0]))
    >>> pull_back(np.array([1.0, 10.0]))
    (array([ 2., 40.]),)
    >>> pull_back(np.array([1.0, 2.0, 3.0]))
    Traceback (most recent call last):
    ...
    ValueError: cotangent: expected the shape of the value of f, (2,), got (3,)
    """
    with np.errstate(all="ignore"):
        tape, place, value = _run(f, inputs)
    if type(value) is np.ndarray:
        value = value.copy()
    shape = np.shape(value)

    def pull_back(cotangent):
        if np.shape(cotangent) != shape:
            raise ValueError(f"cotangent: expected the shape of the value of f, {shape}, got {np.shape(cotangent)}")
        with np.errstate(all="ignore"):
            return _sweep(tape.copy(), place, plain(cotangent), inputs)

    return value, pull_back


def _sweep(tape, place, seed, inputs):
    """The gradients by the inputs: run the tape backwards, and wipe it.

    The sweep lets go of each array as soon as it is dealt with, at the moment when room is
    needed for new ones. So a long tape stays in the fast memory of the machine.
    """
    gradients = [NOTHING] * len(tape)
    if place is not None:
        gradients[place] = seed
    owned = set()  # places whose gradient is an array of the sweep's own, which it may write into
    for _ in range(len(tape) - len(inputs)):
        g, entry = gradients.pop(), tape.pop()
        if g is NOTHING:
            continue
        if len(entry) == 4:
            i, slope, j, other_slope = entry
            gradients[i] += g * slope
            gradients[j] += g * other_slope
        else:
            rule, places, details = entry
            if rule is scatter:
                _scatter_into(gradients, owned, places, g, *details)
            elif type(places) is int:
                _add_to(gradients, owned, places, rule(g, *details))
            else:
                for k, part in enumerate(rule(g, *details)):
                    _add_to(gradients, owned, places[k], part)
    return tuple([_finished(gradients[i], x, i in owned) for i, x in enumerate(inputs)])


def _add_to(gradients, owned, i, part):
    """Add one more part to a gradient: in place where the array is the sweep's own."""
    total = gradients[i]
    if total is NOTHING:
        gradients[i] = part
    elif i in owned and (type(part) is np.ndarray or type(part) is float):
        total += part
    else:
        gradients[i] = total = total + part
        _claim(owned, i, total)


def _claim(owned, i, total):
    """Say whether a sum that the sweep made is an array that it may write into."""
    if type(total) is np.ndarray:
        owned.add(i)
    else:
        owned.discard(i)


def _scatter_into(gradients, owned, i, g, index, shape):
    """Add g at an index of a gradient, in place where that is possible: x[0], x[1], ... share one array."""
    total = gradients[i]
    if type(g) is float or type(g) is np.ndarray:
        if i in owned:
            add_at(total, index, g)
            return
        if total is NOTHING and is_basic(index):
            gradients[i] = total = np.zeros(shape)
            total[index] = g
            owned.add(i)
            return
        if type(total) is float or type(total) is np.ndarray:
            gradients[i] = total = np.array(np.broadcast_to(total, shape))
            add_at(total, index, g)
            owned.add(i)
            return
    if type(g) is float:
        g = spread_out(g, np.broadcast_to(0.0, shape)[index])
    part = scatter(g, index, shape)
    gradients[i] = total = part if total is NOTHING else total + part
    _claim(owned, i, total)


def _run(f, inputs):
    """Write f down on a new tape: the tape, the place of the result on it, and its value."""
    tape = Tape()
    tape.level = new_level()
    try:
        result = f(*[recorded(plain(x), tape) for x in inputs])
    except ValueError as error:
        if str(error.__cause__) in (NO_ARRAY, NO_FLOAT):  # NumPy's own words for y[i] = x do not help here
            raise TypeError(NO_ARRAY) from error
        raise
    if isinstance(result, (list, tuple)):
        raise TypeError(
            f"f: expected a number or an array, got {type(result).__name__}: np.stack([...]) makes an array of it; "
            "`jacobian` is the transform for several numbers"
        )
    tape.level = None
    if type(result) is Variable and result.tape is tape:
        return tape, result.place(), result.value
    return tape, None, _constant(result)


def _constant(result):
    """What f returned, where it does not depend on its input."""
    if level_of(result):
        return result
    value = np.asarray(result)
    if value.dtype.kind not in "iuf" or np.ma.is_masked(result):
        raise TypeError(f"f: expected a number or an array of numbers, got {result!r}")
    return plain(result if isinstance(result, np.ndarray) else value)


def _finished(g, x, is_owned):
    """A gradient as the caller may keep it: of the shape of the input, and nobody else's array."""
    if is_owned or (type(g) is float and type(x) is float):
        return g
    shape = np.shape(x)
    if isinstance(g, (float, np.ndarray)):
        return np.array(np.broadcast_to(g, shape), dtype=float) if shape else float(g)
    return g if np.shape(g) == shape else np.broadcast_to(g, shape)
