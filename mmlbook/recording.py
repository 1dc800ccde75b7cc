"""What happens when NumPy's functions meet a variable: they are carried out, and written down.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `levels.py`, `rules.py`,
`stand_in.py`, `variable.py` into a folder `mmlbook` beside your program, with the module that uses it. It needs
nothing else but NumPy.

NumPy hands a call over to the variable among its inputs, by ``__array_ufunc__`` for functions that
work entry by entry, and by ``__array_function__`` for the rest. What has a derivative goes on the tape;
what is constant between its jumps, as ``np.argmax``, gets the plain values and gives plain answers.
Indices are here, too.

>>> from mmlbook.variable import Tape
>>> tape = Tape()
>>> tape.level = 1
>>> x = recorded(np.array([3.0, 5.0]), tape)
>>> np.sum(x), np.argmax(x)
(Variable(8.0), np.int64(1))

A function without a rule is refused:

>>> np.spacing(x)
Traceback (most recent call last):
...
TypeError: np.spacing: has no rule for its derivative; mmlbook.array_rules lists the functions that have one
"""

import functools
import inspect

import numpy as np

from mmlbook.arithmetic import combine, one_input
from mmlbook.array_compositions import COMPOSED
from mmlbook.array_rules import CONSTANT, JOINS, PULL_BACK, is_basic, scatter, spread_out
from mmlbook.levels import level_of
from mmlbook.rules import DERIVATIVE, PARTIALS
from mmlbook.variable import Variable, plain, recorded


def _entries(self, index):
    """``x[index]``: an entry, a slice, or a choice of entries."""
    value = self.value
    part = value[index]
    if type(part) is np.float64:
        part = float(part)
    if not is_basic(index):
        index = _kept(index)
    return recorded(part, self.tape, (scatter, self.place(), (index, value.shape)))


def _scatter(self, index, shape):
    """Zeros of a shape, with this variable put at the index: see `mmlbook.array_rules.scatter`."""
    value = scatter(self.value, index, shape)
    return recorded(value, self.tape, (_pull_back_scatter, self.place(), (index, shape)))


def _one_array(function, rules, x):
    """Carry out a function of one array alone, which is the most frequent case."""
    value = x.value
    y = plain(value.sum() if function is np.sum and type(value) is np.ndarray else function(value))
    return recorded(y, x.tape, (_pull_back_array, x.place(), (rules[0], y, value)))


def _pull_back_array(g, rule, y, x):
    return plain(rule(spread_out(g, y), y, x))


def _whole_arrays(function, arguments, options, tape):
    """Carry out a function with a rule in `PULL_BACK`, and write it down."""
    name = _name_of(function)
    rules = PULL_BACK.get(function)
    if rules is None:
        raise TypeError(
            f"{name}: has no rule for its derivative; mmlbook.array_rules lists the functions that have one"
        )
    _check(function, rules[-1], arguments, options)
    if any(type(x) is Variable for x in _flat(list(options.values()))):
        raise TypeError(f"{name}: expected the variable of a derivative without the name of an argument")
    if function in JOINS and type(arguments[0]) is Variable:
        arguments = (list(arguments[0]), *arguments[1:])
    values = _values(arguments, tape)
    places, wanted = [], []
    for position, argument in enumerate(arguments):
        for part, x in enumerate(argument) if isinstance(argument, list | tuple) else [(None, argument)]:
            if type(x) is Variable and x.tape is tape and not (position < len(rules) and rules[position] is None):
                if position >= len(rules):
                    raise TypeError(f"{name}: expected plain numbers after the first {len(rules)} arguments")
                places.append(x.place())
                wanted.append((position, part))
    y = function(*values, **options)
    if not places:
        return y  # as np.where(x, 1.0, 0.0), which is constant between its jumps
    y = plain(y)
    return recorded(y, tape, (_pull_back_arrays, places, (rules, wanted, y, values, options)))


def _name_of(function):
    module = getattr(function, "__module__", "")  # the functions that work entry by entry have had one since NumPy 2.2
    return f"np.{'linalg.' if 'linalg' in module else ''}{function.__name__}"


