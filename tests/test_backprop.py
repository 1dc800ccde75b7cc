"""Networks: derivatives from fractions, SymPy, mpmath and complex steps; laws, training, files, refusals."""

import copy
import itertools
import math
import os
import pickle
import warnings

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook import network_file
from mmlbook.activations import ACTIVATIONS
from mmlbook.backprop import Network, Training
from mmlbook.gradient import gradient
from mmlbook.layers import Layers, count

ELEMENTWISE = ["identity", "tanh", "logistic", "ReLU", "softplus"]
KINDS = [(phi, phi, "squared error") for phi in ELEMENTWISE] + [
    ("tanh", "identity", "squared error"),
    ("softplus", "tanh", "squared error"),
    *((phi, "softmax", "cross-entropy") for phi in ELEMENTWISE),
]


def samples(network, n, seed=0):
    """Inputs and targets that suit a network, and biases that are not zero."""
    draw = np.random.default_rng(seed)
    network.parameters = network.parameters + 0.3 * draw.normal(size=network.parameters.shape)
    X = draw.normal(size=(n, network.sizes[0]))
    Y = draw.uniform(0.1, 1, size=(n, network.sizes[-1]))
    return X, Y / Y.sum(axis=1, keepdims=True) if network.cost_name == "cross-entropy" else Y


def plain_cost(network, theta, X, Y):
    """The cost once more, loop by loop from its definition; theta may be complex."""
    phi = {
        "identity": lambda z: z,
        "tanh": lambda z: np.tanh(z),
        "logistic": lambda z: 1 / (1 + np.exp(-z)),
        "ReLU": lambda z: z * (z.real > 0),
        "softplus": lambda z: np.log(1 + np.exp(z)),
        "softmax": lambda z: np.exp(z) / sum(np.exp(z)),
    }
    total = 0
    for x, y in zip(X, Y, strict=True):
        a, place = x, 0
        for layer, (before, after) in enumerate(itertools.pairwise(network.sizes)):
            W = [theta[place + i * before : place + (i + 1) * before] for i in range(after)]
            place += after * before
            z = np.array([sum(w * a) for w in W]) + theta[place : place + after]
            place += after
            a = phi[network.output if layer == len(network.sizes) - 2 else network.activation](z)
        assert place == len(theta)
        total += sum((a - y) ** 2) if network.cost_name == "squared error" else -sum(y * np.log(a))
    return total / len(X)


def complex_step(f, at):
    """The gradient of f without subtraction; not `mmlbook.slope`, so that faults stay apart."""
    return np.array([f(at + 1e-40j * unit).imag / 1e-40 for unit in np.eye(len(at))])


# Activations


def exact_activation(name, z):
    """Value and slope to 40 figures."""
    with mpmath.workdps(40):
        z = mpmath.mpf(z)
        logistic = 1 / (1 + mpmath.exp(-z))
        return {
            "identity": (z, 1),
            "tanh": (mpmath.tanh(z), mpmath.sech(z) ** 2),
            "logistic": (logistic, logistic * (1 - logistic)),
            "ReLU": (max(z, 0), int(z > 0)),
            "softplus": (mpmath.log1p(mpmath.exp(z)), logistic),
        }[name]


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("z", [-700.0, -40.0, -3.0, -0.5, -1e-9, 0.0, 1e-9, 0.25, 2.0, 36.0, 700.0])
def test_activations_and_slopes(name, z):
    phi = ACTIVATIONS[name]
    value, slope = exact_activation(name, z)
    a = phi.value(np.array([z]))
    assert abs(a[0] - value) <= 4e-16 * abs(value)  # relative, also where it is tiny
    assert abs(np.broadcast_to(phi.slope(a), 1)[0] - slope) <= 4e-16


@pytest.mark.parametrize("name", [*ELEMENTWISE, "softmax"])
def test_activations_work_in_place_and_leave_their_input_alone(name):
    z = np.random.default_rng(0).normal(size=(4, 3))
    kept, phi = z.copy(), ACTIVATIONS[name]
    a = phi.value(z)
    np.testing.assert_array_equal(z, kept)
    assert np.shares_memory(phi.value(z, out=z), z)
    np.testing.assert_array_equal(z, a)
    if phi.slope:
        kept = a.copy()
        slope = phi.slope(a)
        np.testing.assert_array_equal(a, kept)
        np.testing.assert_array_equal(phi.slope(a, out=a), slope)


@pytest.mark.parametrize("name", [*ELEMENTWISE, "softmax"])
@pytest.mark.parametrize("size", [1e3, 1e300, 1.7e308])
def test_no_input_is_too_large_for_an_activation(name, size):
    z = size * np.array([[-1.0, 0.0, 1.0]])
    a = ACTIVATIONS[name].value(z)
    ends = {"identity": (-size, size), "tanh": (-1, 1), "ReLU": (0, size), "softplus": (0, size)}.get(name, (0, 1))
    assert (a[0, 0], a[0, 2]) == ends
    if name in ("tanh", "logistic"):
        np.testing.assert_array_equal(ACTIVATIONS[name].slope(a)[0, [0, 2]], 0)


