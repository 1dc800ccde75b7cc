"""Matrices of derivatives: Jacobian, Hessian, and the Hessian times a vector, beside torch and compiled jax."""

import jax
import numpy as np
import torch

from mmlbook.gradient import hessian, hvp, jacobian
from tests.bench.tasks.gradients import function as rosenbrock
from tests.bench.tasks.gradients import start
from tests.bench.tasks.timing import compare

JACOBIAN, HESSIAN, PRODUCT = (
    "Jacobian, 20 inputs and 20 outputs", "Hessian, n = 50", "Hessian times a vector, n = 1,000",
)  # fmt: skip
BATCHED = "torch, swept in one batch by hand"
WEIGHTS = np.sin(np.arange(400.0)).reshape(20, 20)


def layer(x, lib=np, weights=WEIGHTS):
    """Twenty outputs, each of all twenty inputs."""
    return lib.tanh(weights @ x) * x


def jacobian_with_torch(at):
    """By torch's transforms of functions; jacfwd is a little slower."""
    x, weights = torch.tensor(at), torch.tensor(WEIGHTS)
    matrix = torch.func.jacrev(lambda x: layer(x, torch, weights))
    return lambda: matrix(x)


def jacobian_by_batches(at):
    """All rows in one sweep, as torch's manual has it for those in a hurry: the quickest way that we found."""
    x, weights, rows = torch.tensor(at, requires_grad=True), torch.tensor(WEIGHTS), torch.eye(len(at))
    return lambda: torch.autograd.grad(layer(x, torch, weights), x, rows, is_grads_batched=True)


def hessian_with_torch(at):
    """By torch's transforms of functions; torch.func.hessian takes twice as long."""
    x = torch.tensor(at)
    matrix = torch.func.jacrev(torch.func.jacrev(lambda x: rosenbrock(x, torch)))
    return lambda: matrix(x)


def hessian_by_batches(at):
    x, rows = torch.tensor(at, requires_grad=True), torch.eye(len(at))

    def matrix():
        (slopes,) = torch.autograd.grad(rosenbrock(x, torch), x, create_graph=True)
        return torch.autograd.grad(slopes, x, rows, is_grads_batched=True)

    return matrix


def product_with_torch(at, v):
    x, v = torch.tensor(at, requires_grad=True), torch.tensor(v)

    def product():
        (slopes,) = torch.autograd.grad(rosenbrock(x, torch), x, create_graph=True)
        return torch.autograd.grad(slopes, x, v)

    return product


def with_jax(transform, f, *inputs):
    inputs = [jax.numpy.asarray(one) for one in inputs]
    compiled = jax.jit(transform(f))
    return lambda: jax.block_until_ready(compiled(*inputs))


def product_of_jax(f):
    return lambda x, v: jax.jvp(jax.grad(f), (x,), (v,))[1]


def rows():
    """Compare each with torch and with compiled jax."""
    of_jax = lambda x: rosenbrock(x, jax.numpy)  # noqa: E731
    at = start(20)
    ours = jacobian(layer)
    yield JACOBIAN, "torch.func", *compare(lambda: ours(at), jacobian_with_torch(at))
    yield JACOBIAN, BATCHED, *compare(lambda: ours(at), jacobian_by_batches(at))
    peer = with_jax(jax.jacfwd, lambda x: layer(x, jax.numpy), at)
    yield JACOBIAN, "jax.jit", *compare(lambda: ours(at), peer)

    at_50 = start(50)
    second = hessian(rosenbrock)
    yield HESSIAN, "torch.func", *compare(lambda: second(at_50), hessian_with_torch(at_50))
    yield HESSIAN, BATCHED, *compare(lambda: second(at_50), hessian_by_batches(at_50))
    yield HESSIAN, "jax.jit", *compare(lambda: second(at_50), with_jax(jax.hessian, of_jax, at_50))

    at_1000, v = start(1000), np.cos(np.arange(1000.0))
    product = hvp(rosenbrock)
    yield PRODUCT, "torch", *compare(lambda: product(at_1000, v), product_with_torch(at_1000, v))
    yield PRODUCT, "jax.jit", *compare(lambda: product(at_1000, v), with_jax(product_of_jax, of_jax, at_1000, v))
