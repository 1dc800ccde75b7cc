"""The six linear problems of NIST, as columns for `fit_linear`, and what is certified about them."""

import numpy as np

from mmlbook.linear_regression import polynomial_columns

DIGITS = {"Wampler4": 7}  # of every parameter and standard error; 9 elsewhere
NAMES = ["Longley", "NoInt1", "Norris", "Pontius", "Wampler1", "Wampler4"]


def columns(problem):
    """X and y of a problem."""
    x = np.array(problem["x"], dtype=float)
    y = np.array(problem["y"], dtype=float)
    if problem["model"].startswith("polynomial degree "):
        return polynomial_columns(x[:, 0], int(problem["model"].split()[2])), y
    if problem["model"].startswith("no intercept"):
        return x, y
    return np.column_stack([np.ones(len(x)), x]), y


def certified(problem, what):
    """The certified "value" or "stderr" of each parameter, as decimal strings."""
    return [parameter[what] for parameter in problem["certified"]]
