"""Reads displayed LaTeX into SymPy, strictly: what it does not know, it refuses.

A reader that guesses would verify something else than what stands on the page. This one knows the mathematics that the
book displays, takes every name from the check beside the formula, and stops with a plain message at anything else. The
parts of the grammar that bind a variable (derivatives, limits, sums, integrals) are in latex_operators.py,
the elementary functions in latex_functions.py.
"""

import re

import sympy as sp

from . import latex_functions, latex_operators
from .latex_tokens import ReadError, split, tokens_of

RELATIONS = {"=": "=", "<": "<", ">": ">", "\\le": "<=", "\\leq": "<=", "\\ge": ">=", "\\geq": ">=",
             "\\approx": "~", "\\ne": "!=", "\\neq": "!="}  # fmt: skip
FRACTIONS = ("\\frac", "\\tfrac", "\\dfrac")


class Reader:
    """Recursive descent over the tokens of one side of a formula."""

    def __init__(self, tokens: list[str], names: dict):
        self.tokens, self.names, self.position = tokens, names, 0

    def peek(self, ahead: int = 0) -> str:
        index = self.position + ahead
        return self.tokens[index] if index < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if not token or (expected is not None and token != expected):
            raise ReadError(f"expected {expected or 'more'} {self.where()}")
        self.position += 1
        return token

    def where(self) -> str:
        return f"before `{' '.join(self.tokens[self.position : self.position + 4]) or 'the end'}`"

    def whole(self) -> sp.Basic:
        value = self.sum()
        if self.peek():
            raise ReadError(f"cannot read on {self.where()}")
        return value

    def sum(self) -> sp.Basic:
        sign = {"-": -1, "+": 1}.get(self.peek(), 0)
        if sign:
            self.take()
        value = self.product() * (sign or 1)
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self) -> sp.Basic:
        """Factors side by side or joined by a sign; a derivative, limit or sum takes all that follows it."""
        value = self.power()
        while True:
            self.unbrace()
            if self.peek() in ("\\cdot", "\\times", "*"):
                self.take()
                value = value * self.power()
            elif self.peek() in ("/", "\\div"):
                self.take()
                value = value / self.power()
                if self.starts_factor():
                    raise ReadError(f"a/b c has two meanings: write brackets or a fraction {self.where()}")
            elif self.starts_factor():
                value = value * self.beside(value)
            else:
                return value

    def beside(self, value: sp.Basic) -> sp.Basic:
        """The factor that stands beside a value without a sign."""
        after_number = bool(re.match(r"\d", self.tokens[self.position - 1]))
        if after_number and re.match(r"\d", self.peek()):
            raise ReadError(f"two numbers side by side {self.where()}")
        mixed, where = after_number and self.peek() in FRACTIONS, self.where()
        factor = self.power()
        if mixed and value.is_Rational and factor.is_Rational:
            raise ReadError(f"a number beside a fraction has two meanings: write \\cdot between them {where}")
        return factor

    def unbrace(self) -> None:
        """Take away braces that are no argument: they do not show on the page, so they group nothing."""
        while self.peek() == "{":
            start = self.position
            inner = self.raw_group()
            self.tokens[start : self.position] = inner
            self.position = start

    def starts_factor(self) -> bool:
        token = self.peek()
        closing = {"\\right", "\\to", "\\dd", "\\rvert", "\\}", *RELATIONS}
        return bool(token) and (token[0].isalnum() or token in "([{" or token[0] in "\\@") and token not in closing

    def power(self) -> sp.Basic:
        fraction = self.peek() in FRACTIONS
        head = self.names.get(self.peek().lstrip("\\")) if self.peek(1) == "^" else None
        value = self.atom()
        if self.peek() == "!":
            self.take()
            value = sp.factorial(value)
        if self.peek() == "^":
            if fraction:
                raise ReadError(f"a power beside a fraction has two meanings: write brackets {self.where()}")
            self.take()
            value = value ** self.argument()
            if self.peek() == "(" and isinstance(head, sp.Expr) and head.free_symbols and not head.is_Symbol:
                raise ReadError(f"f^2(x) has two meanings: write f(x)^2 {self.where()}")
        if self.peek() in ("^", "!"):
            raise ReadError(f"a second power or factorial has two meanings: write brackets {self.where()}")
        return value

    def argument(self) -> sp.Basic:
        """One braced group, or one token, as LaTeX itself reads an argument."""
        if self.peek() == "{":
            return self.group("{", "}")
        return Reader([self.one_token()], self.names).atom()

    def one_token(self) -> str:
        """An argument without braces, of which LaTeX takes the first digit only: x^12 is x¹2."""
        token = self.take()
        if len(token) > 1 and token[0].isdigit():
            raise ReadError(f"write braces round {token}")
        return token

    def group(self, opening: str, closing: str) -> sp.Basic:
        self.take(opening)
        value = self.sum()
        self.take(closing)
        return value

    def raw_group(self) -> list[str]:
        """The tokens between a pair of braces."""
        self.take("{")
        depth, start = 1, self.position
        while depth:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
        return self.tokens[start : self.position - 1]

    def atom(self) -> sp.Basic:
        self.unbrace()
        token = self.peek()
        if re.match(r"\d", token):
            return sp.Rational(self.take())
        if token in ("(", "["):
            return self.group(token, {"(": ")", "[": "]"}[token])
        if token == "|":
            return sp.Abs(self.group("|", "|"))
        if token == "\\lvert":
            return sp.Abs(self.group("\\lvert", "\\rvert"))
        if token == "\\left":
            return self.delimited()
        if token in FRACTIONS:
            return latex_operators.fraction(self)
        if token in ("\\dv", "\\pdv"):
            return latex_operators.derivative_macro(self)
        if token in latex_operators.BINDERS:
            return latex_operators.BINDERS[token](self)
        if token == "\\sqrt":
            self.take()
            root = self.group("[", "]") if self.peek() == "[" else sp.Integer(2)
            value = self.argument()
            # SymPy's own root of a negative number is complex.
            return -sp.root(-value, root) if value.is_negative and root.is_odd else sp.root(value, root)
        if token in ("\\pi", "\\e", "\\infty"):
            self.take()
            return {"\\pi": sp.pi, "\\e": sp.E, "\\infty": sp.oo}[token]
        if token[1:] in latex_functions.FUNCTIONS or token == "\\log":
            return latex_functions.function(self)
        return self.name()

    def delimited(self) -> sp.Basic:
        self.take("\\left")
        opening = self.take()
        value = self.sum()
        self.take("\\right")
        self.take({"|": "|", "\\lvert": "\\rvert"}.get(opening, "a known bracket"))
        return sp.Abs(value)

    def arguments(self, closing: str) -> list[sp.Basic]:
        self.take()
        values = [self.sum()]
        while self.peek() == ",":
            self.take()
            values.append(self.sum())
        self.take(closing)
        return values

    def name(self) -> sp.Basic:
        """A letter with its subscript, and what it is applied to: f(x), f'(x), x(x + 1)."""
        key = self.name_key()
        if key not in self.names:
            raise ReadError(f"the check does not define `{key}`; define it there, or rename it with :where:")
        value = self.names[key]
        primes = len(self.take()) if self.peek().startswith("'") else 0
        if primes or (self.peek() == "(" and not isinstance(value, sp.Symbol)):
            return self.applied(key, value, primes)
        if not isinstance(value, (sp.Basic, int, float)):
            raise ReadError(f"`{key}` is a function and needs an argument")
        return sp.sympify(value)

    def name_key(self) -> str:
        token = self.take()
        if token == "\\mathrm":
            key = "".join(self.raw_group())
        elif token == "\\Delta":
            key = "Delta_" + self.name_key()
        elif token.startswith("@"):  # a fragment renamed by :where:
            return token[1:]
        elif token[0] == "\\" and token[1:] not in latex_functions.GREEK:
            raise ReadError(f"does not know `{token}`")
        elif not (token[0].isalpha() or token[0] == "\\"):
            self.position -= 1
            raise ReadError(f"cannot read on {self.where()}")
        else:
            key = token.lstrip("\\")
        if self.peek() == "_":
            self.take()
            part = self.raw_group() if self.peek() == "{" else [self.one_token()]
            subscript = "".join(t for t in part if t not in ("\\text", "\\mathrm", "{", "}")).replace("\\", "")
            key = f"{key}_{subscript}" if f"{key}_{subscript}" in self.names else f"{key}{subscript}"
        return key

    def applied(self, key: str, value, primes: int) -> sp.Basic:
        arguments, symbol = self.arguments(")") if self.peek() == "(" else [], isinstance(value, sp.Symbol)
        if isinstance(value, sp.Basic) and not isinstance(value, sp.core.function.UndefinedFunction):
            free = sorted(value.free_symbols, key=str)
            if len(free) != 1:
                raise ReadError(f"`{key}` is not an expression in one variable; define it as a function")
            expression, variable = value, free[0]
            value = lambda x: expression.subs(variable, x)  # noqa: E731
        if not arguments:
            raise ReadError(f"`{key}'` needs its argument in brackets")
        if not primes:
            return sp.sympify(value(*arguments))
        if symbol:
            raise ReadError(f"`{key}` is a letter in the check and has no derivative `{key}'`; define a function")
        inner = sp.Dummy("u", real=True)
        return sp.diff(value(inner), inner, primes).subs(inner, arguments[0])


def read(tex: str, names: dict, renames: dict[str, str] | None = None) -> list[tuple[list[sp.Basic], list[str]]]:
    """Return the statements of a formula, each as its sides and the relations between them.

    >>> x = sp.symbols("x")
    >>> read(r"(x + 1)^2 = x^2 + 2x + 1", {"x": x})
    [([(x + 1)**2, x**2 + 2*x + 1], ['='])]
    >>> read(r"\\oint x", {"x": x})
    Traceback (most recent call last):
    claims.latex_tokens.ReadError: does not know `\\oint`
    """
    statements, found = [], set()
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
            values = [Reader(side, names).whole() for side in sides if side is not None]
            if sides[0] is None:
                statements[-1][0].extend(values)
                statements[-1][1].extend(relations)
            else:
                statements.append((values, relations))
    if not statements:
        raise ReadError("nothing to read")
    for fragment, name in (renames or {}).items():
        if "@" + name not in found:
            raise ReadError(f":where: names `{fragment}`, which the formula does not hold")
    return statements
