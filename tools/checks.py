"""`make test`, `make verify`, `make doctest`, `make bench`."""

from tools import browser, build, extract_cells
from tools.environment import PYTHON
from tools.process import ROOT, Stop, say, shown

MODULE = [str(PYTHON), "-m"]


def step(env, title, command, advice, limit=1200):
    say(title)
    status = shown(command, env, limit)
    if status is None:
        raise Stop(f"{title.rstrip('.')}: ended after {limit // 60} minutes, the time it may take.")
    if status:
        raise Stop(f"{advice}, then run the same command again.")


def test(env):
    step(
        env,
        "Linting the package, the extensions, the tools and the tests.",
        [*MODULE, "ruff", "check", "--quiet", "."],
        "Ruff found the faults above: mend them",
    )
    step(
        env,
        "Looking at the layout of the code.",
        [*MODULE, "ruff", "format", "--check", "--quiet", "."],
        "These files are not laid out the house's way: run  .venv/bin/ruff format",
    )
    say("Linting the code cells of the pages.")
    extract_cells.check(env)
    step(
        env,
        "Looking for spelling mistakes.",
        [str(PYTHON.with_name("typos")), "--format", "brief"],
        "The words above are not spelt the British way: mend them, or add them to [tool.typos] in pyproject.toml",
    )
    build.build(env, fresh=True)
    pytest(env, "not slow", "Running the doctests and tests, the built site in a browser.", 1200)


def verify(env):
    build.build(env, fresh=True)
    pytest(env, "slow", "Running the slow tests.", 2700)


def pytest(env, marker, title, limit):
    browser.provide(env)
    step(env, title, [*MODULE, "pytest", "-m", marker], "The tests named above failed: mend what they found", limit)


def doctest(env):
    step(
        env,
        "Running the examples in the docstrings of mmlbook.",
        [*MODULE, "pytest", "mmlbook"],
        "The examples named above do not print what they promise: mend them",
    )


def bench(env):
    build.build(env)
    browser.provide(env)
    for file in sorted((ROOT / "tests" / "bench").glob("[a-z]*.py")):
        step(
            env,
            f"Measuring: {file.stem}.",
            [*MODULE, f"tests.bench.{file.stem}"],
            f"The benchmark tests/bench/{file.name} failed: mend what is said above",
        )
    say("The measurements are in book/measurements.json.")