def test_softmax_to_forty_figures():
    z = [0.25, -1.5, 3.0]
    with mpmath.workdps(40):
        powers = [mpmath.exp(entry) for entry in z]
        exact = [float(power / sum(powers)) for power in powers]
    np.testing.assert_allclose(ACTIVATIONS["softmax"].value(np.array([z, z])), [exact, exact], rtol=1e-15)


def test_the_kink_of_relu_has_slope_zero():
    network = Network((1, 1), output="ReLU")
    network.parameters = [1, 0]
    assert network.gradients([[0]], [[1]]).weights[0] == 0


# Forward, cost and gradients


def test_one_neuron_with_symbols():
    w, b, x, y = sympy.symbols("w b x y")
    cost = (sympy.tanh(w * x + b) - y) ** 2
    at = {w: 0.2, b: -0.3, x: 1.7, y: -0.95}
    neuron = Network((1, 1), output="tanh")
    neuron.parameters = [at[w], at[b]]
    gradients = neuron.gradients([[at[x]]], [[at[y]]])
    assert gradients.cost == pytest.approx(float(cost.subs(at)), rel=1e-14)
    for answer, variable in ((gradients.weights[0], w), (gradients.biases[0], b), (gradients.inputs, x)):
        assert answer.item() == pytest.approx(float(sympy.diff(cost, variable).subs(at)), rel=1e-14)


def test_two_layers_in_whole_numbers():
    network = Network((2, 2, 1), activation="ReLU")
    network.weights[0], network.biases[0] = [[1, 2], [-3, 1]], [1, 5]
    network.weights[1], network.biases[1] = [[2, -1]], [3]
    X, Y = [[1, 1], [3, 0]], [[8], [10]]
    # z = (4, 3) and (4, -4), so a = (4, 3) and (4, 0); the outputs are 8 - 3 + 3 = 8 and 8 + 3 = 11
    np.testing.assert_array_equal(network.forward(X), [[8], [11]])
    gradients = network.gradients(X, Y)
    assert network.cost(X, Y) == gradients.cost == 0.5
    # delta = 2 * (0, 1) / 2 = (0, 1); before it only the neuron that fired is to blame
    np.testing.assert_array_equal(gradients.weights[1], [[4, 0]])
    np.testing.assert_array_equal(gradients.biases[1], [1])
    np.testing.assert_array_equal(gradients.weights[0], [[6, 0], [0, 0]])
    np.testing.assert_array_equal(gradients.biases[0], [2, 0])
    np.testing.assert_array_equal(gradients.inputs, [[0, 0], [2, 4]])
    np.testing.assert_array_equal(gradients.parameters, [6, 0, 0, 0, 2, 0, 4, 0, 1])


@pytest.mark.parametrize("activation, output, cost", KINDS)
@pytest.mark.parametrize("sizes", [(3, 2), (2, 4, 3), (3, 5, 4, 2)])
def test_gradients_against_complex_steps(activation, output, cost, sizes):
    network = Network(sizes, activation=activation, output=output, cost=cost, seed=3)
    X, Y = samples(network, 5)
    theta = network.parameters
    gradients = network.gradients(X, Y)
    assert gradients.cost == pytest.approx(plain_cost(network, theta, X, Y), rel=1e-13)
    assert network.cost(X, Y) == gradients.cost
    exact = complex_step(lambda t: plain_cost(network, t, X, Y), theta)
    np.testing.assert_allclose(gradients.parameters, exact, rtol=1e-12, atol=1e-13)
    by_inputs = complex_step(lambda x: plain_cost(network, theta, x.reshape(X.shape), Y), X.ravel())
    np.testing.assert_allclose(gradients.inputs, by_inputs.reshape(X.shape), rtol=1e-12, atol=1e-13)
    for part, own in zip(gradients.weights + gradients.biases, network.weights + network.biases, strict=True):
        assert part.shape == own.shape
        assert np.shares_memory(part, gradients.parameters)
    np.testing.assert_array_equal(network.parameters, theta)


@pytest.mark.parametrize("activation, output, cost", KINDS)
def test_gradients_equal_those_of_the_tape(activation, output, cost):
    network = Network((3, 4, 2), activation=activation, output=output, cost=cost, seed=6)
    X, Y = samples(network, 7)
    phi = {
        "identity": lambda Z: Z,
        "tanh": np.tanh,
        "logistic": lambda Z: 1 / (1 + np.exp(-Z)),
        "ReLU": lambda Z: np.maximum(Z, 0),
        "softplus": lambda Z: np.log(1 + np.exp(Z)),
        "softmax": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True),
    }

    def plain(theta):
        W, b, V, c = theta[:12].reshape(4, 3), theta[12:16], theta[16:24].reshape(2, 4), theta[24:]
        A = phi[output](phi[activation](X @ W.T + b) @ V.T + c)
        return np.sum((A - Y) ** 2) / 7 if cost == "squared error" else -np.sum(Y * np.log(A)) / 7

    ours, theirs = network.gradients(X, Y), gradient(plain)(network.parameters)
    np.testing.assert_allclose(ours.parameters, theirs, rtol=1e-13, atol=1e-13 * np.abs(theirs).max())


