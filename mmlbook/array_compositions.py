"""Operations on arrays that are short to say in terms of others.

To copy: put this file and `array_rules.py` into a folder `mmlbook` beside your program, with the
module that uses it. It needs nothing else but NumPy.

`COMPOSED` holds, for functions of NumPy, functions that do the same by means of operations
which have a rule in `mmlbook.array_rules`. Given a variable, they need no rule of their own.

>>> COMPOSED[np.diff](np.array([1.0, 4.0, 9.0]))
array([3., 5.])

Options that they do not know are refused:

>>> COMPOSED[np.diff](np.array([1.0, 4.0, 9.0]), prepend=0.0)
Traceback (most recent call last):
...
TypeError: _diff() got an unexpected keyword argument 'prepend'
"""

import functools
import math

import numpy as np

from mmlbook.array_rules import count


def _axes_last(x, axes):
    """The transpose that moves some axes to the end, and how many they are."""
    axes = [axis % np.ndim(x) for axis in (axes if isinstance(axes, list | tuple) else [axes])]
    return np.transpose(x, [i for i in range(np.ndim(x)) if i not in axes] + axes), len(axes)


def _axis_first(x, axis):
    """x with one axis in front; all its entries in a row where axis is None."""
    return np.ravel(x) if axis is None else np.moveaxis(x, axis, 0)


def _prod(x, axis=None, *, keepdims=False):
    """Multiply halves until one is left: no division, so that zeros do no harm."""
    shape = [1 if axis is None or i in _axis_set(x, axis) else n for i, n in enumerate(np.shape(x))]
    if axis is None:
        x = np.ravel(x)
    else:
        x, n = _axes_last(x, axis)
        x = np.reshape(x, (*np.shape(x)[: np.ndim(x) - n], -1))
    while np.shape(x)[-1] > 1:
        half = np.shape(x)[-1] // 2
        rest = x[..., 2 * half :]
        x = np.concatenate([x[..., :half] * x[..., half : 2 * half], rest], axis=-1)
    return np.reshape(x, shape) if keepdims else x[..., 0]


def _axis_set(x, axis):
    return {i % np.ndim(x) for i in (axis if isinstance(axis, tuple) else (axis,))}


def _cumprod(x, axis=None):
    """Multiply by neighbours 1, 2, 4, ... places before: no division, so that zeros do no harm."""
    x = _axis_first(x, axis)
    step = 1
    while step < len(x):
        x = np.concatenate([x[:step], x[step:] * x[:-step]])
        step *= 2
    return x if axis is None else np.moveaxis(x, 0, axis)


def _var(x, axis=None, *, ddof=0, keepdims=False):
    n = count(x, axis)
    return np.sum((x - np.mean(x, axis=axis, keepdims=True)) ** 2, axis=axis, keepdims=keepdims) / (n - ddof)


def _clip(x, a_min=None, a_max=None, *, min=None, max=None):
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _dot(a, b):
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    if np.ndim(b) == 1 or (np.ndim(a) <= 2 and np.ndim(b) == 2):
        return np.matmul(a, b)
    return np.tensordot(a, b, axes=(-1, -2))


def _inner(a, b):
    return np.tensordot(a, b, axes=(-1, -1)) if np.ndim(a) and np.ndim(b) else a * b


def _outer(a, b):
    return np.ravel(a)[:, None] * np.ravel(b)


def _vdot(a, b):
    return np.matmul(np.ravel(a), np.ravel(b))


def _tensordot(a, b, axes=2):
    if isinstance(axes, int):
        axes = tuple(range(np.ndim(a) - axes, np.ndim(a))), tuple(range(axes))
    (a, n), (b, m) = _axes_last(a, axes[0]), _axes_last(b, axes[1])
    left, right = np.shape(a)[: np.ndim(a) - n], np.shape(b)[: np.ndim(b) - m]
    if np.shape(a)[np.ndim(a) - n :] != np.shape(b)[np.ndim(b) - m :]:
        raise ValueError("np.tensordot: expected axes of equal lengths")
    size = math.prod(np.shape(a)[np.ndim(a) - n :])
    product = np.reshape(a, (-1, size)) @ np.transpose(np.reshape(b, (-1, size)))
    return product[0, 0] if not left + right else np.reshape(product, left + right)


def _ravel(x, order="C"):
    return np.reshape(x, -1, order=order)


def _swapaxes(x, axis1, axis2):
    axes = list(range(np.ndim(x)))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return np.transpose(x, axes)


def _moveaxis(x, source, destination):
    sources = [i % np.ndim(x) for i in (source if isinstance(source, list | tuple) else [source])]
    places = [i % np.ndim(x) for i in (destination if isinstance(destination, list | tuple) else [destination])]
    axes = [i for i in range(np.ndim(x)) if i not in sources]
    for place, i in sorted(zip(places, sources, strict=True)):
        axes.insert(place, i)
    return np.transpose(x, axes)


def _same_shape_as(function):
    """A function that moves no entries: whatever shape it gives to an array, it gives to x."""

    @functools.wraps(function)
    def reshaped(x, *arguments, **options):
        return np.reshape(x, function(np.empty(np.shape(x)), *arguments, **options).shape)

    return reshaped


