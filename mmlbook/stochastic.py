"""Batches: a few samples at a time give a noisy slope, and many noisy steps still lead down.

To copy: put this file and `inputs.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy.

- `batches`: the samples of a data set in random order, a few at a time, without end
"""

import numpy as np

from mmlbook.inputs import numbers, whole


def batches(data, batch_size, seed):
    """Rows of the data in random order, batch_size at a time, pass after pass without end.

    Every pass visits each sample once, in a new order. The last batch of a pass is shorter
    where batch_size does not divide the number of samples.

    Parameters: data, an array of N samples, one a row, or a tuple of such arrays; batch_size, a whole
    number from 1 to N; seed, a whole number: the same one gives the same order.
    Returns an iterator of tuples, with the same rows of each array.
    Raises TypeError or ValueError, naming the argument.

    >>> readings = np.array([10, 11, 12, 13, 14])
    >>> draw = batches(readings, batch_size=2, seed=1)
    >>> [rows.tolist() for (rows,) in (next(draw), next(draw), next(draw))]
    [[14, 10], [11, 12], [13]]

    More samples than there are:

    >>> batches(readings, batch_size=6, seed=1)
    Traceback (most recent call last):
    ...
    ValueError: batch_size: expected at most the 5 samples of the data, got 6
    """
    data = samples(data)
    count = len(data[0])
    batch_size = whole(batch_size, "batch_size", least=1)
    if batch_size > count:
        raise ValueError(f"batch_size: expected at most the {count} samples of the data, got {batch_size}")
    return _draw(data, batch_size, np.random.default_rng(whole(seed, "seed")))


def _draw(data, batch_size, random):
    while True:
        order = random.permutation(len(data[0]))
        for first in range(0, len(order), batch_size):
            rows = order[first : first + batch_size]
            yield tuple(part[rows] for part in data)


def samples(data):
    """The data as a tuple of arrays with a sample a row, the same number in each.

    Whole numbers stay whole, because they may be labels.

    >>> samples(([[1.5, 2], [3, 4]], [5, 6]))
    (array([[1.5, 2. ],
           [3. , 4. ]]), array([5, 6]))
    >>> samples(([1, 2], [5, 6, 7]))
    Traceback (most recent call last):
    ...
    ValueError: data: expected the same number of samples in each array, got 2 and 3
    """
    parts = data if isinstance(data, tuple) else (data,)
    if not parts:
        raise ValueError("data: expected an array or a tuple of arrays, got an empty tuple")
    names = [f"data[{i}]" for i in range(len(parts))] if isinstance(data, tuple) else ["data"]
    parts = tuple(map(_rows, parts, names))
    counts = [len(part) for part in parts]
    if len(set(counts)) > 1:
        raise ValueError(
            f"data: expected the same number of samples in each array, got {' and '.join(map(str, counts))}"
        )
    return parts


def _rows(part, name):
    """An array with a sample a row, of floats or of whole numbers."""
    floats, part = (
        numbers(part, name, "an array of real numbers, a sample a row, or a tuple of arrays"),
        np.asarray(part),
    )
    rows = np.atleast_1d(part if part.dtype.kind in "iu" else floats).view()
    rows.setflags(write=False)  # a cost that writes into the data is told so
    return rows