def test_labels_are_probabilities_of_one():
    network = Network((2, 4, 3), cost="cross-entropy")
    X, _ = samples(network, 4)
    labels, rows = [2, 0, 1, 1], [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 1, 0]]
    assert network.cost(X, labels) == network.cost(X, rows)
    np.testing.assert_array_equal(
        network.gradients(X, np.array(labels, dtype=np.uint8)).parameters, network.gradients(X, rows).parameters
    )
    chosen = network.forward(X)[range(4), labels]
    assert network.cost(X, labels) == pytest.approx(-np.log(chosen).mean(), rel=1e-14)


def test_cross_entropy_of_impossible_classes_stays_exact():
    network = Network((1, 3), cost="cross-entropy")
    network.parameters = [1, 0, -1, 0, 0, 0]
    assert network.cost([[1e4]], [2]) == 2e4
    assert network.cost([[1e4]], [0]) == 0
    gradients = network.gradients([[1e4]], [2])
    np.testing.assert_array_equal(gradients.weights[0], [[1e4], [0], [-1e4]])


def test_nothing_of_the_reader_is_changed():
    network = Network((2, 3, 2), output="tanh")
    X, Y = samples(network, 6)
    X.setflags(write=False)
    Y.setflags(write=False)
    network.forward(X)
    network.gradients(X, Y)
    network.train(X, Y, iterations=5)
    network.train(X, Y, iterations=5, batch_size=4)
    linear = Network((2, 2))
    assert not np.shares_memory(linear.forward(X), X)


def test_whole_numbers_and_other_layouts_are_accepted():
    network = Network((2, 3, 2))
    X, Y = np.arange(8).reshape(4, 2), np.ones((4, 2), dtype=int)
    expected = network.gradients(X.astype(float), Y.astype(float)).parameters
    for layout in (X.tolist(), np.asfortranarray(X), X.astype(np.float32), np.repeat(X, 2, axis=0)[::2]):
        np.testing.assert_array_equal(network.gradients(layout, Y).parameters, expected)


# Parameters


