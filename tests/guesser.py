"""Readers who know no mathematics, and what they score on the choices of the book.

A reader looks at the choices of a question and gives each a mark by some outward sign: its length, its place, its
wording. They tick one of those with the highest mark. Their score is the probability that it is right: where several
share the highest mark, the share of right ones among them. Chance is the share of right ones among all choices: one in
k where one is right. So a question with several right choices is scored in the same way, by the one that is ticked.

If the right choices were placed regardless of the sign, the score would have chance for its mean, and the variance

    p (1 - p) / t * (k - t) / (k - 1)

for k choices, a share p of them right, and t of them with the highest mark (drawing t out of k without returning
them). A question whose choices all share the highest mark adds nothing to the variance: it tells this reader nothing.
"""

import math
import re
from dataclasses import dataclass

from tests.page_reader import choices, question_kind

HEDGES = set("may might can could usually often mostly about nearly almost roughly some sometimes most many tends "
             "likely perhaps probably generally partly seems depends enough".split())  # fmt: skip
ABSOLUTES = set("never always only all every none no nothing everywhere nowhere must cannot impossible exactly "
                "completely any both entirely".split())  # fmt: skip
SMALL = set("a an the of to in is it at on and or as by for that this its be are one with from".split())


@dataclass(frozen=True)
class Asked:
    """A question as a guesser sees it: where it stands, its prompt and choices as shown, and which are right."""

    page: str
    line: int
    name: str
    kind: str
    prompt: str
    options: tuple
    right: tuple


def asked(page):
    """Return the questions, predictions and errors to find of a page that have choices."""
    found = []
    for block in page.all("question", "predict", "find-the-error"):
        if options := choices(block):
            prompt = " ".join(text for number, text in block.lines if number < options[0].line)
            kind = question_kind(block) if block.kind == "question" else block.kind
            shown = tuple(as_shown(option.text) for option in options)
            right = tuple(option.right for option in options)
            found.append(Asked(page.file, block.line, block.argument, kind, as_shown(prompt), shown, right))
    return found


def as_shown(source):
    """The text about as wide as the page shows it: no markup; a command of mathematics counts as one sign."""
    text = re.sub(r"\{[\w:-]+\}`([^`<]*)(?:<[^>`]*>)?`", r"\1", source)
    text = re.sub(r"\$([^$]*)\$", lambda math: " «" + _narrow(math[1]) + "» ", text)
    return " ".join(re.sub(r"\*\*|\*|`", "", text).split())


def _narrow(latex):
    latex = re.sub(r"\\(?:frac|tfrac|left|right|mathrm|mathbf|vect|text|,|;|quad)", "", latex)
    return re.sub(r"[{}^_&\s]", "", re.sub(r"\\[A-Za-z]+|\\\\", "∘", latex))


def words(text):
    """The words of a text in lower case."""
    return re.findall(r"[a-z']+", text.lower())


def _length(text):
    return len(text.replace("«", "").replace("»", ""))


def _share(text, others):
    """The share of the words of `text` that the others have too, small ones aside."""
    own = set(words(text)) - SMALL
    return len(own & {word for other in others for word in words(other)}) / len(own) if own else 0


def _each(mark):
    return lambda asked: [mark(option) for option in asked.options]


def _against_others(mark):
    return lambda asked: [
        mark(option, asked.options[:place] + asked.options[place + 1 :]) for place, option in enumerate(asked.options)
    ]


