"""The part of the LaTeX reader that binds a variable: fractions and derivatives, limits, sums and integrals."""

import sympy as sp

from .latex_tokens import ReadError


def fraction(reader) -> sp.Basic:
    r"""\frac, and the derivative written as one: \frac{\mathrm{d}f}{\mathrm{d}x}, \frac{\mathrm{d}}{\mathrm{d}x} f."""
    reader.take()
    if reader.peek() != "{":  # \frac12
        if len(reader.peek()) == 2 and reader.peek().isdigit():
            above, below = map(int, reader.take())
            return sp.Rational(above, below)
        return reader.argument() / reader.argument()
    above = reader.raw_group()
    if above[:1] != ["\\dd"] and above[:1] != ["\\partial"]:
        below = reader.raw_group() if reader.peek() == "{" else [reader.one_token()]
        if not above or not below:
            raise ReadError("a fraction with an empty part")
        return type(reader)(above, reader.names).whole() / type(reader)(below, reader.names).whole()
    below = reader.raw_group()
    if below[:1] != above[:1]:
        raise ReadError("a derivative whose lower part does not begin with d")
    order, operand = _order(reader, above[1:])
    lower = type(reader)(below[1:], reader.names)
    variable = lower.atom()
    lower_order, rest = _order(reader, lower.tokens[lower.position :])
    if order != lower_order or rest:
        raise ReadError("a derivative whose upper and lower order differ")
    return _derivative(reader, operand, variable, order)


def _derivative(reader, operand: list[str], variable: sp.Basic, order: int) -> sp.Basic:
    """The derivative of what stands in the upper part or, where that is empty, of the product that follows."""
    if not operand:
        return sp.diff(_acted_on(reader), variable, order)
    expression = type(reader)(operand, reader.names).whole()
    if expression.free_symbols and not expression.has(variable):
        raise ReadError(f"{expression} does not depend on {variable} in the check, so its derivative says nothing")
    if reader.peek() == "(":
        raise ReadError(rf"a derivative before a bracket has two meanings: write f'(3) or \cdot {reader.where()}")
    return sp.diff(expression, variable, order)


def _acted_on(reader) -> sp.Basic:
    """The product that follows an operator; after brackets nobody can tell whether more belongs to it."""
    if reader.peek() in ("(", "["):
        start = reader.position
        reader.power()
        if reader.starts_factor() or reader.peek() in ("\\cdot", "\\times", "*", "/"):
            raise ReadError(f"what the derivative is taken of has two meanings: write brackets {reader.where()}")
        reader.position = start
    return reader.product()


def _order(reader, tokens: list[str]) -> tuple[int, list[str]]:
    """A leading power, as in d^2 f, and what follows it."""
    if tokens[:1] != ["^"]:
        return 1, tokens
    power = type(reader)(tokens[1:], reader.names)
    return int(power.argument()), power.tokens[power.position :]


def derivative_macro(reader) -> sp.Basic:
    r"""\dv{f}{x}; \dv{}{x} acts on what follows."""
    reader.take()
    above, below = reader.raw_group(), reader.raw_group()
    variable = type(reader)(below, reader.names).whole()
    return _derivative(reader, above, variable, 1)


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
    return sp.limit(reader.product(), variable, point, side)


def _place_of(sign: str, tokens: list[str]) -> int:
    if sign not in tokens:
        raise ReadError(f"expected `{sign}` in `{' '.join(tokens)}`")
    return tokens.index(sign)


def _bounds(reader) -> tuple[list[str], sp.Basic]:
    reader.take("_")
    lower = reader.raw_group() if reader.peek() == "{" else [reader.one_token()]
    reader.take("^")
    return lower, reader.argument()


def summation(reader) -> sp.Basic:
    r"""\sum_{i=1}^{n}, over the product that follows."""
    reader.take("\\sum")
    lower, upper = _bounds(reader)
    cut = _place_of("=", lower)
    variable = type(reader)(lower[:cut], reader.names).whole()
    start = type(reader)(lower[cut + 1 :], reader.names).whole()
    return sp.summation(reader.product(), (variable, start, upper))


def integral(reader) -> sp.Basic:
    r"""\int_a^b ... \mathrm{d}x."""
    reader.take("\\int")
    lower, upper = _bounds(reader)
    integrand = reader.sum()
    reader.take("\\dd")
    variable = reader.name()
    if reader.peek() in ("^", "!"):
        raise ReadError(f"expected one letter after the d of an integral {reader.where()}")
    return sp.integrate(integrand, (variable, type(reader)(lower, reader.names).whole(), upper))


BINDERS = {"\\lim": limit, "\\sum": summation, "\\int": integral}
