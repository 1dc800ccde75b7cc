"""How wrong a network is: the cost of its outputs, and the delta from which backpropagation starts.

To copy: put this file, `activations.py` and `inputs.py` into a folder `mmlbook` beside your
program. Nothing else is needed but NumPy.

`COSTS` is the table: "squared error" and "cross-entropy". Both take a whole batch, one sample a row,
and are means over its samples. Delta is the derivative of the cost with respect to
the pre-activation z of the last layer.

>>> Z, Y = np.array([[3.0], [5.0]]), np.array([[1.0], [5.0]])
>>> COSTS["squared error"].value_and_delta(Z, Y, ACTIVATIONS["identity"])
(2.0, array([[2.],
       [0.]]))
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mmlbook.activations import ACTIVATIONS
from mmlbook.inputs import array, numbers


@dataclass(frozen=True)
class Cost:
    """A cost C(a, y) with a = phi(z).

    - value_and_delta: value_and_delta(Z, Y, phi, factor=1) gives C and factor * dC/dz; delta takes the place of Z
    - targets: targets(Y, X, outputs) gives Y as an array with a row for each row of X, or refuses it by name
    - outputs: the names of the activations that it can follow, the usual one first
    """

    value_and_delta: Callable
    targets: Callable
    outputs: tuple


def _squared_error(Z, Y, phi, factor=1.0):
    """The sum over the outputs of (a - y)**2. Delta is 2 * (a - y) * phi'(z), over n for the mean."""
    A = phi.value(Z, out=Z)
    slope = phi.slope(A)
    A -= Y
    cost = np.vdot(A, A) / len(Y)
    A *= 2.0 * factor / len(Y)
    A *= slope
    return float(cost), A


def _cross_entropy(Z, Y, phi, factor=1.0):
    """-sum(y * log(a)) over the outputs, a the softmax of z. Delta is a - y, over n for the mean.

    Since log(a) = z - log(sum(exp(z))), no logarithm of a rounded probability is taken.
    """
    Z -= Z.T.copy().max(axis=0)[:, np.newaxis]  # changes no probability, and exp cannot overflow
    likely = np.vdot(Y, Z)
    A = np.exp(Z, out=Z)
    total = A @ np.ones(A.shape[1])  # as a product, the sum of each row takes a third of the time
    cost = (np.log(total).sum() - likely) / len(Y)
    A /= total[:, np.newaxis]
    A -= Y
    A *= factor / len(Y)
    return float(cost), A


def _values(Y, X, outputs):
    Y = rows(Y, "Y", outputs)
    if len(Y) != len(X):
        raise ValueError(f"Y: expected a row for each row of X, which has shape {X.shape}, got shape {Y.shape}")
    return Y


def _classes(Y, X, outputs):
    """Labels become rows of probabilities: 1 for the class that the label names, 0 for the others."""
    if np.ndim(numbers(Y, "Y")) == 1:
        labels = np.asarray(Y)
        if labels.dtype.kind not in "iu":
            raise TypeError(f"Y: expected whole numbers as labels, got {Y!r}")
        for i in np.flatnonzero((labels < 0) | (labels >= outputs)):
            raise ValueError(f"Y: expected labels from 0 to {outputs - 1}, got {labels[i]} at Y[{i}]")
        if len(labels) != len(X):
            raise ValueError(f"Y: expected a label for each row of X, of shape {X.shape}, got shape {labels.shape}")
        return np.eye(outputs)[labels]
    Y = _values(Y, X, outputs)
    for i in np.flatnonzero((Y < 0).any(axis=1) | (np.abs(Y.sum(axis=1) - 1) > 1e-8)):
        raise ValueError(f"Y: expected labels, or probabilities that add up to 1 in each row, got {Y[i]} at Y[{i}]")
    return Y


def rows(value, name, size):
    """Samples or targets as an array of shape (samples, size).

    >>> rows([1, 2], "X", 2)
    Traceback (most recent call last):
    ...
    ValueError: X: expected an array of shape (any, 2), one sample a row, got shape (2,)
    """
    try:
        return array(value, name, (None, size))
    except ValueError as error:
        column = "; [:, np.newaxis] makes a column" if size == 1 and str(error).endswith(",)") else ""
        raise ValueError(str(error).replace("), got shape", "), one sample a row, got shape") + column) from error


_ELEMENTWISE = ("identity", *(name for name, phi in ACTIVATIONS.items() if phi.slope and name != "identity"))

COSTS = {
    "squared error": Cost(_squared_error, _values, _ELEMENTWISE),
    "cross-entropy": Cost(_cross_entropy, _classes, ("softmax",)),
}
