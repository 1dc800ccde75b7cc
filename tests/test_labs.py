"""Labs: the starter says what to do first, the solution passes, and each usual mistake is named.

The files lie beside the lab's page; `lab_mistakes.py` holds the mistakes. Every run is one of `python -m pytest FILE`
in an empty folder, with nothing but mmlbook beside it.
"""

import functools
import re

import pytest

from tests.lab_files import BOOK, WIDTH, LabError, foreign_imports, run, solved, with_mistake
from tests.lab_mistakes import MISTAKES
from tests.page_reader import read_page

LABS = list(MISTAKES)
LEAST = 6
SECONDS = 5
# A failure that speaks to the learner: an assertion with words, or a step that is not done yet.
SPEAKS = re.compile(r"(AssertionError|NotImplementedError|Failed): (?!assert )\w")
TO_DO = re.compile(r"NotImplementedError: Step \d+: \w")


def source(lab, ending=""):
    path = BOOK / f"{lab}{ending}.py"
    if not path.exists():
        pytest.fail(f"book/{lab}{ending}.py: expected this file of the lab; it is not written yet", pytrace=False)
    return path.read_text(encoding="utf-8")


def name_of(lab):
    return lab.rsplit("/", 1)[-1]


@functools.cache
def solved_file(lab):
    try:
        return solved(source(lab), source(lab, "_solution"), name_of(lab))
    except (LabError, SyntaxError) as error:
        pytest.fail(f"book/{lab}_solution.py: {error}", pytrace=False)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A function that gives the runs of all mistakes of a lab, by what the learner did; one that cannot be planted
    has its reason in place of a run.
    """

    @functools.cache
    def runs(lab):
        files, failed = {}, {}
        for number, (did, old, new, _) in enumerate(MISTAKES[lab]):
            try:
                files[f"mistake_{number}"] = with_mistake(solved_file(lab), old, new)
            except LabError as error:
                failed[did] = str(error)
        ran = run(tmp_path_factory.mktemp(name_of(lab)), files)
        return failed | {MISTAKES[lab][int(name.rsplit("_", 1)[1])][0]: each for name, each in ran.items()}

    return runs


def riddles(ran):
    """The failures that tell a learner nothing."""
    return [f"{test}: {message.splitlines()[0]}" for test, message in ran.tests
            if message is not None and not SPEAKS.match(message)]  # fmt: skip


@pytest.mark.parametrize("lab", LABS)
def test_the_untouched_starter_says_what_to_do_first(lab, tmp_path):
    ran = run(tmp_path, {name_of(lab): source(lab)})[name_of(lab)]
    assert ran.failures, f"book/{lab}.py: expected self-tests that fail before anything is done"
    assert riddles(ran) == [], "expected `assert condition, message` or NotImplementedError('Step 1: ...')"
    assert ran.tests[0][1] and "Step 1" in ran.tests[0][1], f"expected the first test to ask for step 1: {ran.tests[0]}"
    assert TO_DO.match(ran.failures[0]), f"expected `NotImplementedError: Step 1: ...` first; got {ran.failures[0]!r}"


@pytest.mark.parametrize("lab", LABS)
def test_the_solution_passes_within_seconds(lab, tmp_path):
    ran = run(tmp_path, {name_of(lab): solved_file(lab)})[name_of(lab)]
    assert ran.tests and ran.failures == []
    assert ran.seconds < SECONDS, f"book/{lab}.py: expected self-tests of at most {SECONDS} s; got {ran.seconds:.1f} s"


@pytest.mark.parametrize("lab", LABS)
def test_the_files_need_no_more_than_a_learner_has(lab):
    for ending in ("", "_solution"):
        text = source(lab, ending)
        assert foreign_imports(text) - {name_of(lab)} == set()
        wide = [number for number, line in enumerate(text.splitlines(), start=1) if len(line) > WIDTH]
        assert wide == [], f"book/{lab}{ending}.py: expected at most {WIDTH} columns, for the page"


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_has_enough_planted_mistakes(lab):
    names = [did for did, *_ in MISTAKES[lab]]
    assert len(names) >= LEAST, f"tests/lab_mistakes.py: expected at least {LEAST} mistakes for {lab}"
    assert len(names) == len(set(names)), f"tests/lab_mistakes.py: expected a name of its own for each mistake of {lab}"


@pytest.mark.parametrize(("lab", "row"), [(lab, row) for lab in LABS for row in MISTAKES[lab]],
                         ids=lambda part: part if isinstance(part, str) else part[0].replace(" ", "-"))  # fmt: skip
def test_a_mistake_gets_the_message_that_names_it(lab, row, planted):
    did, _, _, words = row
    ran = planted(lab)[did]
    assert not isinstance(ran, str), f"tests/lab_mistakes.py: {did!r} of {lab}: {ran}"
    assert ran.failures, f"{did!r} of {lab}: expected a failing self-test; all pass"
    assert riddles(ran) == [], f"{did!r} of {lab}: expected messages, not riddles"
    assert words in ran.failures[0], (
        f"{did!r} of {lab}: expected {words!r} in the first message; got {ran.failures[0]!r}"
    )


@pytest.mark.parametrize("lab", LABS)
def test_the_page_offers_the_starter_and_hides_the_solution(lab):
    folder, name = lab.split("/")
    if not (BOOK / folder / "lab.md").exists():
        pytest.fail(f"book/{folder}/lab.md: expected the page of the lab; it is not written yet", pytrace=False)
    page = read_page(f"{folder}/lab")
    assert f"{{download}}`{name}.py" in page_text(page) or f"<{name}.py>`" in page_text(page)
    shown = {block.argument for block in page.blocks if block.kind == "literalinclude"}
    assert f"{name}.py" in shown and f"{name}_solution.py" not in shown
    hidden = [
        inner.argument for block in page.all("reveal") for inner in block.walk() if inner.kind == "literalinclude"
    ]
    assert f"{name}_solution.py" in hidden, f"{page.file}: expected the solution in a {{reveal}}, by literalinclude"


def page_text(page):
    return "\n".join(block.text for block in page.walk())


def test_pytest_of_the_project_collects_no_lab(pytestconfig):
    folders = [BOOK.parent / path for path in pytestconfig.getini("testpaths")]
    assert folders and not [lab for lab in LABS for folder in folders if (BOOK / f"{lab}.py").is_relative_to(folder)]
