"""Coefficients of a product, a quotient and an integral of power series, one after the other.

To copy: put this file into a folder `mmlbook` beside your program, with `mmlbook.jets`, which uses it. It needs
nothing else.

Each function yields coefficient after coefficient, for ever; who asks decides when to stop. A series is given
as an object with a method ``coefficient(k)``, a list ``coefficients`` of those known already, and their
number ``length``, after which all are 0. A coefficient is asked for no earlier than it is needed, so that a
series may appear in its own definition: ``y' = y`` is the exponential function.

Source: M. D. McIlroy, "Power series, power serious", *Journal of Functional Programming* 9 (1999), 325-337.
"""

from itertools import count
from operator import mul


def product(a, b):
    """Yield ``a[0] b[k] + ... + a[k] b[0]``."""
    turned_round = []  # the coefficients of b so far, the last first
    for k in count():
        turned_round.insert(0, b.coefficient(k))
        a.coefficient(k)
        yield sum(map(mul, a.coefficients, turned_round))


def quotient(a, b):
    """Yield the coefficients q of a / b, from ``q b = a``."""
    later, turned_round = [], []  # b[1:], and q so far, the last first
    for k in count():
        if 0 < k < b.length:
            later.append(b.coefficient(k))
        q = (a.coefficient(k) - sum(map(mul, later, turned_round))) / b.coefficients[0]
        turned_round.insert(0, q)
        yield q


def integral(slope, jet):
    """Yield the coefficients, from the first, of the y in ``y' = slope * jet'``."""
    length, known = jet.length, slope.coefficients
    rises = list(map(mul, count(1), jet.coefficients[1:]))  # the coefficients of jet'
    turned_round = []  # those of slope so far, the last first
    for k in count(1):
        if len(rises) < k < length:
            rises.append(k * jet.coefficient(k))
        turned_round.insert(0, known[k - 1] if k <= len(known) else slope.coefficient(k - 1))
        yield sum(map(mul, rises, turned_round)) / k
