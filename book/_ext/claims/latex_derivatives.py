r"""Derivatives in a formula: \frac{\mathrm{d}f}{\mathrm{d}x}, \dv, \pdv, the second ones.

By a name that is an input of a function, a derivative is taken by that input, the others held still, at whatever the
check gives the inputs; by any other letter, through everything that depends on it.
"""

import sympy as sp

from . import latex_applied as applied
from . import latex_names
from .arrays import differentiate, letters
from .latex_matrices import divide, is_matrix
from .latex_names import Found
from .latex_tokens import ReadError


def fraction(reader):
    r"""\frac, and the derivative written as one: \frac{\mathrm{d}f}{\mathrm{d}x}, \frac{\mathrm{d}}{\mathrm{d}x} f."""
    reader.take()
    if reader.peek() != "{":  # \frac12
        if len(reader.peek()) == 2 and reader.peek().isdigit():
            above, below = map(int, reader.take())
            return sp.Rational(above, below)
        return divide(reader.argument(), reader.argument())
    above = reader.raw_group()
    if above[:1] in (["\\dd"], ["\\partial"]):
        return _fraction_of_changes(reader, above, reader.raw_group())
    below = reader.raw_group() if reader.peek() == "{" else [reader.one_token()]
    if not above or not below:
        raise ReadError("a fraction with an empty part")
    return divide(reader.part(above), reader.part(below))


def macro(reader):
    r"""\dv{f}{x} and \pdv{f}{x}; \dv{}{x} acts on what follows."""
    change = {"\\dv": "\\dd", "\\pdv": "\\partial"}[reader.take()]
    return _fraction_of_changes(reader, [change, *reader.raw_group()], [change, *reader.raw_group()])


def _fraction_of_changes(reader, above: list[str], below: list[str]):
    change = above[0]
    order, operand = _order(reader, above[1:])
    lower, variables = reader.on(below), []
    while lower.peek():
        if lower.peek() != change:
            raise ReadError("a derivative whose lower part does not begin with d")
        lower.take()
        variable = latex_names.find(lower)
        times, lower.tokens = _order(reader, lower.tokens[lower.position :])
        lower.position = 0
        variables += [variable] * times
    if order != len(variables):
        raise ReadError("a derivative whose upper and lower order differ")
    if operand:
        return _derivative(reader, operand, variables, change == "\\partial")
    value = _acted_on(reader)
    for variable in variables:
        value = differentiate(value, chosen(variable, reader.names))
    return value


def _order(reader, tokens: list[str]) -> tuple[int, list[str]]:
    """A leading power, as in d^2 f, and what follows it."""
    if tokens[:1] != ["^"]:
        return 1, tokens
    power = reader.on(tokens[1:])
    return int(power.argument()), power.tokens[power.position :]


def _acted_on(reader):
    """The product that follows an operator; after brackets nobody can tell whether more belongs to it."""
    if reader.peek() in ("(", "["):
        start = reader.position
        reader.power()
        if reader.starts_factor() or reader.peek() in ("\\cdot", "\\times", "*", "/"):
            raise ReadError(f"what the derivative is taken of has two meanings: write brackets {reader.where()}")
        reader.position = start
    return reader.product()


def chosen(variable: Found, names):
    """What a derivative is taken by, where that is no input of a function."""
    value = applied.own_value(variable, names)
    letters(value)
    return value


def _derivative(reader, operand: list[str], variables: list[Found], curly: bool):
    function = _function(reader, operand)
    if function is not None:
        named = applied.inputs(function.value) or []
        slots = [variable.key in named and not variable.renamed for variable in variables]
        if all(slots) and (curly or len(named) == 1):
            return by_inputs(reader, function, [variable.key for variable in variables])
        if curly and any(slots):
            raise ReadError(f"a derivative of `{function.key}` by an input and by something else has two meanings")
    _no_point(reader)
    expression = applied.own_value(function, reader.names) if function else reader.part(operand)
    for variable in variables:
        by = chosen(variable, reader.names)
        if expression.free_symbols and not any(expression.has(letter) for letter in letters(by)):
            raise ReadError(f"{expression} does not depend on {by} in the check, so its derivative says nothing")
        expression = differentiate(expression, by)
    return expression


def _no_point(reader) -> None:
    if reader.peek() == "(":
        raise ReadError(
            rf"a derivative before a bracket has two meanings: write f'(3) or \cdot {reader.where()}; "
            "of a function of several inputs, give a value for each"
        )


def _function(reader, tokens: list[str]) -> Found | None:
    """The function that these tokens name, where they name one and nothing else."""
    inner = reader.on(tokens)
    try:
        found = latex_names.find(inner)
    except ReadError:
        return None
    return found if found.is_function and not inner.peek() else None


def by_inputs(reader, function: Found, keys: list[str]):
    """A derivative by inputs of a function, at the point that follows in brackets or else at the inputs' own values."""
    named = applied.inputs(function.value)
    point = _point(reader, function) if len(named) > 1 else None
    if point is None:
        _no_point(reader)
        point = applied.own_inputs(function, reader.names)
    held = [stand_in(value) for value in point]
    value = applied.value_of(function.key, function.value, held)
    function.fits(value)
    for key in keys:
        value = differentiate(value, held[named.index(key)])
    return put_in(value, held, point)


def _point(reader, function: Found) -> list | None:
    """The values in brackets, one for each input; one alone might be a factor."""
    start = reader.position
    if reader.peek() != "(":
        return None
    point = reader.arguments(")")
    if len(point) == 1:
        reader.position = start
        return None
    return applied.gathered(function.key, function.value, point)


def stand_in(value):
    """A letter, or a matrix of letters, that stands for a value while a derivative is taken."""
    if not is_matrix(value):
        return sp.Dummy("u", real=True)
    return sp.ImmutableMatrix(*value.shape, lambda i, j: sp.Dummy(f"u{i}{j}", real=True))


def put_in(value, held: list, point: list):
    pairs = {}
    for letter, place in zip(held, point, strict=True):
        if is_matrix(letter):
            pairs |= dict(zip(letter, place, strict=True))
        else:
            pairs[letter] = place
    return value.subs(pairs, simultaneous=True).doit()