def test_the_order_of_theta():
    network = Network((2, 3, 1))
    network.parameters = np.arange(13)
    np.testing.assert_array_equal(network.weights[0], [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_array_equal(network.biases[0], [6, 7, 8])
    np.testing.assert_array_equal(network.weights[1], [[9, 10, 11]])
    np.testing.assert_array_equal(network.biases[1], [12])
    assert count((2, 3, 1)) == 13


def test_weights_are_windows():
    network = Network((2, 2))
    network.parameters = np.zeros(6)
    network.weights[0][1, 0] = 5
    network.weights[0] -= 1
    network.biases[0] = [7, 8]
    network.biases[-1][0] += 2
    np.testing.assert_array_equal(network.parameters, [-1, -1, 4, -1, 9, 8])
    network.parameters[0] = 100  # a copy
    assert network.weights[0][0, 0] == -1
    network.parameters += 1
    np.testing.assert_array_equal(network.parameters, [0, 0, 5, 0, 10, 9])


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_copies_are_whole_and_apart(copied):
    network = Network((2, 3, 2), activation="ReLU", cost="cross-entropy")
    twin = copied(network)
    np.testing.assert_array_equal(twin.parameters, network.parameters)
    twin.weights[0] = np.ones((3, 2))
    assert twin.parameters[0] == 1 != network.parameters[0]
    twin.train([[1, 2]], [1], iterations=1)
    np.testing.assert_array_equal(twin.parameters[:6], twin.weights[0].ravel())


@pytest.mark.parametrize("activation, variance", [("tanh", 2 / 500), ("ReLU", 2 / 300), ("softplus", 2 / 300)])
def test_first_weights(activation, variance):
    network = Network((300, 200, 300), activation=activation, seed=5)
    assert network.weights[0].var() == pytest.approx(variance, rel=0.02)
    assert network.weights[1].var() == pytest.approx(2 / 500, rel=0.02)  # the last layer has its own activation
    assert abs(network.weights[0].mean()) < 1e-3
    assert not network.biases[0].any() and not network.biases[1].any()
    relu = Network((300, 200, 300), activation=activation, output="ReLU", seed=5)
    assert relu.weights[1].var() == pytest.approx(2 / 200, rel=0.02)


def test_the_seed_decides():
    first, same, other = (Network((3, 3), seed=seed).parameters for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)
    assert np.array_equal(Network((3, 3)).parameters, Network((3, 3), seed=0).parameters)


def test_it_says_how_it_was_made():
    network = Network([2, 3], output="tanh")
    assert repr(network) == "Network((2, 3), activation='tanh', output='tanh', cost='squared error')"
    assert eval(repr(network)).sizes == (2, 3)
    assert Network((2, 3), cost="cross-entropy").output == "softmax"


# Training


LINE = ([[0], [1], [2]], [[1], [3], [5]])


def test_every_step_is_the_gradient():
    """Two batches of two and one of one in each pass, followed by hand."""
    network = Network((2, 4, 2), cost="cross-entropy", seed=2)
    X, Y = samples(network, 5, seed=4)
    hand, theta, order = copy.deepcopy(network), network.parameters, np.random.default_rng(7)
    costs = []
    for _ in range(2):
        shuffled = order.permutation(5)
        for chosen in (shuffled[:2], shuffled[2:4], shuffled[4:]):
            hand.parameters = theta
            gradients = hand.gradients(X[chosen], Y[chosen])
            costs.append(gradients.cost)
            theta = theta - 0.3 * gradients.parameters
    result = network.train(X, Y, iterations=6, batch_size=2, step_size=0.3, seed=7)
    assert isinstance(result, Training) and not result.converged and "all 6" in result.reason
    np.testing.assert_allclose(result.path, costs, rtol=1e-13)
    np.testing.assert_allclose(result.parameters, theta, rtol=1e-13, atol=1e-15)
    np.testing.assert_array_equal(result.parameters, network.parameters)
    assert result.iterations == 6
    for same_batch in (5, None):
        again, once = copy.deepcopy(hand), copy.deepcopy(hand)
        again.train(X, Y, iterations=3, batch_size=same_batch, step_size=0.2)
        for _ in range(3):
            once.parameters -= 0.2 * once.gradients(X, Y).parameters
        np.testing.assert_allclose(again.parameters, once.parameters, rtol=1e-13)


def test_the_seed_of_the_shuffling_decides():
    ends = []
    for seed in (0, 0, 1):
        network = Network((1, 3, 1))
        network.train(*LINE, iterations=2, batch_size=1, seed=seed)
        ends.append(network.parameters)
    np.testing.assert_array_equal(ends[0], ends[1])
    assert not np.array_equal(ends[0], ends[2])
    network = Network((1, 3, 1))
    network.train(*LINE, iterations=2, batch_size=1)
    np.testing.assert_array_equal(network.parameters, ends[0])


@pytest.mark.parametrize("batch_size", [None, 3, 2, 1])
def test_training_converges_on_a_line(batch_size):
    network = Network((1, 1))
    result = network.train(*LINE, batch_size=batch_size, iterations=5000, tolerance=1e-9)
    assert result.converged is True and "1e-09" in result.reason
    np.testing.assert_allclose(result.parameters, [2, 1], atol=1e-8)
    assert result.path[-1] < 1e-16 and len(result.path) == result.iterations < 5000


def test_it_stops_as_soon_as_the_gradient_is_short_enough():
    """C = (w x + b - y)**2 with x = 0: each step multiplies the error by 1 - 2 * 0.25, a half."""
    network = Network((1, 1))
    network.parameters = [1, 8]
    result = network.train([[0]], [[0]], step_size=0.25, tolerance=0.5)
    np.testing.assert_array_equal(result.path, [64, 16, 4, 1, 0.25, 0.0625])  # the gradient is twice the error
    assert result.converged and result.iterations == 6
    np.testing.assert_array_equal(result.parameters, [1, 0.25])


def test_one_calm_batch_is_not_enough():
    """The second sample is matched at once; the first never is, as its step is tiny."""
    network = Network((1, 1))
    network.parameters = [0, 0]
    result = network.train([[1], [0]], [[1], [0]], iterations=40, batch_size=1, step_size=1e-9)
    assert not result.converged and result.iterations == 40


def test_a_tiny_step_is_no_convergence():
    network = Network((1, 1))
    network.parameters = [0, 0]
    result = network.train([[1]], [[1]], iterations=3, step_size=1e-200)
    assert not result.converged and result.iterations == 3
    network.parameters = [1, 0]
    assert network.train([[1]], [[1]], iterations=3, step_size=1e-200).converged


def test_an_exploding_training_keeps_finite_parameters():
    seen = []
    network = Network((1, 1))
    result = network.train(
        *LINE, step_size=1.0, progress=lambda iteration, cost: seen.append(network.parameters) or False
    )
    assert not result.converged and f"iteration {result.iterations + 1}" in result.reason
    assert np.isfinite(result.path).all() and np.isfinite(result.parameters).all()
    np.testing.assert_array_equal(network.parameters, seen[-1])  # the last with a finite cost
    by_batches = Network((1, 1)).train(*LINE, step_size=1.0, batch_size=1)
    assert not by_batches.converged and np.isfinite(by_batches.parameters).all()
    assert "not finite" in by_batches.reason


def test_an_exploding_pass_is_undone():
    seen = []
    network = Network((1, 1))
    result = network.train(
        *LINE, step_size=1.0, batch_size=1, progress=lambda iteration, cost: seen.append(network.parameters)
    )
    assert result.iterations == len(seen)
    start_of_pass = (result.iterations - 1) // 3 * 3 if result.iterations % 3 else result.iterations - 3
    np.testing.assert_array_equal(network.parameters, seen[start_of_pass])


def test_a_start_that_is_not_finite_is_flagged():
    network = Network((1, 1))
    network.parameters = [1, 0]
    result = network.train([[1e200]], [[0]])
    assert (result.converged, result.iterations, result.path.shape) == (False, 0, (0,))
    np.testing.assert_array_equal(result.parameters, [1, 0])


def test_progress_sees_every_step_and_may_stop():
    calls = []

    def progress(iteration, cost):
        calls.append((iteration, cost))
        return iteration == 4

    result = Network((1, 2, 1)).train(*LINE, progress=progress)
    assert [iteration for iteration, _ in calls] == [1, 2, 3, 4]
    np.testing.assert_array_equal([cost for _, cost in calls], result.path)
    assert result.reason == "progress asked to stop" and not result.converged


def test_a_small_network_learns_exclusive_or():
    X, labels = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    network = Network((2, 8, 2), cost="cross-entropy", seed=1)
    result = network.train(X, labels, iterations=2000, step_size=0.5)
    assert result.path[-1] < 0.01
    np.testing.assert_array_equal(network.forward(X).argmax(axis=1), labels)


def test_the_machine_of_the_first_page():
    """One neuron and eight readings: training ends where the gradient vanishes."""
    X = np.arange(8.0)[:, np.newaxis]
    Y = np.array([[-0.95, -0.84, -0.67, -0.23, 0.32, 0.85, 0.88, 0.95]]).T
    neuron = Network((1, 1), output="tanh")
    neuron.parameters = [0.2, 0]
    result = neuron.train(X, Y, iterations=20000, step_size=0.05, tolerance=1e-8)
    assert result.converged
    edge = -neuron.biases[0][0] / neuron.weights[0][0, 0]
    assert 3 < edge < 4
    assert np.abs(complex_step(lambda t: plain_cost(neuron, t, X, Y), neuron.parameters)).max() < 1e-7


# Laws


fast = settings(max_examples=40, deadline=None, derandomize=True, database=None)
seeds = st.integers(0, 10**6)
kinds = st.sampled_from(KINDS)


def drawn(kind, seed, n=6, sizes=(3, 4, 2)):
    activation, output, cost = kind
    network = Network(sizes, activation=activation, output=output, cost=cost, seed=seed)
    return network, *samples(network, n, seed)


@fast
@given(kinds, seeds)
def test_the_gradient_of_a_batch_is_the_mean_of_its_samples(kind, seed):
    network, X, Y = drawn(kind, seed)
    each = [network.gradients(X[i : i + 1], Y[i : i + 1]) for i in range(len(X))]
    whole = network.gradients(X, Y)
    np.testing.assert_allclose(whole.parameters, np.mean([one.parameters for one in each], axis=0), atol=1e-13)
    np.testing.assert_allclose(whole.cost, np.mean([one.cost for one in each]), rtol=1e-13)
    np.testing.assert_allclose(whole.inputs, np.concatenate([one.inputs for one in each]) / len(X), atol=1e-14)


@fast
@given(kinds, seeds)
def test_the_order_of_the_samples_does_not_matter(kind, seed):
    network, X, Y = drawn(kind, seed)
    order = np.random.default_rng(seed).permutation(len(X))
    one, other = network.gradients(X, Y), network.gradients(X[order], Y[order])
    np.testing.assert_allclose(other.cost, one.cost, rtol=1e-13)
    np.testing.assert_allclose(other.parameters, one.parameters, atol=1e-13)
    np.testing.assert_allclose(network.forward(X[order]), network.forward(X)[order], atol=1e-14)


@fast
@given(kinds, seeds)
def test_hidden_neurons_may_change_places(kind, seed):
    network, X, Y = drawn(kind, seed)
    order = np.random.default_rng(seed).permutation(4)
    outputs, gradients = network.forward(X), network.gradients(X, Y)
    network.weights[0], network.biases[0] = network.weights[0][order], network.biases[0][order]
    network.weights[1] = network.weights[1][:, order]
    np.testing.assert_allclose(network.forward(X), outputs, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(network.gradients(X, Y).weights[0], gradients.weights[0][order], atol=1e-13)


@fast
@given(st.sampled_from(ELEMENTWISE), seeds, st.floats(-50, 50))
def test_softmax_does_not_notice_a_shift(activation, seed, shift):
    network, X, Y = drawn((activation, "softmax", "cross-entropy"), seed)
    before, outputs = network.gradients(X, Y), network.forward(X)
    network.biases[1] += shift
    after = network.gradients(X, Y)
    np.testing.assert_allclose(network.forward(X), outputs, atol=1e-13)
    np.testing.assert_allclose(after.parameters, before.parameters, atol=1e-12)
    assert abs(after.biases[1].sum()) < 1e-13  # no slope along the shift


@fast
@given(kinds, seeds)
def test_probabilities_are_probabilities_and_costs_are_not_negative(kind, seed):
    network, X, Y = drawn(kind, seed)
    assert network.cost(X, Y) >= 0
    if network.output == "softmax":
        A = network.forward(X)
        assert (A > 0).all()
        np.testing.assert_allclose(A.sum(axis=1), 1, rtol=1e-14)


@fast
@given(seeds, st.floats(0.1, 10))
def test_relu_passes_a_scale_on(seed, scale):
    """Totals c times as large in one layer, weights c times as small in the next: no change."""
    network, X, Y = drawn(("ReLU", "identity", "squared error"), seed)
    outputs, gradients = network.forward(X), network.gradients(X, Y)
    network.weights[0] *= scale
    network.biases[0] *= scale
    network.weights[1] /= scale
    np.testing.assert_allclose(network.forward(X), outputs, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(network.gradients(X, Y).weights[0], gradients.weights[0] / scale, rtol=1e-9, atol=1e-11)


@fast
@given(seeds)
def test_tanh_is_odd(seed):
    network, X, _ = drawn(("tanh", "identity", "squared error"), seed)
    outputs = network.forward(X)
    network.weights[0] *= -1
    network.biases[0] *= -1
    network.weights[1] *= -1
    np.testing.assert_allclose(network.forward(X), outputs, atol=1e-14)


@fast
@given(kinds, seeds)
def test_a_short_step_downhill_lowers_the_cost(kind, seed):
    network, X, Y = drawn(kind, seed)
    gradients = network.gradients(X, Y)
    length = gradients.parameters @ gradients.parameters
    network.parameters -= 1e-6 * gradients.parameters
    fall = gradients.cost - network.cost(X, Y)
    assert fall == pytest.approx(1e-6 * length, rel=1e-2, abs=1e-12)


@fast
@given(kinds, seeds)
def test_a_file_brings_back_the_same_network(tmp_path_factory, kind, seed):
    network, X, _ = drawn(kind, seed)
    file = tmp_path_factory.mktemp("networks") / "network.npz"
    network.save(file)
    twin = Network.load(file)
    assert repr(twin) == repr(network)
    np.testing.assert_array_equal(twin.parameters, network.parameters)
    np.testing.assert_array_equal(twin.forward(X), network.forward(X))


# Files


def test_files_are_plain_and_replaced_as_a_whole(tmp_path, monkeypatch):
    file = tmp_path / "with no suffix"
    network = Network((2, 3, 2), cost="cross-entropy", seed=4)
    network.save(file)
    network.save(str(file))
    assert [entry.name for entry in tmp_path.iterdir()] == ["with no suffix"]
    with np.load(file, allow_pickle=False) as entries:
        assert sorted(entries) == ["activation", "cost", "output", "parameters", "sizes"]
    before = file.read_bytes()

    def breaks(handle, **entries):
        handle.write(b"half")
        raise OSError("the disk is full")

    monkeypatch.setattr(network_file.np, "savez", breaks)
    with pytest.raises(OSError, match="disk is full"):
        network.save(file)
    assert file.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["with no suffix"]


def test_a_file_is_there_only_once_it_is_complete(tmp_path, monkeypatch):
    file, moved = tmp_path / "network.npz", os.replace

    def replace(beside, place):
        assert not file.exists()
        assert len(network_file.read(beside, "parameters")["parameters"]) == 3
        moved(beside, place)

    monkeypatch.setattr(network_file.os, "replace", replace)
    Network((2, 1)).save(file)
    assert Network.load(file).sizes == (2, 1)


GOOD = {"sizes": [2, 1], "activation": "tanh", "output": "tanh", "cost": "squared error", "parameters": [1.0, 2, 3]}


@pytest.mark.parametrize(
    "change, words",
    [
        ({"cost": None}, "lacks cost"),
        ({"cost": None, "sizes": None}, "lacks sizes, cost"),
        ({"parameters": [1.0, 2]}, r"parameters: expected .* \(3,\), got shape \(2,\)"),
        ({"parameters": [1.0, np.nan, 3]}, "parameters: expected finite"),
        ({"parameters": ["1", "2", "3"]}, "parameters: expected real"),
        ({"sizes": [2.0, 1.0]}, "sizes"),
        ({"sizes": 2}, "sizes"),
        ({"activation": "cube"}, "activation: expected one of"),
        ({"activation": 3}, "activation: expected one of"),
        ({"activation": ["tanh"]}, "activation: expected one of"),
        ({"output": "softmax"}, "output: expected one of"),
        ({"cost": "unknown"}, "cost: expected one of"),
    ],
)
def test_files_that_are_no_network_are_refused(tmp_path, change, words):
    file = tmp_path / "network.npz"
    np.savez(file, **{name: entry for name, entry in (GOOD | change).items() if entry is not None})
    with pytest.raises(ValueError, match=f"^path: .*{words}"):
        Network.load(file)


def test_files_of_other_kinds_are_refused(tmp_path):
    file = tmp_path / "network.npz"
    good = tmp_path / "good.npz"
    Network((2, 1)).save(good)
    np.save(tmp_path / "array.npy", np.ones(3))
    objects = {**GOOD, "parameters": np.array([1.0, [2.0], "three"], dtype=object)}
    np.savez(tmp_path / "objects.npz", **objects)
    contents = [b"", b"a text", pickle.dumps([1, 2]), good.read_bytes()[:-40], (tmp_path / "array.npy").read_bytes()]
    contents += [(tmp_path / "objects.npz").read_bytes()]
    damaged = bytearray(good.read_bytes())
    damaged[damaged.index(b"parameters.npy") + 160] ^= 0xFF
    for content in [*contents, bytes(damaged)]:
        file.write_bytes(content)
        with pytest.raises(ValueError, match=r"^path: expected a file with sizes, .*, parameters"):
            Network.load(file)
    with pytest.raises(FileNotFoundError):
        Network.load(tmp_path / "nowhere.npz")
    with pytest.raises(FileNotFoundError):
        Network((2, 1)).save(tmp_path / "nowhere" / "network.npz")
    for path in (3, None, b"bytes"):
        with pytest.raises(TypeError, match=r"^path: expected the path"):
            Network.load(path)
        with pytest.raises(TypeError, match=r"^path: expected the path"):
            Network((2, 1)).save(path)


# Refusals


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"sizes": 3}, TypeError, "sizes: expected a list"),
        ({"sizes": (3,)}, ValueError, "sizes: expected at least"),
        ({"sizes": (3, 0)}, ValueError, r"sizes\[1\]: expected a whole number of at least 1, got 0"),
        ({"sizes": (-3, 1)}, ValueError, r"sizes\[0\]: expected"),
        ({"sizes": (3, 1.5)}, TypeError, r"sizes\[1\]: expected"),
        ({"sizes": (3, True)}, TypeError, r"sizes\[1\]: expected"),
        ({"sizes": "34"}, TypeError, r"sizes\[0\]: expected"),
        ({"activation": "sigmoid"}, ValueError, "activation: expected one of 'identity', 'tanh', 'logistic'"),
        ({"activation": "softmax"}, ValueError, "activation: expected one of"),
        ({"activation": np.tanh}, TypeError, "activation: expected one of"),
        ({"output": "softmax"}, ValueError, "output: expected one of"),
        ({"output": ""}, ValueError, "output: expected one of"),
        ({"output": "tanh", "cost": "cross-entropy"}, ValueError, "output: expected 'softmax', got 'tanh'"),
        ({"cost": "hinge"}, ValueError, "cost: expected one of 'squared error', 'cross-entropy'"),
        ({"cost": None}, TypeError, "cost: expected one of"),
        ({"sizes": (3, 1), "cost": "cross-entropy"}, ValueError, "sizes: expected at least two classes"),
        ({"seed": -1}, ValueError, "seed: expected"),
        ({"seed": 0.5}, TypeError, "seed: expected"),
    ],
)
def test_networks_that_cannot_be(arguments, error, words):
    with pytest.raises(error, match=f"^{words}"):
        Network(**{"sizes": (3, 2), **arguments})


