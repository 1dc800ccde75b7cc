"""Hock-Schittkowski's equality-constrained problems, made into functions of the package."""

import re
from dataclasses import dataclass

import mpmath
import numpy as np

from tests.reference_data import load

# Problems whose Hessian of L along the constraints is singular at the solution: no verdict can be had.
SINGULAR = {"HS26", "HS46", "HS47", "HS49"}
NUMPY = {"sin": np.sin, "cos": np.cos, "log": np.log, "sqrt": np.sqrt, "pi": np.pi}
EXACT = {"sin": mpmath.sin, "cos": mpmath.cos, "log": mpmath.log, "sqrt": mpmath.sqrt, "pi": mpmath.pi}


@dataclass(frozen=True)
class Problem:
    """A problem of the collection; multipliers with the sign of L = f - lambda * c."""

    name: str
    objective: str
    constraints: list
    start: list
    solution: np.ndarray
    lowest: float
    multipliers: np.ndarray

    def f(self, x):
        """The objective in NumPy."""
        return written(self.objective, NUMPY)(x)

    def functions(self):
        """The constraints in NumPy."""
        return [written(formula, NUMPY) for formula in self.constraints]

    def residual(self, x, multipliers):
        """The largest entry of the gradient of L and of the constraints, with 40 figures."""
        with mpmath.workdps(40):
            x = [mpmath.mpf(float(entry)) for entry in x]
            worst = max(abs(written(c, EXACT)(x)) for c in self.constraints)
            for i in range(len(x)):
                slope = partial(self.objective, x, i)
                for weight, c in zip(multipliers, self.constraints, strict=True):
                    slope -= mpmath.mpf(float(weight)) * partial(c, x, i)
                worst = max(worst, abs(slope))
        return float(worst)


def partial(formula, x, i):
    """The slope of a formula along x[i], from values with 40 figures."""
    function = written(formula, EXACT)
    return mpmath.diff(lambda t: function([*x[:i], t, *x[i + 1 :]]), x[i])


def written(formula, names):
    """A formula in x1, x2, ... as a function of x."""
    code = re.sub(r"\bx(\d+)", lambda match: f"x[{int(match[1]) - 1}]", formula)
    return eval(f"lambda x: {code}", names)


def problems():
    """All problems of the collection."""
    for entry in load("hs_equality"):
        yield Problem(
            entry["problem"],
            entry["objective"],
            entry["constraints_eq_zero"],
            [float(x) for x in entry["x0"]],
            np.array(entry["x_star"], float),
            float(entry["f_star"]),
            -np.array(entry["lagrange_multipliers"], float),
        )
