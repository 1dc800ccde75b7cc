"""Parameters of a question: `a = 3 in 2..6; b = 5 in {1, 5, 7}; a != b`, and `<<a + 1>>` printed in its text."""

import ast
import itertools
import random
import re
from dataclasses import dataclass, field
from functools import cached_property

from .expressions import Unreadable, evaluate, identifiers, parse, table

PARAMETER = re.compile(r"(\w+)\s*=\s*(.+?)\s+in\s+(?:(-?\d+)\s*\.\.\s*(-?\d+)|\{(.*)\})")
SHOWN = re.compile(r"<<(.+?)>>")
MOST_VARIANTS = 200
MOST_VALUES = 1000


@dataclass
class Parameters:
    """The parameters of a question, as written: each name's first value and all its values, and the conditions."""

    first: dict = field(default_factory=dict)
    choices: dict = field(default_factory=dict)
    conditions: list = field(default_factory=list)
    decimal: set = field(default_factory=set)

    @cached_property
    def variants(self):
        """The sets of values to verify: the first values, then every other set, or 200 drawn with a seed."""
        if not self.first:
            return [{}]
        names = list(self.choices)
        total = 1
        for values in self.choices.values():
            total *= len(values)
        if total <= 50 * MOST_VARIANTS:
            sets = [dict(zip(names, values, strict=True)) for values in itertools.product(*self.choices.values())]
            sets = [values for values in sets if self.allowed(values) and values != self.first]
            if len(sets) > MOST_VARIANTS - 1:
                sets = random.Random(0).sample(sets, MOST_VARIANTS - 1)
        else:
            draw = random.Random(0)
            drawn = ({name: draw.choice(self.choices[name]) for name in names} for _ in range(50 * MOST_VARIANTS))
            sets = list(itertools.islice((values for values in drawn if self.allowed(values)), MOST_VARIANTS - 1))
        return [self.first, *sets]

    def allowed(self, values):
        """Say whether every condition holds for `values`."""
        return all(bool(evaluate(condition, values)) for condition in self.conditions)

    def show(self, source, values):
        """Return what `<<source>>` prints for `values`: a whole number, a decimal if it began as one, or a fraction."""
        unknown = identifiers(source) - set(values)
        if unknown:
            raise Unreadable(
                f"<<{source}>> uses {', '.join(sorted(unknown))}; the parameters are {', '.join(values) or 'none'}"
            )
        value = evaluate(source, values)
        if not getattr(value, "is_rational", False):
            raise Unreadable(f"<<{source}>> is {value}; expected a whole number, a decimal or a fraction")
        if value.is_integer:
            return str(value)
        return decimal_text(value) if self.is_decimal(source) else f"{value.p}/{value.q}"

    def is_decimal(self, source):
        """Say whether the expression `source` holds a decimal, or a parameter whose values do."""
        return "." in source or bool(identifiers(source) & self.decimal)

    def fill(self, line, values):
        """Return `line` with each `<<expression>>` printed for `values`."""
        return SHOWN.sub(lambda match: self.show(match.group(1), values), line)


def decimal_text(value):
    """Return a rational number as a decimal: exactly if it ends within twelve places, else to twelve."""
    return f"{float(value):.12f}".rstrip("0").rstrip(".")


def read_parameters(source):
    """Return the `Parameters` that the option `source` declares; raise `Unreadable` if it is malformed."""
    found = Parameters()
    for part in filter(None, map(str.strip, source.split(";"))):
        match = PARAMETER.fullmatch(part)
        if match:
            _declare(found, part, *match.groups())
        elif re.search(r"[<>]|!=|==", part) and " in " not in part:
            if not isinstance(parse(part), ast.Compare):
                raise Unreadable(f"expected a condition such as a != b; got {part!r}")
            found.conditions.append(part)
        else:
            raise Unreadable(f"expected name = value in 2..6 or name = value in {{1, 5, 7}}; got {part!r}")
    if not found.first:
        raise Unreadable("expected at least one parameter, such as a = 3 in 2..6")
    for condition in found.conditions:
        unknown = identifiers(condition) - set(found.first)
        if unknown:
            raise Unreadable(f"the condition {condition!r} uses {', '.join(sorted(unknown))}, which is no parameter")
    if not found.allowed(found.first):
        raise Unreadable("the first values do not meet the conditions")
    return found


def _declare(found, part, name, value, low, high, listed):
    if name in table() or not name.isidentifier():
        raise Unreadable(f"{name!r} cannot be a parameter: it is the name of a function, a constant or no name at all")
    if name in found.first:
        raise Unreadable(f"the parameter {name!r} is declared twice")
    if low and int(high) - int(low) >= MOST_VALUES:
        raise Unreadable(f"expected at most {MOST_VALUES} values in {part!r}")
    values = evaluate(f"[{', '.join(map(str, range(int(low), int(high) + 1))) if low else listed}]")
    first = evaluate(value)
    if len(set(values)) != len(values) or len(values) < 2:
        raise Unreadable(f"expected at least two different values in {part!r}")
    if not all(getattr(each, "is_rational", False) for each in [first, *values]):
        raise Unreadable(f"expected numbers such as 3, -2, 0.5 or 1/3 in {part!r}")
    if first not in values:
        raise Unreadable(f"the first value {value} is not among the values of {part!r}")
    found.first[name], found.choices[name] = first, values
    if "." in value or "." in (listed or ""):
        found.decimal.add(name)
