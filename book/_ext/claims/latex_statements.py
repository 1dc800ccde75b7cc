"""A formula cut into statements, and each statement into its sides, which the reader turns into SymPy."""

import re

import sympy as sp

from .latex_matrices import is_matrix
from .latex_names import Names
from .latex_reader import RELATIONS, Reader
from .latex_tokens import ReadError, fence_matrices, split, tokens_of

ZERO = ["\\vect", "{", "0", "}"]


def read(tex: str, names: dict, renames: dict[str, str] | None = None) -> list[tuple[list, list[str]]]:
    """Return the statements of a formula, each as its sides and the relations between them.

    >>> x = sp.symbols("x")
    >>> read(r"(x + 1)^2 = x^2 + 2x + 1", {"x": x})
    [([(x + 1)**2, x**2 + 2*x + 1], ['='])]
    >>> read(r"\\oint x", {"x": x})
    Traceback (most recent call last):
    claims.latex_tokens.ReadError: does not know `\\oint`
    """
    statements, found = [], set()
    names = Names(names)
    tex = fence_matrices(tex)
    tex = re.sub(r"_\{\\(?:text|mathrm)\{([^}]*)\}\}", r"_{\1}", tex)  # words in a subscript belong to the name
    pieces = re.split(r"(\\q?quad|\\\\(?:\[[^\]]*\])?|\\text\{[^}]*\})", tex)
    for gap, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        tokens = tokens_of(piece, renames or {})
        found |= set(tokens)
        while tokens and tokens[-1] in (".", ",", ";"):
            tokens.pop()
        for part in split(tokens, {","})[0]:
            if not part:
                continue
            sides, signs = split(part, set(RELATIONS))
            relations = [RELATIONS[sign] for sign in signs]
            if not sides[0] and statements and relations and "text" not in gap:  # an aligned chain goes on
                sides[0] = None
            if [] in sides:
                raise ReadError("a relation with an empty side")
            values = [_side(side, names) for side in sides if side is not None]
            if sides[0] is None:
                statements[-1][0].extend(values)
                statements[-1][1].extend(relations)
            else:
                statements.append((values, relations))
    statements = [(_with_zeros(values), relations) for values, relations in statements]
    if not statements:
        raise ReadError("nothing to read")
    for fragment, name in (renames or {}).items():
        if "@" + name not in found:
            raise ReadError(f":where: names `{fragment}`, which the formula does not hold")
    return statements


def _side(tokens: list[str], names: Names):
    """The value of one side; None for the zero vector, whose length the other sides say."""
    return None if tokens == ZERO and "zero" not in names else Reader(tokens, names).whole()


def _with_zeros(values: list) -> list:
    known = next((value for value in values if value is not None), None)
    if None in values and not (is_matrix(known) and known.cols == 1):
        raise ReadError(r"\vect{0} stands beside what is no column")
    return [sp.zeros(*known.shape).as_immutable() if value is None else value for value in values]
