"""How gradients go back through the operations on whole arrays.

To copy: put this file into a folder `mmlbook` beside your program, with the module
that uses it. It needs nothing else but NumPy.

Two tables say what reverse mode (`mmlbook.tape`) knows about NumPy's functions:

- `PULL_BACK`: functions with a rule for each argument. A rule is given the gradient g of the
  output, the output y, and the arguments; it returns the gradient of its argument, in its shape.
- `CONSTANT`: functions whose answer does not change with small changes of the input. They are
  given the plain values.

Functions that are short to say in terms of these stand in `mmlbook.array_compositions`.

Rules are written with functions that have rules themselves, so that what flows
through them may be variables again: that is how second derivatives come about.

>>> by_x = PULL_BACK[np.cumsum][0]
>>> by_x(np.array([1.0, 10.0, 100.0]), None, np.zeros(3))
array([111., 110., 100.])

What has no rule is in neither table:

>>> np.linalg.svd in PULL_BACK
False

Source: M. B. Giles, Collected matrix derivative results for forward and reverse mode
algorithmic differentiation, in *Advances in Automatic Differentiation*, Springer, 2008, pages 35 to 44.
"""

import math
from functools import partial

import numpy as np

# Gradients and shapes


def sum_to(g, shape):
    """Sum a gradient over the axes along which an input was repeated by broadcasting.

    >>> sum_to(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    >>> sum_to(np.ones((2, 3)), (2, 1))
    array([[3.],
           [3.]])
    """
    if np.shape(g) == shape:
        return g
    extra = np.ndim(g) - len(shape)
    repeated = tuple(i + extra for i, n in enumerate(shape) if n == 1)
    return np.reshape(np.sum(g, axis=tuple(range(extra)) + repeated), shape)


def spread_out(g, y):
    """The gradient of the array y, where it is one number for all entries, as an array.

    >>> spread_out(2.0, np.zeros(3))
    array([2., 2., 2.])
    """
    return np.full(y.shape, g) if type(g) is float and getattr(y, "shape", ()) else g


def times(g, slope, a=None, b=None, y=None):
    """g * slope, written into the array slope unless that is a, b or y, which others still need.

    >>> times(np.ones(2), 3.0)
    array([3., 3.])
    """
    if type(slope) is float:
        return g if slope == 1.0 else -g if slope == -1.0 else g * slope
    if type(slope) is np.ndarray:
        if type(g) is float and g == 1.0:
            return slope
        fresh = slope is not a and slope is not b and slope is not y and slope.base is None
        if fresh and (type(g) is float or (type(g) is np.ndarray and slope.shape == g.shape)):
            slope *= g
            return slope
    return g * slope


def scatter(gradient, index, shape):
    """Zeros of a shape, to which the gradient is added at an index: what ``x[index]`` needs going back.

    >>> scatter(np.array([1.0, 2.0, 4.0]), [0, 2, 2], (4,))
    array([1., 0., 6., 0.])
    """
    if hasattr(gradient, "_scatter"):
        return gradient._scatter(index, shape)
    buffer = np.zeros(shape)
    add_at(buffer, index, gradient)
    return buffer


def add_at(buffer, index, gradient):
    """Add the gradient to an array at an index, as often as the index names an entry.

    >>> buffer = np.zeros(3)
    >>> add_at(buffer, np.array([1, 1]), 5.0)
    >>> buffer
    array([ 0., 10.,  0.])
    """
    if is_basic(index):
        buffer[index] += gradient
    else:
        np.add.at(buffer, index, gradient)


def is_basic(index):
    """Whether an index can name no entry twice: whole numbers, slices, new axes and ``...``."""
    if type(index) is tuple:
        return all(map(is_basic, index))
    if type(index) is slice or type(index) is int:
        return True
    return isinstance(index, np.integer) or index is None or index is Ellipsis


def _along(g, x, axis, keepdims):
    """The gradient of a sum over axes, for each entry that was summed."""
    if axis is None and type(g) is float:
        return g  # one number for all entries: the tape spreads it out when it must
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, np.shape(x))


def count(x, axis):
    """How many entries of x a reduction over axes takes together."""
    shape = np.shape(x)
    if axis is None:
        return math.prod(shape)
    return math.prod(shape[i] for i in (axis if isinstance(axis, tuple) else (axis,)))


def _transposed(x):
    return np.swapaxes(x, -1, -2)