BAD_ROWS = [
    (math.nan, ValueError),
    (1.0, ValueError),
    ([1.0, 2.0], ValueError),
    ([[1.0, 2.0, 3.0]], ValueError),
    ([[[1.0, 2.0]]], ValueError),
    ([], ValueError),
    ([[]], ValueError),
    ([[1.0, math.nan]], ValueError),
    ([[1.0, -math.inf]], ValueError),
    ([[1.0, 2.0], [3.0]], ValueError),
    ([[1j, 2.0]], TypeError),
    ([["1", "2"]], TypeError),
    ([[True, False]], TypeError),
    ([[None, None]], TypeError),
    (None, TypeError),
    ("text", TypeError),
]


@pytest.mark.parametrize("bad, error", BAD_ROWS)
@pytest.mark.parametrize("cost", ["squared error", "cross-entropy"])
def test_bad_samples_are_refused_by_name(bad, error, cost):
    network = Network((2, 2), cost=cost)
    for method in (network.cost, network.gradients, network.train):
        with pytest.raises(error, match=r"^X: expected "):
            method(bad, [[0.5, 0.5]])
        with pytest.raises((TypeError, ValueError), match=r"^Y: expected "):
            method([[1, 2]], bad)
    with pytest.raises(error, match=r"^X: expected "):
        network.forward(bad)


