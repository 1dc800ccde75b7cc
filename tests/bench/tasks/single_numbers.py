"""Gradients of functions of single numbers: every operation is recorded, one by one."""

import sys

import autograd
import numpy as np
import torch
from micrograd.engine import Value

from mmlbook.gradient import value_and_gradient
from tests.bench.tasks.goals import GRADIENT_COST
from tests.bench.tasks.timing import compare

AT = (0.7, 0.4)
EXPRESSION = "an expression of about 1,000 operations on single numbers"
LOOP = "a loop over x[i], n = 100"


def expression(a, b):
    """Eight operations, 125 times."""
    for _ in range(125):
        a = 0.5 * a * b + 0.3
        b = 0.25 * (a - b) ** 2 + 0.1 * b
    return a * b


def loop(x):
    """Rosenbrock's function of 100 variables, entry by entry."""
    total = 0.0
    for i in range(99):
        total = total + 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def expression_with_micrograd():
    a, b = map(Value, AT)
    value = expression(a, b)
    value.backward()
    return value.data, a.grad, b.grad


def loop_with_micrograd(at):
    numbers = at.tolist()

    def both():
        x = [Value(number) for number in numbers]
        value = loop(x)
        value.backward()
        return value.data, [entry.grad for entry in x]

    return both


def expression_with_torch():
    a, b = (torch.tensor(number, requires_grad=True) for number in AT)
    value = expression(a, b)
    return value.detach(), torch.autograd.grad(value, (a, b))


def rows():
    """Compare the expression with all of them, the loop with micrograd alone."""
    sys.setrecursionlimit(100_000)  # micrograd walks through its graph by recursion
    ours = value_and_gradient(expression)
    autograds = autograd.value_and_grad(expression, argnum=(0, 1))
    peers = {
        "micrograd": expression_with_micrograd, "torch": expression_with_torch, "autograd": lambda: autograds(*AT),
    }  # fmt: skip
    for peer, function in peers.items():
        yield EXPRESSION, peer, *compare(lambda: ours(*AT), function)
    yield EXPRESSION, GRADIENT_COST, *compare(lambda: ours(*AT)[0], lambda: expression(*AT))
    at = 0.5 + 0.25 * np.sin(np.arange(100))
    looped = value_and_gradient(loop)
    yield LOOP, "micrograd", *compare(lambda: looped(at), loop_with_micrograd(at))
