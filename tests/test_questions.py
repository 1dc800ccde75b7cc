"""Questions: how each kind reads without scripts, what is verified, and what is refused, with its line."""

import pickle

import pytest
from docutils import nodes
from small_book import build, line_with

from devices.nodes import device
from questions.answers import Comparison, read_answer, shown
from questions.directives import questions

PAGE = """# Page

::::{question} skin-of-a-ball
:formula: 4*pi*r**2
:of: diff(Rational(4, 3)*pi*r**3, r)
What is the rate, for any $r$?

:::{mistake} 4/3*pi*r**2
The 3 did not come down.
:::
:::{mistake} 100*pi
That is its value at $r = 5$.
:::
:::{hint}
It is an area.
:::
:::{hint}
Of a ball.
:::
:::{solution}
The rate is {answer}`value`.
:::
::::

::::{question} doubling
:number: 0.34
:of: log(2)/log(Rational(107, 100)) - 100*log(2)/7
:tolerance: 0.03
:unit: years
By how much?

:::{mistake} -0.34
The other way round.
:::
:::{solution}
By {answer}`value`.
:::
::::

::::{question} third
:number: 2/6
:of: integrate(x**2, (x, 0, 1))
How large?

:::{solution}
It is {answer}`value`.
:::
::::

::::{question} growth
:formula: exp(x)*log(x)
:of: subs(y*log(x), y, exp(x))
:domain: x in 1..3
How large?

:::{solution}
It is {answer}`value`.
:::
::::

::::{question} uphill
:vector: [2*x, 6*y]
:of: gradient(x**2 + 3*y**2, [x, y])
:unit: m/km
Which arrow?

:::{mistake} [x, y]
Bring the powers down.
:::
:::{solution}
It is {answer}`value`.
:::
::::

::::{question} row
:matrix: [[2*x, 6*y]]
:of: jacobian([x**2 + 3*y**2], [x, y])
Which row?

:::{mistake} [[2*x], [6*y]]
A column.
:::
:::{solution}
It is {answer}`value`.
:::
::::

::::{question} slope-of-a-line
:number: a*b
:of: subs(diff(a*b*x + 1, x), x, 7)
:parameters: a = 3 in 2..6; b = 0.5 in {0.5, 1.5}; h = 2 in {1, 2}; a != 4
How steep is $<<a>> \\cdot <<b>>x$, with <<a + h>> and <<a/2>>?

:::{mistake} a - b
A product, not {expression}`a - b`.
:::
:::{solution}
It is {answer}`value`.
:::
::::

::::{question} derivatives
:match:
Which belong together?

- $x^2$ => $2x$
- $x^3$ =>
  $3x^2$
- sine => cosine

:::{solution}
By the power rule.
:::
::::

::::{question} recipe
:order:
Put in order.

1. Name the function
   and the point.
2. Take a step.
3. Divide.
4. Let it shrink.

:::{solution}
Step first.
:::
::::

::::{question} write-it
:code: slope
Write it.

:::{tests}
```python
assert np.isclose(slope(lambda x: x**2, 0, 3), 3), "rise over run"
```
:::
:::{solution}
```python
def slope(f, a, *, b):
    return slope_between(f, a, b)


def slope(f, a, b):
    return (f(b) - f(a)) / (b - a)
```
:::
::::

::::{question} several
:choices:
Which are even?

- [x] $x^2$
  : Yes.
- [x] cosine
  : Yes.
- [ ] sine
  : Odd.
::::

::::{question} proved
:choice:
:of: diff(x**3, x)
Which is the derivative?

- [ ] {expression}`x**2`
  : The 3 comes down.
- [x] {expression}`3*x**2`
  : Yes.
::::

(spot)=
## A place

::::{question} where
:point: (2, 0.5)
:figure: spot
:tolerance: 0.1
Where is it steepest?

:::{solution}
At {answer}`value`.
:::
::::
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = build(tmp_path_factory.mktemp("questions"), {"page": PAGE})
    assert made.faults == []
    return made


@pytest.fixture(scope="module")
def page(book):
    return book.soup("page")


@pytest.mark.parametrize(
    "name, answer",
    [
        ("skin-of-a-ball", r"\(4 \pi r^{2}\)"),
        ("doubling", "0.34\N{NO-BREAK SPACE}years"),
        ("third", r"\(\frac{1}{3}\)"),
        ("growth", r"\(\mathrm{e}^{x} \ln{\left(x \right)}\)"),
        ("uphill", "\\(\\begin{pmatrix} 2 x \\\\ 6 y \\end{pmatrix}\\)\N{NO-BREAK SPACE}m/km"),
        ("row", r"\(\begin{pmatrix} 2 x & 6 y \end{pmatrix}\)"),
        ("slope-of-a-line", "1.5"),
        ("where", "(2, 0.5)"),
    ],
)
def test_the_solution_prints_the_answer_with_its_unit(page, name, answer):
    assert page.select_one(f"#question-{name} .solution .answer-value").get_text() == answer


def test_a_question_is_read_in_order_prompt_hints_feedback_solution(page):
    question = page.select_one("#question-skin-of-a-ball")
    assert question["role"] == "group" and page.find(id=question["aria-labelledby"]).get_text() == "Question 1"
    parts = [" ".join([child.name, *child["class"]]) for child in question.find_all(True, recursive=False)]
    assert parts == ["p device-title", "div question-prompt", "details hint", "details hint", "details feedback",
                     "details solution"]  # fmt: skip
    titles = [summary.get_text() for summary in question.find_all("summary")]
    assert titles == ["Hint 1 of 2", "Hint 2 of 2", "Other answers, and why", "Solution"]
    assert [item.get_text() for item in question.select(".feedback li")] == [
        r"\(\frac{4 \pi r^{2}}{3}\): The 3 did not come down.", r"\(100 \pi\): That is its value at \(r = 5\)."
    ]  # fmt: skip


def test_no_id_occurs_twice_and_no_answer_hides_in_an_attribute(page):
    identifiers = [element["id"] for element in page.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))
    inside = [element for question in page.select(".question") for element in question.find_all(True)]
    assert {name for element in inside for name in element.attrs} <= {"class", "id", "href"}


def test_a_unit_stands_beside_the_place_of_the_answer(page):
    assert page.select_one("#question-doubling > .answer-unit").get_text() == "Answer in years."
    assert (
        page.select_one("#question-doubling .feedback li").get_text().startswith("\N{MINUS SIGN}0.34\N{NO-BREAK SPACE}")
    )


def test_parameters_print_their_first_values(page):
    prompt = page.select_one("#question-slope-of-a-line .question-prompt").get_text()
    assert prompt.strip() == r"How steep is \(3 \cdot 0.5x\), with 5 and 3/2?"
    assert page.select_one("#question-slope-of-a-line .feedback").get_text().strip().endswith("not 2.5.")


def test_steps_and_pairs_come_shuffled_and_the_solution_names_the_right_arrangement(page):
    steps = [item.get_text() for item in page.select("#question-recipe ol.upperalpha > li")]
    right = ["Name the function and the point.", "Take a step.", "Divide.", "Let it shrink."]
    assert sorted(steps) == sorted(right) and steps != right
    key = page.select_one("#question-recipe .solution p").get_text()
    assert [steps["ABCD".index(letter)] for letter in key.removeprefix("In order: ").strip(".").split(", ")] == right

    left = [item.get_text() for item in page.select("#question-derivatives ol.arabic > li")]
    shown = [item.get_text() for item in page.select("#question-derivatives ol.upperalpha > li")]
    key = page.select_one("#question-derivatives .solution p").get_text().removeprefix("Pairs: ").strip(".").split(", ")
    pairs = {left[int(pair[0]) - 1]: shown["ABC".index(pair[-1])] for pair in key}
    assert pairs == {r"\(x^2\)": r"\(2x\)", r"\(x^3\)": r"\(3x^2\)", "sine": "cosine"}
    assert shown != list(pairs.values())


def test_a_question_of_code_shows_where_to_begin_and_its_tests(page):
    question = page.select_one("#question-write-it")
    assert question.find("pre").get_text().strip() == "def slope(f, a, b):\n    ..."
    assert "rise over run" in question.select_one("details.tests").get_text()


def test_the_doctree_keeps_what_a_browser_module_will_ask_for(book):
    doctree = book.env.get_doctree("page")
    data = {node["device"]["name"]: node["device"] for node in doctree.findall(device) if "device" in node}
    assert data["skin-of-a-ball"] == {
        "kind": "formula", "answer": "4*pi*r**2", "of": "diff(Rational(4, 3)*pi*r**3, r)", "name": "skin-of-a-ball",
        "choices": [], "hints": 2, "mistakes": ["4/3*pi*r**2", "100*pi"],
    }  # fmt: skip
    assert data["doubling"]["tolerance"] == "0.03" and data["doubling"]["unit"] == "years"
    assert [choice["right"] for choice in data["several"]["choices"]] == [True, True, False]
    assert [node["untrue"] for node in doctree.findall(nodes.paragraph) if "untrue" in node] == [True] * 4


def test_the_environment_lists_the_questions_of_each_page(book):
    listed = questions(book.env)
    assert list(listed) == ["page"]
    kinds = "formula number number formula vector matrix number match order code choices choice point".split()
    assert [each["kind"] for each in listed["page"]] == kinds
    by_name = {each["name"]: each for each in listed["page"]}
    assert by_name["slope-of-a-line"]["variants"] == 4 * 2 * 2
    assert by_name["skin-of-a-ball"]["line"] == 3 and by_name["skin-of-a-ball"]["hints"] == 2
    assert (by_name["several"]["verified"], by_name["proved"]["verified"]) == (False, True)
    assert pickle.loads(pickle.dumps(listed)) == listed


def test_pages_read_in_parallel_keep_their_questions(tmp_path):
    pages = {f"page-{number}": PAGE.replace("spot", f"spot-{number}") for number in range(6)}
    made = build(tmp_path, pages, "dummy", parallel=2)
    assert made.faults == []
    assert {name: len(found) for name, found in questions(made.env).items()} == {name: 13 for name in pages}
    (tmp_path / "source" / "page-3.md").write_text("# No question any more\n")
    del pages["page-3"]
    made = build(tmp_path, {**pages, "page-3": "# No question any more\n"}, "dummy")
    assert set(questions(made.env)) == set(pages)


@pytest.mark.parametrize("builder, suffix", [("text", ".txt"), ("latex", None), ("epub", ".xhtml")])
def test_other_builders_show_the_question_in_order(tmp_path, builder, suffix):
    made = build(tmp_path, {"page": PAGE}, builder)
    text = next((tmp_path / "out").glob("*.tex")).read_text() if suffix is None else made.text("page", suffix)
    places = [
        text.index(part) for part in ("What is the rate", "It is an area", "Of a ball", "not come down", "The rate is")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("kind", "answer", "derivation"),
    [
        ("vector", "[1, 3]", "eigenvalues([[2, 1], [1, 2]])"),
        ("vector", "[2, 2]", "eigenvalues(2*eye(2))"),
        ("vector", "[(3 - sqrt(5))/2, (3 + sqrt(5))/2]", "eigenvalues([[1, 1], [1, 2]])"),
        ("number", "5", "norm([3, 4])"),
        ("number", "-2", "det([[1, 2], [3, 4]])"),
        ("number", "5", "trace([[1, 2], [3, 4]])"),
        ("number", "11", "dot([1, 2], [3, 4])"),
        ("matrix", "[[-2, 1], [3/2, -1/2]]", "inverse([[1, 2], [3, 4]])"),
        ("matrix", "[[2*y, 2*x], [2*x, 0]]", "hessian(x**2*y, [x, y])"),
        ("matrix", "[[y, x], [1, -1]]", "jacobian([x*y, x - y], [x, y])"),
        ("matrix", "[[y, x]]", "jacobian(x*y, [x, y])"),
        ("matrix", "[[x*u, y*u], [x*v, y*v]]", "gradient(dot([u, v], [[a, b], [c, d]]*[x, y]), [[a, b], [c, d]])"),
    ],
)  # fmt: skip
def test_expressions_of_vectors_and_matrices(kind, answer, derivation):
    assert Comparison().agree(read_answer(kind, answer), read_answer(kind, derivation))


def test_eigenvalues_of_letters_or_of_a_turn_are_refused():
    for matrix, words in (("[[a, 1], [1, 2]]", "wants numbers"), ("[[0, 1], [-1, 0]]", "not real")):
        with pytest.raises(ValueError, match=words):
            read_answer("vector", f"eigenvalues({matrix})")


def test_matrices_are_printed_as_pages_write_them():
    assert shown(read_answer("matrix", "[[1/2, x], [0, -1]]"), decimal=False) == (
        "math", r"\begin{pmatrix} \frac{1}{2} & x \\[.6ex] 0 & -1 \end{pmatrix}",
    )  # fmt: skip


SOLVED = ":::{solution}\nIt is {answer}`value`.\n:::\n"
TOLD = ":::{solution}\nSo it is.\n:::\n"
CHOICES = "- [x] one\n  : yes\n- [ ] two\n  : no\n"


def number(options, body="How many?\n\n", end=SOLVED):
    return f"::::{{question}} a\n{options}\n{body}{end}::::"


def mistaken(mistakes, options=":number: 3\n:of: 1 + 2"):
    blocks = "".join(f":::{{mistake}} {each}\nNo.\n:::\n" for each in mistakes)
    return number(options, "How many?\n\n" + blocks)


def code(tests, solution, name="f"):
    return (f"::::{{question}} a\n:code: {name}\nWrite it.\n\n:::{{tests}}\n```python\n{tests}\n```\n:::\n"
            f":::{{solution}}\n```python\n{solution}\n```\n:::\n::::")  # fmt: skip


RIGHT = "def f(x):\n    return 2 * x"

# name: source, a part of the line that is named, words of the message
REFUSED = {
    "no name": ("::::{question}\n:choice:\nWhich?\n\n" + CHOICES + "::::", "{question}", "expected a name"),
    "name with capitals": ("::::{question} Big\n:choice:\nWhich?\n\n" + CHOICES + "::::", "{question}", "'Big'"),
    "name taken": (
        ":::{predict} a\nWhat?\n:::\n\n::::{question} a\n:choice:\nWhich?\n\n" + CHOICES + "::::",
        "{question}",
        "taken by the device in line 1",
    ),
    "no kind": ("::::{question} a\nWhich?\n\n" + CHOICES + "::::", "{question}", "expected one option for the kind"),
    "two kinds": ("::::{question} a\n:choice:\n:order:\nWhich?\n\n" + CHOICES + "::::", "{question}", "choice, order"),
    "unknown option": (number(":number: 3\n:colour: red\n:of: 1 + 2"), ":colour:", "Unknown option key"),
    "option given twice": (number(":number: 3\n:of: 1 + 2\n:of: 2 + 1"), ":of: 2 + 1", "given twice"),
    "option without meaning": (
        "::::{question} a\n:choice:\n:tolerance: 1\nWhich?\n\n" + CHOICES + "::::",
        ":tolerance:",
        "no meaning for :choice:",
    ),
    "empty unit": (number(":number: 3\n:unit:\n:of: 1 + 2"), ":unit:", "expected a value after :unit:"),
    "value of a flag": ("::::{question} a\n:choice: 3\nWhich?\n\n" + CHOICES + "::::", ":choice:", "expected nothing"),
    "no value": (number(":number:\n:of: 1 + 2"), ":number:", "expected the answer"),
    "no derivation": (number(":number: 3"), ":number:", "expected the option :of:"),
    "no prompt": (number(":number: 3\n:of: 1 + 2", ""), "{question}", "expected a prompt"),
    "no solution": (number(":number: 3\n:of: 1 + 2", end=""), "{question}", "expected a {solution}"),
    "two solutions": (
        number(":number: 3\n:of: 1 + 2", end=SOLVED + SOLVED.replace("It", "And it").replace("}\n", "} \n", 1)),
        "{solution} ",
        "expected one {solution}",
    ),
    "empty hint": (number(":number: 3\n:of: 1 + 2", end=":::{hint}\n:::\n" + SOLVED), "{hint}", "expected content"),
    "no answer in the solution": (number(":number: 3\n:of: 1 + 2", end=TOLD), "{solution}", "got 0 times"),
    "two answers": (
        number(":number: 3\n:of: 1 + 2", end=SOLVED.replace("value`.", "value` or {answer}`value`.")),
        "{solution}",
        "got 2 times",
    ),
    "answer in a hint": (
        number(":number: 3\n:of: 1 + 2", end=":::{hint}\n{answer}`value`\n:::\n" + SOLVED),
        "{hint}",
        "{solution} of a number",
    ),
    "answer by another word": (
        number(":number: 3\n:of: 1 + 2", end=SOLVED.replace(".", ", {answer}`unit`.")),
        "`unit`",
        "{answer}`value`",
    ),
    "text after the parts": (
        number(":number: 3\n:of: 1 + 2", end=SOLVED + "\nMore.\n"),
        "More.",
        "expected no text after",
    ),
    "text after the choices": (
        "::::{question} a\n:choice:\nWhich?\n\n" + CHOICES + "\nMore.\n\n:::{hint}\nLook.\n:::\n::::",
        "More.",
        "no text after",
    ),
    "choices of a number": (
        number(":number: 3\n:of: 1 + 2", "How many?\n\n" + CHOICES + "\n"),
        "one",
        "has no choices",
    ),
    "mistake of a choice": (
        "::::{question} a\n:choice:\nWhich?\n\n" + CHOICES + "\n:::{mistake} 3\nNo.\n:::\n::::",
        "{mistake}",
        "has no {mistake}",
    ),
    "tests of a number": (
        number(":number: 3\n:of: 1 + 2", end=":::{tests}\nx\n:::\n" + SOLVED),
        "{tests}",
        "has no {tests}",
    ),
    "all right": (
        "::::{question} a\n:choices:\nWhich?\n\n- [x] one\n  : y\n- [x] two\n  : y\n::::",
        "one",
        "one wrong one; got 2 right of 2",
    ),
    "none right of several": (
        "::::{question} a\n:choices:\nWhich?\n\n- [ ] one\n  : n\n- [ ] two\n  : n\n::::",
        "one",
        "got 0 right",
    ),
    "not an expression": (number(":number: 3 +\n:of: 1 + 2"), ":number:", "is not an expression"),
    "derivation is not one": (number(":number: 3\n:of: 1 +"), ":of:", "is not an expression"),
    "an attribute": (number(":number: 3\n:of: (1).real + 2"), ":of:", "more than an expression may hold"),
    "a string": (number(":number: 3\n:of: cos('3')"), ":of:", "more than an expression may hold"),
    "an import": (number(":number: 3\n:of: __import__(3)"), ":of:", "no function __import__"),
    "a lambda": (number(":number: 3\n:of: (lambda: 3)()"), ":of:", "more than an expression may hold"),
    "a huge power": (number(":number: 3\n:of: 9**9**9"), ":of:", "too large"),
    "wrong arguments": (number(":number: 3\n:of: sin(1, 2, 3)"), ":of:", "cannot be worked out"),
    "a letter in a number": (number(":number: 3\n:of: 1 + x"), ":of:", "the letter x"),
    "an infinite number": (number(":number: 3\n:of: 1/0"), ":of:", "expected a finite number"),
    "a number that is not real": (number(":number: 3\n:of: sqrt(-3)"), ":of:", "expected a real number"),
    "a list for a number": (number(":number: [3]\n:of: 1 + 2"), ":number:", "expected a number"),
    "derivation repeats": (number(":number: 3*( 2)\n:of: (3 * 2)"), ":of:", "repeats the answer"),
    "derivation disagrees": (number(":number: 3\n:of: 2 + 2"), ":of:", "the derivation gives 4, the answer is 3"),
    "nearly the same number": (number(":number: 3\n:of: 3 + 1/10**9"), ":of:", "expected the same"),
    "beyond the tolerance": (number(":number: 0.34\n:of: log(2)/2\n:tolerance: 0.006"), ":of:", "the derivation gives"),
    "formula disagrees": (number(":formula: 2*x\n:of: diff(x**3, x)"), ":of:", "the derivation gives 3*x**2"),
    "formula agrees at one point only": (number(":formula: x\n:of: x**3"), ":of:", "expected the same"),
    "formula that is nowhere real": (number(":formula: sqrt(-1 - x**2)\n:of: I*sqrt(1 + x**2)"), ":of:", ":domain:"),
    "vector of other length": (
        number(":vector: [1, 2]\n:of: gradient(x + 2*y + 3*z, [x, y, z])"),
        ":of:",
        "expected the same",
    ),
    "row for a vector": (number(":vector: [1, 2]\n:of: jacobian([x + 2*y], [x, y])"), ":of:", "a column"),
    "number for a vector": (number(":vector: 3\n:of: [1 + 2]"), ":vector:", "expected a vector"),
    "ragged matrix": (number(":matrix: [[1, 2], [3]]\n:of: eye(2)"), ":matrix:", "rows of one length"),
    "transposed derivation": (
        number(":matrix: [[1, 2]]\n:of: transpose(jacobian([x + 2*y], [x, y]))"),
        ":of:",
        "expected the same",
    ),
    "tolerance of a formula": (number(":formula: 2*x\n:tolerance: 1\n:of: diff(x**2, x)"), ":tolerance:", "no meaning"),
    "tolerance of nothing": (number(":number: 3\n:tolerance: 0\n:of: 1 + 2"), ":tolerance:", "above zero"),
    "domain upside down": (number(":formula: 2*x\n:domain: x in 5..0\n:of: diff(x**2, x)"), ":domain:", "its range"),
    "domain of a stranger": (
        number(":formula: 2*x\n:domain: t in 0..5\n:of: diff(x**2, x)"),
        ":domain:",
        "the domain of t",
    ),
    "mistake without an expression": (mistaken([""]), "{mistake}", "expected the wrong answer"),
    "mistake is the answer": (mistaken(["4", "6/2"]), "6/2", "this mistake is the answer"),
    "mistake within the tolerance": (
        mistaken(["3.05"], ":number: 3\n:tolerance: 0.1\n:of: 1 + 2"),
        "3.05",
        "this mistake is the answer",
    ),
    "mistake twice": (mistaken(["4", "8/2"]), "8/2", "that of '4'"),
    "mistake cannot be read": (mistaken(["4 +"]), "{mistake}", "is not an expression"),
    "mistake in disguise": (
        mistaken(["(x + 1)**2 - (x - 1)**2 - 2*x"], ":formula: 2*x\n:of: diff(x**2, x)"),
        "{mistake}",
        "is the answer",
    ),
    "parameters that cannot be read": (
        number(":number: a\n:parameters: a = 2 of 1, 2\n:of: 2*a - a"),
        ":parameters:",
        "in 2..6",
    ),
    "parameter with one value": (
        number(":number: a\n:parameters: a = 2 in {2}\n:of: 2*a - a"),
        ":parameters:",
        "two different",
    ),
    "parameter named as a function": (
        number(":number: sin\n:parameters: sin = 2 in 1..3\n:of: 2*3"),
        ":parameters:",
        "cannot be a parameter",
    ),
    "first value elsewhere": (
        number(":number: a\n:parameters: a = 9 in 1..3\n:of: 2*a - a"),
        ":parameters:",
        "not among",
    ),
    "first values against the condition": (
        number(":number: a\n:parameters: a = 2 in 1..3; a != 2\n:of: 2*a - a"),
        ":parameters:",
        "do not meet",
    ),
    "condition on a stranger": (
        number(":number: a\n:parameters: a = 2 in 1..3; b != 2\n:of: 2*a - a"),
        ":parameters:",
        "no parameter",
    ),
    "unused parameter": (
        number(":number: a\n:parameters: a = 2 in 1..3; b = 2 in 1..3\n:of: 2*a - a"),
        ":parameters:",
        "b occurs nowhere",
    ),
    "false for one variant only": (
        number(":number: a**2\n:parameters: a = 3 in 2..6\n:of: a**2 + Max(a - 5, 0)"),
        ":of:",
        "with a = 6: the derivation",
    ),
    "mistake is the answer in one variant": (
        mistaken(["2*a"], ":number: a**2\n:parameters: a = 3 in 2..6\n:of: a*a"),
        "{mistake}",
        "with a = 2: this mistake",
    ),
    "shown without being declared": (
        number(":number: 3\n:of: 1 + 2", "How many are <<n>>?\n\n"),
        "<<n>>",
        "the parameters are none",
    ),
    "shown but no number": (
        number(":number: a\n:parameters: a = 2 in 1..3\n:of: 2*a - a", "What is <<sqrt(a)>>?\n\n"),
        "<<",
        "expected a whole number",
    ),
    "choices alike in one variant": (
        "::::{question} a\n:choice:\n:parameters: a = 3 in 1..4\nWhich?\n\n"
        "- [x] <<2*a>>\n  : yes\n- [ ] <<a + 2>>\n  : no\n::::",
        "<<a + 2>>",
        "with a = 2: this choice",
    ),
    "choice without its expression": (
        "::::{question} a\n:choice:\n:of: diff(x**2, x)\nWhich?\n\n"
        "- [x] {expression}`2*x`\n  : yes\n- [ ] $x$\n  : no\n::::",
        "$x$",
        "expected one {expression}",
    ),
    "right choice that is wrong": (
        "::::{question} a\n:choice:\n:of: diff(x**2, x)\nWhich?\n\n"
        "- [x] {expression}`3*x`\n  : yes\n- [ ] {expression}`x`\n  : no\n::::",
        "3*x",
        "the derivation gives 2*x",
    ),
    "wrong choice that is right": (
        "::::{question} a\n:choice:\n:of: diff(x**2, x)\nWhich?\n\n"
        "- [x] {expression}`2*x`\n  : yes\n- [ ] {expression}`x + x`\n  : no\n::::",
        "x + x",
        "is the answer",
    ),
    "expression that cannot be read": (
        number(":number: 3\n:of: 1 + 2", "What of {expression}`2 +`?\n\n"),
        "{expression}",
        "is not an expression",
    ),
    "two pairs": (
        "::::{question} a\n:match:\nWhich?\n\n- a => b\n- c => d\n\n" + TOLD + "::::",
        "{question}",
        "at least three pairs",
    ),
    "pair without an arrow": (
        "::::{question} a\n:match:\nWhich?\n\n- a => b\n- c -> d\n- e => f\n\n" + TOLD + "::::",
        "- c",
        "as `- left => right`",
    ),
    "right sides alike": (
        "::::{question} a\n:match:\nWhich?\n\n- a => b\n- c => d\n- e => b\n\n" + TOLD + "::::",
        "- e",
        "right side is that of line 5",
    ),
    "left sides alike": (
        "::::{question} a\n:match:\nWhich?\n\n- a => b\n- c => d\n- a => f\n\n" + TOLD + "::::",
        "=> f",
        "left side is that of line 5",
    ),
    "two steps": (
        "::::{question} a\n:order:\nHow?\n\n1. a\n2. b\n\n" + TOLD + "::::",
        "{question}",
        "at least three steps",
    ),
    "steps alike": (
        "::::{question} a\n:order:\nHow?\n\n1. a\n2. b\n3. a\n\n" + TOLD + "::::",
        "3. a",
        "step is that of line 5",
    ),
    "steps without a solution": (
        "::::{question} a\n:order:\nHow?\n\n1. a\n2. b\n3. c\n::::",
        "{question}",
        "a {solution}",
    ),
    "point without a figure": (
        "::::{question} a\n:point: (1, 2)\n:tolerance: 0.1\nWhere?\n\n" + TOLD + "::::",
        ":point:",
        "expected the option :figure:",
    ),
    "point that is no pair": (
        "::::{question} a\n:point: (1, x)\n:figure: f\n:tolerance: 0.1\nWhere?\n\n" + TOLD + "::::",
        ":point:",
        "such as (2, 0.5)",
    ),
    "point on a figure that is not there": (
        "::::{question} a\n:point: (1, 2)\n:figure: fig-gone\n:tolerance: 0.1\nWhere?\n\n" + TOLD + "::::",
        ":figure:",
        "no figure named 'fig-gone'",
    ),
    "code with a bad name": (code("assert f(2) == 4", RIGHT, "f()"), ":code:", "expected the name of a function"),
    "code without tests": (
        "::::{question} a\n:code: f\nWrite.\n\n" + TOLD + "::::",
        "{question}",
        "expected a {tests}",
    ),
    "tests without code": (
        code("assert f(2) == 4", RIGHT).replace("```python\nassert", "```text\nassert"),
        "{tests}",
        "expected a ```python block",
    ),
    "tests that do not compile": (code("assert f(2) == 4\nassert (", RIGHT), "assert (", "the tests are not Python"),
    "solution that does not compile": (code("assert f(2) == 4", RIGHT + " +"), "return", "the solution are not"),
    "solution of another function": (code("assert f(2) == 4", RIGHT.replace("f(", "g(")), "def g", "to define f"),
    "solution that fails": (
        code("assert f(0) == 0\nassert f(2) == 5, 'doubles'", RIGHT),
        "f(2) == 5",
        "does not pass its tests: AssertionError: doubles",
    ),
    "tests that nothing can fail": (code("assert callable(f)", RIGHT), "callable", "an empty function passes"),
    "tests that end Python": (code("import os; os._exit(3)", RIGHT), "os._exit", "ended Python"),
    "unknown role in the prompt": (
        number(":number: 3\n:of: 1 + 2", "What {nosuch}`x`?\n\n"),
        "{nosuch}",
        "Unknown interpreted",
    ),
    "unknown role in a hint": (
        number(":number: 3\n:of: 1 + 2", end=":::{hint}\nLook.\n\nAgain {nosuch}`x`.\n:::\n" + SOLVED),
        "{nosuch}",
        "Unknown interp",
    ),
    "unknown role in a mistake": (
        mistaken(["4"]).replace("No.", "\nNo {nosuch}`x`."),
        "{nosuch}",
        "Unknown interpreted",
    ),
    "unknown role in feedback": (
        "::::{question} a\n:choice:\nWhich?\n\n- [x] one\n  : yes\n- [ ] two\n  : no\n\n    {nosuch}`x`\n::::",
        "{nosuch}",
        "Unknown",
    ),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    pages = {name.replace(" ", "-"): source for name, (source, *_) in REFUSED.items()}
    return build(tmp_path_factory.mktemp("refused"), pages, "dummy")


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_question_is_reported_once_at_its_line(refused, name):
    source, at, words = REFUSED[name]
    faults = refused.of(name.replace(" ", "-"))
    assert [line for line, _ in faults] == [line_with(source, at)], faults
    assert words in faults[0][1]


def test_a_question_with_many_faults_reports_them_all(tmp_path):
    source = ("# Page\n\n" + number(":number: 3\n:tolerance: -1\n:colour: red", "", ":::{hint}\n:::\n") + "\n\n"
              + number(":number: 3\n:of: 1 + 3").replace(" a\n", " b\n", 1))  # fmt: skip
    assert sorted(line for line, _ in build(tmp_path, {"page": source}, "dummy").of("page")) == [3, 4, 5, 6, 7, 13]
