"""Hidden ground to be searched: smooth landscapes with pits, valleys and noise, each from a seed.

To copy: put this file and `inputs.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `Landscape`: height, gradient and deepest point of a square of ground
- `sandpit`: the levels of the Sandpit game, from one pit to a surprise
- `uniform`: the random numbers that they are made of

Positions and heights are in metres. The square is `SIDE` metres wide, with a corner at the
origin. The ground is a wide dish, level in the middle, with pits dug into it; heights are measured from
the middle of the dish, so that the pits reach below 0. Beyond the square the ground goes on rising.

A browser must make the same ground. So the random numbers come from a generator of whole
numbers of 32 bits, and everything is made from them by ``+ - * /``, square roots and
exponentials, which JavaScript calculates alike; tests/landscape.mjs does.

>>> ground = Landscape(seed=1)
>>> bool(np.all(ground.gradient(ground.deepest).round(12) == 0))
True

Source of the generator: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
generators", *ACM SIGPLAN Notices* 49 (2014), number 10, 453-472: a counter times an odd number, then mixed. The mixing
is the last step of A. Appleby's MurmurHash3, which they use too.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mmlbook.inputs import number, numbers, whole

SIDE = 10.0  # metres
RISE = 0.04  # of the dish, per metre: height is RISE * distance**2
MARGIN = 1.5  # metres from the edge of the square to the middle of a pit, at least
APART = 1.8  # metres between the middles of two pits, at least; so close that there is always room for the next
MOST_PITS = 8
NARROWEST = 25.0  # of a valley: narrower ones are hard to see
SHAPE_NUMBERS = 2**16  # random numbers of a seed that are kept for the shape; the noise has those that follow


def _mixed(h):
    """A whole number below 2**32 in, another out, as if by chance; each comes out exactly once."""
    h = (h ^ (h >> 16)) * 0x85EBCA6B % 2**32
    h = (h ^ (h >> 13)) * 0xC2B2AE35 % 2**32
    return h ^ (h >> 16)


def uniform(seed, n):
    """Random number n of a seed, from 0 up to but not including 1.

    Parameters: seed and n, whole numbers from 0 to 2**32 - 1. Returns a float.
    Raises TypeError or ValueError, naming the argument, otherwise.

    >>> uniform(7, 0) == uniform(7, 0) != uniform(7, 1)
    True
    >>> uniform(-7, 0)
    Traceback (most recent call last):
    ...
    ValueError: seed: expected a whole number of at least 0, got -7
    """
    return _drawn(_mixed(_word(seed, "seed")), _word(n, "n"))


def _drawn(start, n):
    return _mixed((start + n * 0x9E3779B9) % 2**32) / 2**32


@dataclass(frozen=True)
class Pit:
    """A pit: its height below the dish is ``-depth * exp(-(u**2 + v**2) / 2)``.

    Here u and v are the distances from the middle along the pit and across it, in units
    of its length and width; cos and sin tell the direction along it.

    - x, y: the middle, in metres
    - depth, length, width: in metres
    - cos, sin: of the angle between the pit and the x axis
    """

    x: float
    y: float
    depth: float
    length: float
    width: float
    cos: float
    sin: float

    def inner(self, x, y):
        """The place (u, v) as the pit sees it."""
        along = (x - self.x) * self.cos + (y - self.y) * self.sin
        across = (y - self.y) * self.cos - (x - self.x) * self.sin
        return along / self.length, across / self.width

    def outer(self, by_u, by_v):
        """The derivatives by x and y, from those by u and v."""
        by_along, by_across = by_u / self.length, by_v / self.width
        return by_along * self.cos - by_across * self.sin, by_along * self.sin + by_across * self.cos


class Landscape:
    """A square of smooth ground, the same for the same seed.

    In formula, ``height = RISE * distance**2 - sum(depth * exp(-(u**2 + v**2) / 2))`` with a term
    for each pit, the distance taken from the middle of the square.

    Parameters:

    - seed: a whole number from 0 to 2**32 - 1
    - pits: how many, from 1 to 8; the first is dug deepest, but pits may run into each other
    - noise: typical error of a sounding, in metres, 0 or more
    - valley: how many times longer than wide the pits are, from 1 (round) to 25

    The landscape can be called: ``landscape(point)`` is ``landscape.value(point)``, so that
    it goes wherever a function of a point goes, `gradient` of `mmlbook.gradient` included.
    Raises TypeError or ValueError, naming the argument, for other arguments.

    >>> ground = Landscape(seed=4, pits=5)
    >>> ground.value([5, 5]) > ground.value(ground.deepest)
    True
    >>> Landscape(seed=4, pits=9)
    Traceback (most recent call last):
    ...
    ValueError: pits: expected a whole number from 1 to 8, got 9
    """

    def __init__(self, seed, pits=1, noise=0.0, valley=1.0):
        """Dig the pits."""
        self.seed = _word(seed, "seed")
        count = whole(pits, "pits", least=1, most=MOST_PITS)
        self.noise = number(noise, "noise")
        if self.noise < 0:
            raise ValueError(f"noise: expected 0 or a number above it, got {self.noise}")
        self.valley = number(valley, "valley")
        if not 1 <= self.valley <= NARROWEST:
            raise ValueError(f"valley: expected a number from 1 to {NARROWEST:.0f}, got {self.valley}")
        self.pits = tuple(self._dig(count))

    def __repr__(self):
        """The arguments that make the same ground."""
        return f"Landscape({self.seed}, pits={len(self.pits)}, noise={self.noise}, valley={self.valley})"

    def value(self, point):
        """The height of the ground, exactly, in metres.

        Parameters: point, the place (x, y) in metres, or an array of places, one a row.
        Returns a float, or an array with a height for each row.
        Raises TypeError or ValueError, naming point, if it holds anything but finite numbers
        in pairs, or is so far away that the height is too large for a float.

        >>> Landscape(seed=1).value([1, 2, 3])
        Traceback (most recent call last):
        ...
        ValueError: point: expected a pair (x, y) or rows of two numbers, got shape (3,)
        """
        x, y = _coordinates(point)
        middle = SIDE / 2
        height = RISE * ((x - middle) * (x - middle) + (y - middle) * (y - middle))
        for pit in self.pits:
            u, v = pit.inner(x, y)
            height = height - pit.depth * np.exp(-0.5 * (u * u + v * v))
        return height.item() if isinstance(height, np.generic) else height

    __call__ = value

    def gradient(self, point):
        """The gradient of the height, in metres of height per metre: the direction uphill.

        In formula, each pit adds ``depth * exp(-(u**2 + v**2) / 2)`` times (u, v), turned
        from its own directions into x and y; the dish adds ``2 * RISE`` times the way from the middle.

        Parameters and errors as in `Landscape.value`. Returns an array of the shape of point.

        >>> Landscape(seed=1).gradient([[5, 5], [0, 0]]).shape
        (2, 2)
        """
        x, y = _coordinates(point)
        by_x, by_y = 2 * RISE * (x - SIDE / 2), 2 * RISE * (y - SIDE / 2)
        for pit in self.pits:
            u, v = pit.inner(x, y)
            dug = pit.depth * np.exp(-0.5 * (u * u + v * v))
            change_x, change_y = pit.outer(dug * u, dug * v)
            by_x, by_y = by_x + change_x, by_y + change_y
        return np.stack([by_x, by_y], axis=-1)

    def sounding(self, point, n):
        """A measured height: the true one and an error of typical size ``noise``, in metres.

        The error is the same whenever sounding n is asked for. It is the sum of
        twelve random numbers from 0 to 1, less 6, times the noise: nearly normal, with mean 0 and
        standard deviation ``noise``, and never more than six times as large.

        Parameters: point, one place (x, y); n, which sounding it is, a whole number from 0.
        Returns a float. Raises TypeError or ValueError, naming the argument, otherwise.

        >>> ground = Landscape(seed=1, noise=0.1)
        >>> errors = [ground.sounding([5, 5], n) - ground.value([5, 5]) for n in range(1000)]
        >>> bool(abs(np.std(errors) - 0.1) < 0.01)
        True
        """
        height = self.value(point)
        if np.ndim(height):
            raise ValueError(f"point: expected one place, got {len(height)} rows")
        first = SHAPE_NUMBERS + 12 * whole(n, "n")
        if first + 11 >= 2**32:
            raise ValueError(f"n: expected a number of a sounding below 350 million, got {n}")
        start, total = _mixed(self.seed), 0.0
        for i in range(12):
            total += _drawn(start, first + i)
        return height + self.noise * (total - 6.0)

    @cached_property
    def deepest(self):
        """The deepest point of the square, an array (x, y) in metres, exact to about 1e-12.

        A grid of points, three to the width of the narrowest pit, is searched for
        those with no lower neighbour. Newton's method leads from each to the bottom of its pit,
        where the gradient vanishes, and the lowest bottom wins.

        >>> ground = Landscape(seed=2)
        >>> pit = ground.pits[0]
        >>> bool(np.hypot(*(ground.deepest - [pit.x, pit.y])) < 0.2)     # the dish pulls it to the middle
        True
        """
        n = 1 + math.ceil(3 * SIDE / min(pit.width for pit in self.pits))
        grid = np.stack(np.meshgrid(*2 * [np.linspace(0.0, SIDE, n)]), axis=-1)
        heights = np.pad(self.value(grid.reshape(-1, 2)).reshape(n, n), 1, constant_values=np.inf)
        around = [heights[i : i + n, j : j + n] for i in range(3) for j in range(3)]
        places = grid[np.all([heights[1:-1, 1:-1] <= beside for beside in around], axis=0)]
        for _ in range(30):
            steps = np.linalg.solve(self._hessian(places), self.gradient(places)[:, :, np.newaxis])[:, :, 0]
            places = places - steps
            if np.max(np.abs(steps)) < 1e-14 * SIDE:
                break
        places = places[np.all((places >= 0) & (places <= SIDE), axis=1)]
        best = places[np.argmin(self.value(places))]
        best.setflags(write=False)
        return best

    def _dig(self, count):
        """The pits, the first the deepest, at random places that are not too close to each other."""
        draws = (uniform(self.seed, n) for n in range(SHAPE_NUMBERS))
        places = []
        while len(places) < count:
            x, y = (MARGIN + (SIDE - 2 * MARGIN) * next(draws) for _ in range(2))
            if all((x - a) * (x - a) + (y - b) * (y - b) >= APART * APART for a, b in places):
                places.append((x, y))
        stretch = math.sqrt(self.valley)
        for i, (x, y) in enumerate(places):
            depth = 2.0 + next(draws)
            if i == 0:
                deepest = depth
            else:
                depth = deepest * (0.4 + 0.35 * next(draws))
            size = (0.75 + 0.5 * next(draws)) * 2.0 / math.sqrt(count)
            t = 2.0 * next(draws) - 1.0  # half the angle's tangent: a direction without a cosine
            cos, sin = (1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t)
            yield Pit(x, y, depth, size * stretch, size / stretch, cos, sin)

    def _hessian(self, places):
        """The second derivatives at some places, shape (places, 2, 2)."""
        x, y = places[:, 0], places[:, 1]
        total = np.zeros((len(places), 2, 2)) + 2 * RISE * np.eye(2)
        for pit in self.pits:
            u, v = pit.inner(x, y)
            dug = pit.depth * np.exp(-0.5 * (u * u + v * v))
            by_u = np.stack(pit.outer(dug * (1 - u * u), -dug * u * v), axis=-1)
            by_v = np.stack(pit.outer(-dug * u * v, dug * (1 - v * v)), axis=-1)
            total += np.stack(pit.outer(by_u, by_v), axis=-1)
        return total


LEVELS = {
    "one pit": {},
    "several pits": {"pits": 5},
    "noise": {"pits": 5, "noise": 0.2},
    "narrow valley": {"valley": 9.0},
}


def sandpit(level, seed):
    """A landscape for a level of the Sandpit game.

    Parameters: level, "one pit", "several pits", "noise", "narrow valley" or
    "random", where the seed decides how many pits there are, how narrow and how noisy;
    seed, a whole number from 0 to 2**32 - 1. Returns a `Landscape`.
    Raises TypeError or ValueError, naming the argument, otherwise.

    >>> sandpit("several pits", seed=3)
    Landscape(3, pits=5, noise=0.0, valley=1.0)
    >>> sandpit("hard", seed=3)
    Traceback (most recent call last):
    ...
    ValueError: level: expected one of 'one pit', 'several pits', 'noise', 'narrow valley', 'random', got 'hard'
    """
    expected = f"level: expected one of {', '.join(map(repr, (*LEVELS, 'random')))}"
    if not isinstance(level, str):
        raise TypeError(f"{expected}, got {level!r}")
    if level == "random":
        draws = [uniform(seed, SHAPE_NUMBERS - i) for i in (1, 2, 3)]
        pits = 1 + int(MOST_PITS * draws[0])
        return Landscape(seed, pits=pits, valley=1.0 + 8.0 * draws[1], noise=0.2 * draws[2])
    if level not in LEVELS:
        raise ValueError(f"{expected}, got {level!r}")
    return Landscape(seed, **LEVELS[level])


def _word(value, name):
    value = whole(value, name)
    if value >= 2**32:
        raise ValueError(f"{name}: expected a whole number below 2**32, got {value}")
    return value


def _coordinates(point):
    """x and y, each a float or an array; a variable of `mmlbook.gradient` is taken as it is."""
    if isinstance(point, np.ndarray) or not hasattr(point, "__array_ufunc__"):
        point = np.asarray(numbers(point, "point", "a pair (x, y) or rows of two numbers"))
        if not np.all(np.abs(point) < 1e150):
            raise ValueError(f"point: expected numbers below 1e150, got {point}")
    if point.ndim not in (1, 2) or point.shape[-1] != 2:
        raise ValueError(f"point: expected a pair (x, y) or rows of two numbers, got shape {point.shape}")
    return point[..., 0], point[..., 1]
