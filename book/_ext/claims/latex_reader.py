"""Reads displayed LaTeX into SymPy, strictly: what it does not know, it refuses.

A reader that guesses would verify something else than what stands on the page. This one knows the mathematics that the
book displays, takes every name from the check beside the formula, and stops with a plain message at anything else. The
parts of the grammar have siblings: names, vectors and matrices, functions, derivatives, and what binds a variable
(limits, sums, integrals). latex_statements.py cuts a formula into the sides that are read here.
"""

import re

import sympy as sp

from . import latex_applied, latex_derivatives, latex_functions, latex_gradient, latex_matrices, latex_operators
from .latex_matrices import is_matrix, number
from .latex_names import Names
from .latex_products import Product
from .latex_tokens import ReadError

CLOSING = {"\\right", "\\to", "\\dd", "\\rvert", "\\}", "\\matrixclose", "\\matrixcell", "\\matrixrow", "\\odot", "\\T"}
RELATIONS = {"=": "=", "<": "<", ">": ">", "\\le": "<=", "\\leq": "<=", "\\ge": ">=", "\\geq": ">=",
             "\\approx": "~", "\\ne": "!=", "\\neq": "!="}  # fmt: skip
FRACTIONS = ("\\frac", "\\tfrac", "\\dfrac")
SIGNS = ("\\cdot", "\\times", "*", "\\odot")
SPECIAL = {
    "\\matrixopen": latex_matrices.literal,
    "\\det": latex_matrices.determinant_of,
    "\\nabla": latex_gradient.gradient,
    "\\dv": latex_derivatives.macro,
    "\\pdv": latex_derivatives.macro,
    **dict.fromkeys(FRACTIONS, latex_derivatives.fraction),
    **latex_operators.BINDERS,
}


