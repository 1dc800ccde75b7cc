"""Timing two functions in turn, so that a busy moment of the machine falls on both.

What is counted is the processor's time, all threads together: it does not run on while the machine does something else.
"""

import gc
import statistics
import time

import numpy as np

SECONDS = 2.0  # for each comparison
LEAST = 7  # rounds


def flat(answer):
    """All the numbers of an answer, which may be nested and of any library's arrays."""
    if isinstance(answer, tuple | list):
        return np.concatenate([flat(part) for part in answer])
    return np.asarray(answer, dtype=float).ravel()


def compare(ours, peers, tolerance=1e-9):
    """Return the median seconds of both functions, which have to give the same answer.

    They take turns, each for as many calls in a row as fill a millisecond.
    """
    np.testing.assert_allclose(flat(ours()), flat(peers()), rtol=tolerance, atol=tolerance)
    calls = [max(1, round(1e-3 / seconds(function, 1))) for function in (ours, peers)]
    gc.collect()
    taken, begin = ([], []), time.perf_counter()
    while len(taken[0]) < LEAST or (time.perf_counter() - begin < SECONDS and len(taken[0]) < 1000):
        for function, number, times in zip((ours, peers), calls, taken, strict=True):
            times.append(seconds(function, number))
    return [statistics.median(times) for times in taken]


def seconds(function, calls):
    begin = time.process_time()
    for _ in range(calls):
        function()
    return (time.process_time() - begin) / calls
