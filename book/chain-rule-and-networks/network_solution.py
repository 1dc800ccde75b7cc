"""Backpropagation, complete: ten short functions."""

import numpy as np
from network import bent


def columns(points):
    """Return the inputs X and the targets Y of (x, y) pairs, each as a column."""
    X = np.array([[x] for x, y in points], dtype=float)
    Y = np.array([[y] for x, y in points], dtype=float)
    return X, Y


def slope_of_bend(Z, bend):
    """Return the slope of the bend at every total: an array like Z."""
    if bend == "tanh":
        return 1 - np.tanh(Z) ** 2
    if bend == "logistic":
        return bent(Z, bend) * (1 - bent(Z, bend))
    return np.ones(Z.shape)


def forward(layers, X):
    """Return all totals and all outputs: totals[k] and outputs[k + 1] of layers[k]."""
    totals, outputs = [], [X]
    for layer in layers:
        Z = outputs[-1] @ layer.W.T + layer.b
        totals.append(Z)
        outputs.append(bent(Z, layer.bend))
    return totals, outputs


def cost(A, Y):
    """Return the mean over the samples of the sum over the outputs of squares."""
    if A.shape != Y.shape:
        raise ValueError(f"A has shape {A.shape}, Y has shape {Y.shape}")
    return np.sum((A - Y) ** 2) / len(Y)


def last_delta(Z, A, Y, bend):
    """Return the slopes of the cost by the totals Z of the last layer."""
    return 2 * (A - Y) / len(Y) * slope_of_bend(Z, bend)


def hand_back(delta, W, Z, bend):
    """Return delta of the layer before; Z and bend are its own, W is the next one's."""
    return (delta @ W) * slope_of_bend(Z, bend)


def slopes(delta, A):
    """Return the slopes of the cost by W and by b; A is what came into the layer."""
    return delta.T @ A, delta.sum(axis=0)


def gradients(layers, X, Y):
    """Return a list: for each layer, the pair (slopes of W, slopes of b)."""
    totals, outputs = forward(layers, X)
    delta = last_delta(totals[-1], outputs[-1], Y, layers[-1].bend)
    found = [slopes(delta, outputs[-2])]
    for k in reversed(range(len(layers) - 1)):
        delta = hand_back(delta, layers[k + 1].W, totals[k], layers[k].bend)
        found.insert(0, slopes(delta, outputs[k]))
    return found


def train_step(layers, X, Y, step_size):
    """Turn every dial of the layers once, each against its slope."""
    found = gradients(layers, X, Y)
    for layer, (W_slopes, b_slopes) in zip(layers, found, strict=True):
        layer.W -= step_size * W_slopes
        layer.b -= step_size * b_slopes


def train(layers, X, Y, steps, step_size):
    """Take many steps; return the list of the costs before each of them."""
    costs = []
    for _ in range(steps):
        costs.append(cost(forward(layers, X)[1][-1], Y))
        train_step(layers, X, Y, step_size)
    return costs
