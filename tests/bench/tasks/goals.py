"""The rows of the table: each task, what it is compared with, and how far ahead mmlbook means to be."""

from typing import NamedTuple

GRADIENT_COST = "the function itself, in NumPy"
NO_GOAL = None


class Goal(NamedTuple):
    """A row: the peer is to take at least `ahead` times as long as mmlbook, or there is no goal."""

    task: str
    peer: str
    ahead: float | None


def rosenbrock(n, peers):
    return [
        Goal(f"value and gradient of Rosenbrock's function, n = {n:,}", peer, ahead) for peer, ahead in peers.items()
    ]


GOALS = [
    *rosenbrock(10, {"autograd": 5, "mygrad": 3, "torch": 2.5, "jax.jit": NO_GOAL}),
    *rosenbrock(1_000, {"autograd": 5, "mygrad": 3, "torch": 2.5, "jax.jit": NO_GOAL}),
    *rosenbrock(100_000, {"autograd": 5, "mygrad": 1.3, "torch": 1.7, "jax.jit": NO_GOAL}),
    # A gradient that costs five times the function is a function that takes a fifth of the gradient's time.
    Goal("gradient of Rosenbrock's function and the function itself, n = 1,000", GRADIENT_COST, 1 / 5),
    Goal("gradient of Rosenbrock's function and the function itself, n = 100,000", GRADIENT_COST, 1 / 3.5),
    Goal("an expression of about 1,000 operations on single numbers", GRADIENT_COST, NO_GOAL),
    Goal("an expression of about 1,000 operations on single numbers", "micrograd", 4),
    Goal("an expression of about 1,000 operations on single numbers", "torch", 15),
    Goal("an expression of about 1,000 operations on single numbers", "autograd", 40),
    Goal("a loop over x[i], n = 100", "micrograd", 1),
    Goal("Jacobian, 20 inputs and 20 outputs", "torch.func", 8),
    Goal("Jacobian, 20 inputs and 20 outputs", "torch, swept in one batch by hand", NO_GOAL),
    Goal("Jacobian, 20 inputs and 20 outputs", "jax.jit", NO_GOAL),
    Goal("Hessian, n = 50", "torch.func", 3),
    Goal("Hessian, n = 50", "torch, swept in one batch by hand", NO_GOAL),
    Goal("Hessian, n = 50", "jax.jit", NO_GOAL),
    Goal("Hessian times a vector, n = 1,000", "torch", 1.8),
    Goal("Hessian times a vector, n = 1,000", "jax.jit", NO_GOAL),
    Goal("100 steps of descent, network 64-32-10 on 8x8 digits", "torch", 2.5),
    Goal("100 steps of descent, network 64-32-10 on 8x8 digits", "mygrad", 1),
    Goal("100 steps of descent, network 784-128-10", "torch", 1.3),
    Goal("100 steps of descent, network 784-128-10", "mygrad", 1),
    Goal("Taylor coefficients of exp(sin x) up to order 20", "jax.jet, before it is compiled", 30),
    Goal("Taylor coefficients of exp(sin x) up to order 20", "jax.jet, once compiled", 1 / 2),
    Goal("Newton's method on one equation", "scipy.optimize.newton", 5),
    Goal("Newton's method, mmlbook finding the derivative itself", "scipy.optimize.newton", NO_GOAL),
    Goal("least squares, 1,000,000 x 10", "numpy.linalg.lstsq", 2),
    Goal("least squares, 1,000,000 x 10", "scipy.linalg.lstsq", 2),
    Goal("least squares, 1,000,000 x 10", "sklearn LinearRegression", 2),
    Goal("least squares, 1,000,000 x 10", "torch.linalg.lstsq", 2),
    Goal("a Gaussian through 50 bins", "scipy curve_fit, own differences", 1),
    Goal("a Gaussian through 50 bins", "scipy curve_fit, given the Jacobian", NO_GOAL),
    Goal("a Gaussian through 5,000 bins", "scipy curve_fit, given the Jacobian", 1),
    Goal("a Gaussian through 5,000 bins", "scipy curve_fit, own differences", NO_GOAL),
]
# The other goal is a time: what `import mmlbook` may take on top of `import numpy`.
IMPORT_MS = 15
