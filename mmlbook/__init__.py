"""mmlbook: the NumPy code of *Multivariate Calculus for Machine Learning*.

Each module holds one idea and is named as the book names it. Any of them can
be copied into a program of your own: its first lines say what to take along.

- `mmlbook.slope`: slopes of a function of one variable, from its values
- `mmlbook.gradient`: exact slopes of any number of variables, and checks of your own
- `mmlbook.dual` and `mmlbook.tape`: how those come about, forwards and backwards
- `mmlbook.backprop`: networks and their training
- `mmlbook.taylor`: polynomials in the place of functions, with a bound on their error
- `mmlbook.optimisation`: roots, lowest points, and lowest points under constraints
- `mmlbook.regression`: lines, columns and curves fitted to measurements, with error bars
- `mmlbook.landscape`: landscapes to search
- `mmlbook.data`: the book's measurements, and how to read your own
- `mmlbook.plot`: what several lectures draw
"""

import importlib

from mmlbook.gradient import (
    check_gradient,
    derivative,
    directional_derivative,
    gradient,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_gradient,
    vjp,
)
from mmlbook.slope import (
    SlopeEstimate,
    central_difference,
    complex_step,
    forward_difference,
    richardson,
    rise_over_run,
    slopes,
)

__version__ = "0.1.0"

__all__ = [
    "Dual",
    "Fit",
    "Landscape",
    "LeastSquares",
    "Network",
    "SlopeEstimate",
    "bisect",
    "central_difference",
    "check_gradient",
    "coefficients",
    "complex_step",
    "derivative",
    "directional_derivative",
    "fit_curve",
    "fit_line",
    "fit_linear",
    "forward_difference",
    "gradient",
    "gradient_descent",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "lagrange",
    "least_squares",
    "linearise",
    "newton",
    "newton_raphson",
    "polynomial",
    "quadratic_model",
    "read_csv",
    "remainder_bound",
    "richardson",
    "rise_over_run",
    "sandpit",
    "slopes",
    "value_and_gradient",
    "vjp",
]

# These are loaded when they are first asked for, so that importing the package costs little more than NumPy. What is
# loaded at once above needs no entry; `gradient` has to be, because a module has the same name.
_HOMES = {
    "backprop": ["Network"],
    "data": ["read_csv"],
    "dual": ["Dual"],
    "landscape": ["Landscape", "sandpit"],
    "optimisation": ["bisect", "gradient_descent", "lagrange", "newton", "newton_raphson"],
    "regression": ["Fit", "LeastSquares", "fit_curve", "fit_line", "fit_linear", "least_squares"],
    "taylor": ["coefficients", "linearise", "polynomial", "quadratic_model", "remainder_bound"],
}


def __getattr__(name):
    """Load a public name from the module that holds it."""
    for home, names in _HOMES.items():
        if name in names:
            globals()[name] = found = getattr(importlib.import_module(f"mmlbook.{home}"), name)
            return found
    raise AttributeError(f"module 'mmlbook' has no attribute {name!r}")


def __dir__():
    """All public names, whether loaded or not."""
    return sorted({*globals(), *__all__})
