"""A product read from left to right, refused where vectors and matrices give it two meanings that differ."""

from dataclasses import dataclass

import sympy as sp

from .latex_matrices import both, dot, entrywise, is_column, is_matrix, multiply
from .latex_tokens import ReadError, ShapeError


@dataclass
class Product:
    """A product as it is read from left to right: its value, how many matrices stand side by side, what joined them."""

    value: sp.Basic
    matrices: int
    kind: str = ""

    def join(self, sign: str, right: "Product", where: str) -> "Product":
        r"""This times what follows a sign: \cdot, \times or \odot."""
        twofold = ReadError(f"this product of vectors or matrices has two meanings: write brackets {where}")
        if not is_matrix(self.value) or not is_matrix(right.value):
            if sign == "\\odot":
                raise ShapeError(rf"shapes do not fit in \odot: {both(self.value, right.value)}")
            if is_matrix(right.value) and (self.kind or self.matrices):
                raise twofold  # a number that vectors made, joined to another vector
            kind = self.kind or right.kind or ("dot" if right.matrices > 1 and not is_matrix(right.value) else "")
            return Product(self.value * right.value, max(self.matrices, right.matrices), kind)
        if sign not in ("\\cdot", "\\odot"):
            raise ReadError(rf"`{sign}` between two matrices: write \cdot, \odot, or put them side by side")
        if sign == "\\odot":
            if self.matrices > 1 or right.matrices > 1 or self.kind not in ("", "odot"):
                raise twofold
            return Product(entrywise(self.value, right.value), 1, "odot")
        if self.kind == "odot":
            raise twofold
        if is_column(self.value) and is_column(right.value):
            if self.kind:
                raise twofold
            return Product(dot(self.value, right.value), self.matrices + right.matrices, "dot")
        return Product(multiply(self.value, right.value), self.matrices + right.matrices, "product")
