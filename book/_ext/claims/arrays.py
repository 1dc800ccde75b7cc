"""Derivatives of numbers and columns by letters, columns and matrices of letters.

A Jacobian has one row for each output; the derivative of a number has the shape of its variable, so a gradient by a
column is a column.
"""

import inspect

import sympy as sp


def as_value(value):
    """A number or an immutable matrix; refuses a function of a matrix that SymPy left standing."""
    if isinstance(value, (sp.MatrixBase, list, tuple)):
        value = sp.ImmutableMatrix(value)
        parts = list(value)
    else:
        value = sp.sympify(value)
        parts = [value]
    for part in parts:
        if not isinstance(part, sp.Expr) or any(
            isinstance(a, (sp.MatrixBase, sp.MatrixExpr)) for a in sp.preorder_traversal(part)
        ):
            raise TypeError(f"expected numbers, got {part}")
    return value


def letters(variable) -> list:
    """The letters that a variable consists of, which must differ."""
    found = list(variable) if isinstance(variable, (sp.MatrixBase, list, tuple)) else [variable]
    if not found or not all(isinstance(a, (sp.Symbol, sp.core.function.AppliedUndef)) for a in found):
        raise TypeError(f"a derivative by {variable}: expected a letter, or a vector or matrix of letters")
    if len(set(found)) < len(found):
        raise TypeError(f"a derivative by {variable}: its letters must differ")
    return found


def differentiate(value, variable):
    """The derivative of `value` by `variable`, with the layouts that the book uses."""
    of_matrix, by_matrix = isinstance(value, sp.MatrixBase), isinstance(variable, sp.MatrixBase)
    found = letters(variable)
    if not by_matrix:
        return value.applyfunc(lambda entry: sp.diff(entry, variable)) if of_matrix else sp.diff(value, variable)
    if not of_matrix:
        return sp.ImmutableMatrix(*variable.shape, [sp.diff(value, letter) for letter in found])
    if value.cols != 1 or variable.cols != 1:
        raise TypeError("the derivative of a matrix by a vector, or of a vector by a matrix, has no layout on paper")
    return sp.ImmutableMatrix([[sp.diff(entry, letter) for letter in found] for entry in value])


def _called(f, variables):
    """An expression as it is; a function at its variables, given one by one or as one column."""
    if inspect.isfunction(f):
        f = f(variables) if len(inspect.signature(f).parameters) == 1 != len(list(variables)) else f(*variables)
    return as_value(f)


def gradient(f, variables):
    """The gradient of a number: a column for a list of letters, and of the shape of a matrix of letters."""
    value = _called(f, variables)
    if isinstance(value, sp.MatrixBase):
        if value.shape != (1, 1):
            raise TypeError(f"gradient wants a function with one output, got {value.rows}x{value.cols}: use jacobian")
        value = value[0]
    return differentiate(value, sp.ImmutableMatrix(variables))


def jacobian(f, variables):
    """The Jacobian of a column, or of a list of outputs: one row for each output; a row for a number."""
    value = _called(f, variables)
    outputs = value if isinstance(value, sp.MatrixBase) else sp.ImmutableMatrix([value])
    return differentiate(outputs, sp.ImmutableMatrix(list(variables)))


def hessian(f, variables):
    """The matrix of second derivatives of a number."""
    return jacobian(gradient(f, list(variables)), list(variables))
