"""The checks of the labs can fail: a small lab with one fault at a time."""

import pytest

from tests.lab_files import LabError, foreign_imports, parts, run, solved, with_mistake
from tests.test_labs import TO_DO, riddles

STARTER = '''"""Double and halve."""

import numpy as np


class Number:
    """A number."""

    def __init__(self, value):
        self.value = value

    def double(self):
        raise NotImplementedError("Step 1: twice the value.")


def half(x):
    raise NotImplementedError("Step 2: divide.")


# Self-tests: nothing to change from here on.


def test_step_1():
    got = Number(3).double()
    assert got != 9, "Step 1: you squared"
    assert got == 6, f"Step 1: twice 3 is not {got}"


def test_step_2():
    assert half(np.float64(3)) == 1.5, "Step 2: half of 3"
'''
SOLUTION = '''"""The answer."""

from lab import Number


class Number:
    """A number."""

    def __init__(self, value):
        self.value = value

    def double(self):
        return times(self.value, 2)


def half(x):
    return x / 2


def times(a, b):
    return a * b
'''
SOLVED = solved(STARTER, SOLUTION, "lab")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A sound lab and broken ones, all run at once."""
    return run(
        tmp_path_factory.mktemp("labs"),
        {
            "lab": STARTER,
            "solved": SOLVED,
            "squared": with_mistake(SOLVED, "times(self.value, 2)", "self.value ** 2"),
            "riddle": STARTER.replace('raise NotImplementedError("Step 1: twice the value.")', "return None + 1"),
            "bare": SOLVED.replace(', "Step 2: half of 3"', "").replace("x / 2", "x / 3"),
            "broken": "import nowhere_to_be_found\n" + STARTER,
            "unreadable": STARTER.replace("def half(x):", "def half(x:"),
        },
    )


def test_the_starter_says_what_to_do_first(runs):
    assert [name for name, _ in runs["lab"].tests] == ["test_step_1", "test_step_2"]
    assert riddles(runs["lab"]) == [] and TO_DO.match(runs["lab"].failures[0])


def test_the_solved_file_passes(runs):
    assert runs["solved"].failures == [] and len(runs["solved"].tests) == 2
    assert SOLVED.index("def times") < SOLVED.index("# Self-tests") and "from lab import" not in SOLVED
    assert SOLVED.count("class Number") == SOLVED.count("def half") == 1


def test_a_mistake_is_named(runs):
    [message] = runs["squared"].failures
    assert message.startswith("AssertionError: Step 1: you squared") and riddles(runs["squared"]) == []


@pytest.mark.parametrize("name", ["riddle", "bare", "broken", "unreadable"])
def test_what_does_not_speak_to_a_learner_is_a_riddle(runs, name):
    assert riddles(runs[name]), runs[name]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: parts(STARTER.replace("# Self-tests", "# Tests")), "one line that begins with '# Self-tests'; got 0"),
        (lambda: parts(STARTER + "# Self-tests\n"), "got 2"),
        (lambda: solved(STARTER, SOLUTION + "\nprint(half(3))\n", "lab"), "definitions only"),
        (lambda: with_mistake(SOLVED, "x / 4", "x"), "got it 0 times"),
        (lambda: with_mistake(SOLVED, "value", "x"), "once above the self-tests"),
    ],
)
def test_a_malformed_lab_is_refused(change, words):
    with pytest.raises(LabError, match=words):
        change()


def test_a_file_that_never_ends_is_refused(tmp_path):
    endless = STARTER.replace('raise NotImplementedError("Step 2: divide.")', "while True:\n        pass")
    with pytest.raises(LabError, match="within 5 s"):
        run(tmp_path, {"lab": endless}, limit=5)


def test_imports_that_a_learner_may_not_have_are_found():
    assert foreign_imports("import math, numpy as np\nfrom mmlbook.data import x\nimport pytest") == set()
    assert foreign_imports("import sympy.abc\n\ndef f():\n    from scipy import stats\n") == {"sympy", "scipy"}
