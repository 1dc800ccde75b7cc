"""The differentiator, complete: each rule of the module in a line or two."""

import math

from differentiator import READINGS


def as_dual(x):
    """Return x itself if it is a Dual already; else a constant."""
    if isinstance(x, Dual):
        return x
    return Dual(x, 0)


class Dual:
    """A value, and the slope with which it is changing."""

    def __init__(self, value, slope):
        self.value = value
        self.slope = slope

    def __repr__(self):
        return f"Dual({self.value}, {self.slope})"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __neg__(self):
        return Dual(-self.value, -self.slope)

    def __mul__(self, other):
        other = as_dual(other)
        slope = self.slope * other.value + self.value * other.slope
        return Dual(self.value * other.value, slope)

    def __truediv__(self, other):
        other = as_dual(other)
        above = self.slope * other.value - self.value * other.slope
        return Dual(self.value / other.value, above / other.value**2)

    def __pow__(self, n):
        return Dual(self.value**n, n * self.value ** (n - 1) * self.slope)

    # The rest is done. It uses what you write.

    def __radd__(self, other):  # 2 + x
        return self + other

    def __rmul__(self, other):  # 2 * x
        return self * other

    def __sub__(self, other):  # x - y, x - 2
        return self + -as_dual(other)

    def __rsub__(self, other):  # 2 - x
        return as_dual(other) + -self

    def __rtruediv__(self, other):  # 2 / x
        return as_dual(other) / self

    def __lt__(self, other):  # x < 2: only the values count
        return self.value < as_dual(other).value

    def __gt__(self, other):  # x > 2
        return self.value > as_dual(other).value

    def __eq__(self, other):  # x == 2
        return self.value == as_dual(other).value


def sin(x):
    x = as_dual(x)
    return Dual(math.sin(x.value), math.cos(x.value) * x.slope)


def cos(x):
    x = as_dual(x)
    return Dual(math.cos(x.value), -math.sin(x.value) * x.slope)


def exp(x):
    x = as_dual(x)
    return Dual(math.exp(x.value), math.exp(x.value) * x.slope)


def log(x):
    x = as_dual(x)
    return Dual(math.log(x.value), x.slope / x.value)


def tanh(x):
    x = as_dual(x)
    squashed = math.tanh(x.value)
    return Dual(squashed, (1 - squashed**2) * x.slope)


def slope_of(f):
    """Return the function that gives the slope of f at any place."""

    def slope(at):
        return as_dual(f(Dual(at, 1))).slope

    return slope


def misfit(weight):
    """Return the sum of the squares of reading minus tanh(weight * x - 2)."""
    total = 0
    for x, y in READINGS:
        residual = y - tanh(weight * x - 2)
        total = total + residual**2
    return total
