"""The functions of taylor_coefficients.json in NumPy, and how far coefficients are off."""

import math

import numpy as np

from mmlbook.taylor import coefficients, polynomial

FUNCTIONS = {
    "exp(x)": np.exp,
    "cos(x)": np.cos,
    "log(1+x)": lambda x: np.log(1 + x),
    "sqrt(1+x)": lambda x: np.sqrt(1 + x),
    "asin(x)": np.arcsin,
    "exp(sin(x))": lambda x: np.exp(np.sin(x)),
    "1/(1+25*x**2)": lambda x: 1 / (1 + 25 * x**2),
    "tanh(x)": np.tanh,
    "exp(exp(x)-1)": lambda x: np.exp(np.exp(x) - 1),
    "(1-sqrt(1-4*x))/2": lambda x: (1 - np.sqrt(1 - 4 * x)) / 2,
    "cos(exp(x))": lambda x: np.cos(np.exp(x)),
}


def series_of(name, at, order):
    """Our coefficients; NumPy has no erf, which is known by its derivative."""
    if name == "erf(x)":
        slope = polynomial(lambda x: 2 / math.sqrt(math.pi) * np.exp(-(x**2)), at, order - 1)
        return slope.integral(constant=math.erf(at)).coefficients
    return coefficients(FUNCTIONS[name], at, order)


def relative_miss(got, exact):
    """The largest relative error of the coefficients that are not 0, and the largest size of the rest."""
    pairs = list(zip(got, exact, strict=True))
    return max(abs(a - b) / abs(b) for a, b in pairs if b), max((abs(a) for a, b in pairs if not b), default=0.0)