def _near_the_median(lengths):
    return [-abs(length - sorted(lengths)[len(lengths) // 2]) for length in lengths]


def _first(feature):
    """The first choice with the feature, and none of them where no choice has it."""

    def marks(asked):
        having = [bool(feature(option)) for option in asked.options]
        return [place == having.index(True) for place in range(len(having))] if any(having) else [0] * len(having)

    return marks


def _opposite(strategy):
    return lambda asked: [-mark for mark in strategy(asked)]


def _place(place):
    """A fixed place, counted from the front or, if negative, from the end."""
    return lambda asked: [index in (place, place + len(asked.options)) for index in range(len(asked.options))]


MATHEMATICS = _each(lambda text: "«" in text)
HEDGED = _each(lambda text: sum(word in HEDGES for word in words(text)))
ABSOLUTE = _each(lambda text: sum(word in ABSOLUTES for word in words(text)))
ALIKE = _against_others(_share)

# The signs that every test-taker knows: length, place, caution.
PLAIN = {
    "the longest": _each(_length),
    "the shortest": _opposite(_each(_length)),
    "the first": _place(0),
    "the second": _place(1),
    "the third": _place(2),
    "the fourth": _place(3),
    "the last": _place(-1),
    "the last but one": _place(-2),
    "neither first nor last": lambda asked: [0 < place < len(asked.options) - 1 for place in range(len(asked.options))],
    "any but the first": _opposite(_place(0)),
    "any but the last": _opposite(_place(-1)),
    "the most hedged": HEDGED,
    "without absolute words": _opposite(ABSOLUTE),
}  # fmt: skip
# Signs that somebody might hit upon.
ODD = {
    "of middle length": lambda asked: _near_the_median([_length(option) for option in asked.options]),
    "the least hedged": _opposite(HEDGED),
    "with absolute words": ABSOLUTE,
    "with mathematics": MATHEMATICS,
    "without mathematics": _opposite(MATHEMATICS),
    "most like the others": ALIKE,
    "least like the others": _opposite(ALIKE),
    "most words of the prompt": lambda asked: [_share(option, [asked.prompt]) for option in asked.options],
    "fewest words of the prompt": lambda asked: [-_share(option, [asked.prompt]) for option in asked.options],
    "the first with a number": _first(re.compile(r"\d").search),
    "the first with a comma or colon": _first(re.compile(r"[,;:]").search),
    "the first that says no or not": _first(
        re.compile(r"\b(no|not|neither|nothing|cannot)\b|n't\b", re.IGNORECASE).search
    ),
    "the first that begins with no": _first(re.compile(r"No\b").match),
    "the first that gives a reason": _first(re.compile(r"\b(because|so|since|therefore)\b|:").search),
    "the first in brackets": _first(re.compile(r"\(").search),
}
STRATEGIES = PLAIN | ODD


@dataclass(frozen=True)
class Result:
    """What one reader scored: over how many questions that told them anything, and by chance."""

    questions: int
    score: float
    chance: float
    error: float

    @property
    def luck(self):
        """By how many standard errors the score exceeds chance."""
        return (self.score - self.chance) / self.error if self.error else 0

    def __str__(self):
        return f"{self.score:.1f} right of {self.questions}, by chance {self.chance:.1f} ± {self.error:.1f}"


def result(questions, strategy):
    """Let a reader answer all questions; those that tell them nothing are left out."""
    count = score = chance = variance = 0
    for each in questions:
        marks = strategy(each)
        best = [right for right, mark in zip(each.right, marks, strict=True) if mark == max(marks)]
        size, share = len(marks), sum(each.right) / len(marks)
        if len(best) < size:
            count += 1
            score += sum(best) / len(best)
            chance += share
            variance += share * (1 - share) / len(best) * (size - len(best)) / (size - 1)
    return Result(count, score, chance, math.sqrt(variance))


def add(results):
    """One result of several."""
    results = list(results)
    return Result(
        sum(each.questions for each in results),
        sum(each.score for each in results),
        sum(each.chance for each in results),
        math.hypot(*(each.error for each in results)),
    )


def learned(questions):
    """Let a reader answer each page by the sign that did best on all other pages."""
    pages = list(dict.fromkeys(each.page for each in questions))
    scored = {
        page: [result([each for each in questions if each.page == page], strategy) for strategy in STRATEGIES.values()]
        for page in pages
    }
    results = []
    for page in pages:
        elsewhere = [add(column) for column in zip(*(scored[other] for other in pages if other != page), strict=True)]
        best = max(range(len(elsewhere)), key=lambda place: elsewhere[place].luck)
        results.append(scored[page][best])
    return add(results)


def won(questions, strategy):
    """The questions on which the reader does better than chance, for a message."""
    return [each for each in questions if (alone := result([each], strategy)).score > alone.chance]


if __name__ == "__main__":
    import sys

    from tests.page_reader import read_page

    every = [question for name in sys.argv[1:] for question in asked(read_page(name))]
    for question in every:
        marks = "".join("x" if right else "." for right in question.right)
        print(f"{question.page}:{question.line}: {question.name} ({question.kind}) {marks}")
    for name, strategy in STRATEGIES.items():
        scored = result(every, strategy)
        print(f"{name:32}{scored}{'   MORE' if scored.luck > 1 else ''}")
