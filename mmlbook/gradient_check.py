"""Is a gradient right? Compare it with slopes measured from values of f alone.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `inputs.py`, `levels.py`,
`recording.py`, `rules.py`, `slope.py`, `stand_in.py`, `tape.py`, `variable.py` into a folder `mmlbook` beside your
program. Nothing else is needed but NumPy. What it offers:

- `check_gradient`: compares a gradient, made by hand or by machine, with measured slopes
- `GradientCheck`: what it finds: which components are off, by how much, and the slip that would explain it

`mmlbook.gradient` offers both, too.
"""

import math
from dataclasses import dataclass

import numpy as np

from mmlbook.inputs import function, number, numbers
from mmlbook.slope import richardson
from mmlbook.tape import value_and_gradients

SHOWN = 5  # components that a printed report names


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """What `check_gradient` found; print it to read it.

    - agrees: whether every component of the gradient is what was measured
    - given: the gradient that was checked, in the shape of x
    - measured: the slopes along the axes, from values of f alone
    - uncertainty: how far each measured slope may be off
    - wrong: the indices of the components that are off, a list of tuples
    - unclear: the indices of those that could not be measured, because f has a kink there or is too rough
    - slip: the slip that would explain what is off, a sentence; empty if none is known
    """

    agrees: bool
    given: np.ndarray
    measured: np.ndarray
    uncertainty: np.ndarray
    wrong: list
    unclear: list
    slip: str

    def __str__(self):
        """A verdict, a line for each component that is off or unclear, and the guess."""
        count = np.size(self.given)
        if self.agrees:
            return f"The gradient agrees with measured slopes in all {count} components."
        lines = [f"The gradient is off in {len(self.wrong)} of {count} components."] * bool(self.wrong)
        worst = sorted(self.wrong, key=lambda at: -abs(self.given[at] - self.measured[at]))
        for at in worst[:SHOWN]:
            off = self.given[at] - self.measured[at]
            lines.append(
                f"  {_name(at)}: given {self.given[at]:.6g}, measured {self.measured[at]:.6g}, off by {off:.3g}"
            )
        lines += [f"  and {len(worst) - SHOWN} more"] * (len(worst) > SHOWN)
        if self.unclear:
            names = ", ".join(map(_name, self.unclear[:SHOWN])) + ", ..." * (len(self.unclear) > SHOWN)
            lines.append(f"No slope can be measured for {names}: f has a kink there, or is too rough.")
        return "\n".join(lines + [self.slip] * bool(self.slip))


def check_gradient(f, x, gradient=None):
    """Compare a gradient with slopes measured from values of f alone.

    Each measured slope is a central difference along one axis, extrapolated to step zero
    by `richardson`: it takes about ninety values of f. A component counts as off where it differs from
    the measured slope by more than a hundred-millionth of it and ten times its uncertainty.

    Parameters: f, a function of one array or number, which returns one number; x, finite
    numbers; gradient, what to check: an array in the shape of x, or a function that gives
    it for x, or nothing for the gradient by the tape of `mmlbook.tape`.
    Returns a `GradientCheck`.
    Raises TypeError or ValueError, naming the argument, if f is no function, x is not real and
    finite, f(x) is not one finite real number, or the gradient has not as many
    finite entries as x.

    >>> def cost(w):
    ...     return np.sum(w**2) / 2
    >>> print(check_gradient(cost, [1, 2, 3], lambda w: w))
    The gradient agrees with measured slopes in all 3 components.
    >>> print(check_gradient(cost, [1, 2, 3], lambda w: 2 * w))
    The gradient is off in 3 of 3 components.
      [2]: given 6, measured 3, off by 3
      [1]: given 4, measured 2, off by 2
      [0]: given 2, measured 1, off by 1
    Every component is 2 times too large: is it the 2 of a square?

    What is not a gradient is refused:

    >>> check_gradient(cost, [1, 2, 3], [1, 2])
    Traceback (most recent call last):
    ...
    ValueError: gradient: expected the shape of x, (3,), got (2,)

    Source: P. E. Gill, W. Murray and M. H. Wright, *Practical Optimization*,
    Academic Press, 1981, section 8.6.
    """
    function(f)
    x = np.array(numbers(x, "x"))
    with np.errstate(all="ignore"):  # what is not finite is refused
        given = _given(f, x, gradient)
    slopes = [_measure(f, x, at) for at in np.ndindex(x.shape)]
    measured = np.reshape([slope.slope for slope in slopes], x.shape)
    uncertainty = np.reshape([slope.error for slope in slopes], x.shape)
    clear = np.reshape([slope.converged for slope in slopes], x.shape)
    allowed = np.where(clear, 10 * uncertainty + 1e-8 * np.abs(measured), np.inf)
    with np.errstate(all="ignore"):  # where a comparison overflows, no slip is guessed
        off = np.abs(given - measured) > allowed
        slip = _guess(given, np.where(clear, measured, 0.0), allowed, off) if off.any() else ""
    agrees = bool(clear.all() and not off.any())
    return GradientCheck(agrees, given, measured, uncertainty, _places(off), _places(~clear), slip)


