"""The problems of Moré, Garbow and Hillstrom, as residuals for `least_squares`, and what is published about them."""

import numpy as np

from tests.reference_data.formulas import function_of, number

# All by Levenberg-Marquardt with geodesic acceleration, then Gauss-Newton or Newton, from the given start.
# What ends the walk, and to what minimum: its place in the list of published ones.
CONVERGED = "the steps have shrunk to nothing in a minimum"
LEVEL = "the data do not determine"  # the minimum is reached where the Jacobian loses rank: flagged, without error bars
PROBLEMS = {
    "Rosenbrock": CONVERGED,
    "Powell badly scaled": CONVERGED,
    "Beale": CONVERGED,
    "Helical valley": CONVERGED,
    "Gaussian": CONVERGED,
    "Gulf R&D": CONVERGED,
    "Powell singular": LEVEL,
    "Kowalik-Osborne": CONVERGED,
    "Osborne 1": CONVERGED,
    "Osborne 2": CONVERGED,
    "Extended Rosenbrock n=8": CONVERGED,
    "Penalty I n=4": CONVERGED,
    "Variably dimensioned n=6": CONVERGED,
    "Brown almost-linear n=5": CONVERGED,
    "Discrete integral equation n=5": CONVERGED,
    "Broyden banded n=5": CONVERGED,
    "Linear rank 1 n=4 m=20": LEVEL,
    "Chebyquad n=m=8": LEVEL,  # two of its points meet
}


def residuals(problem):
    """The residuals as a function of an array of parameters."""
    names = [f"x{i}" for i in range(1, problem["n"] + 1)]
    formulas = [function_of(formula, names) for formula in problem["residuals"]]
    return lambda x: np.stack([formula(*x) for formula in formulas])


def start(problem):
    return np.array([number(formula) for formula in problem["x0"]])


def point(problem):
    """The published minimum's place, in any order of the parameters; None where there are several, or a level line."""
    several = problem["name"] == "Brown almost-linear n=5"
    place = None if several else problem.get("stationary_point_25digits")
    return None if place is None else np.sort(np.array(place, dtype=float))


def minimum(problem):
    """The published minimum that belongs to the start, with all the digits that there are."""
    return float(problem.get("f_at_stationary", problem["f_published"][0]))
