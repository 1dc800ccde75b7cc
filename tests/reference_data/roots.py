"""The functions of roots_aps.json in NumPy, and the verdict on each root."""

import math

import numpy as np

FUNCTIONS = {
    "01": lambda x: np.sin(x) - x / 2,
    "02": lambda x: -2 * sum((2 * i - 5) ** 2 / (x - i**2) ** 3 for i in range(1, 21)),
    "03": lambda x, a, b: a * x * np.exp(b * x),
    "04": lambda x, n, a: x**n - a,
    "05": lambda x: np.sin(x) - 1 / 2,
    "06": lambda x, n: 2 * x * np.exp(-n) - 2 * np.exp(-n * x) + 1,
    "07": lambda x, n: (1 + (1 - n) ** 2) * x - (1 - n * x) ** 2,
    "08": lambda x, n: x**2 - (1 - x) ** n,
    "09": lambda x, n: (1 + (1 - n) ** 4) * x - (1 - n * x) ** 4,
    "10": lambda x, n: np.exp(-n * x) * (x - 1) + x**n,
    "11": lambda x, n: (n * x - 1) / ((n - 1) * x),
    "12": lambda x, n: x ** (1 / n) - n ** (1 / n),
    "13": lambda x: 0 if x == 0 else x / np.exp(1 / x**2),
    "14": lambda x, n: -n / 20 if x <= 0 else n / 20 * (x / 1.5 + np.sin(x) - 1),
    "15": lambda x, n: (
        -0.859 if x < 0 else math.e - 1.859 if x > 0.002 / (1 + n) else np.exp((n + 1) * x / 2 * 1000) - 1.859
    ),
}


def function(case):
    """The function of one number that a case is about."""
    family = FUNCTIONS[case["id"].split(".")[1]]
    return lambda x: family(x, *case["args"])


def verdict(answer, case):
    """One of "found", "flagged" or "false": false is a `converged` that is not the root."""
    root = float(case["root"])
    if not answer.converged:
        return "flagged"
    return "found" if abs(answer.root - root) <= 1e-10 * abs(root) + 1e-14 else "false"
