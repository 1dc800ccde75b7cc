"""Teach a network to draw. To see where you stand:  python -m pytest -x network.py"""

import numpy as np


class Layer:
    """Neurons side by side: Z = A @ W.T + b, then the bend.

    W has a row for each neuron and a column for each input, b an entry for each neuron.
    The bend is "tanh", "logistic" or "none".
    """

    def __init__(self, W, b, bend="tanh"):
        self.W = np.array(W, dtype=float)
        self.b = np.array(b, dtype=float)
        self.bend = bend


def bent(Z, bend):
    """Return the outputs of a layer with the totals Z."""
    if bend == "tanh":
        return np.tanh(Z)
    if bend == "logistic":
        return 1 / (1 + np.exp(-Z))
    return Z


def new_network(sizes, seed=0):
    """Return layers with random weights, the last without a bend; sizes: [1, 8, 1]."""
    draw = np.random.default_rng(seed)
    bends = ["tanh"] * (len(sizes) - 2) + ["none"]
    layers = []
    for inputs, neurons, bend in zip(sizes[:-1], sizes[1:], bends, strict=True):
        W = draw.normal(0, 1, (neurons, inputs)) / np.sqrt(inputs)
        layers.append(Layer(W, draw.normal(0, 1, neurons), bend))
    return layers


def columns(points):
    """Return the inputs X and the targets Y of (x, y) pairs, each as a column."""
    raise NotImplementedError("Step 1: X and Y, each of shape (samples, 1).")


def slope_of_bend(Z, bend):
    """Return the slope of the bend at every total: an array like Z."""
    raise NotImplementedError("Step 2: the slopes of tanh, logistic and none at Z.")


def forward(layers, X):
    """Return all totals and all outputs: totals[k] and outputs[k + 1] of layers[k]."""
    raise NotImplementedError("Step 3: for each layer its totals, then its outputs.")


def cost(A, Y):
    """Return the mean over the samples of the sum over the outputs of squares."""
    raise NotImplementedError("Step 4: refuse unequal shapes, then return the cost.")


def last_delta(Z, A, Y, bend):
    """Return the slopes of the cost by the totals Z of the last layer."""
    raise NotImplementedError("Step 5: the delta in which the sweep begins.")


def hand_back(delta, W, Z, bend):
    """Return delta of the layer before; Z and bend are its own, W is the next one's."""
    raise NotImplementedError("Step 6: back through W, then through the bend.")


def slopes(delta, A):
    """Return the slopes of the cost by W and by b; A is what came into the layer."""
    raise NotImplementedError("Step 7: shaped like W and b, summed over the samples.")


def gradients(layers, X, Y):
    """Return a list: for each layer, the pair (slopes of W, slopes of b)."""
    raise NotImplementedError("Step 8: forward once, then steps 5, 6, 7 backwards.")


def train_step(layers, X, Y, step_size):
    """Turn every dial of the layers once, each against its slope."""
    raise NotImplementedError("Step 9: find all slopes, then change each W and b.")


def train(layers, X, Y, steps, step_size):
    """Take many steps; return the list of the costs before each of them."""
    raise NotImplementedError("Step 10: a loop: note the cost, then take a step.")


# Self-tests: nothing to change from here on.


def test_step_1_columns():
    what = "columns([(0, 5), (1, 7), (2, 6)])"
    points = [(0, 5), (1, 7), (2, 6)]
    pair = two(1, what, attempt(1, what, lambda: columns(points)), "X and Y")
    for name, found, first in zip("XY", pair, ([0, 1, 2], [5, 7, 6]), strict=True):
        is_array = isinstance(found, np.ndarray)
        assert is_array, f"Step 1: {name} is a {type(found).__name__}; make it an array"
        flat = found.shape == (3,)
        hint = "a column is (3, 1), else A - Y becomes a 3 by 3 grid"
        assert not flat, f"Step 1: {name} has the shape (3,); {hint}"
        lying = found.shape == (1, 3)
        assert not lying, f"Step 1: {name} is a row; one sample a row makes a column"
        check(1, f"{name} of {what}", found, np.array([first]).T)
        assert found.dtype == float, f"Step 1: {name} holds no floats: dtype=float"


