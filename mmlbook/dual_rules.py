"""The tangents of array operations, for dual numbers.

To copy: put this file and `array_compositions.py`, `array_rules.py`, `chain_rule.py`, `levels.py` into a
folder `mmlbook` beside your program, with the module that uses it. It needs nothing else but NumPy.

Where y is made from an array x, these rules make the tangent dy from the tangent dx.
The tangent may have one axis more than the array, in front, for the directions.

- `OF_ONE`: operations on one array, each with a rule ``(x, dx) -> (y, dy)``
- `OF_SEVERAL`: joins, choices and products, where any of the inputs may carry a tangent
- `COMPOSED`: what is short to say in terms of other operations, and so needs no rule

>>> x, dx = np.array([3.0, 1.0]), np.array([[1.0, 0.0], [0.0, 1.0]])
>>> y, dy = OF_ONE[np.sum](x, dx)
>>> dy
array([1., 1.])

An operation in none of the tables cannot be differentiated:

>>> np.histogram in OF_ONE
False
"""

import math

import numpy as np

from mmlbook.array_compositions import COMPOSED as SHARED
from mmlbook.chain_rule import directions, lift, shape
from mmlbook.levels import plain


def from_the_end(axis, ndim):
    """Axes counted from the end, where the directions do not disturb the count; all of them for None."""
    if axis is None:
        return tuple(range(-ndim, 0)) if ndim != 1 else -1
    if hasattr(axis, "__iter__"):
        return tuple(from_the_end(one, ndim) for one in axis)
    if not -ndim <= axis < ndim:
        raise np.exceptions.AxisError(axis, ndim)
    return axis - ndim if axis >= 0 else axis


# Entries that move about


def gather(x, dx, places):
    """The entries of dx that belong to the flat places of x, for each direction."""
    k = directions(x, dx)
    return np.reshape(dx, (*k, -1))[index_behind(places, k)]


def places_of(x):
    """An array like x that holds the number of each place."""
    return np.arange(math.prod(shape(x))).reshape(shape(x))


def index_behind(index, k):
    """An index of x as an index of its tangent, which has the directions k in front."""
    if not k:
        return index
    return (slice(None), *index) if type(index) is tuple else (slice(None), index)


def _reshape(x, dx, new_shape, order="C"):
    y = np.reshape(x, new_shape, order=order)
    if order == "C":
        return y, np.reshape(dx, directions(x, dx) + y.shape)
    return y, gather(x, dx, np.reshape(places_of(x), new_shape, order=order))


def _transpose(x, dx, axes=None):
    ndim = len(shape(x))
    axes = from_the_end(tuple(range(ndim))[::-1] if axes is None else tuple(axes), ndim)
    ahead = (0,) if directions(x, dx) else ()
    return np.transpose(x, axes), np.transpose(dx, ahead + axes)


def _broadcast_to(x, dx, new_shape):
    y = np.broadcast_to(x, new_shape)
    return y, np.broadcast_to(lift(x, dx, len(shape(y))), directions(x, dx) + shape(y))


# One array in


def _sum(x, dx, axis=None, keepdims=False):
    if not shape(x):
        return x, dx
    axis = from_the_end(axis, x.ndim)
    return x.sum(axis=axis, keepdims=keepdims), dx.sum(axis=axis, keepdims=keepdims)


def _mean(x, dx, axis=None, keepdims=False):
    y, dy = _sum(x, dx, axis, keepdims)
    share = max(math.prod(shape(y)), 1) / math.prod(shape(x))
    return y * share, dy * share


def _cumsum(x, dx, axis=None):
    if axis is None:
        x, dx, axis = np.ravel(x), np.reshape(dx, (*directions(x, dx), -1)), -1
    axis = from_the_end(axis, len(shape(x)))
    return np.cumsum(x, axis=axis), np.cumsum(dx, axis=axis)


def _extreme(function):
    """The largest or smallest entry has its own tangent; where several are equal, the mean of theirs."""

    def rule(x, dx, axis=None, keepdims=False):
        axis = from_the_end(axis, len(shape(x)))
        y = function(x, axis=axis, keepdims=True)
        winners = plain(x) == plain(y)
        share = winners / np.sum(winners, axis=axis, keepdims=True)
        dy = np.sum(dx * share, axis=axis, keepdims=keepdims)
        return function(x, axis=axis, keepdims=keepdims), dy

    return rule


def _inv(a, da):
    y = np.linalg.inv(a)
    return y, -(y @ da @ y)


def _det(a, da):
    y = np.linalg.det(a)
    return y, y * np.sum(np.swapaxes(np.linalg.inv(a), -1, -2) * da, axis=(-2, -1))


# Several arrays in


def _joined(function):
    """Joins of arrays are rearrangements of the entries of all of them."""

    def rule(split, arrays, axis=0):
        pairs = [split(x) for x in arrays]
        k = next(directions(x, dx) for x, dx in pairs if dx is not None)
        pool, places, start = [], [], 0
        for x, dx in pairs:
            size = math.prod(shape(x))
            pool.append(np.zeros((*k, size)) if dx is None else np.reshape(dx, (*k, size)))
            places.append(start + places_of(x))
            start += size
        places = function(places, axis=axis)
        pool = np.concatenate(pool, axis=-1)
        return function([x for x, _ in pairs], axis=axis), pool[index_behind(places, k)]

    return rule