def test_wrong_shapes_are_named():
    network = Network((2, 3), cost="cross-entropy")
    with pytest.raises(
        ValueError, match=r"^X: expected an array of shape \(any, 2\), one sample a row, got shape \(2,\)"
    ):
        network.forward([1, 2])
    with pytest.raises(ValueError, match=r"^Y: expected a row for each row of X, .*\(1, 2\), got shape \(2, 3\)"):
        network.cost([[1, 2]], [[1, 0, 0], [1, 0, 0]])
    with pytest.raises(
        ValueError, match=r"^Y: expected a label for each row of X, of shape \(1, 2\), got shape \(2,\)"
    ):
        network.cost([[1, 2]], [1, 0])
    with pytest.raises(ValueError, match=r"^Y: expected an array of shape \(any, 3\).*got shape \(2, 1\)"):
        network.cost([[1, 2], [1, 2]], [[1], [0]])


@pytest.mark.parametrize(
    "Y, error, words",
    [
        ([3], ValueError, "labels from 0 to 2, got 3"),
        ([-1], ValueError, "labels from 0 to 2, got -1"),
        ([1.0], TypeError, "whole numbers as labels"),
        ([[0.5, 0.5, 0.1]], ValueError, "probabilities that add up to 1"),
        ([[0.5, 0.4999999, 0]], ValueError, "probabilities that add up to 1"),
        ([[1.5, -0.5, 0.0]], ValueError, "probabilities that add up to 1"),
    ],
)
def test_labels_that_are_none(Y, error, words):
    with pytest.raises(error, match=f"^Y: expected .*{words}"):
        Network((1, 3), cost="cross-entropy").cost([[1.0]], Y)
    Network((1, 3), cost="cross-entropy").cost([[1.0]], [[0.1, 0.2, 0.7]])  # 0.1 + 0.2 + 0.7 is not quite 1