def _entries_as(function):
    """A function that picks and moves entries: whatever it does with their numbers, it does with x."""

    @functools.wraps(function)
    def picked(x, *arguments, **options):
        places = np.arange(np.size(x)).reshape(np.shape(x))
        return np.ravel(x)[function(places, *arguments, **options)]

    return picked


def _sort(x, axis=-1):
    if axis is None:
        x, axis = np.ravel(x), 0
    places = np.argsort(x, axis=axis, kind="stable")
    return x[tuple(places if i == axis % np.ndim(x) else place for i, place in enumerate(_grid(x)))]


def _grid(x):
    return np.ogrid[tuple(slice(n) for n in np.shape(x))]


def _median(x, axis=None, *, keepdims=False):
    if isinstance(axis, tuple):
        raise TypeError("np.median: expected one axis or None")
    ordered = _axis_first(np.sort(x, axis=axis), axis)
    n = np.shape(ordered)[0]
    middle = 0.5 * (ordered[(n - 1) // 2] + ordered[n // 2])
    if not keepdims:
        return middle
    return np.reshape(middle, [1 if axis is None or i == axis % np.ndim(x) else m for i, m in enumerate(np.shape(x))])


def _diff(x, n=1, axis=-1):
    x = np.moveaxis(x, axis, -1)
    for _ in range(n):
        x = x[..., 1:] - x[..., :-1]
    return np.moveaxis(x, -1, axis)


def _diag(x, k=0):
    if np.ndim(x) != 1:
        return np.diagonal(x, k)
    places = np.diag(np.arange(1, np.size(x) + 1), k)
    return np.concatenate([np.zeros(1), x])[places]


def _trace(x, offset=0, axis1=0, axis2=1):
    return np.sum(np.diagonal(x, offset, axis1, axis2), axis=-1)


def _vstack(arrays):
    return np.concatenate(np.atleast_2d(*arrays) if len(arrays) > 1 else [np.atleast_2d(arrays[0])])


def _hstack(arrays):
    arrays = [np.atleast_1d(x) for x in arrays]
    return np.concatenate(arrays, axis=0 if np.ndim(arrays[0]) == 1 else 1)


def _column_stack(arrays):
    return np.concatenate([x if np.ndim(x) > 1 else np.reshape(x, (-1, 1)) for x in arrays], axis=1)


def _append(x, values, axis=None):
    if axis is None:
        x, values, axis = np.ravel(x), np.ravel(values), 0
    return np.concatenate([x, values], axis=axis)


def _at_least(function):
    def reshaped(*arrays):
        shaped = tuple(_same_shape_as(function)(x) for x in arrays)
        return shaped if len(shaped) > 1 else shaped[0]

    return reshaped


def _full_like(x, fill_value):
    return np.broadcast_to(fill_value, np.shape(x))


def _average(x, axis=None, weights=None):
    if weights is None:
        return np.mean(x, axis=axis)
    if np.shape(weights) != np.shape(x):
        weights = np.reshape(weights, [n if i == axis % np.ndim(x) else 1 for i, n in enumerate(np.shape(x))])
    return np.sum(x * weights, axis=axis) / np.sum(weights * np.ones(np.shape(x)), axis=axis)


def _polyval(p, x):
    y = 0.0 * x
    for i in range(len(p)):
        y = y * x + p[i]
    return y


def _trapezoid(y, x=None, dx=1.0):
    steps = dx if x is None else np.diff(x)
    return np.sum(0.5 * steps * (y[..., 1:] + y[..., :-1]), axis=-1)


def _ptp(x, axis=None, *, keepdims=False):
    return np.max(x, axis=axis, keepdims=keepdims) - np.min(x, axis=axis, keepdims=keepdims)


COMPOSED = {
    np.prod: _prod,
    np.cumprod: _cumprod,
    np.var: _var,
    np.clip: _clip,
    np.dot: _dot,
    np.inner: _inner,
    np.outer: _outer,
    np.vdot: _vdot,
    np.tensordot: _tensordot,
    np.ravel: _ravel,
    np.swapaxes: _swapaxes,
    np.moveaxis: _moveaxis,
    np.expand_dims: _same_shape_as(np.expand_dims),
    np.squeeze: _same_shape_as(np.squeeze),
    np.atleast_1d: _at_least(np.atleast_1d),
    np.atleast_2d: _at_least(np.atleast_2d),
    np.sort: _sort,
    np.median: _median,
    np.diff: _diff,
    np.diag: _diag,
    np.trace: _trace,
    np.vstack: _vstack,
    np.hstack: _hstack,
    np.column_stack: _column_stack,
    np.append: _append,
    np.full_like: _full_like,
    np.average: _average,
    np.polyval: _polyval,
    np.trapezoid: _trapezoid,
    np.ptp: _ptp,
}
for _function in (
    np.diagonal,
    np.flip,
    np.fliplr,
    np.flipud,
    np.rot90,
    np.roll,
    np.take,
    np.tile,
    np.repeat,
    np.delete,
):
    COMPOSED[_function] = _entries_as(_function)
