"""Questions whose answer is a function: its tests must pass on the solution and fail on an empty function."""

import ast
import json
import subprocess
import sys

SECONDS = 60

# Runs in a process of its own, with a time limit: an author's loop without end must not hang the build.
RUNNER = """
import json, sys, traceback
import numpy as np
task = json.load(sys.stdin)
def outcome(code):
    space = {"np": np, "__name__": "tests"}
    try:
        exec(compile(code, "<solution>", "exec"), space)
        exec(compile(task["tests"], "<tests>", "exec"), space)
    except BaseException as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<tests>"]
        return {"error": f"{type(error).__name__}: {error}", "line": lines[0] if lines else None}
    return {"error": None, "line": None}
out, sys.stdout = sys.stdout, sys.stderr
print(json.dumps([outcome(task["solution"]), outcome(task["empty"])]), file=out)
"""


class CodeFault(Exception):
    """What is wrong with the code of a question; `part` is "tests" or "solution", `line` counts within it from 1."""

    def __init__(self, message, part, line=1):
        super().__init__(message)
        self.part, self.line = part, line


def signature(code, function):
    """Return the first line of the definition of `function` in `code`, as in "def slope(f, a, b):", or None."""
    for node in reversed(ast.parse(code).body):  # of two definitions the later one counts
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return f"def {function}({ast.unparse(node.args)}):"
    return None


def check_code(function, solution, tests):
    """Run `tests` on the `solution`, which must pass, and on an empty `function`, which must not.

    Return the signature of the function; raise `CodeFault` otherwise.
    """
    for part, code in (("tests", tests), ("solution", solution)):
        try:
            ast.parse(code)
        except SyntaxError as error:
            raise CodeFault(f"the {part} are not Python: {error.msg}", part, error.lineno or 1) from None
    head = signature(solution, function)
    if head is None:
        raise CodeFault(f"expected the solution's Python block to define {function}", "solution")
    task = {"solution": solution, "tests": tests, "empty": f"def {function}(*_, **__):\n    return None\n"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", RUNNER],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CodeFault(f"the tests ran for more than {SECONDS} seconds", "tests") from None
    if done.returncode:
        raise CodeFault(f"the tests ended Python: {done.stderr.strip()[-300:]}", "tests")
    passed, empty = json.loads(done.stdout.splitlines()[-1])
    if passed["error"]:
        where = ("tests", passed["line"]) if passed["line"] else ("solution", 1)
        raise CodeFault(f"the solution does not pass its tests: {passed['error']}", *where)
    if not empty["error"]:
        raise CodeFault("an empty function passes the tests; expected them to fail on it", "tests")
    return head
