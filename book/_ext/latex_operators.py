"""The part of the LaTeX reader that binds a variable: fractions and derivatives, limits, sums and integrals."""

import sympy as sp

from latex_tokens import ReadError


def fraction(reader) -> sp.Basic:
    r"""\frac, and the derivative written as one: \frac{\mathrm{d}f}{\mathrm{d}x}, \frac{\mathrm{d}}{\mathrm{d}x} f."""
    reader.take()
    if reader.peek() != "{":  # \frac12
        digits = reader.take()
        if len(digits) == 2 and digits.isdigit():
            return sp.Rational(int(digits[0]), int(digits[1]))
        return type(reader)([digits], reader.names).atom() / reader.argument()
    above = reader.raw_group()
    if above[:1] != ["\\dd"] and above[:1] != ["\\partial"]:
        below = reader.raw_group() if reader.peek() == "{" else [reader.take()]
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
    expression = type(reader)(operand, reader.names).whole() if operand else reader.product()
    return sp.diff(expression, variable, order)


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
    expression = type(reader)(above, reader.names).whole() if above else reader.product()
    return sp.diff(expression, variable)


def limit(reader) -> sp.Basic:
    r"""\lim_{h \to 0}, from both sides unless 0^+ or 0^- says otherwise."""
    reader.take("\\lim")
    reader.take("_")
    inner = reader.raw_group()
    cut = inner.index("\\to")
    side = "+-"
    if inner[-2:-1] == ["^"] and inner[-1] in "+-":
        side, inner = inner[-1], inner[:-2]
    variable = type(reader)(inner[:cut], reader.names).whole()
    point = type(reader)(inner[cut + 1 :], reader.names).whole()
    if point in (sp.oo, -sp.oo):
        side = "-" if point == sp.oo else "+"
    return sp.limit(reader.product(), variable, point, side)


def _bounds(reader) -> tuple[list[str], sp.Basic]:
    reader.take("_")
    lower = reader.raw_group() if reader.peek() == "{" else [reader.take()]
    reader.take("^")
    return lower, reader.argument()


def summation(reader) -> sp.Basic:
    r"""\sum_{i=1}^{n}, over the product that follows."""
    reader.take("\\sum")
    lower, upper = _bounds(reader)
    cut = lower.index("=")
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
    return sp.integrate(integrand, (variable, type(reader)(lower, reader.names).whole(), upper))


BINDERS = {"\\lim": limit, "\\sum": summation, "\\int": integral}