def test_step_2_slope_of_bend():
    Z = np.array([[0.5, -1.0, 2.0], [0.0, 0.3, -0.7]])
    A, flat = np.tanh(Z), f"an array of shape {Z.shape}"
    slips = {
        "square the tanh before you take it from 1": 1 - A,
        "Z is the total and not the output; bend it first: 1 - tanh(Z)**2": 1 - Z**2,
        "that is tanh itself; its slope was asked for": A,
        "you bent the total twice": 1 - np.tanh(A) ** 2,
    }
    found = attempt(2, "slope_of_bend(Z, 'tanh')", lambda: slope_of_bend(Z, "tanh"))
    check(2, "the slope of tanh", found, 1 - A**2, slips)
    A = 1 / (1 + np.exp(-Z))
    slips = {
        "Z is the total and not the output; bend it first: a * (1 - a)": Z * (1 - Z),
        "that is the slope of tanh": 1 - np.tanh(Z) ** 2,
        "that is tanh's formula; the logistic has a * (1 - a)": 1 - A**2,
        "that is the logistic function itself; its slope was asked for": A,
    }
    what = "slope_of_bend(Z, 'logistic')"
    found = attempt(2, what, lambda: slope_of_bend(Z, "logistic"))
    check(2, "the slope of the logistic function", found, A * (1 - A), slips)
    found = attempt(2, "slope_of_bend(Z, 'none')", lambda: slope_of_bend(Z, "none"))
    number = np.isscalar(found)
    assert not number, f"Step 2: without a bend the slope is 1 for every total: {flat}"
    slips = {"that is Z itself; the slope of a straight line is 1": Z}
    check(2, "the slope without a bend", found, np.ones(Z.shape), slips)


def test_step_3_forward_one_layer():
    X = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]])
    W, b = np.array([[0.2, -0.4], [0.3, 0.1]]), np.array([0.1, -0.3])
    Z = X @ W.T + b
    what = "forward([a layer], X)"
    run = attempt(3, what, lambda: forward([Layer(W, b, "logistic")], X))
    totals, outputs = two(3, what, run, "the list of totals and the list of outputs")
    lists = isinstance(totals, list) and isinstance(outputs, list)
    assert lists, "Step 3: return two lists; an entry for each layer, and X before"
    counted = len(totals) == 1 and len(outputs) == 2
    got = f"yours have {len(totals)} and {len(outputs)}"
    assert counted, f"Step 3: one layer has 1 total and 2 outputs, X first; {got}"
    check(3, "outputs[0]", outputs[0], X)
    slips = {
        "W without .T: a row of W belongs to a neuron": X @ W + b,
        "the bias is missing": X @ W.T,
        "the bias is subtracted": X @ W.T - b,
        "one sample a row; yours lie in columns: X @ W.T, not W @ X.T": Z.T,
        "totals hold Z, before the bend": bent(Z, "logistic"),
    }
    check(3, "totals[0]", totals[0], Z, slips)
    slips = {
        "outputs hold what comes after the bend": Z,
        "the layer's own bend is meant, not always tanh": np.tanh(Z),
    }
    check(3, "outputs[1]", outputs[1], bent(Z, "logistic"), slips)


def test_step_3_forward_three_layers():
    layers, X, _ = example(square=True)
    what = "forward(three layers, X)"
    run = attempt(3, what, lambda: forward(layers, X))
    totals, outputs = two(3, what, run, "totals and outputs, two lists")
    lists = isinstance(totals, list) and isinstance(outputs, list)
    good = lists and len(totals) == 3 and len(outputs) == 4
    assert good, "Step 3: three layers make 3 totals and, with X, 4 outputs"
    for k, layer in enumerate(layers):
        slips = {}
        if k == 1:
            message = "each layer takes in what the one before puts out, not X"
            slips[message] = X @ layer.W.T + layer.b
            wrong = totals[0] @ layer.W.T + layer.b
            slips["a layer takes in outputs; you gave it totals"] = wrong
        Z = outputs_of(layers[:k], X)[-1] @ layer.W.T + layer.b
        check(3, f"totals[{k}]", totals[k], Z, slips)
        check(3, f"outputs[{k + 1}]", outputs[k + 1], bent(Z, layer.bend))


