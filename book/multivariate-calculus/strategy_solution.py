"""A strategy for the Sandpit, one of many."""

import numpy as np
from strategy import MARGIN, PLACES, SHORT, SHORTEST, last_walk


def lowest(history):
    """Return the probe with the lowest height."""
    best = history[0]
    for probe in history:
        if probe[1] < best[1]:
            best = probe
    return best


def downhill(point, uphill, step):
    """Return the place that is `step` metres from point, straight downhill."""
    there = point - step * uphill / np.linalg.norm(uphill)
    return np.clip(there, 0, 10)


def overshot(before, after):
    """Tell whether a walk has passed a bottom between two of its probes."""
    return before[2] @ after[2] < 0


def is_over(step, height, best):
    """Tell whether a walk should end."""
    hopeless = step < SHORT and height > best + MARGIN
    return step < SHORTEST or hopeless


def fresh_start(history):
    """Return the one of PLACES that is farthest from the probe nearest to it."""
    if not history:
        return np.array([5.0, 5.0])
    points = np.array([probe[0] for probe in history])
    nearest = []
    for place in PLACES:
        nearest.append(np.min(np.linalg.norm(points - place, axis=1)))
    return PLACES[np.argmax(nearest)]


def next_point(history):
    """Return the place of the next probe, an array (east, north)."""
    if not history:
        return fresh_start(history)
    walk, step, over = last_walk(history)
    if over:
        return fresh_start(history)
    last = walk[-1]
    return downhill(last[0], last[2], step)
