"""A neural network whose derivatives are written by hand: backpropagation, equation by equation.

To copy: put this file, `activations.py`, `costs.py`, `inputs.py`, `layers.py` and
`network_file.py` into a folder `mmlbook` beside your program. Nothing else is needed but NumPy.

`Network` computes outputs (``forward``), says how wrong they are (``cost``), by how
much each weight and bias is to blame (``gradients``), and mends them (``train``).

On paper, layer l takes the activations of the layer before and computes::

    z = W a + b          the pre-activation
    a = phi(z)           the activation

Let delta be the derivative of the cost C with respect to z. Four equations give every derivative::

    (1)  delta = dC/da * phi'(z)                   in the last layer
    (2)  delta = (W.T delta) * phi'(z)             in a layer before, W and delta from the layer after
    (3)  dC/db = delta
    (4)  dC/dW = delta a.T                         a from the layer before

A star multiplies entry by entry. The code treats a whole batch at once, one sample a row,
so that every product is transposed: ``Z = A @ W.T + b``. The cost of a batch is
the mean over its samples. The 1/n of the mean is put into delta in (1), and (3) and (4) add up over the rows.

Source: D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations
by back-propagating errors", *Nature* 323 (1986), 533-536. The four equations
are arranged as in M. A. Nielsen, *Neural Networks and Deep Learning*, Determination
Press, 2015, chapter 2.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from mmlbook.activations import ACTIVATIONS
from mmlbook.costs import COSTS, rows
from mmlbook.inputs import array, function, numbers, positive, whole, wholes
from mmlbook.layers import Layers, Windows, count
from mmlbook.network_file import read, write

LARGEST = 2**27  # weights and biases, which fill 1 GB


@dataclass(frozen=True, eq=False)
class Gradients:
    """The derivatives of a network's cost, each in the shape of its variable: what `Network.gradients` returns.

    - cost: the cost C itself
    - parameters: dC/dtheta, all the derivatives in one vector, in the order of `Network.parameters`
    - weights, biases: windows into it, dC/dW of shape (outputs, inputs) and dC/db of shape (outputs,) for each layer
    - inputs: dC/dX, of the shape of X
    """

    cost: float
    parameters: np.ndarray = field(repr=False)
    weights: Windows
    biases: Windows
    inputs: np.ndarray = field(repr=False)


@dataclass(frozen=True, eq=False)
class Training:
    """How a training went: what `Network.train` returns.

    - parameters: the network's parameters at the end, a vector
    - converged: whether the gradient became shorter than the tolerance, on each batch of a whole pass
    - reason: why training stopped
    - iterations: how many batches were looked at
    - path: the cost of each of them, before the step that it led to, shape (iterations,)
    """

    parameters: np.ndarray = field(repr=False)
    converged: bool
    reason: str
    iterations: int
    path: np.ndarray = field(repr=False)


class Network:
    """Layers of neurons, each connected to all neurons of the layer before.

    Parameters:

    - sizes: how many inputs, how many neurons in each layer, e.g. (64, 32, 10)
    - activation: of all layers but the last: "tanh", "logistic", "ReLU", "softplus" or "identity"
    - output: activation of the last layer, one of the same; "identity" unless given. With
      cross-entropy it is always "softmax"
    - cost: "squared error", the mean over the samples of the sum over the outputs of ``(a - y)**2``; or
      "cross-entropy", the mean over the samples of ``-sum(y * log(a))``, where a is
      the softmax of z: class probabilities
    - seed: of the random numbers that the weights start from

    Biases start at 0. Weights start from a normal distribution with the variance
    2 / (inputs + outputs) of Glorot and Bengio, or 2 / inputs of He et al. where the
    layer's activation is ReLU or softplus. ReLU has a kink; its slope there is taken as 0.

    Raises TypeError or ValueError, naming the argument, for a size that is no whole number
    above 0, fewer than two sizes, more than 2**27 weights and biases (1 GB), an unknown name, or a single class.

    One neuron with tanh, two dials. The total is 2 * 0.25 - 0.5 = 0, the output 0, the error -1. So C = 1,
    delta = 2 * (0 - 1) * 1 = -2, dC/dw = delta * x = -0.5, dC/db = delta = -2:

    >>> neuron = Network((1, 1), output="tanh")
    >>> neuron.parameters = [2, -0.5]
    >>> neuron.forward([[0.25]])
    array([[0.]])
    >>> gradients = neuron.gradients([[0.25]], [[1]])
    >>> gradients.cost, gradients.weights, gradients.biases
    (1.0, (array([[-0.5]]),), (array([-2.]),))

    A neuron with one input wants samples with one number each:

    >>> neuron.forward([[0.25, 0.5]])
    Traceback (most recent call last):
    ...
    ValueError: X: expected an array of shape (any, 1), one sample a row, got shape (1, 2)

    Sources: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward
    neural networks", *Proceedings of Machine Learning Research* 9 (2010), 249-256; K. He, X. Zhang, S. Ren
    and J. Sun, "Delving deep into rectifiers", *IEEE International Conference on Computer Vision* (2015), 1026-1034.
    """

    def __init__(self, sizes, activation="tanh", output=None, cost="squared error", seed=0):
        """Check the names and sizes, and draw the first weights."""
        self.sizes = _sizes(sizes)
        self.activation = _one_of(activation, "activation", COSTS["squared error"].outputs)
        self.cost_name = _one_of(cost, "cost", COSTS)
        self._cost = COSTS[cost]
        self.output = _one_of(self._cost.outputs[0] if output is None else output, "output", self._cost.outputs)
        if self.output == "softmax" and self.sizes[-1] == 1:
            raise ValueError(f"sizes: expected at least two classes, got 1 output in {self.sizes}")
        names = [self.activation] * (len(self.sizes) - 2) + [self.output]
        self._phi = [ACTIVATIONS[name] for name in names]
        self._layers = Layers(self.sizes, np.zeros(count(self.sizes)))
        draw = np.random.default_rng(whole(seed, "seed"))
        for W, phi in zip(self.weights, self._phi, strict=True):
            W[...] = phi.spread(*W.shape[::-1]) * draw.standard_normal(W.shape)

    def __repr__(self):
        """The arguments that make such a network."""
        names = f"activation={self.activation!r}, output={self.output!r}, cost={self.cost_name!r}"
        return f"Network({self.sizes}, {names})"

    @property
    def weights(self):
        """The matrices W, one a layer, of shape (outputs, inputs). To assign to one changes the network."""
        return self._layers.weights

    @property
    def biases(self):
        """The vectors b, one a layer, of shape (outputs,). To assign to one changes the network."""
        return self._layers.biases

    @property
    def parameters(self):
        """A copy of theta: all weights and biases in one vector, layer by layer, W row by row, then b.

        To assign a vector of the same length sets them all. So the cost can be made a function
        of theta, for an optimiser, or for `check_gradient` of `mmlbook.gradient`:

        >>> network = Network((2, 1))
        >>> network.parameters = [1, 2, 3]
        >>> network.weights, network.biases
        ((array([[1., 2.]]),), (array([3.]),))
        >>> def cost(theta):
        ...     network.parameters = theta
        ...     return network.cost([[1, 1]], [[0]])
        >>> cost([0, 0, 3])
        9.0
        """
        return self._layers.vector.copy()

    @parameters.setter
    def parameters(self, theta):
        self._layers.vector[...] = array(theta, "parameters", self._layers.vector.shape)

    def forward(self, X):
        """The outputs of the network: the activations of the last layer.

        In formula, ``A = phi(A @ W.T + b)``, layer after layer, beginning with A = X.

        Parameters: X of shape (samples, inputs), one sample a row.
        Returns an array of shape (samples, outputs); with cross-entropy each row holds class probabilities.
        Raises TypeError or ValueError, naming X or parameters, if one is not finite or of
        another shape, or so large that the outputs are not finite.

        >>> both = Network((2, 1), output="ReLU")       # a neuron that says "and"
        >>> both.parameters = [1, 1, -1]
        >>> both.forward([[0, 0], [0, 1], [1, 0], [1, 1]]).T
        array([[0., 0., 0., 1.]])
        """
        X = self._inputs(X)
        with np.errstate(all="ignore"):  # what is not finite is refused below
            Z = self._forward([X, *self._room(len(X))[0]])
            A = self._phi[-1].value(Z, out=Z)
        return _finite(A, "finite outputs")

    def cost(self, X, Y):
        """How wrong the network is on the samples: the mean of their costs.

        Parameters: X of shape (samples, inputs); Y of shape (samples, outputs), the targets. With cross-entropy
        a row of Y holds probabilities, or Y holds class labels: whole numbers from 0, of shape (samples,).
        Returns a float, in the unit of Y squared; for cross-entropy, in natural units of information.
        Raises TypeError or ValueError, naming X, Y or parameters, if one is not finite or of another shape, if a
        label or probability is none, or if the numbers are so large that the cost is not finite.

        >>> classes = Network((2, 3), cost="cross-entropy")
        >>> classes.parameters = np.zeros(9)            # all classes equally likely
        >>> round(float(np.exp(classes.cost([[5, 7]], [2]))), 12)
        3.0
        """
        X, Y = self._samples(X, Y)
        with np.errstate(all="ignore"):
            Z = self._forward([X, *self._room(len(X))[0]])
            cost, _ = self._cost.value_and_delta(Z, Y, self._phi[-1])
        return _finite(cost, "a finite cost")

    def gradients(self, X, Y):
        """The derivatives of the cost with respect to every weight, bias and input, by backpropagation.

        Parameters and errors are those of `Network.cost`. Returns `Gradients`.

        Two layers of one neuron each, z = 3 * 2 = 6, a = 6, then z = a = 5 * 6 = 30, with the target 29:
        delta = 2 * (30 - 29) = 2 in the last layer and 2 * 5 = 10 in the first.

        >>> line = Network((1, 1, 1), activation="identity")
        >>> line.parameters = [3, 0, 5, 0]
        >>> gradients = line.gradients([[2]], [[29]])
        >>> gradients.weights
        (array([[20.]]), array([[12.]]))
        >>> gradients.biases
        (array([10.]), array([2.]))
        >>> gradients.inputs
        array([[30.]])
        """
        X, Y = self._samples(X, Y)
        answer = Layers(self.sizes, np.empty_like(self._layers.vector))
        with np.errstate(all="ignore"):
            cost, delta = self._sweep(X, Y, self._room(len(X)), answer)
            inputs = delta @ self.weights[0]
        _finite(cost, "a finite cost")
        _finite(answer.vector, "finite gradients")
        return Gradients(cost, answer.vector, answer.weights, answer.biases, _finite(inputs, "finite gradients"))

    def train(self, X, Y, iterations=1000, batch_size=None, step_size=0.1, seed=0, tolerance=1e-6, progress=None):
        """Change the parameters by gradient descent, ``theta = theta - step_size * dC/dtheta``, batch after batch.

        With a batch_size, the samples are shuffled and dealt out in batches of that
        size (the last may be smaller); once all were seen, they are shuffled again. Without, each step uses them all.

        Parameters:

        - X and Y: as in `Network.cost`
        - iterations: the largest number of steps
        - batch_size: how many samples a step looks at, from 1 to all of them
        - step_size: a number above 0
        - seed: of the shuffling
        - tolerance: training stops once the gradient is shorter, on every batch of one pass through the samples
        - progress: a function called as ``progress(iteration, cost)`` before each step, with the cost of its batch;
          training stops where it returns True

        Returns a `Training`. Where the cost or the gradient stops being finite, ``converged`` is False and the
        network goes back to the parameters with which the pass began: without batch_size, those before the last step.
        Raises TypeError or ValueError, naming the argument, for bad arguments, before any step.

        >>> line = Network((1, 1))
        >>> result = line.train([[0], [1], [2]], [[1], [3], [5]])
        >>> result.converged, result.parameters.round(3)
        (True, array([2., 1.]))

        A step that is too long climbs the other side of the valley, higher and higher:

        >>> result = Network((1, 1)).train([[0], [1], [2]], [[1], [3], [5]], step_size=1)
        >>> result.converged, result.reason[:39]
        (False, 'the cost or its gradient was not finite')
        """
        X, Y = self._samples(X, Y)
        iterations = whole(iterations, "iterations", least=1)
        batch_size = len(X) if batch_size is None else whole(batch_size, "batch_size", least=1)
        if batch_size > len(X):
            raise ValueError(f"batch_size: expected at most the {len(X)} samples of X, got {batch_size}")
        step_size, tolerance = positive(step_size, "step_size"), positive(tolerance, "tolerance")
        batches = self._batches(X, Y, batch_size, np.random.default_rng(whole(seed, "seed")))
        if progress is not None:
            function(progress, "progress")

        theta, step = self._layers.vector, Layers(self.sizes, np.empty_like(self._layers.vector))
        sound, path, calm = theta.copy(), [], 0
        batches_in_a_pass = math.ceil(len(X) / batch_size)
        converged, reason = False, f"all {iterations} iterations were used"
        with np.errstate(all="ignore"):
            for iteration in range(1, iterations + 1):
                cost, _ = self._sweep(*next(batches), step, factor=step_size)
                length = math.sqrt(step.vector.dot(step.vector)) or np.abs(step.vector).max()  # squares may vanish
                if not math.isfinite(cost + length):
                    theta[...] = sound
                    reason = f"the cost or its gradient was not finite at iteration {iteration}"
                    break
                path.append(cost)
                if (iteration - 1) % batches_in_a_pass == 0:
                    sound[...], calm = theta, 0
                calm += length <= step_size * tolerance
                if calm == batches_in_a_pass:
                    converged, reason = True, f"the gradient is no longer than the tolerance, {tolerance}"
                    break
                if progress is not None and progress(iteration, cost):
                    reason = "progress asked to stop"
                    break
                theta -= step.vector
        return Training(self.parameters, converged, reason, len(path), np.array(path))

    def save(self, path):
        """Write the network to a file, from which `Network.load` makes an equal one.

        The file is of NumPy's format .npz. It is written beside its place and then moved there, so that a file which
        was there before is replaced as a whole or not at all.

        Raises TypeError if path is no path, OSError if the file cannot be written.
        """
        names = {"activation": self.activation, "output": self.output, "cost": self.cost_name}
        write(path, sizes=self.sizes, parameters=self._layers.vector, **names)

    @classmethod
    def load(cls, path):
        """The network in a file that `Network.save` wrote.

        Raises TypeError if path is no path, OSError if the file cannot be read, ValueError, naming
        what is missing or wrong, if it holds anything but a network. Nothing in the file is ever run.

        >>> import tempfile, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder) / "neuron.npz"
        ...     Network((2, 1), output="tanh").save(file)
        ...     Network.load(file)
        Network((2, 1), activation='tanh', output='tanh', cost='squared error')
        """
        entries = read(path, "sizes", "activation", "output", "cost", "parameters")
        parameters = entries.pop("parameters")
        try:
            network = cls(**entries)
            network.parameters = parameters
        except (TypeError, ValueError) as error:
            raise ValueError(f"path: expected a network, but in {path} {error}") from error
        return network

    def _forward(self, A):
        """Fill the activations A[1], A[2], ... from A[0] = X; in the last, leave the pre-activation z."""
        for layer, (W, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            Z = np.matmul(A[layer], W.T, out=A[layer + 1])
            Z += b
            if layer + 1 < len(self.weights):
                self._phi[layer].value(Z, out=Z)
        return Z

    def _sweep(self, X, Y, room, gradient, factor=1.0):
        """Forward and back: fill the gradient of factor * C, return C and the delta of the first layer."""
        outputs, deltas, ones = room
        A = [X, *outputs]
        Z = self._forward(A)
        cost, delta = self._cost.value_and_delta(Z, Y, self._phi[-1], factor)  # (1)
        for layer in reversed(range(len(outputs))):
            np.matmul(ones, delta, out=gradient.biases[layer])  # (3)
            np.matmul(delta.T, A[layer], out=gradient.weights[layer])  # (4)
            if layer > 0:
                delta = np.matmul(delta, self.weights[layer], out=deltas[layer - 1])  # (2)
                delta *= self._phi[layer - 1].slope(A[layer], out=A[layer])
        return cost, delta

    def _room(self, samples):
        """Arrays to be filled again and again: all outputs, all deltas but the last, and ones to add up rows with."""
        outputs = [np.empty((samples, size)) for size in self.sizes[1:]]
        deltas = [np.empty((samples, size)) for size in self.sizes[1:-1]]
        return outputs, deltas, np.ones(samples)

    def _batches(self, X, Y, batch_size, draw):
        """Batches of samples and targets without end, each with room for its results."""
        room, X_room, Y_room = self._room(batch_size), *(np.empty((batch_size, *A.shape[1:])) for A in (X, Y))
        while batch_size == len(X):
            yield X, Y, room
        rest = self._room(len(X) % batch_size)
        while True:
            order = draw.permutation(len(X))
            for place in range(0, len(X), batch_size):
                chosen = order[place : place + batch_size]
                n = len(chosen)
                np.take(X, chosen, axis=0, out=X_room[:n], mode="clip")  # other modes copy once more
                np.take(Y, chosen, axis=0, out=Y_room[:n], mode="clip")
                yield X_room[:n], Y_room[:n], room if n == batch_size else rest

    def _inputs(self, X):
        """X as an array of floats, once it and the parameters are known to be sound."""
        numbers(self._layers.vector, "parameters")
        return rows(X, "X", self.sizes[0])

    def _samples(self, X, Y):
        X = self._inputs(X)
        return X, self._cost.targets(Y, X, self.sizes[-1])


def _sizes(sizes):
    sizes = wholes(sizes, "sizes", least=1, expected="a list of whole numbers, such as (2, 3, 1)")
    if len(sizes) < 2:
        raise ValueError(f"sizes: expected at least an input and an output size, got {sizes}")
    if count(sizes) > LARGEST:
        raise ValueError(f"sizes: expected at most {LARGEST} weights and biases, got {count(sizes)}")
    return sizes


def _one_of(name, argument, names):
    expected = f"{argument}: expected {'one of ' if len(names) > 1 else ''}{', '.join(map(repr, names))}"
    if not isinstance(name, str):
        raise TypeError(f"{expected}, got {name!r}")
    if name not in names:
        raise ValueError(f"{expected}, got {name!r}")
    return name


def _finite(value, expected):
    if not np.all(np.isfinite(value)):
        raise ValueError(f"parameters: expected {expected}, but with these parameters and data they overflow")
    return value