def _given(f, x, gradient):
    """The gradient to be checked, as an array in the shape of x."""
    place = x.copy() if x.ndim else x.item()
    if gradient is None:
        gradient = value_and_gradients(f, place)[1][0]
    given = gradient(place) if callable(gradient) else gradient
    given = np.array(numbers(given, "gradient"))
    if given.shape != x.shape:
        hint = ": is it transposed?" if given.shape == x.T.shape else ""
        raise ValueError(f"gradient: expected the shape of x, {x.shape}, got {given.shape}{hint}")
    return given


def _measure(f, x, at):
    """The slope of f along one axis."""

    def along(t):
        moved = x.copy()
        moved[at] = t
        return number(f(moved if moved.ndim else moved.item()), "f")

    return richardson(along, x[at])


def _guess(given, measured, allowed, off):
    """The usual slip that would turn the measured slopes into the given ones, as a sentence."""

    def same(slopes, factor=1.0):
        return slopes.shape == given.shape and np.all(np.abs(given - slopes) <= (1 + abs(factor)) * allowed)

    if same(-measured):
        return "Every component has the wrong sign."
    if same(measured.T) and measured.ndim == 2:
        return "The matrix is transposed."
    if measured.ndim and same(np.flip(measured)):
        return "The components stand in reversed order."
    if not off.all() and np.any(measured[~off] != 0):
        return _guess_where_off(given[off], measured[off], _places(off))
    factor = np.sum(given * measured) / np.sum(measured**2)
    if not given.any():
        return "Every component is 0: does the gradient depend on x?"
    return _name_factor(factor, measured.size, "Every component") if same(factor * measured, factor) else ""


def _guess_where_off(given, measured, places):
    """The same, where other components are right."""
    which = f"The component {_name(places[0])}" if len(places) == 1 else "What is off"
    if not given.any():
        return f"{which} is 0: was a term forgotten?"
    if np.allclose(given, -measured, rtol=1e-6):
        return f"{which} has the wrong sign."
    if len(given) == 2 and np.allclose(given, measured[::-1], rtol=1e-6):
        return f"The components {_name(places[0])} and {_name(places[1])} stand in each other's place."
    factor = np.sum(given * measured) / np.sum(measured**2) if measured.any() else math.nan
    return _name_factor(factor, 0, which) if np.allclose(given, factor * measured, rtol=1e-6) else ""


def _name_factor(factor, count, which):
    sign = " and has the wrong sign" if factor < 0 else ""
    size = abs(factor)
    times = size if size > 1 else 1 / size
    if not math.isfinite(times):
        return ""
    text = f"{which} is {times:.6g} times too {'large' if size > 1 else 'small'}{sign}"
    whole = abs(times - round(times)) < 1e-5 * times
    if whole and round(times) == 2:
        return f"{text}: {'is it the 2 of a square?' if size > 1 else 'was the 2 of a square forgotten?'}"
    if whole:
        hint = f", and x has {count} entries" if round(times) == count else ""
        return f"{text}{hint}: is it a sum where f has a mean, or a mean where f has a sum?"
    return f"{text}."


def _places(mask):
    """The indices where a mask is true, as tuples."""
    return [tuple(map(int, place)) for place in np.argwhere(mask)]


def _name(at):
    """An index as it is written behind the name of an array."""
    return f"[{', '.join(map(str, at))}]" if at else "x"
