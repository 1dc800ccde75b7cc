"""What a neuron does with its total z: the activation functions of a network, and their slopes.

To copy: put this file into a folder `mmlbook` beside your program. It needs nothing
else but NumPy.

`ACTIVATIONS` is the table: "identity", "tanh", "logistic", "ReLU", "softplus", and
"softmax" for the last layer. Each slope is written in terms of the output a = phi(z),
because a network still holds a when it needs the slope, and z no longer. That is why
they stand here and not in `mmlbook.rules`, whose slopes may use z as well.

>>> tanh = ACTIVATIONS["tanh"]
>>> a = tanh.value(np.array([0.0, 0.5]))
>>> a.round(4)
array([0.    , 0.4621])
>>> tanh.slope(a).round(4)
array([1.    , 0.7864])

Far out the curves level off, and no number is too large:

>>> ACTIVATIONS["logistic"].value(np.array([-1e6, 0.0, 1e6]))
array([0. , 0.5, 1. ])
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Activation:
    """An activation function phi, applied to each entry of an array (softmax: to each row).

    - value: value(z) is a = phi(z)
    - slope: slope(a) is phi'(z), written with a; None for softmax, whose outputs depend on the whole row
    - spread: spread(inputs, outputs) is the standard deviation for the first weights of a layer

    Both take arrays of floats, and ``out``, an array of the same shape for the answer,
    which may be the input itself. Nothing is checked: that is the network's task.
    """

    value: Callable
    slope: Callable | None
    spread: Callable


def _glorot(inputs, outputs):
    """Glorot's choice, for activations that let small totals pass in both directions."""
    return (2.0 / (inputs + outputs)) ** 0.5


def _he(inputs, outputs):
    """He's choice, for activations that stop the totals below zero and so lose half of the spread."""
    return (2.0 / inputs) ** 0.5


def _identity(z, out=None):
    """z, as it is."""
    return z


def _one(a, out=None):
    """1, whatever a is."""
    return 1.0


def _tanh_slope(a, out=None):
    """1 - a**2."""
    return np.subtract(1.0, np.square(a, out=out), out=out)


def _logistic(z, out=None):
    """1 / (1 + exp(-z))."""
    with np.errstate(over="ignore"):  # exp(-z) may become infinite: then the answer is 0, as it should be
        a = np.exp(np.negative(z, out=out), out=out)
    return np.reciprocal(np.add(a, 1.0, out=out), out=out)


def _logistic_slope(a, out=None):
    """a * (1 - a)."""
    return np.multiply(a, 1.0 - a, out=out)


def _relu(z, out=None):
    """The larger of z and 0. Its slope, 0 or 1, is the sign of a; at the kink it is taken as 0."""
    return np.maximum(z, 0.0, out=out)


def _softplus(z, out=None):
    """log(1 + exp(z))."""
    return np.logaddexp(z, 0.0, out=out)


def _softplus_slope(a, out=None):
    """1 - exp(-a), which is the logistic function of z."""
    return np.negative(np.expm1(np.negative(a, out=out), out=out), out=out)


def _softmax(z, out=None):
    """exp(z) over the sum of its row; the largest entry of a row is subtracted first, which changes nothing."""
    with np.errstate(over="ignore"):  # a difference may become -infinite, and its exponential 0
        a = np.exp(np.subtract(z, z.max(axis=-1, keepdims=True), out=out), out=out)
    return np.divide(a, a.sum(axis=-1, keepdims=True), out=out)


ACTIVATIONS = {
    "identity": Activation(_identity, _one, _glorot),
    "tanh": Activation(np.tanh, _tanh_slope, _glorot),
    "logistic": Activation(_logistic, _logistic_slope, _glorot),
    "ReLU": Activation(_relu, np.sign, _he),
    "softplus": Activation(_softplus, _softplus_slope, _he),
    "softmax": Activation(_softmax, None, _glorot),
}
