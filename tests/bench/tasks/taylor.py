"""Taylor coefficients, beside jax's experimental Taylor mode, as it is and compiled."""

import math

import jax
import numpy as np
from jax.experimental.jet import jet

from mmlbook.taylor import coefficients
from tests.bench.tasks.timing import compare

TASK = "Taylor coefficients of exp(sin x) up to order 20"
AT, ORDER = 0.3, 20


def with_jet():
    """The value and the derivatives, which jet gives, over the factorials."""
    steps = [1.0] + [0.0] * (ORDER - 1)

    def series(x):
        value, derivatives = jet(lambda x: jax.numpy.exp(jax.numpy.sin(x)), (x,), (steps,))
        return [value, *derivatives]

    return series


def over_factorials(derivatives):
    return [float(number) / math.factorial(k) for k, number in enumerate(derivatives)]


def rows():
    """Compare with both."""

    def ours():
        return coefficients(lambda x: np.exp(np.sin(x)), AT, ORDER)

    eager = with_jet()
    compiled = jax.jit(eager)
    np.testing.assert_allclose(ours(), over_factorials(compiled(AT)), rtol=1e-10)
    scale = [math.factorial(k) for k in range(ORDER + 1)]

    def derivatives():
        return ours() * np.array(scale, dtype=float)

    names = {"jax.jet, before it is compiled": eager, "jax.jet, once compiled": compiled}
    for peer, function in names.items():
        yield TASK, peer, *compare(derivatives, lambda function=function: jax.block_until_ready(function(AT)))