def test_step_4_cost():
    A = np.array([[1.0, 2.0], [0.0, 3.0], [5.0, 1.0]])
    Y = np.array([[0.0, 2.0], [2.0, 2.0], [2.0, 3.0]])
    D = A - Y
    found = attempt(4, "cost(A, Y)", lambda: cost(A, Y))
    number = isinstance(found, (int, float)) and not isinstance(found, bool)
    kind = type(found).__name__
    if isinstance(found, np.ndarray):
        kind = f"an array of shape {found.shape}"
    assert number, f"Step 4: the cost is one number; yours is {kind}"
    slips = {
        "divide by the number of samples: the cost is a mean": np.sum(D**2),
        "np.mean divides by the outputs, too; only samples count": np.mean(D**2),
        "you divided by the number of outputs, not of samples": np.sum(D**2) / 2,
        "square each difference before you add": np.sum(D) / 3,
        "no root: the cost is the mean of the squares": np.sqrt(np.sum(D**2) / 3),
    }
    check(4, "cost(A, Y)", found, np.sum(D**2) / 3, slips)
    column, grid = np.array([[1.0], [2.0], [3.0]]), "made a 3 by 3 grid of differences"
    for other in (column[:, 0], column.T):  # flat, and a row
        refused, shape = False, other.shape
        try:
            cost(column, other)
        except ValueError:
            refused = True
        message = f"A is (3, 1) and Y is {shape}, and cost {grid} of it"
        assert refused, f"Step 4: {message}; raise ValueError"


def test_step_5_last_delta():
    Z = np.array([[0.5, -1, 0.9], [0.2, 0.8, -2], [-0.4, 1.5, 0.3], [1, 0.7, 0.6]])
    Y = np.array([[1, 0, 2], [0.5, 0.4, -1], [-1, 2, 0], [3, 0.2, 0.1]])
    for bend in ("none", "tanh", "logistic"):
        A = bent(Z, bend)
        S = {"none": np.ones(Z.shape), "tanh": 1 - A**2, "logistic": A * (1 - A)}[bend]
        right = 2 * (A - Y) / 4 * S
        what = f"last_delta(Z, A, Y, {bend!r})"
        found = attempt(5, what, lambda A=A, bend=bend: last_delta(Z, A, Y, bend))
        slips = {
            "the sign: output minus target, A - Y": -right,
            "the 2 is missing: the slope of a square has a 2 in front": right / 2,
            "divide by the number of samples: the cost is a mean": 4 * right,
            "both the 2 and the division by the samples are missing": 2 * right,
            "you divided by the outputs, too; only samples count": right / 3,
            "keep a row for each sample; nothing is added up yet": right.sum(axis=0),
        }
        if bend != "none":
            slips["the slope of the bend is missing"] = 2 * (A - Y) / 4
            wrong = 2 * (A - Y) / 4 * steepness(A, bend)
            slips["the bend's slope is taken at Z; you gave it A"] = wrong
        check(5, what, found, right, slips)


def test_step_6_hand_back():
    delta = np.array([[0.3, -0.2], [0.1, 0.4], [-0.5, 0.6]])
    W = np.array([[0.7, -0.3], [0.2, 0.9]])
    Z = np.array([[0.5, -1], [0.2, 0.8], [1, 2]])
    for bend in ("tanh", "logistic"):
        A = bent(Z, bend)
        S = 1 - A**2 if bend == "tanh" else A * (1 - A)
        at_outputs = delta @ W * steepness(A, bend)
        what = f"hand_back(delta, W, Z, {bend!r})"
        found = attempt(6, what, lambda bend=bend: hand_back(delta, W, Z, bend))
        slips = {
            "W.T undoes the wrong thing: in a batch it is delta @ W": delta @ W.T * S,
            "the slope of the bend is missing": delta @ W,
            "the bend's slope is taken at Z; you gave it the output": at_outputs,
            "that is the bend itself; its slope belongs here": delta @ W * A,
            "delta has to come back through the weights W": delta * S,
        }
        check(6, what, found, delta @ W * S, slips)
    W = np.array([[0.7, -0.3, 0.1], [0.2, 0.9, 0.4]])
    Z = np.array([[0.5, -1, 2], [0.1, 0, 1], [-0.5, 2, 3]])
    what = "hand_back(delta, W, Z, 'tanh') with three neurons"
    found = attempt(6, what, lambda: hand_back(delta, W, Z, "tanh"))
    check(6, what, found, delta @ W * (1 - np.tanh(Z) ** 2))