class Reader:
    """Recursive descent over the tokens of one side of a formula."""

    def __init__(self, tokens: list[str], names: dict):
        self.tokens, self.position, self.bars = tokens, 0, 0
        self.names = names if isinstance(names, Names) else Names(names)

    def on(self, tokens: list[str]) -> "Reader":
        """A reader of other tokens with the same names."""
        return Reader(list(tokens), self.names)

    def part(self, tokens: list[str]):
        """What these tokens say, all of them."""
        return self.on(tokens).whole()

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

    def sum(self):
        sign = {"-": -1, "+": 1}.get(self.peek(), 0)
        if sign:
            self.take()
        value = self.product() * (sign or 1)
        while self.peek() in ("+", "-"):
            sign = {"-": -1, "+": 1}[self.take()]
            value = latex_matrices.add(value, self.product(), sign)
        return value

    def product(self):
        """Factors side by side or joined by a sign; a derivative, limit or sum takes all that follows it."""
        product = self.run()
        while True:
            self.unbrace()
            if self.peek() in SIGNS:
                where, sign = self.where(), self.take()
                product = product.join(sign, self.run(), where)
            elif self.peek() in ("/", "\\div"):
                self.take()
                product.value = latex_matrices.divide(product.value, self.power())
                if self.starts_factor():
                    raise ReadError(f"a/b c has two meanings: write brackets or a fraction {self.where()}")
            else:
                return product.value

    def run(self) -> Product:
        """Factors side by side."""
        value = self.power()
        product = Product(value, int(is_matrix(value)))
        while True:
            self.unbrace()
            if self.peek() in SIGNS or not self.starts_factor():
                return product
            factor = self.beside(product.value)
            product.value = latex_matrices.multiply(product.value, factor)
            product.matrices += int(is_matrix(factor))

    def beside(self, value):
        """The factor that stands beside a value without a sign."""
        after_number = bool(re.match(r"\d", self.tokens[self.position - 1]))
        if after_number and re.match(r"\d", self.peek()):
            raise ReadError(f"two numbers side by side {self.where()}")
        mixed, where = after_number and self.peek() in FRACTIONS, self.where()
        factor = self.power()
        if mixed and value.is_Rational and not is_matrix(factor) and factor.is_Rational:
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
        if token == "|":  # within a pair of bars, the next one closes it
            return not self.bars
        opens = bool(token) and (token[0].isalnum() or token in "([{" or token[0] in "\\@")
        return opens and token not in CLOSING and token not in RELATIONS

    def power(self):
        fraction = self.peek() in FRACTIONS
        head = self.names.get(self.peek().lstrip("\\")) if self.peek(1) == "^" else None
        value = self.atom()
        if self.peek() == "!":
            self.take()
            value = sp.factorial(number(value, "before `!`"))
        if self.peek() == "^":
            if fraction:
                raise ReadError(f"a power beside a fraction has two meanings: write brackets {self.where()}")
            self.take()
            value = latex_matrices.power(value, self.argument())
            if self.peek() == "(" and isinstance(head, sp.Expr) and head.free_symbols and not head.is_Symbol:
                raise ReadError(f"f^2(x) has two meanings: write f(x)^2 {self.where()}")
        elif self.peek() == "\\T":
            self.take()
            value = latex_matrices.transpose(value)
        if self.peek() in ("^", "!", "\\T"):
            raise ReadError(f"a second power or factorial has two meanings: write brackets {self.where()}")
        return value

    def argument(self):
        """One braced group, or one token, as LaTeX itself reads an argument."""
        if self.peek() == "{":
            return self.group("{", "}")
        return self.on([self.one_token()]).atom()

    def one_token(self) -> str:
        """An argument without braces, of which LaTeX takes the first digit only: x^12 is x¹2."""
        token = self.take()
        if len(token) > 1 and token[0].isdigit():
            raise ReadError(f"write braces round {token}")
        return token

    def group(self, opening: str, closing: str):
        self.take(opening)
        outside, self.bars = self.bars, int(opening in ("|", "\\lvert"))
        value = self.sum()
        self.bars = outside
        self.take(closing)
        return value

    def bracketed(self, opening: str):
        """What stands in brackets; a list in round ones is the column of its entries."""
        if opening == "(":
            outside, self.bars = self.bars, 0
            values = self.arguments(")")
            self.bars = outside
            return values[0] if len(values) == 1 else latex_matrices.column(values)
        return self.group("[", "]")

    def raw_group(self) -> list[str]:
        """The tokens between a pair of braces."""
        self.take("{")
        depth, start = 1, self.position
        while depth:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
        return self.tokens[start : self.position - 1]

    def atom(self):
        self.unbrace()
        token = self.peek()
        if re.match(r"\d", token):
            return sp.Rational(self.take())
        if token in ("(", "["):
            return self.bracketed(token)
        if token in ("|", "\\lvert"):
            return latex_matrices.length(self.group(token, {"|": "|", "\\lvert": "\\rvert"}[token]))
        if token == "\\left":
            return self.delimited()
        if token in SPECIAL:
            return SPECIAL[token](self)
        if token == "\\sqrt":
            return self.root()
        if token in ("\\pi", "\\e", "\\infty"):
            self.take()
            return {"\\pi": sp.pi, "\\e": sp.E, "\\infty": sp.oo}[token]
        if token[1:] in latex_functions.FUNCTIONS or token == "\\log":
            return latex_functions.function(self)
        return latex_applied.name(self)

    def root(self):
        self.take()
        root = self.group("[", "]") if self.peek() == "[" else sp.Integer(2)
        value = number(self.argument(), "below a root")
        # SymPy's own root of a negative number is complex.
        return -sp.root(-value, root) if value.is_negative and root.is_odd else sp.root(value, root)

    def delimited(self):
        self.take("\\left")
        opening = self.take()
        outside, self.bars = self.bars, 1
        value = self.sum()
        self.bars = outside
        self.take("\\right")
        self.take({"|": "|", "\\lvert": "\\rvert"}.get(opening, "a known bracket"))
        return latex_matrices.length(value)

    def arguments(self, closing: str, separators: str = ",") -> list:
        self.take()
        values = [self.sum()]
        while self.peek() and self.peek() in separators:
            self.take()
            values.append(self.sum())
        self.take(closing)
        return values
