r"""\nabla in a formula: a column, or of the shape of its variable.

The order of the letters comes from the check: from the inputs of a lambda, or from `nabla = [x, y]`, or from what
stands below the sign.
"""

from . import latex_applied as applied
from . import latex_names
from .arrays import as_value, differentiate, letters
from .latex_derivatives import by_inputs, chosen, put_in, stand_in
from .latex_matrices import column, is_matrix, number, plain, shape
from .latex_names import Found
from .latex_tokens import ReadError, ShapeError


def gradient(reader):
    r"""\nabla f, \nabla f(1, 2), \nabla(...), \nabla_{\vect{x}} f: a column, or of the shape of its variable."""
    reader.take("\\nabla")
    by = None
    if reader.peek() == "^":
        raise ReadError(r"\nabla^2 has two meanings: name the Hessian H")
    if reader.peek() == "_":
        reader.take()
        lower = reader.on(reader.raw_group() if reader.peek() == "{" else [reader.one_token()])
        by = latex_names.find(lower)
        if lower.peek():
            raise ReadError(rf"\nabla by more than one name {reader.where()}")
    if reader.peek() in ("(", "[", "|", "\\lvert", "\\left"):
        value = _gradient_of(reader, reader.power(), by)
    else:
        found = latex_names.find(reader)
        if found.is_function and by is None:
            value = _gradient_of_function(reader, found)
        elif found.is_function and by.key in (applied.inputs(found.value) or []):
            value = by_inputs(reader, found, [by.key])
        else:
            value = _gradient_of(reader, applied.own_value(found, reader.names), by)
    joined = reader.peek() in ("\\cdot", "\\times", "*")
    after = reader.on(reader.tokens[reader.position + 1 :])
    if reader.starts_factor() and not (joined and is_matrix(after.run().value)):
        raise ReadError(rf"what \nabla is taken of has two meanings: write brackets {reader.where()}")
    return value


def _gradient_of(reader, value, by: Found | None):
    """Of an expression: by the variable below the sign, or by what the check calls `nabla`; perhaps at a point."""
    value = number(plain(value), r"what \nabla is taken of")
    if by is None and "nabla" not in reader.names:
        raise ReadError(
            r"\nabla of an expression: by which letters, in which order? Define the function as a lambda, "
            r"or give the check `nabla = x` or `nabla = [x, y]`, or write \nabla_{\vect{x}}"
        )
    by = chosen(by, reader.names) if by else as_value(reader.names["nabla"])
    if not any(value.has(letter) for letter in letters(by)):
        raise ReadError(f"{value} does not depend on {by} in the check, so its gradient says nothing")
    slopes = differentiate(value, by)
    if reader.peek() != "(":
        return slopes
    point = reader.arguments(")")
    point = point[0] if len(point) == 1 and is_matrix(point[0]) else column(point)
    if not is_matrix(by) or point.shape != by.shape:
        raise ShapeError(f"a gradient by {shape(by)} at {shape(point)}")
    return put_in(slopes, [by], [point])


def _gradient_of_function(reader, function: Found):
    named = applied.inputs(function.value)
    if reader.peek() == "(":
        point = applied.gathered(function.key, function.value, reader.arguments(")"))
    else:
        point = applied.own_inputs(function, reader.names)
    if named is None or len(point) != len(named):
        raise ReadError(f"the gradient of `{function.key}` needs a function with named inputs: a lambda")
    held = [stand_in(value) for value in point]
    value = number(plain(applied.value_of(function.key, function.value, held)), r"what \nabla is taken of")
    if len(held) == 1 and is_matrix(held[0]):
        return put_in(differentiate(value, held[0]), held, point)
    if any(map(is_matrix, held)):
        raise ReadError(rf"`{function.key}` has inputs of several shapes: write \nabla_{{\vect{{x}}}}")
    return put_in(differentiate(value, column(held)), held, point)