def test_step_7_slopes():
    delta = np.array([[1.0, -2.0], [3.0, 4.0]])
    A = np.array([[5.0, 7.0], [0.5, -1.0]])
    what = "slopes(delta, A)"
    pair = attempt(7, what, lambda: slopes(delta, A))
    pair = two(7, what, pair, "the slopes of W, and those of b")
    slips = {
        "the slopes of W are the wrong way round: a row for each neuron": A.T @ delta,
        "the samples have to be added up: delta.T, not delta": delta @ A,
        "delta carries the 1/n already; do not divide again": delta.T @ A / 2,
    }
    check(7, "the slopes of W", pair[0], delta.T @ A, slips)
    right, crosswise = delta.sum(axis=0), delta.sum(axis=1)
    slips = {
        "each sample has its say: add up the rows, axis=0": delta,
        "each neuron has its own bias: add up the rows only, axis=0": delta.sum(),
        "you added along the neurons; the samples are the rows, axis=0": crosswise,
        "b has the shape (neurons,), without a second axis": np.array([right]),
        "delta carries the 1/n already; add up, no mean": delta.mean(axis=0),
    }
    check(7, "the slopes of b", pair[1], right, slips)
    delta, A = np.array([[1.0, -2.0, 0.5]] * 4), np.array([[5.0, 7.0]] * 4)
    pair = attempt(7, what, lambda: slopes(delta, A))
    check(7, "the slopes of W, three neurons with two inputs,", pair[0], delta.T @ A)
    check(7, "the slopes of b, three neurons,", pair[1], delta.sum(axis=0))


def test_step_8_gradients_by_known_slips():
    layers, X, Y = example(square=True)
    before = copies(layers)
    found = attempt(8, "gradients(layers, X, Y)", lambda: gradients(layers, X, Y))
    still = all(not part.any() for pair in moves(layers, before) for part in pair)
    assert still, "Step 8: gradients changed the network; finding comes before turning"
    check_list(found)
    right, late = sweep(layers, X, Y), sweep(layers, X, Y, shift=1)
    bent_twice = sweep(layers, X, Y, at_outputs=True)
    own, still = sweep(layers, X, Y, own=True), sweep(layers, X, Y, still=True)
    slips = {
        "the list runs backwards: the first layer comes first": right[::-1],
        "slopes wants what came into the layer, not its own output": late,
        "the slope of the bend is taken at the totals; you gave it outputs": bent_twice,
        "delta goes back through the W of the layer after, not the layer's own": own,
        "delta is the same for all layers; hand it back": still,
    }
    check_pairs(8, "gradients", found, right, slips)


def test_step_8_gradients_against_nudges():
    layers, X, Y = example()
    found = attempt(8, "gradients(layers, X, Y)", lambda: gradients(layers, X, Y))
    check_list(found)
    for k, layer in enumerate(layers):
        for name, dial, slope in zip("Wb", (layer.W, layer.b), found[k], strict=True):
            nudged = np.zeros(dial.shape)
            for place in np.ndindex(*dial.shape):
                kept, ends = dial[place], []
                for way in (1e-6, -1e-6):
                    dial[place] = kept + way
                    ends.append(np.sum((outputs_of(layers, X)[-1] - Y) ** 2) / len(Y))
                dial[place] = kept
                nudged[place] = (ends[0] - ends[1]) / 2e-6
            shape = np.shape(slope) if numeric(slope) else type(slope).__name__
            place = f"layers[{k}].{name}"
            good = shape == dial.shape and numeric(slope)
            assert good, f"Step 8: {place} is {dial.shape}, its slopes are {shape}"
            good = np.allclose(slope, nudged, atol=1e-7)
            assert good, f"Step 8: {place}: nudges give {nudged.round(6).tolist()}"


