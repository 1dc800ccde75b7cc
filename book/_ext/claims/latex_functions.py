"""The part of the LaTeX reader that knows the elementary functions, and where their arguments end."""

import sympy as sp

from .latex_tokens import ReadError

FUNCTIONS = {name: getattr(sp, name) for name in ("sin", "cos", "tan", "exp", "ln", "sinh", "cosh", "tanh")}
FUNCTIONS |= {"arctan": sp.atan, "arcsin": sp.asin, "arccos": sp.acos, "max": sp.Max, "min": sp.Min}
GREEK = set(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi varphi chi psi "
    "omega Gamma Theta Lambda Sigma Phi Psi Omega ell".split()
)
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
    exponent = None
    if reader.peek() == "^":
        reader.take()
        exponent = reader.argument()
        if exponent == -1:
            raise ReadError(r"\sin^{-1} has two meanings: write \arcsin or 1/\sin")
    value = FUNCTIONS[name](*_argument(reader))
    if exponent is not None and reader.peek() == "^":
        raise ReadError(f"a second power has two meanings: write brackets {reader.where()}")
    return value if exponent is None else value**exponent


def _argument(reader) -> list[sp.Basic]:
    r"""What stands in brackets, or the numbers and names that follow: \sin 2x."""
    reader.unbrace()
    if reader.peek() in ("(", "["):
        return reader.arguments({"(": ")", "[": "]"}[reader.peek()])
    if reader.peek() in ("\\left", "|", "\\lvert"):
        return [reader.atom()]
    value = reader.power()
    while reader.starts_factor() and (reader.peek()[0].isalnum() or reader.peek()[0] == "@" or reader.peek() in PLAIN):
        value = value * reader.beside(value)
    opens = reader.starts_factor() and reader.peek()[1:] not in (*FUNCTIONS, "log")
    if opens or reader.peek() == "/":
        raise ReadError(f"where the argument of a function ends has two meanings: write brackets {reader.where()}")
    return [value]
