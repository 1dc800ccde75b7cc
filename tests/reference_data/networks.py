"""Networks and gradients that were calculated with PyTorch and JAX, from nn_gradients.json."""

import numpy as np

from mmlbook.backprop import Network

ACTIVATION = {"tanh": "tanh", "sigmoid": "logistic", "identity": "identity", "softplus": "softplus"}
COST = {"mse": "squared error", "softmax_ce": "cross-entropy"}


def network(case):
    """The network of a case, with its parameters."""
    config = case["config"]
    made = Network(config["layers"], activation=ACTIVATION[config["act"]], cost=COST[config["loss"]])
    for layer, (W, b) in enumerate(zip(case["W"], case["b"], strict=True)):
        made.weights[layer] = W
        made.biases[layer] = b
    return made


def outputs(case):
    """The outputs of the last layer; where they are classes, as probabilities."""
    z = np.array(case["output"])
    return z if case["config"]["loss"] == "mse" else np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def factor(case):
    """Our squared error adds up over the outputs; that of the reference is a mean over them too."""
    return case["config"]["layers"][-1] if case["config"]["loss"] == "mse" else 1
