"""The thirteen non-linear problems of NIST, as models for `fit_curve`, and what is certified about them."""

import numpy as np

from tests.reference_data.formulas import function_of

NAMES = """BoxBOD Chwirut2 DanWood ENSO Eckerle4 Gauss1 Kirby2 MGH09 MGH17 Misra1a Misra1c Rat42 Thurber""".split()
STARTS = ["start1", "start2"]  # far, near
METHOD = "Levenberg-Marquardt with geodesic acceleration, then Gauss-Newton or Newton"  # for all, from both starts


def model(problem):
    """The function of x and the parameters, in the order in which they are certified."""
    return function_of(
        problem["model"].partition("=")[2], ["x", *(parameter["name"] for parameter in problem["certified"])]
    )


def readings(problem):
    return np.array(problem["x"], dtype=float), np.array(problem["y"], dtype=float)


def certified(problem, what):
    """The certified "value" or "stderr" of each parameter."""
    return np.array([parameter[what] for parameter in problem["certified"]], dtype=float)
