"""Small faults, planted one at a time in a copy of `mmlbook`, to see whether the tests of the module find them.

    .venv/bin/python -m tests.mutants taylor dual      the chosen faults of two modules
    .venv/bin/python -m tests.mutants --every taylor   every fault that can be planted there

Each fault is a small change of the source: a sign, a factor left out, a transpose left out, a number one too large, a
branch swapped, a comparison turned, a constant doubled. It is known by its module and function, its kind, and its
number among the faults of that kind in that function, so an edit elsewhere leaves it alone. Which of them are planted
is decided by a hash of that name.
"""

import argparse
import ast
import difflib
import hashlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from tests.reference_data import FOLDER as REFERENCE_DATA

ROOT = Path(__file__).resolve().parents[1]
SITES_A_FAULT = 25  # of the places where a fault can be planted in a module, one in so many is taken,
FEWEST, MOST = 2, 6  # within these limits
TOGETHER = 2  # processes
# Modules whose tests stand under another name.
TESTED_BY = {
    **dict.fromkeys(("activations", "costs", "layers", "network_file"), ("backprop",)),
    **dict.fromkeys(("line_search", "newtons_method", "objective"), ("optimisation",)),
    **dict.fromkeys(("stationary", "steps", "stochastic"), ("optimisation",)),
    **dict.fromkeys(("arithmetic", "chain_rule", "recording", "variable"), ("tape",)),
    "array_compositions": ("array_rules", "tape"),
    "constraints": ("constrained",),
    "dual_rules": ("dual",),
    "gradient_check": ("gradient",),
    "inputs": ("slope",),
    "levels": ("dual", "tape"),
    "sparse_dual": ("sparse_dual", "curve_fitting"),
}

TURNED = {
    ast.Lt: ("<", ">"), ast.LtE: ("<=", ">="), ast.Gt: (">", "<"), ast.GtE: (">=", "<="),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
}  # fmt: skip
# Where counts are compared, the next number makes the difference.
MOVED = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}

# One test run, in a process of its own. A fault may ask for all the memory there is; and Hypothesis need not take its
# time to make a counter-example small.
RUN = """
import sys
import pytest

if sys.platform == "linux":
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

class Profile:
    def pytest_configure(self):
        from hypothesis import Phase, settings
        settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], derandomize=True, database=None)
        settings.load_profile("mutants")

arguments = ["-x", "--noconftest", "-p", "no:cacheprovider", "-m", "not slow", *sys.argv[1:]]
sys.exit(pytest.main(arguments, plugins=[Profile()]))
"""


