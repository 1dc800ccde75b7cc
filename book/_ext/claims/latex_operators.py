"""The part of the LaTeX reader that binds a variable: limits, sums and integrals."""

import sympy as sp

from . import latex_applied
from .latex_matrices import add, is_matrix, number
from .latex_tokens import ReadError

LONGEST = 200  # terms of a sum that is written out


def limit(reader) -> sp.Basic:
    r"""\lim_{h \to 0}, from both sides unless 0^+ or 0^- says otherwise."""
    reader.take("\\lim")
    reader.take("_")
    inner = reader.raw_group()
    cut = _place_of("\\to", inner)
    side = "+-"
    if inner[-2:-1] == ["^"] and inner[-1] in "+-":
        side, inner = inner[-1], inner[:-2]
    variable = type(reader)(inner[:cut], reader.names).whole()
    point = type(reader)(inner[cut + 1 :], reader.names).whole()
    if point in (sp.oo, -sp.oo):
        side = "-" if point == sp.oo else "+"
    value = reader.product()
    if is_matrix(value):
        return value.applyfunc(lambda entry: sp.limit(entry, variable, point, side))
    return sp.limit(value, variable, point, side)


def _place_of(sign: str, tokens: list[str]) -> int:
    if sign not in tokens:
        raise ReadError(f"expected `{sign}` in `{' '.join(tokens)}`")
    return tokens.index(sign)


def _bounds(reader) -> tuple[list[str], sp.Basic]:
    reader.take("_")
    lower = reader.raw_group() if reader.peek() == "{" else [reader.one_token()]
    reader.take("^")
    return lower, reader.argument()


def summation(reader):
    r"""\sum_{i=1}^{n}, over the product that follows; with indexed letters, \sum_i too, and term by term."""
    reader.take("\\sum")
    reader.take("_")
    lower = reader.raw_group() if reader.peek() == "{" else [reader.one_token()]
    if reader.peek() != "^":
        return _over_all(reader, lower)
    reader.take()
    upper = reader.argument()
    cut = _place_of("=", lower)
    start = type(reader)(lower[cut + 1 :], reader.names).whole()
    if _indexes(lower[:cut], reader.tokens[reader.position :]):
        if not (start.is_Integer and upper.is_Integer and 0 <= upper - start < LONGEST):
            raise ReadError(f"a sum of indexed letters from {start} to {upper}: expected two whole numbers")
        return _written_out(reader, lower[0], range(int(start), int(upper) + 1))
    variable = type(reader)(lower[:cut], reader.names).whole()
    return sp.summation(number(reader.product(), "a term"), (variable, start, upper))


def _indexes(index: list[str], tokens: list[str]) -> bool:
    """True where a subscript or a layer of these tokens holds the index."""
    for place, token in enumerate(tokens):
        if token == "_" or tokens[place : place + 3] == ["^", "{", "("]:
            end = tokens.index("}", place) if tokens[place + 1 : place + 2] == ["{"] and "}" in tokens else place + 2
            if len(index) == 1 and index[0] in tokens[place + 1 : end]:
                return True
    return False


def _over_all(reader, lower: list[str]):
    """A sum over all entries of the letters that the index counts, which must be equally many."""
    if len(lower) != 1 or not _indexes(lower, reader.tokens[reader.position :]):
        raise ReadError(f"\\sum without bounds needs letters with the index `{' '.join(lower)}`")
    start, index = reader.position, lower[0]
    reader.names.lengths[index] = set()
    _written_out(reader, index, range(1, 2))
    lengths = reader.names.lengths.pop(index)
    if len(lengths) != 1:
        raise ReadError(
            f"\\sum over `{index}`: the check's letters have {sorted(lengths)} entries; expected one length"
        )
    reader.position = start
    return _written_out(reader, index, range(1, lengths.pop() + 1))


def _written_out(reader, index: str, values: range):
    """The sum of the product that follows, read anew for each value of the index."""
    names, start, total = reader.names, reader.position, None
    if index in names.indices:
        raise ReadError(f"the index `{index}` is in use already")
    before = names.get(index)
    try:
        for value in values:
            reader.position = start
            names.indices[index], names[index] = value, sp.Integer(value)
            term = reader.product()
            total = term if total is None else add(total, term)
    finally:
        del names.indices[index], names[index]
        if before is not None:
            names[index] = before
    return total


def integral(reader) -> sp.Basic:
    r"""\int_a^b ... \mathrm{d}x."""
    reader.take("\\int")
    lower, upper = _bounds(reader)
    integrand = number(reader.sum(), "what is integrated")
    reader.take("\\dd")
    variable = latex_applied.name(reader)
    if reader.peek() in ("^", "!"):
        raise ReadError(f"expected one letter after the d of an integral {reader.where()}")
    return sp.integrate(integrand, (variable, type(reader)(lower, reader.names).whole(), upper))


BINDERS = {"\\lim": limit, "\\sum": summation, "\\int": integral}
