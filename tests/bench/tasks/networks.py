"""A hundred steps of stochastic gradient descent with the same weights and batches, beside torch and mygrad."""

import itertools

import mygrad
import numpy as np
import torch
from mygrad.nnet.losses import softmax_crossentropy
from sklearn.datasets import load_digits

from mmlbook.backprop import Network
from tests.bench.tasks.timing import compare

STEPS, STEP_SIZE, SEED = 100, 0.1, 3


def batches(samples, size):
    """The batches that `Network.train` looks at."""
    draw, chosen = np.random.default_rng(SEED), []
    while len(chosen) < STEPS:
        order = draw.permutation(samples)
        chosen += [order[place : place + size] for place in range(0, samples, size)]
    return chosen[:STEPS]


def with_mmlbook(sizes, X, labels, size):
    def train():
        network = Network(sizes, activation="tanh", cost="cross-entropy", seed=SEED)
        network.train(X, labels, iterations=STEPS, batch_size=size, step_size=STEP_SIZE, seed=SEED)
        return network.parameters

    return train


def with_torch(sizes, X, labels, size):
    first = Network(sizes, activation="tanh", cost="cross-entropy", seed=SEED)
    X, labels = torch.tensor(X), torch.tensor(labels)
    chosen = [torch.tensor(batch) for batch in batches(len(X), size)]

    def train():
        layers = [torch.nn.Linear(*pair) for pair in itertools.pairwise(sizes)]
        for layer, W, b in zip(layers, first.weights, first.biases, strict=True):
            layer.weight.data, layer.bias.data = torch.tensor(W), torch.tensor(b)
        model = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1])
        descent = torch.optim.SGD(model.parameters(), lr=STEP_SIZE)
        cost = torch.nn.CrossEntropyLoss()
        for batch in chosen:
            descent.zero_grad()
            cost(model(X[batch]), labels[batch]).backward()
            descent.step()
        return [parameter.detach() for parameter in model.parameters()]

    return train


def with_mygrad(sizes, X, labels, size):
    first = Network(sizes, activation="tanh", cost="cross-entropy", seed=SEED)
    chosen = batches(len(X), size)

    def train():
        W1, W2 = (mygrad.tensor(W) for W in first.weights)
        b1, b2 = (mygrad.tensor(b) for b in first.biases)
        for batch in chosen:
            hidden = mygrad.tanh(mygrad.matmul(X[batch], W1.T) + b1)
            softmax_crossentropy(mygrad.matmul(hidden, W2.T) + b2, labels[batch]).backward()
            for parameter in (W1, b1, W2, b2):
                parameter.data -= STEP_SIZE * parameter.grad
        return [parameter.data for parameter in (W1, b1, W2, b2)]

    return train


def rows():
    """Compare a small network on real digits and a larger one on invented pictures."""
    digits = load_digits()
    draw = np.random.default_rng(0)
    tasks = {
        "100 steps of descent, network 64-32-10 on 8x8 digits": ((64, 32, 10), digits.data / 16, digits.target, 32),
        "100 steps of descent, network 784-128-10": (
            (784, 128, 10), draw.random((12_800, 784)), draw.integers(10, size=12_800), 128,
        ),
    }  # fmt: skip
    for task, (sizes, X, labels, size) in tasks.items():
        for peer, train in {"torch": with_torch, "mygrad": with_mygrad}.items():
            ours, peers = (make(sizes, X, labels, size) for make in (with_mmlbook, train))
            yield task, peer, *compare(ours, peers)
