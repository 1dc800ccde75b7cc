"""The package as a whole: what each module needs, and that it says so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import mmlbook

PACKAGE = Path(mmlbook.__file__).parent
MODULES = sorted(file.stem for file in PACKAGE.glob("*.py") if file.stem != "__init__")


def siblings(module):
    """The modules of the package that a module imports, at any depth of its code."""
    source = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    return set(re.findall(r"^\s*(?:from|import) mmlbook\.(\w+)", source, flags=re.MULTILINE))


def with_all_that_it_needs(module):
    needed, new = set(), {module}
    while new:
        needed |= new
        new = {sibling for name in new for sibling in siblings(name)} - needed
    return needed


@pytest.mark.parametrize("module", MODULES)
def test_the_first_lines_name_every_file_to_copy(module):
    source = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    first_lines = source.split('"""')[1]
    promise = re.search(r"To copy: (.*?)\n\n|To copy: (.*?)\.\s", first_lines + "\n\n", flags=re.DOTALL)
    assert promise, "the docstring has no sentence that begins with `To copy: `"
    named = set(re.findall(r"`(\w+)\.py`", promise[0]))
    assert named == with_all_that_it_needs(module) - {module}


@pytest.mark.parametrize("module", MODULES)
def test_a_copied_module_works_with_numpy_alone(module, tmp_path):
    folder = tmp_path / "mmlbook"
    folder.mkdir()
    for name in with_all_that_it_needs(module):
        (folder / f"{name}.py").write_bytes((PACKAGE / f"{name}.py").read_bytes())
    only_numpy = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import mmlbook.{module} as copied
assert copied.__file__.startswith({str(tmp_path)!r}), copied.__file__
outside = {{name.split(".")[0] for name in sys.modules}} & {{"matplotlib", "sympy", "scipy", "pandas"}}
assert not outside, outside
"""
    subprocess.run([sys.executable, "-c", only_numpy], cwd=tmp_path, check=True, timeout=60)


def test_each_public_name_is_what_its_module_holds():
    """In a fresh interpreter, whatever was imported before."""
    everything = f"""
import importlib, sys
for first in {[f"mmlbook.{module}" for module in MODULES]}:
    for name in [name for name in sys.modules if name.partition(".")[0] == "mmlbook"]:
        del sys.modules[name]
    importlib.import_module(first)
    import mmlbook
    for name in mmlbook.__all__:
        found = getattr(mmlbook, name)
        assert callable(found) and found.__name__ == name, (first, name, found)
        assert found is getattr(sys.modules[found.__module__], name)
    assert set(mmlbook.__all__) <= set(dir(mmlbook))
"""
    subprocess.run([sys.executable, "-c", everything], cwd=PACKAGE.parent, check=True, timeout=120)


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'gradients'"):
        mmlbook.gradients  # noqa: B018
