"""From slopes to steps: steepest descent, momentum, Adam.

To copy: put this file into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy.

Each rule is a function that makes a `move(k, slope)`: from the gradient at step k = 0, 1, 2, ...
the way to go, with whatever it remembers of earlier ones.

- `steepest_descent`: against the gradient
- `with_momentum`: against the gradients seen lately, the newest counting most
- `adam`: the same, every coordinate measured by the usual size of its own slope
"""

import numpy as np

MEMORY = 0.999  # Adam: how much of the mean square is kept from one step to the next
TINY = 1e-8  # Adam: keeps the division apart from zero


def steepest_descent(step_size):
    """Steps against the gradient: ``-step_size(k) * slope``.

    >>> move = steepest_descent(lambda k: 0.1)
    >>> move(0, np.array([10.0])), move(1, np.array([10.0]))
    (array([-1.]), array([-1.]))
    """

    def move(k, slope):
        return -step_size(k) * slope

    return move


def with_momentum(step_size, momentum):
    """A heavy ball: ``velocity = momentum * velocity - step_size(k) * slope``, and the step is the velocity.

    >>> move = with_momentum(lambda k: 0.1, momentum=0.9)
    >>> move(0, np.array([10.0])), move(1, np.array([10.0]))
    (array([-1.]), array([-1.9]))

    Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
    *USSR Computational Mathematics and Mathematical Physics* 4 (1964), 1-17.
    """
    velocity = 0.0

    def move(k, slope):
        nonlocal velocity
        velocity = momentum * velocity - step_size(k) * slope
        return velocity

    return move


def adam(step_size, momentum):
    """Steps of about step_size in every coordinate, however large its slopes are.

    ``mean = momentum * mean + (1 - momentum) * slope`` and likewise the mean of slope**2; both start
    at zero, which the divisions by ``1 - momentum**(k + 1)`` make good. The step is
    ``-step_size(k) * mean / (sqrt(mean_square) + 1e-8)``.

    >>> move = adam(lambda k: 0.1, momentum=0.9)
    >>> print(move(0, np.array([10.0, -0.001])).round(3))
    [-0.1  0.1]

    Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", *3rd
    International Conference on Learning Representations*, 2015, algorithm 1.
    """
    mean = mean_square = 0.0

    def move(k, slope):
        nonlocal mean, mean_square
        mean = momentum * mean + (1 - momentum) * slope
        mean_square = MEMORY * mean_square + (1 - MEMORY) * slope**2
        typical = np.sqrt(mean_square / (1 - MEMORY ** (k + 1)))
        return -step_size(k) * (mean / (1 - momentum ** (k + 1))) / (typical + TINY)

    return move