# Rules, one for each argument


def _sum(g, y, x, axis=None, *, keepdims=False):
    return _along(g, x, axis, keepdims)


def _mean(g, y, x, axis=None, *, keepdims=False):
    return _along(g * (1.0 / count(x, axis)), x, axis, keepdims)


def _extreme(g, y, x, axis=None, *, keepdims=False):
    """The extreme entry takes all; equal ones share: the middle of the jump."""
    if axis is not None and not keepdims:
        g, y = np.expand_dims(g, axis), np.expand_dims(y, axis)
    chosen = x == y
    return chosen / np.sum(chosen, axis=axis, keepdims=True) * g


def _cumsum(g, y, x, axis=None):
    if axis is None:
        return np.reshape(np.flip(np.cumsum(np.flip(g))), np.shape(x))
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


def _standard_deviation(g, y, x, axis=None, *, ddof=0, keepdims=False):
    """(x - mean) / ((n - ddof) * y), and 0 where all are equal: the middle of the kink."""
    if axis is not None and not keepdims:
        g, y = np.expand_dims(g, axis), np.expand_dims(y, axis)
    away = x - np.mean(x, axis=axis, keepdims=True)
    return g / ((count(x, axis) - ddof) * np.where(y == 0, 1.0, y)) * away


def _norm(g, y, x, ord=None, axis=None, keepdims=False):
    """x / y for the Euclidean length, and 0 where all are 0: the middle of the kink."""
    if axis is not None and not keepdims:
        g, y = np.expand_dims(g, axis), np.expand_dims(y, axis)
    one_axis = isinstance(axis, int) or (axis is None and np.ndim(x) == 1)
    if ord is None or ord == (2 if one_axis else "fro"):
        return g / np.where(y == 0, 1.0, y) * x
    if one_axis and ord == 1:
        return g * np.sign(x)
    if one_axis and ord == np.inf:
        return _extreme(g, y, np.abs(x), axis, keepdims=True) * np.sign(x)
    raise TypeError(f"np.linalg.norm: has no rule for ord={ord!r} of an array of shape {np.shape(x)}")


def _where_true(g, y, condition, a, b):
    return sum_to(np.where(condition, g, 0.0), np.shape(a))


def _where_false(g, y, condition, a, b):
    return sum_to(np.where(condition, 0.0, g), np.shape(b))


def _reshape(g, y, x, shape=None, order="C"):
    return np.reshape(g, np.shape(x), order=order)


def _transpose(g, y, x, axes=None):
    if axes is None:
        return np.transpose(g)
    return np.transpose(g, tuple(int(i) for i in np.argsort([axis % len(axes) for axis in axes])))


def _broadcast_to(g, y, x, shape=None):
    return sum_to(g, np.shape(x))


def _concatenate(g, y, arrays, axis=0):
    if axis is None:
        ends = np.cumsum([np.size(x) for x in arrays])
        return [np.reshape(g[end - np.size(x) : end], np.shape(x)) for end, x in zip(ends, arrays, strict=True)]
    ends = np.cumsum([np.shape(x)[axis] for x in arrays])
    before = (slice(None),) * (axis % np.ndim(y))
    return [g[(*before, slice(end - np.shape(x)[axis], end))] for end, x in zip(ends, arrays, strict=True)]


def _stack(g, y, arrays, axis=0):
    before = (slice(None),) * (axis % np.ndim(y))
    return [g[(*before, i)] for i in range(len(arrays))]


def _matmul_left(g, y, a, b):
    if np.ndim(b) == 1:
        return sum_to(np.expand_dims(g, -1) * b if np.ndim(a) > 1 else g * b, np.shape(a))
    if np.ndim(a) == 1:
        return sum_to(np.squeeze(b @ np.expand_dims(g, -1), -1), np.shape(a))
    return sum_to(g @ _transposed(b), np.shape(a))


def _matmul_right(g, y, a, b):
    if np.ndim(a) == 1:
        return sum_to(np.expand_dims(a, -1) * np.expand_dims(g, -2) if np.ndim(b) > 1 else g * a, np.shape(b))
    if np.ndim(b) == 1:
        return sum_to(np.squeeze(_transposed(a) @ np.expand_dims(g, -1), -1), np.shape(b))
    return sum_to(_transposed(a) @ g, np.shape(b))