def _where(split, condition, a, b):
    condition = plain(condition)
    (x, dx), (y, dy) = split(a), split(b)
    value = np.where(condition, x, y)
    ndim = len(shape(value))
    dx, dy = (0.0 if dz is None else lift(z, dz, ndim) for z, dz in ((x, dx), (y, dy)))
    return value, np.where(condition, dx, dy)


def product(x, dx, y, dy):
    """The product rule for ``x @ y``; a tangent that is missing is None."""
    return x @ y, total(_product_left(dx, x, y), _product_right(x, y, dy))


def _product_left(dx, x, y):
    """dx @ y, for each direction."""
    if dx is None:
        return None
    if y.ndim <= 2:
        return dx @ y
    if x.ndim == 1:
        return (lift(x, dx, y.ndim - 1)[..., None, :] @ y)[..., 0, :]
    return lift(x, dx, y.ndim) @ y


def _product_right(x, y, dy):
    """x @ dy, for each direction."""
    if dy is None:
        return None
    if y.ndim > 1:
        return x @ lift(y, dy, x.ndim)
    if x.ndim <= 2:
        return dy @ x.T
    return (x @ lift(y, dy, x.ndim - 1)[..., None])[..., 0]


def total(left, right):
    """The sum of two parts of a tangent, of which one may be missing."""
    return right if left is None else left if right is None else left + right


def _einsum(split, subscripts, *arrays):
    pairs = [split(x) for x in arrays]
    subscripts = subscripts.replace(" ", "")
    inputs, arrow, output = subscripts.partition("->")
    if not arrow:
        output = "..." * ("." in inputs) + "".join(
            c for c in sorted(set(inputs)) if c.isalpha() and inputs.count(c) == 1
        )
    inputs = inputs.split(",")
    spare = next(c for c in "ZYXWVUTSRQPONMLKJIHGFEDCBA" if c not in subscripts)
    values, tangent = [x for x, _ in pairs], None
    for i, (x, dx) in enumerate(pairs):
        if dx is not None:
            k = spare if directions(x, dx) else ""
            letters = ",".join(k + part if i == j else part for j, part in enumerate(inputs)) + "->" + k + output
            tangent = total(tangent, np.einsum(letters, *values[:i], dx, *values[i + 1 :]))
    return np.einsum(",".join(inputs) + "->" + output, *values), tangent


def _solve(split, a, b):
    """From A y = b follows A dy = db - dA y."""
    (x, dx), (z, dz) = split(a), split(b)
    y = np.linalg.solve(x, z)
    vectors = len(shape(z)) == 1  # otherwise the columns of a matrix, or of many
    right = dz if dz is None else lift(z, dz, len(shape(y)))
    if dx is not None:
        left = _product_left(dx, x, y[..., None])[..., 0] if vectors else _product_left(dx, x, y)
        right = -left if right is None else right - left
    if not vectors:
        return y, np.linalg.solve(x, right)
    if len(shape(x)) > 2:
        return y, np.linalg.solve(x, right[..., None])[..., 0]
    return y, np.transpose(np.linalg.solve(x, np.transpose(right)))


def _norm(x, ord=None, axis=None, keepdims=False):
    over = len(shape(x)) if axis is None else np.size(axis)
    if ord is None or (ord == 2 and over == 1) or ord == "fro":
        squares = np.sum(x * x, axis=axis, keepdims=keepdims)
        zero = plain(squares) == 0  # the kink at the origin, where the middle of all slopes is 0
        return np.where(zero, 0.0, np.sqrt(np.where(zero, 1.0, squares)))
    if over != 1 or isinstance(ord, str):
        raise TypeError(f"np.linalg.norm: ord={ord!r} of a matrix cannot be differentiated here")
    if abs(ord) == math.inf:
        return (np.max if ord > 0 else np.min)(np.abs(x), axis=axis, keepdims=keepdims)
    return np.sum(np.abs(x) ** ord, axis=axis, keepdims=keepdims) ** (1 / ord)


def _std(x, axis=None, ddof=0, keepdims=False):
    return np.sqrt(np.var(x, axis=axis, ddof=ddof, keepdims=keepdims))


OF_ONE = {
    np.reshape: _reshape,
    np.transpose: _transpose,
    np.broadcast_to: _broadcast_to,
    np.copy: lambda x, dx: (x, dx),
    np.sum: _sum,
    np.mean: _mean,
    np.cumsum: _cumsum,
    np.max: _extreme(np.max),
    np.min: _extreme(np.min),
    np.linalg.inv: _inv,
    np.linalg.det: _det,
}

OF_SEVERAL = {
    np.concatenate: _joined(np.concatenate),
    np.stack: _joined(np.stack),
    np.where: _where,
    np.einsum: _einsum,
    np.linalg.solve: _solve,
}

COMPOSED = SHARED | {np.linalg.norm: _norm, np.std: _std}