def _check(function, rule, arguments, options):
    """Refuse what the rule for a function would not know."""
    names, most = _signature(rule)
    for option in options:
        if option not in names or option == "out":
            raise TypeError(f"{_name_of(function)}: cannot take {option}= for the variable of a derivative")
    if len(arguments) > most:
        raise TypeError(f"{_name_of(function)}: expected at most {most} arguments without a name, got {len(arguments)}")


@functools.cache
def _signature(rule):
    """The names that a rule knows, and how many arguments of the function may come without a name."""
    parameters = inspect.signature(rule).parameters
    kinds = [parameter.kind for parameter in parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return set(parameters), 99
    most = kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return set(parameters), most - 2 if next(iter(parameters)) == "g" else most


def _pull_back_arrays(g, rules, wanted, y, values, options):
    """The gradients of the arguments of a function, and of the parts of arguments that are lists."""
    g = spread_out(g, y)
    parts = {}
    for position, part in wanted:
        if position not in parts:
            parts[position] = rules[position](g, y, *values, **options)
        yield plain(parts[position] if part is None else parts[position][part])


def _pull_back_scatter(g, index, shape):
    return spread_out(g, np.broadcast_to(0.0, shape))[index]


def _flat(x):
    if isinstance(x, list | tuple):
        for part in x:
            yield from _flat(part)
    else:
        yield x


def _values(x, tape):
    """The same with the values of the tape's variables in their place."""
    if type(x) is Variable and x.tape is tape:
        return x.value
    if isinstance(x, list | tuple):
        return type(x)([_values(part, tape) for part in x])
    return x


def _kept(index):
    """An index that stays as it is, when the reader goes on to use the array for something else."""
    if isinstance(index, np.ndarray):
        return index.copy()
    if isinstance(index, tuple):
        return tuple(map(_kept, index))
    return index


# What NumPy hands over


def _array_ufunc(self, ufunc, method, *inputs, **options):
    """Whatever NumPy does entry by entry, and with the axes of matrices: ``np.sin(x)``, ``x @ y``."""
    top = max(inputs, key=level_of)  # NumPy asks only the first of several variables
    if type(top) is not Variable:
        return NotImplemented
    name = f"np.{ufunc.__name__}"
    if method != "__call__":
        raise TypeError(f"{name}.{method}: has no rule for its derivative; use np.sum, np.prod or operators instead")
    if "out" in options:
        raise TypeError(f"{name}: cannot write into an array (out=, or +=, *= ...); write y = y + x instead")
    if options:
        raise TypeError(f"{name}: cannot take {', '.join(options)}= here; use np.where to choose entries")
    if ufunc in CONSTANT:
        return ufunc(*_values(inputs, top.tape))
    if ufunc in DERIVATIVE:
        return one_input(ufunc, self)
    if ufunc in PARTIALS:
        return combine(PARTIALS[ufunc], ufunc, *inputs)
    return _whole_arrays(ufunc, inputs, options, top.tape)


def _array_function(self, function, types, arguments, options):
    """Whatever else NumPy does with arrays: ``np.sum(x)``, ``np.reshape(x, shape)``."""
    rules = PULL_BACK.get(function)
    alone = len(arguments) == 1 and arguments[0] is self and not options
    if alone and rules and rules[0] and function not in JOINS:
        return _one_array(function, rules, self)
    top = max(_flat((arguments, list(options.values()))), key=level_of)
    if type(top) is not Variable:
        return NotImplemented
    if function in COMPOSED:
        _check(function, COMPOSED[function], arguments, options)
        return COMPOSED[function](*arguments, **options)
    if function in CONSTANT:
        options = {name: _values(option, top.tape) for name, option in options.items()}
        return function(*_values(arguments, top.tape), **options)
    return _whole_arrays(function, arguments, options, top.tape)


Variable.__array_ufunc__ = _array_ufunc
Variable.__array_function__ = _array_function
Variable.__getitem__ = _entries
Variable._scatter = _scatter