@dataclass(frozen=True)
class Fault:
    """One change of a module: the bytes of its source from `start` to `end` become `new`."""

    module: str
    function: str
    kind: str
    number: int
    start: int
    end: int
    new: str

    @property
    def name(self) -> str:
        """What the fault is known by."""
        return f"{self.module}.{self.function}: {self.kind} {self.number}"

    def planted(self, source: bytes) -> bytes:
        """Return the source with the fault."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def difference(self, source: bytes) -> str:
        """Return the lines that it changes, before and after."""
        lines = [text.decode().splitlines() for text in (source, self.planted(source))]
        changed = [line for line in difflib.unified_diff(*lines, n=0, lineterm="") if line[:3] not in ("---", "+++")]
        return "\n".join(line for line in changed if line[0] in "+-")

    def line(self, source: bytes) -> int:
        """Return the number of its first line."""
        return source[: self.start].count(b"\n") + 1

    def report(self, source: bytes) -> str:
        """Return where it is, what it is called, and what it changes."""
        return f"mmlbook/{self.module}.py:{self.line(source)}: {self.name}\n{self.difference(source)}\n"


class Finder(ast.NodeVisitor):
    """Walks through a module and collects (function, kind, start, end, new text)."""

    def __init__(self, source: bytes):
        self.source, self.found, self.path = source, [], []
        self.line_starts = [0]
        for line in source.splitlines(keepends=True):
            self.line_starts.append(self.line_starts[-1] + len(line))

    def start(self, node):
        return self.line_starts[node.lineno - 1] + node.col_offset

    def end(self, node):
        return self.line_starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node):
        return self.source[self.start(node) : self.end(node)].decode()

    def add(self, kind, start, end, new):
        self.found.append((".".join(self.path) or "module", kind, start, end, new))

    def operator(self, left, right, symbol):
        """Return where an operator stands between its operands, which may have brackets round them."""
        first = self.end(left)
        place = re.search(rb"(?<![\w<>=!])" + re.escape(symbol.encode()), self.source[first : self.start(right)])
        return (first + place.start(), first + place.end()) if place else None

    def visit(self, node):
        if not is_text(node):  # the words of an error, for the most part
            super().visit(node)

    def inside(self, name, node):
        self.path.append(name)
        for child in getattr(node, "body", []):
            self.visit(child)
        self.path.pop()

    def visit_FunctionDef(self, node):
        self.inside(node.name, node)  # not its decorators, defaults and annotations

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        self.inside(node.name, node)

    def visit_AnnAssign(self, node):
        if node.value:
            self.visit(node.value)

    def visit_Lambda(self, node):
        self.visit(node.body)

    def visit_Raise(self, node):
        pass

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.visit(node.value)

    def visit_Assign(self, node):
        if not (isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"):
            self.generic_visit(node)

    def visit_BinOp(self, node):
        symbol = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}.get(type(node.op))
        place = symbol and self.operator(node.left, node.right, symbol)
        if place and symbol in "+-":
            self.add("sign", *place, "-" if symbol == "+" else "+")
        elif place:
            self.add("factor", place[0], self.end(node), "")
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        symbol = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/="}.get(type(node.op))
        place = symbol and not is_text(node.value) and self.operator(node.target, node.value, symbol)
        if place and symbol in ("+=", "-="):
            self.add("sign", *place, "-=" if symbol == "+=" else "+=")
        elif place:
            self.add("factor", self.start(node), self.end(node), "pass")
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.USub):
            self.add("sign", self.start(node), self.start(node) + 1, "")
        self.generic_visit(node)

    def visit_Attribute(self, node):
        if node.attr in ("T", "mT"):
            self.add("transpose", self.end(node.value), self.end(node), "")
        self.generic_visit(node)

    def visit_Call(self, node):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("transpose", "swapaxes", "moveaxis") and isinstance(node.func, ast.Attribute):
            of_numpy = self.text(node.func.value) == "np"
            if not of_numpy or node.args:
                kept = node.args[0] if of_numpy else node.func.value
                self.add("transpose", self.start(node), self.end(node), f"({self.text(kept)})")
        if name == "range" and node.args:
            last = node.args[min(1, len(node.args) - 1)]
            self.add("off by one", self.end(last), self.end(last), " + 1")
        for keyword in node.keywords:
            if keyword.arg == "axis" and is_whole(keyword.value):
                self.add("off by one", self.start(keyword.value), self.end(keyword.value), moved(keyword.value))
        self.visit(node.func)
        for argument in (*node.args, *(word.value for word in node.keywords if word.arg not in ("axis", "ndmin"))):
            if name != "range" or not is_whole(argument):
                self.visit(argument)

    def visit_Subscript(self, node):
        self.visit(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for part in parts:
            ends = [part.lower, part.upper, part.step] if isinstance(part, ast.Slice) else [part]
            for end in filter(None, ends):
                if is_whole(end):
                    self.add("off by one", self.start(end), self.end(end), moved(end))
                else:
                    self.visit(end)

    def turn(self, test):
        self.add("branch", self.start(test), self.end(test), f"not ({self.text(test)})")

    def visit_If(self, node):
        if not isinstance(node.body[-1], ast.Raise):  # where an error is raised, comparisons and logic are changed
            self.turn(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node):
        self.turn(node.test)
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        place = self.operator(node.values[0], node.values[1], old)
        if place:
            self.add("logic", *place, new)
        self.generic_visit(node)

    def visit_Compare(self, node):
        kind, right = type(node.ops[0]), node.comparators[0]
        old, new = MOVED[kind] if kind in MOVED and (counts(node.left) or counts(right)) else TURNED[kind]
        place = self.operator(node.left, right, old)
        if place:
            self.add("comparison", *place, new)
        self.generic_visit(node)

    def visit_Constant(self, node):
        if type(node.value) in (int, float) and (node.value == 0 or 0.01 <= abs(node.value) <= 100):
            self.add("constant", self.start(node), self.end(node), repr(2 * node.value or 1))


def is_text(node):
    """Say whether an expression can be seen to be a text."""
    if isinstance(node, ast.BinOp):
        return is_text(node.left) or is_text(node.right)
    if isinstance(node, ast.IfExp):
        return is_text(node.body) or is_text(node.orelse)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and is_text(node.func.value)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_whole(node):
    node = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(node, ast.Constant) and type(node.value) is int


def moved(node):
    return str(ast.literal_eval(node) + 1)


def counts(node):
    """Say whether an expression counts something."""
    return any(
        is_whole(part)
        or (isinstance(part, ast.Attribute) and part.attr in ("ndim", "size"))
        or (isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "len")
        for part in ast.walk(node)
    )


def modules() -> list[str]:
    """Return the names of the package's modules."""
    return sorted(path.stem for path in (ROOT / "mmlbook").glob("*.py") if path.stem != "__init__")


def source_of(module: str) -> bytes:
    """Return the source of a module."""
    return (ROOT / "mmlbook" / f"{module}.py").read_bytes()


