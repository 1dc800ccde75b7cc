"""Nesting: every transform opens a level of its own, so that a derivative inside is never confused with one outside.

To copy: put this file into a folder `mmlbook` beside your program. Nothing else is needed.

A variable of the tape, or a dual number, carries the level of the transform that made it.
An operation acts for the highest level among its inputs. What belongs to a lower level
counts as a value: it belongs to a transform farther out, which sees the operation later,
as one of its own.
"""

import itertools
from contextlib import nullcontext

_numbers = itertools.count(10)  # 1 to 9 are for dual numbers made by hand


def new_level():
    """Open a level: a number larger than every level opened before it, in any thread.

    Use it as ``with new_level() as level:``, so that the lines that run at this level stand
    together. No number comes twice: what outlives its level cannot be taken for something new.

    >>> with new_level() as outside, new_level() as inside:
    ...     outside < inside
    True

    What was opened first is lower, and does not turn higher later:

    >>> with new_level() as later:
    ...     later < outside
    False
    """
    return nullcontext(next(_numbers))


def level_of(x):
    """The level that x belongs to; 0 for plain numbers and arrays.

    >>> level_of(2.5)
    0
    """
    return getattr(x, "level", 0)


def plain(x):
    """The plain numbers inside x, under any number of levels; x may be a list.

    >>> plain([1.0, (2.0, 3.0)])
    [1.0, (2.0, 3.0)]
    """
    while level_of(x):
        x = x.value
    return type(x)(map(plain, x)) if type(x) in (list, tuple) else x
