"""`pip install .`: what the wheel holds, and that it works with NumPy alone on every Python of this machine."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import mmlbook

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OLDEST_NUMPY = next(re.fullmatch(r"numpy>=([\d.]+)", wanted)[1] for wanted in PROJECT["dependencies"])
MATPLOTLIB = "plot"  # the one module whose examples draw
ALONE = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}

# Runs in the fresh environment, where pytest is not.
EXAMPLES = """
import doctest, importlib, inspect, pkgutil, sys, mmlbook
assert "site-packages" in mmlbook.__file__, mmlbook.__file__
names = {}
exec("from mmlbook import *", names)
for name in mmlbook.__all__:
    assert inspect.getdoc(names[name]), f"{name} says nothing"
done = 0
for module in pkgutil.iter_modules(mmlbook.__path__):
    if module.name in sys.argv[1:]:
        continue
    result = doctest.testmod(importlib.import_module(f"mmlbook.{module.name}"))
    assert not result.failed, module.name
    done += result.attempted
assert done > 20, done
"""


def pythons():
    """Every Python from 3.11 on that starts, by its version: on the path, of pyenv, of uv."""
    home = Path.home()
    folders = [Path(folder) for folder in os.get_exec_path()]
    folders += (Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions").glob("*/bin")
    folders += (home / ".local" / "share" / "uv" / "python").glob("*/bin")
    found = {}
    for command in sorted({path for folder in folders for path in folder.glob("python3.*")}):
        match = re.fullmatch(r"python3\.(\d+)", command.name)
        if match and int(match[1]) >= 11 and int(match[1]) not in found:
            said = subprocess.run([command, "-c", "import venv, ensurepip"], capture_output=True, env=ALONE)
            if said.returncode == 0:
                found[int(match[1])] = command
    return {f"3.{minor}": command for minor, command in sorted(found.items())}


PYTHONS = pythons()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of the sources by the pinned backend."""
    folder = copy_of_the_sources(tmp_path_factory.mktemp("sources") / "project")
    out = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps", "-w", out, folder], out)
    [file] = out.iterdir()
    return file


def copy_of_the_sources(folder):
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "mmlbook", folder / "mmlbook")  # with its caches, which must not get into the wheel
    return folder


def run(command, folder):
    """Run a command outside the project, and show what it wrote where it fails."""
    done = subprocess.run(command, cwd=folder, env=ALONE, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def fresh_environment(folder, python, numpy, package):
    """A new virtual environment with NumPy and the package, or a skip that says why there can be none."""
    run([python, "-m", "venv", folder / "venv"], folder)
    fresh = folder / "venv" / "bin" / "python"
    install = [fresh, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*install, "--only-binary=:all:", numpy], env=ALONE, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"{python} cannot get {numpy}: {done.stderr.strip().rpartition(chr(10))[2]}")
    run([*install, package], folder)
    return fresh


@pytest.mark.slow
def test_the_wheel_holds_the_modules_and_nothing_else(wheel):
    assert wheel.name == f"mmlbook-{mmlbook.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        about = f"mmlbook-{mmlbook.__version__}.dist-info"
        metadata = Parser().parsestr(archive.read(f"{about}/METADATA").decode())
    modules = {f"mmlbook/{path.name}" for path in (ROOT / "mmlbook").glob("*.py")}
    assert names == modules | {f"{about}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "licenses/LICENSE")}
    assert metadata["Requires-Python"] == ">=3.11"
    needed = metadata.get_all("Requires-Dist")
    assert [name for name in needed if "extra" not in name] == [f"numpy>={OLDEST_NUMPY}"]
    assert [re.match(r"\w+", name)[0] for name in needed if 'extra == "plot"' in name] == ["matplotlib"]


@pytest.mark.slow
def test_there_is_a_python_to_try_it_with():
    assert PYTHONS, "no Python 3.11 or newer on the path, of pyenv or of uv"


@pytest.mark.slow
@pytest.mark.parametrize("version", PYTHONS)
def test_it_works_with_numpy_alone(wheel, version, tmp_path):
    fresh = fresh_environment(tmp_path, PYTHONS[version], "numpy", wheel)
    run([fresh, "-W", "error", "-c", EXAMPLES, MATPLOTLIB], tmp_path)


@pytest.mark.slow
def test_it_works_with_the_oldest_numpy_that_it_asks_for(wheel, tmp_path):
    fresh = fresh_environment(tmp_path, next(iter(PYTHONS.values())), f"numpy=={OLDEST_NUMPY}.*", wheel)
    run([fresh, "-W", "error", "-c", EXAMPLES, MATPLOTLIB], tmp_path)


@pytest.mark.slow
def test_plot_brings_matplotlib(wheel, tmp_path):
    fresh = fresh_environment(tmp_path, list(PYTHONS.values())[-1], "numpy", f"{wheel}[plot]")
    run([fresh, "-W", "error", "-c", "import matplotlib; matplotlib.use('agg')" + EXAMPLES], tmp_path)


@pytest.mark.slow
def test_pip_install_works_in_the_folder(tmp_path):
    folder = copy_of_the_sources(tmp_path / "project")
    fresh = fresh_environment(tmp_path, list(PYTHONS.values())[-1], "numpy", folder)
    run([fresh, "-W", "error", "-c", EXAMPLES, MATPLOTLIB], tmp_path)
