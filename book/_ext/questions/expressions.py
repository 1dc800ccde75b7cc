"""Expressions of authors, such as `diff(x**3, x)`: read over Python's `ast` into SymPy, never by `eval`.

Names are those of `table`, the constants and functions that an author may use; every other name is a symbol.
There are no attributes, no strings, no keyword arguments and no loops.
"""

import ast
import operator
from functools import cache

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
CONSTANTS = ["pi", "E", "I", "oo"]
FUNCTIONS = """
    sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp log ln sqrt cbrt root Abs sign floor ceiling
    Min Max factorial binomial Rational Piecewise Sum Product Integral Derivative diff integrate limit series solve
    simplify expand factor re im conjugate erf gamma Matrix eye zeros ones
""".split()
LARGEST_POWER = 10_000


class Unreadable(ValueError):
    """An expression that cannot be read, and why."""


@cache
def table():
    """Return the constants and functions that expressions may use, by name."""
    import sympy as sp

    from claims import arrays

    names = {name: getattr(sp, name) for name in CONSTANTS + FUNCTIONS}
    return names | {
        "transpose": lambda matrix: sp.Matrix(matrix).T,
        "det": lambda matrix: sp.Matrix(matrix).det(),
        "trace": lambda matrix: sp.Matrix(matrix).trace(),
        "inverse": lambda matrix: sp.Matrix(matrix).inv(),
        "dot": lambda left, right: sp.Matrix(left).dot(sp.Matrix(right)),
        "subs": lambda whole, *old_and_new: _rows(whole).subs(*map(_rows, old_and_new)),
        "norm": lambda vector: sp.sqrt(sum(entry**2 for entry in sp.Matrix(vector))),
        "eigenvalues": _eigenvalues,
        "gradient": arrays.gradient,
        "jacobian": arrays.jacobian,
        "hessian": arrays.hessian,
    }


def _eigenvalues(matrix):
    """Return the eigenvalues of a matrix of numbers, the smallest first, each as often as it counts."""
    import sympy as sp

    matrix = sp.Matrix(matrix)
    if matrix.free_symbols:
        raise TypeError("eigenvalues wants numbers: of letters nobody can say which comes first")
    found = matrix.eigenvals(multiple=True)
    if any(abs(complex(value.evalf(20)).imag) > 1e-15 for value in found):
        raise TypeError("eigenvalues that are not real")
    return sp.Matrix(sorted(found, key=lambda value: value.evalf(30).as_real_imag()[0]))


def _rows(value):
    """Return a list as the matrix it stands for, and anything else as it is."""
    import sympy as sp

    return sp.Matrix(value) if isinstance(value, list) else value


def parse(source):
    """Return the syntax tree of the expression `source`; raise `Unreadable` if Python has no such expression."""
    try:
        return ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise Unreadable(f"{source!r} is not an expression: {getattr(error, 'msg', error)}") from None


def identifiers(source):
    """Return the names of `source` that are symbols: everything but the constants and functions."""
    return {node.id for node in ast.walk(parse(source)) if isinstance(node, ast.Name)} - set(table())


def evaluate(source, values=None):
    """Return the SymPy value of the expression `source`, with the `values` of some names put in.

    Lists and tuples stay lists and tuples. Other names are real symbols. A decimal is the exact fraction it says.
    """
    try:
        return _finished(_value(parse(source), values or {}))
    except Unreadable:
        raise
    except Exception as error:  # whatever SymPy raises is the author's to read
        raise Unreadable(f"{source!r} cannot be worked out: {type(error).__name__}: {error}") from None


def _finished(value):
    if isinstance(value, list | tuple):
        return type(value)(_finished(part) for part in value)
    return value.doit() if hasattr(value, "doit") else value


def _value(node, values):
    import sympy as sp

    match node:
        case ast.Constant(value=bool()):
            return sp.true if node.value else sp.false
        case ast.Constant(value=int()):
            return sp.Integer(node.value)
        case ast.Constant(value=float()):
            return sp.Rational(repr(node.value))
        case ast.Name(id=name):
            return values.get(name, table().get(name, sp.Symbol(name, real=True)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_rows(_value(operand, values))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, values)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, exponent = _rows(_value(left, values)), _value(right, values)
            if getattr(exponent, "is_number", False) and not abs(exponent) <= LARGEST_POWER:
                raise Unreadable(f"the power {ast.unparse(node)} is too large to work out")
            return base**exponent
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_rows(_value(left, values)), _rows(_value(right, values)))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
            return sp.sympify(OPERATORS[type(op)](_value(left, values), _value(right, values)))
        case ast.Tuple(elts=parts):
            return tuple(_value(part, values) for part in parts)
        case ast.List(elts=parts):
            return [_value(part, values) for part in parts]
        case ast.Dict(keys=keys, values=parts) if None not in keys:
            return {_value(key, values): _value(part, values) for key, part in zip(keys, parts, strict=True)}
        case ast.Subscript(value=whole, slice=ast.Constant(value=int() as index)):
            return _value(whole, values)[index]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if callable(table().get(name)):
            if any(isinstance(argument, ast.Starred) for argument in arguments):
                raise Unreadable(f"{ast.unparse(node)}: expected plain arguments, without a star")
            return table()[name](*(_value(argument, values) for argument in arguments))
        case ast.Call(func=ast.Name(id=name), keywords=[]):
            raise Unreadable(f"there is no function {name}; expected one of {', '.join(sorted(table()))}")
    raise Unreadable(
        f"{ast.unparse(node)!r} is more than an expression may hold: numbers, names, + - * / **, "
        "lists and the functions of SymPy that CONTRIBUTING.md names"
    )
