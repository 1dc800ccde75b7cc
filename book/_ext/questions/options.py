"""The options of a question: one for its kind, the others as that kind allows."""

import re
from dataclasses import dataclass, field

from text.directive_lines import option_line, option_lines
from text.faults import report_in

from .answers import VALUE_KINDS, Comparison
from .expressions import Unreadable, evaluate, identifiers, table
from .parameters import Parameters, read_parameters

FLAGS = ("choice", "choices", "match", "order")
KINDS = (*FLAGS, *VALUE_KINDS, "point", "code")
OPTIONS = {
    "number": {"of", "tolerance", "unit", "parameters"},
    "formula": {"of", "unit", "domain", "parameters"},
    "vector": {"of", "tolerance", "unit", "domain", "parameters"},
    "matrix": {"of", "tolerance", "unit", "domain", "parameters"},
    "point": {"figure", "tolerance"},
    "choice": {"of", "domain", "parameters"},
    "choices": {"of", "domain", "parameters"},
    "match": set(),
    "order": set(),
    "code": set(),
}
NEEDED = {"point": {"figure", "tolerance"}} | {kind: {"of"} for kind in VALUE_KINDS}
RANGE = re.compile(r"(\w+)\s+in\s+(.+?)\s*\.\.\s*(.+)")


@dataclass
class Settings:
    """What the options of a question say. `answer` and `derivation` are expressions as written."""

    kind: str
    answer: str
    derivation: str = ""
    unit: str = ""
    figure: str = ""
    point: tuple = ()
    comparison: Comparison = field(default_factory=Comparison)
    parameters: Parameters = field(default_factory=Parameters)
    options: dict = field(default_factory=dict)

    def names_used(self):
        """Return the names that occur in the answer and its derivation."""
        sources = [self.derivation, self.answer if self.kind in VALUE_KINDS else ""]
        return set().union(*(identifiers(source) for source in sources if source))

    def data(self):
        """Return what a browser module will need of the options, as plain strings."""
        return {
            "kind": self.kind,
            "answer": self.answer,
            **{key: self.options[key] for key in sorted(self.options) if key != self.kind},
        }


def read_options(directive):
    """Return the `Settings` of a question; report each fault at its line and return None if there is any."""
    options = {key: (value or "").strip() for key, value in directive.options.items()}
    kinds = [kind for kind in KINDS if kind in options]
    if len(kinds) != 1:
        expected = ", ".join(f":{kind}:" for kind in KINDS)
        report_in(directive, f"expected one option for the kind, of {expected}; got {', '.join(kinds) or 'none'}")
        return None
    kind, faults = kinds[0], []
    settings = Settings(kind, options[kind], options=options)
    if kind in FLAGS and options[kind]:
        faults.append((f"expected nothing after :{kind}:; got {options[kind]!r}", kind))
    elif kind not in FLAGS and not options[kind]:
        faults.append((f"expected the answer after :{kind}:", kind))
    for option in sorted(set(options) - {kind} - OPTIONS[kind]):
        allowed = ", ".join(f":{name}:" for name in sorted(OPTIONS[kind])) or "no other"
        faults.append((f"the option :{option}: has no meaning for :{kind}:; expected {allowed}", option))
    for option in sorted(NEEDED.get(kind, set()) - set(options)):
        faults.append((f"expected the option :{option}: in a question of kind :{kind}:", kind))
    for option, value in options.items():
        if option in OPTIONS[kind] and not value:
            faults.append((f"expected a value after :{option}:", option))
    given = [name for name, _ in option_lines(directive)]
    faults += [(f"the option :{name}: is given twice", name) for name in sorted(set(given)) if given.count(name) > 1]
    usable = {key: value for key, value in options.items() if value and key in OPTIONS[kind] | {kind}}
    faults += _read_values(settings, usable)
    for message, option in faults:
        report_in(directive, message, option_line(directive, option))
    return None if faults else settings


def _read_values(settings, options):
    """Put the values of `options` into `settings`; return the faults as (message, option)."""
    faults = []
    settings.derivation, settings.unit = options.get("of", ""), options.get("unit", "")
    settings.figure = options.get("figure", "")
    readers = {
        "tolerance": _read_tolerance,
        "domain": _read_domain,
        "parameters": _read_parameters,
        "point": _read_point,
        "code": _read_function,
    }
    for option, reader in readers.items():
        if option in options:
            try:
                reader(settings, options[option])
            except Unreadable as error:
                faults.append((str(error), option))
    for option in [option for option in (*VALUE_KINDS, "of") if option in options]:
        try:
            identifiers(options[option])
        except Unreadable as error:
            faults.append((str(error), option))
    if not faults:
        foreign = set(settings.comparison.domain) - (settings.names_used() - set(settings.parameters.first))
        faults += [(f"the domain of {name}, which is no letter of the answer", "domain") for name in sorted(foreign)]
    return faults


def _read_tolerance(settings, source):
    value = evaluate(source)
    if not getattr(value, "is_rational", False) or value <= 0:
        raise Unreadable(f"expected a tolerance above zero, such as 0.03; got {source!r}")
    settings.comparison.tolerance = value


def _read_domain(settings, source):
    for part in filter(None, map(str.strip, source.split(";"))):
        match = RANGE.fullmatch(part)
        low, high = map(evaluate, match.group(2, 3)) if match else (None, None)
        if (
            not match
            or match.group(1) in table()
            or not all(getattr(end, "is_rational", False) for end in (low, high))
            or low >= high
        ):
            raise Unreadable(f"expected a letter and its range, as in x in 0..5; got {part!r}")
        settings.comparison.domain[match.group(1)] = (low, high)


def _read_parameters(settings, source):
    settings.parameters = read_parameters(source)


def _read_point(settings, source):
    value = evaluate(source)
    if (
        not isinstance(value, tuple)
        or len(value) != 2
        or not all(getattr(each, "is_rational", False) for each in value)
    ):
        raise Unreadable(f"expected a point such as (2, 0.5); got {source!r}")
    settings.point = tuple(part.strip() for part in source.strip().strip("()").split(","))


def _read_function(settings, source):
    if not source.isidentifier():
        raise Unreadable(f"expected the name of a function; got {source!r}")
