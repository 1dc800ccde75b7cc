"""mmlbook: the NumPy code of *Multivariate Calculus for Machine Learning*.

Each module holds one idea and is named as the book names it. Any of them can
be copied into a program of your own: its first lines say what to take along.

- `mmlbook.slope`: slopes of a function of one variable
"""

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
    "SlopeEstimate",
    "central_difference",
    "complex_step",
    "forward_difference",
    "richardson",
    "rise_over_run",
    "slopes",
]
