"""Nesting: every transform opens a level of its own, so that a derivative inside is never confused with one outside.

To copy: put this file into a folder `mmlbook` beside your program. Nothing else is needed.

A variable of the tape, or a dual number, carries the level of the transform that made it.
An operation acts for the highest level among its inputs. What belongs to a lower level
counts as a value: it belongs to a transform farther out, which sees the operation later,
as one of its own.
"""

import itertools

_numbers = itertools.count(10)  # 1 to 9 are for dual numbers made by hand


def new_level():
    """A level for a transform: a number larger than every level before it, in any thread.

    No number comes twice: what outlives its transform cannot be taken for something new.

    >>> outside, inside = new_level(), new_level()
    >>> outside < inside
    True

    What came first is lower, and does not turn higher later:

    >>> new_level() < outside
    False
    """
    return next(_numbers)


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