def test_step_9_train_step():
    layers, X, Y = example(square=True)
    right, size = sweep(layers, X, Y), 0.3
    old = copies(layers)
    attempt(9, "train_step", lambda: train_step(layers, X, Y, size))
    for layer in layers:
        kept = np.shape(layer.W) == (2, 2) and np.shape(layer.b) == (2,)
        assert kept, "Step 9: W or b has changed its shape"
    moved = moves(layers, old)
    still = all(np.allclose(part, 0, atol=1e-15) for pair in moved for part in pair)
    assert not still, "Step 9: nothing has changed; assign to layer.W and to layer.b"
    wait = "you turned a layer before all slopes were found: first find all, then turn"
    slips = {
        "the wrong direction: against the slope means minus": scaled(right, size),
        "the step size is missing": scaled(right, -1),
        "the biases have to be turned as well": [(-size * W, 0 * b) for W, b in right],
        wait: in_a_hurry(size, order=(2, 1, 0)),
        wait + " ": in_a_hurry(size, order=(0, 1, 2)),
        wait + ".": in_a_hurry(size, order=()),
    }
    check_pairs(9, "train_step", moved, scaled(right, -size), slips)
    layers, X, Y = example(square=True)
    attempt(9, "train_step", lambda: train_step(layers, X, Y, size / 3))
    slips = {"a third of the step size, and the same step": scaled(right, -size)}
    moved = moves(layers, old)
    check_pairs(9, "train_step", moved, scaled(right, -size / 3), slips)


def test_step_10_train():
    layers, X, Y = example()
    first = np.sum((outputs_of(layers, X)[-1] - Y) ** 2) / len(Y)
    costs = attempt(10, "train", lambda: train(layers, X, Y, 200, 0.1))
    good = isinstance(costs, (list, np.ndarray))
    assert good, f"Step 10: return the list of costs; yours is {type(costs).__name__}"
    assert numeric(costs), "Step 10: the costs should be numbers"
    counted = len(costs)
    assert counted == 200, f"Step 10: 200 steps make 200 costs; yours are {counted}"
    good = close(costs[0], first)
    assert good, "Step 10: the first cost is that before any step: note it, then step"
    assert costs[1] != costs[0], "Step 10: the cost never changes; was a step taken?"
    rises = [k for k in range(1, 200) if not costs[k] < costs[k - 1]]
    assert not rises, f"Step 10: the cost should fall; at step {rises[:1]} it does not"
    fell = costs[-1] < costs[0] / 4
    assert fell, f"Step 10: from {costs[0]:.3f} the cost fell to {costs[-1]:.3f} only"
    layers, X, Y = example()
    few = attempt(10, "train", lambda: train(layers, X, Y, 2, 0.01))
    counted = len(few)
    assert counted == 2, f"Step 10: 2 steps make 2 costs; yours are {counted}"
    less = few[0] - few[1] < (costs[0] - costs[1]) / 2
    assert less, "Step 10: a tenth of the step size, and the cost fell as far"


# What the self-tests share.


def attempt(step, what, calculate):
    """Return the result; turn an error of Python's into a sentence."""
    trouble = ""
    try:
        return calculate()
    except NotImplementedError:
        raise
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"
    assert not trouble, f"Step {step}: {what} stopped with {trouble}{advice(trouble)}"


def advice(trouble):
    """Say what such an error usually means here."""
    if "matmul" in trouble:
        return "; shapes that do not fit: print both, and look for a .T too many or few"
    if "broadcast" in trouble:
        return "; entry by entry needs equal shapes: print both"
    if "NoneType" in trouble:
        return "; something returned nothing"
    return ""


def two(step, what, result, names):
    """Return the result if it is a pair."""
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    assert pair, f"Step {step}: {what} should return two things: {names}"
    return result


def close(a, b):
    """Tell whether two arrays have one shape, and one content but for rounding."""
    alike = numeric(a) and np.shape(a) == np.shape(b)
    return alike and np.allclose(a, b, rtol=1e-9, atol=1e-12)


def numeric(found):
    """Tell whether something can be read as an array of numbers."""
    try:
        return np.asarray(found).dtype.kind in "iuf"
    except ValueError:
        return False


def check(step, what, found, right, slips=None):
    """Compare an array, and name the slip if it is a known one."""
    nothing = found is None
    assert not nothing, f"Step {step}: {what} is None; was it returned?"
    good = numeric(found)
    kind = type(found).__name__
    assert good, f"Step {step}: {what} should be an array of numbers; yours is a {kind}"
    for message, wrong in (slips or {}).items():
        known = close(found, wrong) and not close(wrong, right)
        assert not known, f"Step {step}: {message}"
    shape = np.shape(found)
    fits = shape == np.shape(right)
    assert fits, f"Step {step}: {what} should be {np.shape(right)}; yours is {shape}"
    good = close(found, right)
    shown = f"{np.round(right, 6).tolist()}; yours is {np.round(found, 6).tolist()}"
    assert good, f"Step {step}: {what} should be {shown}"


