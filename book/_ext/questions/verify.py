"""The verification of a question: its answer against an independent derivation, its mistakes against its answer
and each other, in every variant that its parameters allow."""

import ast
from dataclasses import dataclass

from .answers import read_answer
from .expressions import Unreadable, parse


@dataclass
class Claim:
    """What the author of a question claims: the answer, its derivation, and the wrong answers, as expressions."""

    kind: str
    answer: str
    derivation: str
    mistakes: list


def same_text(left, right):
    """Say whether two expressions are one and the same, white space and needless brackets aside."""
    return ast.dump(parse(left)) == ast.dump(parse(right))


def verify(claim, comparison, parameters):
    """Return the faults of `claim` as pairs: what is wrong, and where: "answer", "of", or the number of a mistake.

    Each place has its first fault only, with the values of the parameters where it occurs.
    """
    try:
        if same_text(claim.answer, claim.derivation):
            return [("the derivation repeats the answer; expected another way to it, such as diff(...)", "of")]
    except Unreadable:
        pass  # reported below, at its own line
    faults = {}
    for values in parameters.variants:
        for message, where in _faults(claim, comparison, values):
            faults.setdefault(where, with_values(message, values))
        if "answer" in faults or "of" in faults:
            break
    return [(message, where) for where, message in faults.items()]


def with_values(message, values):
    """Return `message` led by the values of the parameters for which it is so."""
    given = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"with {given}: {message}" if given else message


def _faults(claim, comparison, values):
    read = {}
    for where, source in (("answer", claim.answer), ("of", claim.derivation), *enumerate(claim.mistakes)):
        try:
            read[where] = read_answer(claim.kind, source, values)
        except Unreadable as error:
            yield str(error), where
    if "answer" not in read:
        return
    if "of" in read:
        yield from _compared(
            comparison,
            read["answer"],
            read["of"],
            "of",
            agree=True,
            message=f"the derivation gives {_plain(read['of'])}, the answer is {_plain(read['answer'])}; "
            "expected the same",
        )
    numbers = [where for where in read if isinstance(where, int)]
    for place, number in enumerate(numbers):
        yield from _compared(
            comparison,
            read["answer"],
            read[number],
            number,
            agree=False,
            message="this mistake is the answer; expected a wrong answer",
        )
        for other in numbers[:place]:
            yield from _compared(
                comparison,
                read[other],
                read[number],
                number,
                agree=False,
                message=f"this mistake is that of {claim.mistakes[other]!r}; expected another",
            )


def _compared(comparison, left, right, where, agree, message):
    """Yield a fault at `where` unless `left` and `right` agree, or differ, as `agree` says they should."""
    try:
        if comparison.agree(left, right) != agree:
            yield message, where
    except Unreadable as error:
        yield str(error), where


def _plain(value):
    """Return `value` in one short line, as an author would type it."""
    if hasattr(value, "shape"):
        return str(value.tolist())
    short = not value.is_number or (value.is_Rational and value.q < 1000)
    return str(value) if short else f"{value} = {value.evalf(8)}"
