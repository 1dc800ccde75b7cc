"""Kernels forked from a warm process: as separate, as mortal and as exact as ordinary ones, and gone with the build."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbclient.exceptions import DeadKernelError
from small_book import build
from test_cells import FIGURE, HEAD, SETTINGS

from cells import warm_kernels

ROOT = Path(__file__).parents[1]
PROCESSES = Path("/proc")

pytestmark = pytest.mark.skipif(not warm_kernels.possible(), reason="warm kernels are for Linux")


def page(*cells):
    return HEAD + "\n\n".join(f"```{{code-cell}}\n{cell}\n```" for cell in cells)


def printed(book, name):
    """What the cells of a page printed."""
    return [output.get_text() for output in book.soup(name).select(".cell_output pre")]


def alive(number):
    """Whether a process lives; a zombie does not."""
    try:
        return (PROCESSES / str(number) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ended(numbers, seconds=5):
    """Wait for the end of processes; returns whether all came to it."""
    until = time.monotonic() + seconds
    while any(alive(number) for number in numbers) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(alive(number) for number in numbers)


def warm_parent():
    """A cell that prints the number of its kernel, and the program of the kernel's parent."""
    return page(
        "import os\nfrom pathlib import Path\n"
        "print(os.getpid(), os.getppid(), b'warm_process' in Path(f'/proc/{os.getppid()}/cmdline').read_bytes())"
    )


SPOIL = """import os, sys
import matplotlib, matplotlib.pyplot as plt, numpy as np
print(matplotlib.rcParams["lines.linewidth"], np.geterr()["over"], "spoiled" in sys.path, "SPOILED" in os.environ,
      hasattr(np, "spoiled"), len(plt.get_fignums()), os.getcwd() == "/")
matplotlib.rcParams["lines.linewidth"] = 9
np.seterr(over="ignore")
sys.path.append("spoiled")
os.environ["SPOILED"] = "yes"
np.spoiled = True
plt.ioff()
os.chdir("/")
"""


def test_no_page_feels_what_another_did(tmp_path):
    book = build(tmp_path, {"a": page(SPOIL), "b": page(SPOIL)}, **SETTINGS)
    assert book.faults == []
    assert printed(book, "a") == printed(book, "b") == ["2.0 warn False False False 0 False\n"]


def test_random_numbers_without_a_seed_differ(tmp_path):
    cell = (
        "import random\nimport numpy as np\nprint(random.random(), np.random.rand(), np.random.default_rng().random())"
    )
    book = build(tmp_path, {"a": page(cell), "b": page(cell)}, **SETTINGS)
    one, other = (printed(book, name)[0].split() for name in "ab")
    assert len(one) == 3 and not set(one) & set(other)


WHOLE = [
    "import os, sys\nprint(os.getcwd(), sys.path, sys.argv[0], len(sys.argv), sys.flags, sys.stdin.closed)",
    "import matplotlib, signal\n"
    "print(matplotlib.get_backend(), matplotlib.is_interactive(), signal.getsignal(signal.SIGINT), __name__)",
    "print(sorted(name for name in os.environ if name[:6] not in ('PYTEST', 'PYDEVD')), os.environ['MPLBACKEND'])",
    "import numpy as np\nprint(repr(np.random.default_rng(0).normal(size=3) @ np.linalg.inv(np.eye(3) + 0.1)))",
    "print(sum(np.random.default_rng(0).random((300, 300)) @ np.arange(300.0)).hex())",
    "print('mmlbook' in sys.modules, os.getpgid(0) == os.getpid(), sys.modules['__main__'].__dict__ is globals())",
]


def test_a_page_comes_out_as_from_an_ordinary_kernel(tmp_path, monkeypatch):
    text = page(*WHOLE) + "\n\n" + FIGURE % ""
    warm = build(tmp_path / "a", {"page": text, "who": warm_parent()}, **SETTINGS)
    monkeypatch.setattr(warm_kernels, "possible", lambda: False)
    cold = build(tmp_path / "b", {"page": text, "who": warm_parent()}, **SETTINGS)
    assert warm.faults == cold.faults == [] and len(printed(warm, "page")) == len(WHOLE)
    assert warm.text("page") == cold.text("page").replace(str(tmp_path / "b"), str(tmp_path / "a"))
    # Else the comparison compares nothing.
    assert [printed(book, "who")[0].split()[2] for book in (warm, cold)] == ["True", "False"]