def check_pairs(step, what, found, right, slips):
    """Compare a pair for each layer, and name the slip if it is a known one."""
    for message, wrong in slips.items():
        for mine, slipped, good in zip(found, wrong, right, strict=True):
            known = close(mine[0], slipped[0]) and close(mine[1], slipped[1])
            same = close(slipped[0], good[0]) and close(slipped[1], good[1])
            assert same or not known, f"Step {step}: {message.rstrip(' .')}"
    for k, (one, other) in enumerate(zip(found, right, strict=True)):
        for name, a, b in zip("Wb", one, other, strict=True):
            check(step, f"{what}, {name} of layers[{k}],", a, b)


def example(square=False):
    """Return three layers, inputs and targets that the tests use."""
    sizes = [2, 2, 2, 2] if square else [2, 3, 4, 2]
    draw, layers = np.random.default_rng(5), []
    for k, bend in enumerate(("tanh", "logistic", "none")):
        W = draw.normal(0, 1, (sizes[k + 1], sizes[k]))
        layers.append(Layer(W, draw.normal(0, 1, sizes[k + 1]), bend))
    return layers, draw.normal(0, 1, (5, 2)), draw.normal(0, 1, (5, 2))


def outputs_of(layers, X):
    """Return X and the outputs of all layers."""
    outputs = [X]
    for layer in layers:
        outputs.append(bent(outputs[-1] @ layer.W.T + layer.b, layer.bend))
    return outputs


def steepness(Z, bend):
    """Return the slopes of a bend by nudges that do not round: complex steps."""
    return bent(Z + 1e-30j, bend).imag / 1e-30


def scaled(pairs, factor):
    """Return all arrays times a factor."""
    return [(factor * W, factor * b) for W, b in pairs]


def check_list(found):
    """Check that the gradients are a list of pairs."""
    listed = isinstance(found, (list, tuple)) and len(found) == 3
    assert listed, "Step 8: return a list with a pair (W, b) of slopes for each layer"
    for k, pair in enumerate(found):
        two(8, f"entry {k} of the list", pair, "the slopes of W, and those of b")


def copies(layers):
    """Return copies of all dials."""
    return [(layer.W.copy(), layer.b.copy()) for layer in layers]


def moves(layers, old):
    """Return how far each dial has moved."""
    pairs = zip(layers, old, strict=True)
    return [(layer.W - W, layer.b - b) for layer, (W, b) in pairs]


def in_a_hurry(size, order):
    """Return the moves if layers are turned before all slopes are found."""
    layers, X, Y = example(square=True)
    old = copies(layers)
    if not order:  # within the sweep itself
        sweep(layers, X, Y, turn=size)
    for k in order:
        W, b = sweep(layers, X, Y)[k]
        layers[k].W -= size * W
        layers[k].b -= size * b
    return moves(layers, old)


def sweep(layers, X, Y, shift=0, at_outputs=False, own=False, still=False, turn=0):
    """Return all slopes, one sample at a time as on paper; the rest are known slips."""
    outputs = outputs_of(layers, X)
    last = layers[-1]
    Z = outputs[-2] @ last.W.T + last.b
    deltas = 2 / len(Y) * (outputs[-1] - Y) * steepness(Z, last.bend)
    found = []
    for k in reversed(range(len(layers))):
        came_in = outputs[k + shift]
        W_slopes = sum(np.outer(d, a) for d, a in zip(deltas, came_in, strict=True))
        b_slopes = sum(deltas)
        found.insert(0, (W_slopes, b_slopes))
        if turn:
            layers[k].W -= turn * W_slopes
            layers[k].b -= turn * b_slopes
        if k > 0 and not still:
            before = layers[k - 1]
            Z = outputs[k - 1] @ before.W.T + before.b
            S = steepness(outputs[k] if at_outputs else Z, before.bend)
            W = before.W if own else layers[k].W
            deltas = [W.T @ d * s for d, s in zip(deltas, S, strict=True)]
    return found
