"""The files of a lab: starter, solution, and what a learner's file becomes when the one is put into the other."""

import ast
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
TESTS = "# Self-tests"
ALLOWED = {"numpy", "mmlbook", "pytest", *sys.stdlib_module_names}
WIDTH = 88


class LabError(Exception):
    """A lab that is not made as `CONTRIBUTING.md` says; its text says what was expected."""


def parts(starter):
    """Return what the learner completes, and the self-tests below it."""
    lines = starter.splitlines(keepends=True)
    marks = [place for place, line in enumerate(lines) if line.startswith(TESTS)]
    if len(marks) != 1:
        raise LabError(f"expected one line that begins with {TESTS!r}; got {len(marks)}")
    return "".join(lines[: marks[0]]), "".join(lines[marks[0] :])


def _pieces(source):
    """The top-level statements of a file as (names, text, node), comments before a definition left out."""
    tree, lines = ast.parse(source), source.splitlines(keepends=True)
    for node in tree.body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        yield _names(node), "".join(lines[first - 1 : node.end_lineno]), node, (first - 1, node.end_lineno)


def _names(node):
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return set()


def definitions(solution, starter_name):
    """Return the statements of a solution that go into the starter, as (names, text); refuse all but definitions."""
    found = []
    for names, text, node, _ in _pieces(solution):
        if isinstance(node, ast.ImportFrom) and node.module == starter_name:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if not names and not isinstance(node, ast.Import | ast.ImportFrom):
            raise LabError(f"expected imports and definitions only in the solution; line {node.lineno} is neither")
        found.append((names, text))
    return found


def solved(starter, solution, starter_name):
    """Return the starter with each definition of the solution in the place of its own, or above the self-tests."""
    upper, tests = parts(starter)
    new = []
    for names, text in definitions(solution, starter_name):
        lines = upper.splitlines(keepends=True)
        place = next((where for other, _, _, where in _pieces(upper) if names & other), None)
        if place:
            upper = "".join([*lines[: place[0]], text, *lines[place[1] :]])
        elif text not in upper:
            new.append(text)
    return upper.rstrip() + "\n\n\n" + "\n\n".join(new) + "\n\n" + tests


def with_mistake(solved_file, old, new):
    """Return the solved file with a mistake planted above the self-tests."""
    upper, tests = parts(solved_file)
    if upper.count(old) != 1:
        raise LabError(
            f"expected {old!r} once above the self-tests of the solved file; got it {upper.count(old)} times"
        )
    return upper.replace(old, new) + tests


def foreign_imports(source):
    """The packages that a file imports and that a learner may not have."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found - ALLOWED


@dataclass(frozen=True)
class Run:
    """What `python -m pytest` says of a file: its tests in order, each with the message of its failure or none."""

    tests: tuple
    seconds: float

    @property
    def failures(self):
        """The messages of the tests that failed, in order."""
        return [message for _, message in self.tests if message is not None]


def run(folder, files, limit=120):
    """Run pytest on files, sources by name, in a folder with nothing else but mmlbook beside it, as a learner would.

    Returns a `Run` for each name. One process runs them all: starting it takes longer than the tests of a lab.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in files.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    packages = folder / "packages"
    packages.mkdir(exist_ok=True)
    if not (packages / "mmlbook").exists():
        (packages / "mmlbook").symlink_to(ROOT / "mmlbook")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "PYTHON"))}
    environment |= {"PYTHONPATH": str(packages), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", f"--junitxml={report}"]
    command += ["--continue-on-collection-errors"]
    command += [f"{name}.py" for name in files]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired as error:
        raise LabError(f"expected an end within {limit} s; look for a loop that has none: {error.stdout}") from None
    if not report.exists():
        raise LabError(f"pytest gave no report:\n{done.stdout}{done.stderr}")
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    return {name: _run([case for case in cases if name in (case.get("classname"), case.get("name"))]) for name in files}


def _run(cases):
    tests = tuple((case.get("name"), _message(case)) for case in cases)
    return Run(tests, sum(float(case.get("time")) for case in cases))


def _message(case):
    """The message of a failure; a file that cannot be imported is one too, and the last line of it says why."""
    failed = case.find("failure")
    if failed is None and (failed := case.find("error")) is not None:
        return (failed.text or "").strip().splitlines()[-1].removeprefix("E").strip()
    return None if failed is None else failed.get("message", "")