def every_fault(module: str, source: bytes) -> list[Fault]:
    """Return all that can be planted in a module, in the order of its text."""
    finder = Finder(source)
    finder.visit(ast.parse(source))
    seen, faults = Counter(), []
    for function, kind, start, end, new in sorted(finder.found, key=lambda found: found[2:]):
        fault = Fault(module, function, kind, seen[function, kind] + 1, start, end, new)
        try:
            ast.parse(fault.planted(source))
        except SyntaxError:
            continue
        seen[function, kind] += 1
        faults.append(fault)
    return faults


def chosen(module: str, source: bytes) -> list[Fault]:
    """Return the faults to plant in a module: of each kind in turn, as their hashes have it."""
    by_kind: dict[str, list[Fault]] = {}
    faults = every_fault(module, source)
    for fault in sorted(faults, key=lambda fault: hashlib.sha256(fault.name.encode()).digest()):
        by_kind.setdefault(fault.kind, []).append(fault)
    in_turn = chain.from_iterable(zip_longest(*(by_kind[kind] for kind in sorted(by_kind))))
    count = min(MOST, max(FEWEST, round(len(faults) / SITES_A_FAULT)))
    return [fault for fault in in_turn if fault][:count]


def tests_of(module: str) -> list[str]:
    """Return the module's own tests: the examples in it, and the files named after it."""
    files = [f"tests/test_{name}{part}.py" for name in TESTED_BY.get(module, (module,)) for part in ("", "_laws")]
    return [f"mmlbook/{module}.py", *(file for file in files if (ROOT / file).exists())]


def workspace(folder: Path) -> Path:
    """Copy what a test run needs into a folder."""
    skip = shutil.ignore_patterns("__pycache__", "fixture_book", "bench")
    for name in ("mmlbook", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "book").symlink_to(ROOT / "book")  # the tests of `plot` look at drawings as its pages do
    return folder


def run(folder: Path, tests: list[str], limit: float) -> tuple[str, str]:
    """Run tests in a folder: "passed", "failed" or "hung", and what they wrote."""
    alone = {"PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    child = subprocess.Popen(
        [sys.executable, "-c", RUN, *tests],
        cwd=folder,
        env={**os.environ, **alone, "MMLBOOK_REFERENCE_DATA": str(REFERENCE_DATA), "MPLBACKEND": "agg"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    try:
        said = child.communicate(timeout=limit)[0]
    except subprocess.TimeoutExpired:
        return "hung", f"no end after {limit:.0f} seconds"
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        child.stdout.close()  # a run that hangs leaves it open
    if child.returncode in (4, 5):  # wrongly called, or no test was found
        raise RuntimeError(f"{' '.join(tests)}: {said}")
    return ("failed" if child.returncode else "passed"), said


def plant(faults: list[Fault]) -> Iterator[tuple[Fault, str]]:
    """Plant each fault alone, in copies of the package, and yield it with what its module's tests said of it."""
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(TOGETHER) as pool:
        folders: queue.Queue[Path] = queue.Queue()
        for number in range(TOGETHER):
            folders.put(workspace(Path(scratch, str(number))))
        sources = {fault.module: source_of(fault.module) for fault in faults}

        def in_a_folder(work):
            folder = folders.get()
            try:
                return work(folder)
            finally:
                folders.put(folder)

        def sound(module):
            """How long the tests take without a fault, which they have to pass."""

            def work(folder):
                begin = time.monotonic()
                outcome, said = run(folder, tests_of(module), 300)
                if outcome != "passed":
                    raise RuntimeError(f"without any fault the tests of {module} {outcome}:\n{said[-3000:]}")
                return time.monotonic() - begin

            return in_a_folder(work)

        seconds = dict(zip(sources, pool.map(sound, sources), strict=True))

        def faulty(fault):
            def work(folder):
                file = folder / "mmlbook" / f"{fault.module}.py"
                file.write_bytes(fault.planted(sources[fault.module]))
                try:
                    return run(folder, tests_of(fault.module), 10 + 4 * seconds[fault.module])[0]
                finally:
                    file.write_bytes(sources[fault.module])

            return in_a_folder(work)

        yield from zip(faults, pool.map(faulty, faults), strict=True)


def main() -> int:
    """Plant faults in the modules named, or in all, and print those that survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", action="store_true", help="every fault, not only the chosen ones")
    parser.add_argument("--list", action="store_true", help="print the faults, and plant none")
    parser.add_argument("modules", nargs="*", default=modules())
    options = parser.parse_args()
    choose = every_fault if options.every else chosen
    faults = [fault for module in options.modules for fault in choose(module, source_of(module))]
    if options.list:
        for fault in faults:
            print(fault.report(source_of(fault.module)))
        print(f"{len(faults)} faults")
        return 0
    survivors = 0
    for fault, outcome in plant(faults):
        if outcome == "passed":
            survivors += 1
            print(fault.report(source_of(fault.module)), flush=True)
    print(f"{len(faults)} faults, {survivors} survived")
    return bool(survivors)


if __name__ == "__main__":
    sys.exit(main())
