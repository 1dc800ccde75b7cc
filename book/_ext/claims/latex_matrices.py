"""Arithmetic with numbers, vectors and matrices, as strict as paper: shapes must fit, and nothing is stretched to fit.

A row times a column is a number. Two columns joined by a dot are their dot product. Where a product could be read in
two ways that differ, it is refused.
"""

import sympy as sp

from .latex_tokens import ReadError, ShapeError, split


def is_matrix(value) -> bool:
    return isinstance(value, sp.MatrixBase)


def is_column(value) -> bool:
    return is_matrix(value) and value.cols == 1


def plain(value):
    """The number that a matrix with one entry holds, and any other value as it is."""
    return value[0] if is_matrix(value) and value.shape == (1, 1) else value


def number(value, what: str):
    """A value that must be a number; a matrix with one entry is none unless it was a product."""
    if is_matrix(value):
        raise ShapeError(f"{what} must be a number, found {shape(value)}")
    return value


def shape(value) -> str:
    return f"a matrix of shape {value.rows}x{value.cols}" if is_matrix(value) else "a number"


def both(left, right) -> str:
    return f"{shape(left)} and {shape(right)}"


def add(left, right, sign: int = 1):
    """left + right; a product that gave a number may be added to a matrix with one entry."""
    if is_matrix(left) != is_matrix(right):
        left, right = plain(left), plain(right)
    if is_matrix(left) != is_matrix(right) or (is_matrix(left) and left.shape != right.shape):
        raise ShapeError(f"shapes do not fit in a sum: {both(left, right)}")
    return left + right if sign > 0 else left - right


def multiply(left, right):
    """The product side by side; a row times a column is a number."""
    if is_matrix(left) and is_matrix(right):
        if left.cols != right.rows:
            hint = (
                r"; the dot product is written \vect{a} \cdot \vect{b}" if is_column(left) and is_column(right) else ""
            )
            raise ShapeError(f"shapes do not fit in a product: {both(left, right)}{hint}")
        product = left * right
        return product[0] if product.shape == (1, 1) else product
    return left * right


def dot(left, right):
    """The dot product of two columns."""
    if left.shape != right.shape:
        raise ShapeError(f"shapes do not fit in a dot product: {both(left, right)}")
    return sum((a * b for a, b in zip(left, right, strict=True)), start=sp.Integer(0))


def entrywise(left, right):
    """The product of two matrices entry by entry."""
    if not is_matrix(left) or not is_matrix(right) or left.shape != right.shape:
        raise ShapeError(rf"shapes do not fit in \odot: {both(left, right)}")
    return left.multiply_elementwise(right)


def divide(left, right):
    if is_matrix(right):
        raise ShapeError(f"cannot divide by {shape(right)}")
    return left / right


def power(value, exponent):
    """A power of a number, or a whole power of a square matrix: A^{-1} is the inverse."""
    number(exponent, "an exponent")
    if not is_matrix(value):
        return value**exponent
    if value.rows != value.cols or not exponent.is_Integer:
        raise ShapeError(f"{shape(value)} has no power {exponent}")
    if exponent < 0 and sp.simplify(value.det()) == 0:
        raise ReadError(f"{value} has no inverse: its determinant is 0")
    return value**exponent


def transpose(value):
    if not is_matrix(value):
        raise ShapeError(r"\T behind a number: only vectors and matrices are transposed")
    return value.T


def length(value):
    """The size of a number, the length of a column."""
    if not is_matrix(value):
        return sp.Abs(value)
    if not is_column(value):
        raise ShapeError(rf"|...| round {shape(value)}: it is the length of a vector; a determinant is written \det A")
    return sp.sqrt(dot(value, value))


def determinant(value):
    if not is_matrix(value) or value.rows != value.cols:
        raise ShapeError(rf"\det of {shape(value)}: it wants a square matrix")
    return value.det()


def column(values: list) -> sp.ImmutableMatrix:
    return sp.ImmutableMatrix([number(value, "an entry") for value in values])


def literal(reader) -> sp.ImmutableMatrix:
    r"""\begin{pmatrix} a & b \\ c & d \end{pmatrix}, whose signs are tokens of their own."""
    reader.take("\\matrixopen")
    start = reader.position
    while reader.peek() != "\\matrixclose":
        reader.take()
    inner = reader.tokens[start : reader.position]
    reader.take()
    rows = [split(row, {"\\matrixcell"})[0] for row in split(inner, {"\\matrixrow"})[0]]
    if rows[-1] == [[]]:  # \\ behind the last row
        rows.pop()
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise ShapeError(f"a matrix with rows of lengths {[len(row) for row in rows]}")
    if any(not cell for row in rows for cell in row):
        raise ReadError("a matrix with an empty entry")
    entries = [[number(reader.part(cell), "an entry of a matrix") for cell in row] for row in rows]
    return sp.ImmutableMatrix(entries)


def determinant_of(reader):
    r"""\det A, \det(AB), \det\begin{pmatrix}...\end{pmatrix}."""
    reader.take()
    bare = reader.peek() != "("
    value = determinant(reader.power())
    if bare and reader.starts_factor() and reader.peek() != "\\det":
        raise ReadError(rf"where the argument of \det ends has two meanings: write brackets {reader.where()}")
    return value
