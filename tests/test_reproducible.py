"""Two builds of the same sources give the same files, to the byte."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILD = "from tools import build, environment; build.build(environment.variables(), fresh=True)"


def sources(target: Path) -> Path:
    """A copy of the project that shares the installed packages."""
    skip = shutil.ignore_patterns("_build", ".venv*", "node_modules", ".git", "__pycache__", ".hypothesis", ".*_cache")
    shutil.copytree(ROOT, target, ignore=skip)
    for name in ("node_modules", ".venv"):
        (target / name).symlink_to(ROOT / name)
    return target


def digests(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_two_builds_differ_in_no_file(tmp_path):
    found = []
    for name in ("one", "another-longer-name"):
        root = sources(tmp_path / name)
        subprocess.run(
            [sys.executable, "-c", BUILD], cwd=root, check=True, timeout=900,
            env={**os.environ, "PYTHONPATH": "", "SOURCE_DATE_EPOCH": "1700000000", "PYTHONHASHSEED": str(len(found))},
        )  # fmt: skip
        found.append(digests(root / "_build" / "html"))
    one, other = found
    assert len(one) > 20
    assert {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} == set()
