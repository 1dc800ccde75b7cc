"""How fast mmlbook is beside its peers, and how long it takes to import.

The peers have an environment of their own, .venv-bench; the tasks run there, all in one process: tests/bench/tasks.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import ROOT, record
from tests.bench.tasks.goals import GOALS, IMPORT_MS
from tools import environment

IMPORTS = 40
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1") | {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false --xla_force_host_platform_device_count=1"
}


def seconds_to_import(python, module, caches):
    """Start a fresh interpreter, let it import a module, and return the processor's time that it took."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= ONE_THREAD | {"PYTHONPYCACHEPREFIX": caches}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([python, "-c", f"import {module}"], cwd=ROOT, env=env, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def import_ms(python):
    """Return the median milliseconds that mmlbook takes on top of NumPy, each imported in turn.

    Both are compiled to bytecode before, by a first import, as pip does it when it installs a package.
    """
    taken = {"numpy": [], "mmlbook": []}
    with tempfile.TemporaryDirectory() as caches:
        for start in range(IMPORTS + 1):
            for module, times in taken.items():
                seconds = seconds_to_import(python, module, caches)
                times += [seconds] if start else []
    numpy, mmlbook = (statistics.median(times) for times in taken.values())
    return round(1000 * (mmlbook - numpy), 1)


def timed(python, names):
    """Run the tasks in the peers' environment and return what they wrote."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.json")
        subprocess.run(
            [python, "-W", "ignore", "-m", "tests.bench.tasks", file, *names],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": ""},
            check=True,
        )
        return json.loads(file.read_text(encoding="utf-8"))


def row(goal, measured):
    """Return one row of the table: how many times as long the peer takes, and whether that is what was meant."""
    ahead = measured["seconds_of_peer"] / measured["seconds"]
    return {
        "task": goal.task,
        "peer": goal.peer,
        "goal": None if goal.ahead is None else round(goal.ahead, 3),
        "ahead": float(f"{ahead:.3g}"),
        "microseconds": float(f"{1e6 * measured['seconds']:.3g}"),
        "met": None if goal.ahead is None else ahead >= goal.ahead,
    }


def main(*names):
    """Measure and record all rows; with names of tasks, print those, and record nothing."""
    python = environment.peers(environment.variables())
    found = timed(python, names)
    measured = {(one["task"], one["peer"]): one for one in found["rows"]}
    rows = [row(goal, measured[goal.task, goal.peer]) for goal in GOALS if (goal.task, goal.peer) in measured]
    if names:
        for one in rows:
            print(*one.values(), sep=" | ")
        return
    if len(rows) < len(GOALS):
        missing = [goal[:2] for goal in GOALS if (goal.task, goal.peer) not in measured]
        raise SystemExit(f"bench: no time was measured for {missing}")
    ms = import_ms(python)
    record(
        "package",
        {
            "python": found["python"],
            "versions": found["versions"],
            "rows": rows,
            "import": {"milliseconds": ms, "goal": IMPORT_MS, "met": ms <= IMPORT_MS, "starts": IMPORTS},
        },
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
