"""The part of the LaTeX reader that knows the elementary functions, and where their arguments end."""

import sympy as sp

from . import latex_applied as applied
from .latex_matrices import is_matrix, multiply, number
from .latex_names import GREEK, Found
from .latex_tokens import ReadError, ShapeError

FUNCTIONS = {name: getattr(sp, name) for name in ("sin", "cos", "tan", "exp", "ln", "sinh", "cosh", "tanh")}
FUNCTIONS |= {"arctan": sp.atan, "arcsin": sp.asin, "arccos": sp.acos, "max": sp.Max, "min": sp.Min}
# What, beside numbers and letters, the argument of a function without brackets goes on with: \sin 2\pi t.
PLAIN = {"\\" + name for name in GREEK | {"pi", "e", "Delta", "mathrm"}}


def function(reader) -> sp.Basic:
    name = reader.take()[1:]
    if name == "log":
        if reader.peek() != "_":
            raise ReadError(r"\log without a base: write \ln, or \log_{10}")
        reader.take("_")
        base = reader.argument()
        arguments = _argument(reader)
        if len(arguments) != 1:
            raise ReadError(f"\\log with a base takes one argument, found {len(arguments)}")
        return sp.log(arguments[0], base)
    primes = len(reader.take()) if reader.peek().startswith("'") else 0
    exponent = None
    if reader.peek() == "^":
        reader.take()
        exponent = number(reader.argument(), "an exponent")
        if primes or exponent == -1:
            raise ReadError(r"\sin^{-1} has two meanings: write \arcsin or 1/\sin")
    if primes and reader.peek() != "(":
        raise ReadError(f"`\\{name}'` needs its argument in brackets")
    value = _value(name, primes, _argument(reader))
    if exponent is not None and is_matrix(value):
        raise ReadError(rf"a power of `\{name}` of a vector has two meanings: write \odot {reader.where()}")
    if exponent is not None and reader.peek() == "^":
        raise ReadError(f"a second power has two meanings: write brackets {reader.where()}")
    return value if exponent is None else value**exponent


def _value(name: str, primes: int, arguments: list):
    """The function of numbers, or of each entry of a column."""
    function = FUNCTIONS[name]
    if primes:
        return applied.primed(Found(name, lambda u: function(u)), primes, arguments)
    if not any(map(is_matrix, arguments)):
        return function(*arguments)
    if len(arguments) > 1:
        raise ShapeError(f"`\\{name}` of several vectors")
    return applied.entrywise(name, function, arguments[0])


def _argument(reader) -> list:
    r"""What stands in brackets, or the numbers and names that follow: \sin 2x."""
    reader.unbrace()
    if reader.peek() in ("(", "["):
        return reader.arguments({"(": ")", "[": "]"}[reader.peek()])
    if reader.peek() in ("\\left", "|", "\\lvert"):
        return [reader.atom()]
    value = reader.power()
    while reader.starts_factor() and (reader.peek()[0].isalnum() or reader.peek()[0] == "@" or reader.peek() in PLAIN):
        value = multiply(value, reader.beside(value))
    opens = reader.starts_factor() and reader.peek()[1:] not in (*FUNCTIONS, "log")
    if opens or reader.peek() == "/":
        raise ReadError(f"where the argument of a function ends has two meanings: write brackets {reader.where()}")
    return [value]