def _einsum(position, g, y, subscripts, *operands, optimize=False):
    """Let g and one operand change places; what no other operand has is put in as a vector of ones."""
    if "." in subscripts:
        raise TypeError("np.einsum: has no rule for '...'; give every axis a letter")
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    if not arrow:
        output = "".join(sorted(x for x in set(inputs) - {","} if inputs.count(x) == 1))
    letters = inputs.split(",")
    mine = letters.pop(position - 1)
    others = [x for i, x in enumerate(operands, 1) if i != position]
    sizes = dict(zip(mine, np.shape(operands[position - 1]), strict=True))
    for letter in dict.fromkeys(mine):
        if all(letter not in part for part in (output, *letters)):
            letters.append(letter)
            others.append(np.ones(sizes[letter]))
    wanted = ""
    for letter in mine:  # a letter that comes twice stands for the diagonal
        new = letter if letter not in wanted else next(x for x in _LETTERS if x not in inputs + wanted)
        if new != letter:
            letters.append(letter + new)
            others.append(np.eye(sizes[letter]))
        wanted += new
    return np.einsum(",".join([output, *letters]) + "->" + wanted, g, *others)


_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _solve_back(g, a, b):
    """The gradient by the right-hand side, before it is summed to its shape."""
    if np.ndim(b) == 1:  # one vector, for each matrix of a stack
        return np.squeeze(np.linalg.solve(_transposed(a), np.expand_dims(g, -1)), -1)
    return np.linalg.solve(_transposed(a), g)


def _solve_matrix(g, y, a, b):
    by_b = _solve_back(g, a, b)
    if np.ndim(b) == 1:
        return -np.expand_dims(by_b, -1) * np.expand_dims(y, -2)
    return sum_to(-by_b @ _transposed(y), np.shape(a))


def _solve_right(g, y, a, b):
    return sum_to(_solve_back(g, a, b), np.shape(b))


def _inverse(g, y, a):
    return -_transposed(y) @ g @ _transposed(y)


def _determinant(g, y, a):
    """The matrix of cofactors, times g."""
    try:
        cofactors = np.expand_dims(y, (-1, -2)) * _transposed(np.linalg.inv(a))
    except np.linalg.LinAlgError:  # a singular matrix has cofactors, too
        u, s, v = np.linalg.svd(a)
        others = np.prod(np.where(np.eye(s.shape[-1]), 1.0, s[..., None, :]), axis=-1)
        cofactors = np.expand_dims(np.linalg.det(u @ v), (-1, -2)) * (u * others[..., None, :]) @ v
    return np.expand_dims(g, (-1, -2)) * cofactors


def _copy(g, y, x):
    return g


PULL_BACK = {
    np.sum: (_sum,),
    np.mean: (_mean,),
    np.max: (_extreme,),
    np.min: (_extreme,),
    np.cumsum: (_cumsum,),
    np.std: (_standard_deviation,),
    np.where: (None, _where_true, _where_false),
    np.reshape: (_reshape,),
    np.transpose: (_transpose,),
    np.broadcast_to: (_broadcast_to,),
    np.concatenate: (_concatenate,),
    np.stack: (_stack,),
    np.matmul: (_matmul_left, _matmul_right),
    np.einsum: (None, *(partial(_einsum, position) for position in range(1, 10))),
    np.linalg.solve: (_solve_matrix, _solve_right),
    np.linalg.inv: (_inverse,),
    np.linalg.det: (_determinant,),
    np.linalg.norm: (_norm,),
    np.copy: (_copy,),
}

JOINS = {np.concatenate, np.stack}  # their first argument is a list of arrays

CONSTANT = {
    *(np.less, np.less_equal, np.equal, np.not_equal, np.greater, np.greater_equal),
    *(np.isfinite, np.isinf, np.isnan, np.signbit, np.logical_and, np.logical_or, np.logical_not, np.logical_xor),
    *(np.isclose, np.allclose, np.array_equal, np.any, np.all, np.iscomplexobj, np.isrealobj, np.result_type),
    *(np.argmax, np.argmin, np.argsort, np.nonzero, np.flatnonzero, np.count_nonzero, np.searchsorted),
    *(np.shape, np.ndim, np.size, np.zeros_like, np.ones_like),
    *(np.sign, np.floor, np.ceil, np.trunc, np.rint, np.round, np.floor_divide, np.heaviside),
}
