"""The weights and biases of a network as windows into one vector theta.

To copy: put this file and `inputs.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy.

A person thinks of a network layer by layer; an optimiser wants one vector. `Layers`
is both at once: the vector holds the numbers, and each weight matrix and bias is
a part of it, seen in its own shape. Whoever changes one changes the other.

>>> import numpy as np
>>> layers = Layers((2, 1), np.zeros(3))
>>> layers.weights[0][0, 1] = 7
>>> layers.biases[0] -= 4
>>> layers.vector
array([ 0.,  7., -4.])

A window keeps its shape:

>>> layers.weights[0] = [1, 2]
Traceback (most recent call last):
...
ValueError: weights[0]: expected an array of shape (1, 2), got shape (2,)
"""

from itertools import pairwise

from mmlbook.inputs import array


class Windows(tuple):
    """Arrays that look into one vector; what is assigned to one of them is written there."""

    def __new__(cls, arrays, name):
        """Keep the arrays, and the name under which an error mentions them."""
        windows = super().__new__(cls, arrays)
        windows.name = name
        return windows

    def __setitem__(self, index, value):
        """Write a value of the same shape through a window."""
        window = self[index]
        window[...] = array(value, f"{self.name}[{index}]", window.shape)


class Layers:
    """Weights W of shape (outputs, inputs) and biases b of shape (outputs,), for each layer.

    In theta they follow each other layer by layer: the rows of W one after another, then b.

    - vector: theta, all the numbers
    - weights, biases: the windows into it
    """

    def __init__(self, sizes, vector):
        """Lay windows for layers of these sizes over the vector, which is not copied."""
        self.sizes, self.vector = sizes, vector
        weights, biases, place = [], [], 0
        for inputs, outputs in pairwise(sizes):
            middle, end = place + outputs * inputs, place + outputs * (inputs + 1)
            weights.append(vector[place:middle].reshape(outputs, inputs))
            biases.append(vector[middle:end])
            place = end
        self.weights, self.biases = Windows(weights, "weights"), Windows(biases, "biases")

    def __reduce__(self):
        """A copy lays its own windows over its own vector."""
        return Layers, (self.sizes, self.vector)


def count(sizes):
    """How many parameters a network has: a weight for each connection, a bias for each neuron.

    >>> count((64, 32, 10))
    2410
    """
    return sum(outputs * (inputs + 1) for inputs, outputs in pairwise(sizes))
