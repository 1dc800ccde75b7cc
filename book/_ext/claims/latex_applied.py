"""Functions in a formula: applied to numbers or columns, entry by entry, or named without brackets.

`f = lambda x, y: ...` in the check gives f, and the order of its inputs. Named without brackets, f is its value at
whatever the check calls `x` and `y`.
"""

import inspect

import sympy as sp

from .arrays import as_value
from .latex_matrices import column, is_column, is_matrix, shape
from .latex_names import Found, Names, find
from .latex_tokens import ReadError, ShapeError


def inputs(function) -> list[str] | None:
    """The names of a function's inputs, or None where it has no fixed number of them."""
    if not inspect.isfunction(function):
        return None
    parameters = inspect.signature(function).parameters.values()
    return None if any(p.kind != p.POSITIONAL_OR_KEYWORD for p in parameters) else [p.name for p in parameters]


def own_value(found: Found, names: Names, inside: tuple = ()):
    """What a name is without brackets; a function is its value at the names of its inputs."""
    value = found.value
    if found.is_function:
        own = own_inputs(found, names, inside)
        value = value_of(found.key, value, own)
    elif not isinstance(value, (sp.Basic, sp.MatrixBase, int, float)):
        raise ReadError(f"`{found.key}` is a function and needs an argument")
    value = as_value(value)
    found.fits(value)
    return value


def own_inputs(found: Found, names: Names, inside: tuple = ()) -> list:
    """The values in the check of a function's inputs."""
    named = inputs(found.value)
    missing = "inputs" if named is None else next((f"`{name}`" for name in named if name not in names), None)
    if missing:
        raise ReadError(f"`{found.key}` is a function and needs an argument (the check gives its {missing} no value)")
    if found.key in inside:
        raise ReadError(f"`{found.key}` depends on itself in the check")
    inner = (*inside, found.key)
    return [own_value(Found(name, names[name], renamed=True), names, inner) for name in named]


def gathered(key: str, function, arguments: list) -> list:
    """The arguments as the function wants them: a column spread over its inputs, or numbers gathered to a column."""
    named = inputs(function)
    if named is None or len(arguments) == len(named):
        return arguments
    if len(arguments) == 1 and is_column(arguments[0]) and arguments[0].rows == len(named):
        return list(arguments[0])
    if len(named) == 1 and not any(map(is_matrix, arguments)):
        return [column(arguments)]
    found = f"a column of {arguments[0].rows}" if len(arguments) == 1 and is_column(arguments[0]) else len(arguments)
    raise ShapeError(f"`{key}` has {len(named)} inputs, found {found}")


def value_of(key: str, function, arguments: list):
    """The value of a function of the check."""
    try:
        return as_value(function(*arguments))
    except (TypeError, ValueError, AttributeError, IndexError, NotImplementedError) as error:
        raise ReadError(f"`{key}` has no value for {', '.join(map(str, arguments))}: {error}") from error


def entrywise(key: str, function, argument):
    """A function of a number, applied to each entry of a column."""
    if not is_column(argument):
        raise ShapeError(f"`{key}` works entry by entry on a column, not on {shape(argument)}")
    return sp.ImmutableMatrix([_number(key, function, entry) for entry in argument])


def _number(key: str, function, entry):
    value = value_of(key, function, [entry])
    if is_matrix(value):
        raise ReadError(f"`{key}` of a number is no number")
    return value


def call(found: Found, arguments: list):
    """f(1, 2), f of a column, or f of each entry of a column: refused where the last two differ."""
    key, function = found.key, found.value
    arguments = gathered(key, function, arguments)
    if len(arguments) != 1 or not is_column(arguments[0]):
        value = value_of(key, function, arguments)
        found.fits(value)
        return value
    readings = []
    if inspect.isfunction(function):
        readings.append(lambda: value_of(key, function, arguments))
    if not found.bold:
        readings.append(lambda: entrywise(key, function, arguments[0]))
    values, errors = [], []
    for reading in readings:
        try:
            values.append(reading())
        except ReadError as error:
            errors.append(error)
    if not values:
        raise errors[0]
    if len(values) == 2 and values[0] != values[1]:
        raise ReadError(
            f"`{key}` of a column has two meanings: of the whole, {values[0]}, and of each entry, {values[1]}"
        )
    if found.bold or (is_matrix(values[0]) and values[0].shape != arguments[0].shape):
        found.fits(values[0])
    return values[0]


def primed(found: Found, primes: int, arguments: list):
    """f'(x), by the one input of f; of a column, entry by entry."""
    key, value = found.key, found.value
    if len(arguments) != 1 or len(inputs(value) or [key]) != 1:
        raise ReadError(f"`{key}'` has one input")
    inner = sp.Dummy("u", real=True)
    slope = as_value(value(inner))
    for _ in range(primes):
        slope = slope.diff(inner)
    if not is_matrix(arguments[0]):
        found.fits(slope)
        return slope.subs(inner, arguments[0])
    return entrywise(key, lambda entry: slope.subs(inner, entry), arguments[0])


def name(reader):
    """A name, and what it is applied to: f(x), f'(x), x(x + 1)."""
    found = find(reader)
    primes = len(reader.take()) if reader.peek().startswith("'") else 0
    brackets = reader.peek() == "("
    if is_matrix(found.value) and brackets and not primes:
        _no_argument(reader, found.key)
    if not primes and (not brackets or isinstance(found.value, sp.Symbol) or is_matrix(found.value)):
        return own_value(found, reader.names)
    arguments = reader.arguments(")", ",;") if brackets else []  # behind a semicolon stand parameters
    value = found.value
    if isinstance(value, (sp.Basic, sp.MatrixBase)) and not found.is_function:
        free = sorted(value.free_symbols, key=str)
        if len(free) != 1:
            raise ReadError(f"`{found.key}` is not an expression in one variable; define it as a function")
        if primes and isinstance(value, sp.Symbol):
            raise ReadError(
                f"`{found.key}` is a letter in the check and has no derivative `{found.key}'`; define a function"
            )
        found = Found(found.key, lambda x: value.subs(free[0], x), found.bold, found.upper, found.renamed)
    if not arguments:
        raise ReadError(f"`{found.key}'` needs its argument in brackets")
    return primed(found, primes, arguments) if primes else call(found, arguments)


def _no_argument(reader, key: str) -> None:
    """Refuse the bracket behind a matrix that looks like the argument of a function: J(x, y), J(2)."""
    ahead = reader.on(reader.tokens[reader.position :])
    values = ahead.arguments(")")
    inner = reader.on(ahead.tokens[1 : ahead.position - 1])
    try:
        find(inner)
        alone = not inner.peek()
    except ReadError:
        alone = False
    if len(values) > 1 or alone or not is_matrix(values[0]):
        raise ReadError(f"`{key}` is a matrix in the check and no function: define a lambda, or drop the brackets")
