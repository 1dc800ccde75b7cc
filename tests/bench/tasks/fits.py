"""Least squares: a tall table, beside four libraries, and a curve through bins, beside SciPy."""

import numpy as np
import scipy
import torch
from sklearn.linear_model import LinearRegression

from mmlbook.regression import fit_curve, fit_linear
from tests.bench.tasks.timing import compare


def table_rows():
    """A million rows of ten columns."""
    draw = np.random.default_rng(1)
    X = draw.standard_normal((1_000_000, 10))
    y = X @ np.arange(1.0, 11.0) + draw.standard_normal(len(X))
    X_torch, y_torch = torch.tensor(X), torch.tensor(y)[:, None]
    peers = {
        "numpy.linalg.lstsq": lambda: np.linalg.lstsq(X, y, rcond=None)[0],
        "scipy.linalg.lstsq": lambda: scipy.linalg.lstsq(X, y)[0],
        "sklearn LinearRegression": lambda: LinearRegression(fit_intercept=False).fit(X, y).coef_,
        "torch.linalg.lstsq": lambda: torch.linalg.lstsq(X_torch, y_torch).solution,
    }
    for peer, function in peers.items():
        yield "least squares, 1,000,000 x 10", peer, *compare(lambda: fit_linear(X, y).parameters, function)


def gaussian(x, height, middle, width):
    """The same text for both."""
    return height * np.exp(-0.5 * ((x - middle) / width) ** 2)


def partials(x, height, middle, width):
    """The Jacobian of the Gaussian, by hand."""
    z = (x - middle) / width
    bell = np.exp(-0.5 * z**2)
    return np.stack([bell, height * bell * z / width, height * bell * z**2 / width], axis=1)


def curve_rows():
    """Fifty bins and five thousand."""
    for n in (50, 5_000):
        x = np.linspace(-5, 5, n)
        y = gaussian(x, 3.0, 0.5, 1.2) + 0.1 * np.random.default_rng(2).standard_normal(n)
        start = [2.0, 0.0, 1.0]

        def ours(x=x, y=y, start=start):
            return fit_curve(gaussian, x, y, start).parameters

        for peer, jacobian in {"own differences": None, "given the Jacobian": partials}.items():

            def peers(x=x, y=y, start=start, jacobian=jacobian):
                return scipy.optimize.curve_fit(gaussian, x, y, start, jac=jacobian)[0]

            task = f"a Gaussian through {n:,} bins"
            yield task, f"scipy curve_fit, {peer}", *compare(ours, peers, tolerance=1e-6)


def rows():
    """Compare both."""
    yield from table_rows()
    yield from curve_rows()
