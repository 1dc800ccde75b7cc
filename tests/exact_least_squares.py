"""Least squares in fractions, with no rounding at all: what the fits are compared with."""

from fractions import Fraction
from math import log10, sqrt


def exact_fit(X, y, sigma=None):
    """Parameters, the inverse of the normal matrix and chi-squared, as fractions, from floats taken at their word."""
    X = [[Fraction(value) for value in row] for row in X]
    y = [Fraction(value) for value in y]
    weights = [1 if sigma is None else 1 / Fraction(sigma[i]) ** 2 for i in range(len(y))]
    p = len(X[0])
    square = [
        [sum(w * row[i] * row[j] for w, row in zip(weights, X, strict=True)) for j in range(p)]
        + [Fraction(int(i == j)) for j in range(p)]
        + [sum(w * row[i] * value for w, row, value in zip(weights, X, y, strict=True))]
        for i in range(p)
    ]
    for k in range(p):
        square[k] = [value / square[k][k] for value in square[k]]
        for i in range(p):
            if i != k:
                square[i] = [a - square[i][k] * b for a, b in zip(square[i], square[k], strict=True)]
    parameters = [row[-1] for row in square]
    misses = [value - sum(a * b for a, b in zip(row, parameters, strict=True)) for row, value in zip(X, y, strict=True)]
    chi_squared = sum(w * miss**2 for w, miss in zip(weights, misses, strict=True))
    return parameters, [row[p:-1] for row in square], chi_squared


def exact_errors(X, y, sigma=None):
    """The standard errors: with known errors if sigma is given, with estimated ones otherwise."""
    _, inverse, chi_squared = exact_fit(X, y, sigma)
    factor = chi_squared / (len(y) - len(inverse)) if sigma is None else 1
    return [sqrt(inverse[i][i] * factor) for i in range(len(inverse))]


def flat(matrix):
    """The entries of a list of rows, one after the other."""
    return [entry for row in matrix for entry in row]


def digits(answer, truth):
    """How many leading digits are right: of the worst entry; where the truth is 0, how many zeros behind the point."""
    return min(_digits(float(a), b) for a, b in zip(answer, truth, strict=True))


def _digits(answer, truth):
    miss = abs(Fraction(answer) - Fraction(truth)) / (abs(Fraction(truth)) or 1)
    return -log10(miss) if miss > Fraction(1, 10**17) else 17.0
