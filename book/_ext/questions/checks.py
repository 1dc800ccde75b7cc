"""What is verified of a question at build: answers, mistakes, choices in every variant, and code."""

from docutils import nodes

from devices.choices import repeated, take_choices
from text.directive_lines import option_line

from .answers import VALUE_KINDS
from .programs import CodeFault, check_code
from .verify import Claim, verify, with_values


def check_question(question, kind):
    """Report what does not hold in a question whose markup is in order."""
    if kind in VALUE_KINDS:
        _check_value(question, kind)
    if kind in ("choice", "choices"):
        _check_choice_texts(question)
        if question.settings.derivation:
            _check_choice_values(question)
    if kind == "code":
        _check_code(question)


def _check_value(question, kind):
    settings = question.settings
    mistakes = [each for each in question.parts if each["kind"] == "mistake"]
    claim = Claim(kind, settings.answer, settings.derivation, [each["expression"] for each in mistakes])
    for message, where in verify(claim, settings.comparison, settings.parameters):
        if isinstance(where, int):
            line = mistakes[where]["line"]
        else:
            line = option_line(question, kind if where == "answer" else where)
        question.fault(message, line)


def _check_choice_texts(question):
    """Report choices that some values of the parameters make alike."""
    parameters = question.settings.parameters
    for values in parameters.variants[1:]:
        lines = [parameters.fill(line, values) if "<<" in line else line for line in question.content]
        alike = repeated(take_choices(question, lines)[0])
        if alike:
            question.fault(
                with_values("this choice has the text of an earlier one; expected no two alike", values), alike[0]
            )
            return


def _check_choice_values(question):
    """Report right choices that the derivation does not confirm, and wrong ones that it does."""
    settings, expressions = question.settings, {}
    for choice in question.choices:
        found = [node["expression"] for text in choice.text_nodes for node in text.findall(nodes.inline)
                 if "expression" in node]  # fmt: skip
        if len(found) != 1:
            question.fault(
                f"expected one {{expression}}`...` in each choice of a question with :of:; got {len(found)}",
                choice.line,
            )
            return
        expressions[choice.line] = found[0]
    wrong = [choice.line for choice in question.choices if not choice.right]
    for right in (choice.line for choice in question.choices if choice.right):
        claim = Claim("any", expressions[right], settings.derivation, [expressions[line] for line in wrong])
        for message, where in verify(claim, settings.comparison, settings.parameters):
            question.fault(message, wrong[where] if isinstance(where, int) else right)


def _check_code(question):
    """Report tests that do not compile, fail on the solution, or pass on an empty function."""
    blocks = {}
    for each in question.parts:
        if each["kind"] in ("tests", "solution"):
            code = [node for node in each.findall(nodes.literal_block) if node.get("language") == "python"]
            if not code:
                question.fault(f"expected a ```python block in {{{each['kind']}}}", each["line"])
                return
            blocks[each["kind"]] = code[0]
    try:
        question.signature = check_code(question.settings.answer, blocks["solution"].astext(), blocks["tests"].astext())
    except CodeFault as error:
        question.fault(str(error), blocks[error.part].line + error.line)