@pytest.mark.parametrize("warm", [True, False])
def test_a_kernel_that_dies_ends_the_build(tmp_path, monkeypatch, warm):
    monkeypatch.setattr(warm_kernels, "possible", lambda: warm)
    start = time.monotonic()
    with pytest.raises(DeadKernelError, match="Kernel died"):
        build(tmp_path, {"a": page("x = 1", "import os\nos._exit(3)")}, **SETTINGS)
    assert time.monotonic() - start < 30 and warm_kernels.WarmProvisioner.warm is None


@pytest.mark.parametrize(
    "loop", ["while True: pass", "import time\nwhile True:\n    try: time.sleep(9)\n    except: pass"]
)
def test_a_cell_that_never_ends_is_ended_with_its_kernel(tmp_path, loop):
    seen = tmp_path / "seen"
    cell = f"import os, pathlib\npathlib.Path({str(seen)!r}).write_text(str(os.getpid()))\n{loop}"
    book = build(tmp_path, {"a": page(cell), "b": page("print('lives')")}, nb_execution_timeout=2, **SETTINGS)
    assert any("failed" in message for _, message in book.of("a")) and book.of("b") == []
    assert ended([int(seen.read_text())], 0)


def test_workers_share_one_warm_process(tmp_path):
    book = build(tmp_path, {name: warm_parent() for name in "abcdef"}, parallel=2, **SETTINGS)
    kernels, parents, warm = zip(*(printed(book, name)[0].split() for name in "abcdef"), strict=True)
    assert book.faults == [] and len(set(kernels)) == 6 and len(set(parents)) == 1 and set(warm) == {"True"}
    assert ended([*kernels, *parents], 0)


def test_a_build_without_warm_process_still_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(warm_kernels, "PROGRAM", tmp_path / "missing.py")
    monkeypatch.setattr(subprocess.Popen, "__init__", quiet(subprocess.Popen.__init__))
    book = build(tmp_path, {"a": warm_parent()}, **SETTINGS)
    assert book.faults == [] and printed(book, "a")[0].split()[2] == "False"


def quiet(start):
    """`Popen` without the words of a Python that does not find its program."""
    return lambda self, *args, **options: start(self, *args, **{"stderr": subprocess.DEVNULL} | options)


BUILD = """import sys
sys.path[:0] = [{tests!r}, {root!r}, {extensions!r}]
from pathlib import Path
from small_book import build
from test_warm_kernels import SETTINGS, page
cell = "import os, pathlib, time\\nseen = pathlib.Path({seen!r})\\n(seen / str(os.getpid())).touch()\\n"
cell += "(seen / str(os.getppid())).touch()\\ntime.sleep(60)"
build(Path({folder!r}), {{"a": page(cell), "b": page(cell)}}, parallel={parallel}, **SETTINGS)
"""


@pytest.mark.parametrize(("number", "parallel"), [(signal.SIGKILL, 1), (signal.SIGKILL, 2), (signal.SIGINT, 2)])
def test_nothing_outlives_a_build_that_is_ended(tmp_path, number, parallel):
    seen = tmp_path / "seen"
    seen.mkdir()
    program = BUILD.format(
        tests=str(ROOT / "tests"), root=str(ROOT), extensions=str(ROOT / "book" / "_ext"), seen=str(seen),
        folder=str(tmp_path), parallel=parallel,
    )  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", program], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        until = time.monotonic() + 60
        while len(os.listdir(seen)) < 1 + parallel and time.monotonic() < until:
            time.sleep(0.1)
        numbers = [int(name) for name in os.listdir(seen)]
        assert len(numbers) == 1 + parallel and all(alive(number) for number in numbers)
        os.killpg(child.pid, number)  # as the terminal does, or tools/process.py
        child.wait(30)
    assert ended(numbers)


def test_the_warm_process_ends_with_its_build_whatever_it_was_asked(tmp_path):
    warm = warm_kernels.WarmProcess()
    number = warm.process.pid
    assert alive(number)
    kernel = warm.fork([sys.executable, "-f", str(tmp_path / "kernel.json")], dict(os.environ), str(tmp_path))
    assert alive(kernel.pid) and kernel.poll() is None
    kernel.close()
    assert ended([kernel.pid]) and kernel.wait() == kernel.poll() == 1
    with pytest.raises(OSError):
        warm.fork(["x" * (1 << 22)], {}, "/")
    warm.close()
    assert not alive(number)
