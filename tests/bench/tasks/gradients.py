"""Gradients of functions of arrays: Rosenbrock's, beside autograd, mygrad, torch and compiled jax."""

import autograd
import autograd.numpy
import jax
import mygrad
import numpy as np
import torch

from mmlbook.gradient import value_and_gradient
from tests.bench.tasks.goals import GRADIENT_COST, rosenbrock
from tests.bench.tasks.timing import compare

ALL = dict.fromkeys(("autograd", "mygrad", "torch", "jax.jit"))


def function(x, lib=np):
    """Rosenbrock's function of n variables, the same text for all."""
    return lib.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def start(n):
    """A point where no term vanishes."""
    return 0.5 + 0.25 * np.sin(np.arange(n))


def with_autograd(at):
    both = autograd.value_and_grad(lambda x: function(x, autograd.numpy))
    return lambda: both(at)


def with_mygrad(at):
    def both():
        x = mygrad.tensor(at, copy=False)
        value = function(x, mygrad)
        value.backward()
        return value.data, x.grad

    return both


def with_torch(at):
    x = torch.tensor(at, requires_grad=True)

    def both():
        value = function(x, torch)
        (slopes,) = torch.autograd.grad(value, x)
        return value.detach(), slopes

    return both


def with_jax(at):
    x = jax.numpy.asarray(at)
    compiled = jax.jit(jax.value_and_grad(lambda x: function(x, jax.numpy)))
    return lambda: jax.block_until_ready(compiled(x))


def rows():
    """Compare them all, and the gradient with the function itself."""
    both = value_and_gradient(function)
    peers = {"autograd": with_autograd, "mygrad": with_mygrad, "torch": with_torch, "jax.jit": with_jax}
    for n in (10, 1_000, 100_000):
        at = start(n)
        for goal in rosenbrock(n, ALL):
            yield goal.task, goal.peer, *compare(lambda at=at: both(at), peers[goal.peer](at))
    for n in (1_000, 100_000):
        at = start(n)
        times = compare(lambda at=at: both(at)[0], lambda at=at: function(at))
        yield f"gradient of Rosenbrock's function and the function itself, n = {n:,}", GRADIENT_COST, *times