@pytest.mark.parametrize(
    "arguments, error",
    [
        ({"iterations": 0}, ValueError),
        ({"iterations": 1.5}, TypeError),
        ({"batch_size": 0}, ValueError),
        ({"batch_size": 4}, ValueError),
        ({"batch_size": 1.0}, TypeError),
        ({"step_size": 0}, ValueError),
        ({"step_size": -0.1}, ValueError),
        ({"step_size": math.nan}, ValueError),
        ({"step_size": "long"}, TypeError),
        ({"tolerance": 0}, ValueError),
        ({"tolerance": math.inf}, ValueError),
        ({"seed": -1}, ValueError),
        ({"seed": None}, TypeError),
        ({"progress": 3}, TypeError),
    ],
)
def test_training_that_cannot_be(arguments, error):
    network = Network((1, 1))
    before = network.parameters
    with pytest.raises(error, match=f"^{next(iter(arguments))}: expected"):
        network.train(*LINE, **arguments)
    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize("bad, error", [([1, 2], ValueError), ([1, 2, np.inf], ValueError), ("abc", TypeError)])
def test_parameters_that_cannot_be(bad, error):
    network = Network((2, 1))
    before = network.parameters
    with pytest.raises(error, match=r"^parameters: expected"):
        network.parameters = bad
    with pytest.raises((TypeError, ValueError), match=r"^weights\[0\]: expected"):
        network.weights[0] = bad
    with pytest.raises((TypeError, ValueError), match=r"^biases\[0\]: expected"):
        network.biases[0] = bad
    np.testing.assert_array_equal(network.parameters, before)


def test_spoilt_parameters_are_noticed():
    network = Network((2, 1))
    network.weights[0][0, 0] = math.nan  # behind the network's back
    for use in (network.forward, lambda X: network.cost(X, [[1]]), lambda X: network.gradients(X, [[1]])):
        with pytest.raises(ValueError, match=r"^parameters: expected finite"):
            use([[1, 2]])


def test_overflow_is_refused_without_warnings():
    network = Network((1, 1))
    network.parameters = [1e200, 0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for use, words in (
            (lambda: network.forward([[1e200]]), "finite outputs"),
            (lambda: network.cost([[1.0]], [[0]]), "a finite cost"),
            (lambda: network.gradients([[1.0]], [[0]]), "a finite cost"),
        ):
            with pytest.raises(ValueError, match=f"^parameters: expected {words}"):
                use()
        network.parameters = [1e160, 0]
        with pytest.raises(ValueError, match=r"^parameters: expected finite gradients"):
            network.gradients([[1e-10]], [[0]])


def test_layers_of_a_vector():
    vector = np.arange(5.0)
    layers = Layers((1, 1, 1), vector[:4])
    layers.weights[1] = [[9]]
    np.testing.assert_array_equal(vector, [0, 1, 9, 3, 4])
