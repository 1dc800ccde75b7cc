"""A guesser who knows no mathematics scores no better than chance on the choices of the book.

With any number of questions a sign exceeds chance by luck about as often as it falls short of it. So the bound is
chance and a standard error, computed from the questions themselves (`guesser.py` says how): one for the signs that
every test-taker knows, over all questions; two for odd signs, and for parts of the book, since there are many of them
and one in six would exceed the smaller bound by luck. Below twenty questions that tell a reader anything there is no
verdict. Whoever fails: move the right choices of some of the questions named, or change their wording, until the sign
tells nothing.
"""

import pytest

from tests.course_map import is_written, pages_of_the_course
from tests.guesser import PLAIN, STRATEGIES, Asked, as_shown, asked, learned, result, won
from tests.page_reader import read_page

ENOUGH = 20
QUESTIONS = [each for name in pages_of_the_course() if is_written(name) for each in asked(read_page(name))]
PARTS = {
    "all": QUESTIONS,
    "questions": [each for each in QUESTIONS if each.kind in ("choice", "choices")],
    "predictions": [each for each in QUESTIONS if each.kind == "predict"],
    "errors": [each for each in QUESTIONS if each.kind == "find-the-error"],
}


def verdict(name, questions, errors):
    """What an author should hear of a sign that tells too much, or nothing."""
    scored = result(questions, STRATEGIES[name])
    if scored.questions < ENOUGH or scored.luck <= errors:
        return ""
    places = "\n".join(f"  {each.page}:{each.line}: {each.name}" for each in won(questions, STRATEGIES[name]))
    most = scored.chance + errors * scored.error
    return f"{name}: {scored}; expected at most {most:.1f}. Change the place or wording of some of these:\n{places}"


def complain(found):
    if found:
        pytest.fail(found, pytrace=False)


def test_there_are_questions_with_choices():
    assert len(QUESTIONS) >= ENOUGH


@pytest.mark.parametrize("name", PLAIN)
def test_a_sign_that_everybody_knows_tells_nothing(name):
    complain(verdict(name, QUESTIONS, 1))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", STRATEGIES)
def test_no_sign_tells_anything(name, part):
    complain(verdict(name, PARTS[part], 2))


def test_a_reader_who_learns_from_other_pages_gains_nothing():
    scored = learned(QUESTIONS)
    assert scored.luck <= 2, f"the sign that does best on all other pages: {scored}"


# The checks of the check


PROMPT = "When does the tram stop?"


def question(*options, right=0, prompt="Which?"):
    shown = tuple(as_shown(option) for option in options)
    return Asked("book/m/p.md", 1, "q", "choice", prompt, shown, tuple(place == right for place in range(len(shown))))


def test_the_score_is_a_probability_and_chance_its_mean():
    wide = question("as long as it can be", "short", "brief", "also long")
    assert str(result([wide], STRATEGIES["the longest"])) == "1.0 right of 1, by chance 0.2 ± 0.4"
    pair = question("same!", "same?", "x", right=1)
    scored = result([pair], STRATEGIES["the longest"])
    assert (scored.score, round(scored.chance, 9)) == (1 / 2, round(1 / 3, 9))
    assert round(scored.error**2, 9) == round((1 / 2) ** 2 * (2 / 3) * (1 / 3), 9)
    assert result([question("aa", "bb")], STRATEGIES["the longest"]).questions == 0


def test_several_right_choices_are_scored_by_the_one_that_is_ticked():
    several = Asked(
        "book/m/p.md", 1, "q", "choices", "Which?", ("long enough", "no", "not", "so"), (True, False, True, False)
    )
    scored = result([several], STRATEGIES["the longest"])
    assert (scored.score, scored.chance, scored.error) == (1, 1 / 2, 1 / 2)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("the longest", "a much longer one", "short"),
        ("the shortest", "no", "a long one"),
        ("the most hedged", "it may usually be", "it must really be"),
        ("without absolute words", "it grows", "it always grows"),
        ("with mathematics", "it is $x$", "it is it"),
        ("without mathematics", "it is it", "it is $x$"),
        ("the first with a number", "two is 2", "two is two"),
        ("the first that gives a reason", "because", "therefrom"),
        ("the first that says no or not", "it does not", "it does"),
        ("most words of the prompt", "the tram stops", "a cat sleeps"),
    ],
)
def test_a_book_with_a_sign_is_found(name, right, wrong):
    planted = [
        question(*(right if place == number % 3 else wrong for place in range(3)), right=number % 3, prompt=PROMPT)
        for number in range(ENOUGH)
    ]
    assert verdict(name, planted, 2).startswith(
        f"{name}: 20.0 right of 20, by chance 6.7 ± 2.1; expected at most 10.9."
    )
    assert "book/m/p.md:1: q" in verdict(name, planted, 2)
    assert not verdict(name, planted[1:], 1), "too few for a verdict"


@pytest.mark.parametrize(
    ("name", "place"), [("the first", 0), ("the second", 1), ("the last but one", 1), ("the last", 2)]
)
def test_a_book_with_a_usual_place_is_found(name, place):
    planted = [question("one", "two", "six", right=place) for _ in range(ENOUGH)]
    assert verdict(name, planted, 2)
    even = [question("one", "two", "six", right=number % 3) for number in range(ENOUGH + 1)]
    assert not any(verdict(name, even, 1) for name in STRATEGIES)


def test_a_reader_who_learns_finds_a_sign_of_the_whole_book():
    planted = [
        question(*("no" if place == number % 3 else "long" for place in range(3)), right=number % 3)
        for number in range(24)
    ]
    pages = [Asked(f"book/m/{number % 4}.md", *list(vars(each).values())[1:]) for number, each in enumerate(planted)]
    assert learned(pages).luck > 2


def test_what_a_reader_sees():
    assert as_shown("**Up** by {given}`2`, {expression}`x**2` or $\\frac{1}{2}$") == "Up by 2, x2 or «12»"
    source = "::::{question} q\n:choice:\nWhat of $x$?\n\n- [x] this\n  : Yes.\n- [ ] that\n  : No.\n::::"
    [one] = asked(read_page("m/p", source))
    assert (one.kind, one.prompt, one.options, one.right) == (
        "choice",
        "What of «x» ?",
        ("this", "that"),
        (True, False),
    )
