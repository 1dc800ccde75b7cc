"""The tools behind the Makefile: what they list, refuse, and say when something is wrong."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools import browser, build, environment, extract_cells, live, process

ROOT = Path(__file__).resolve().parent.parent


def copy_of_the_tools(folder, path):
    """A folder with the Makefile and tools, and a PATH that holds nothing but the named programs."""
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    commands = folder / "commands"
    commands.mkdir()
    for name in ("sh", "make", "awk", "dirname"):
        (commands / name).symlink_to(shutil.which(name))
    for name, script in path.items():
        (commands / name).write_text(f"#!/bin/sh\n{script}\n")
        (commands / name).chmod(0o755)
    return {"PATH": str(commands)}


def make(folder, env, *arguments):
    return subprocess.run([shutil.which("make"), *arguments], cwd=folder, env=env, capture_output=True, text=True)


def test_make_alone_lists_every_target():
    listed = re.findall(r"^  make (\w+) +\S", make(ROOT, {"PATH": os.environ["PATH"]}).stdout, re.M)
    assert listed == ["html", "live", "test", "verify", "doctest", "bench", "lock", "clean"]


def test_a_python_that_does_not_run_is_passed_over_and_its_absence_is_said(tmp_path):
    env = copy_of_the_tools(tmp_path, {"python3.13": "echo 'command not found' >&2; exit 127", "python3": "exit 1"})
    done = make(tmp_path, env, "html")
    assert done.returncode != 0
    assert "No Python 3.11 or newer was found" in done.stderr


def test_the_first_python_that_runs_is_taken(tmp_path):
    env = copy_of_the_tools(
        tmp_path,
        {
            "python3.13": "exit 127",
            "python3.12": f'case "$2" in *ensurepip*) exec {sys._base_executable} "$@";; esac; echo "taken: $*"',
            "python3": 'echo "wrong: $*"',
        },
    )
    assert make(tmp_path, env, "html").stdout == "taken: -m tools html\n"


def test_a_python_without_venv_is_named(tmp_path):
    env = copy_of_the_tools(
        tmp_path, {"python3": f'case "$2" in *ensurepip*) exit 1;; esac; exec {sys._base_executable} "$@"'}
    )
    assert "python3 has no working venv module" in make(tmp_path, env, "html").stderr


def test_the_first_fault_with_a_line_is_the_one_repeated():
    lines = [
        "WARNING: something general\n",
        "book/a.md: WARNING: no line\n",
        "book/b.md:12: ERROR: broken [x]\n",
        "book/c.md:3: WARNING: later\n",
    ]
    assert build.first_fault(lines) == "a fault in book/b.md line 12: broken [x]"
    assert build.first_fault(lines[:2]) == "a fault: something general"
    assert build.first_fault(["Extension error:\n", "no module x\n"]) == "Sphinx says: no module x"


def test_settings_follow_what_sphinx_does_not():
    found = {
        "book/index.md": "1",
        "book/notation.toml": "1",
        "book/_ext/cells/execution.py": "1",
        "conf.py": "1",
        "book/_templates/page.html": "1",
        "book/_static/frame.css": "1",
        "book/limits/secant.js": "1",
        "mmlbook/slope.py": "1",
        "tools/live.py": "1",
        "tools/code_cells.py": "1",
        "README.md": "1",
    }
    before = build.settings(found)
    changing = {path for path in found if build.settings(found | {path: "2"}) != before}
    assert changing == {
        "book/notation.toml",
        "book/_ext/cells/execution.py",
        "conf.py",
        "book/_templates/page.html",
        "tools/code_cells.py",
    }


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    """A book of one page in a folder of its own, for tools.build to build."""
    for folder in ("book", "mmlbook", "tools"):
        (tmp_path / folder).mkdir()
    (tmp_path / "conf.py").write_text("project = 'small'\nextensions = ['myst_parser']\n")
    (tmp_path / "book" / "index.md").write_text("# A page\n\nA word.\n")
    for module in (build, process):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(build, "BUILD", tmp_path / "_build")
    return tmp_path


def test_a_build_is_repeated_only_when_something_changed(small_book, capsys):
    build.build(dict(os.environ))
    assert "every page and every cell" in capsys.readouterr().out
    build.build(dict(os.environ), fresh=True)
    assert "up to date" in capsys.readouterr().out
    (small_book / "book" / "index.md").write_text("# A page\n\nAnother word.\n")
    build.build(dict(os.environ))
    assert "what has changed" in capsys.readouterr().out
    build.build(dict(os.environ), fresh=True)
    assert "every page and every cell" in capsys.readouterr().out
    (small_book / "_build" / "html" / "index.html").write_text("spoilt")
    build.build(dict(os.environ))
    assert "Another word." in (small_book / "_build" / "html" / "index.html").read_text()


def test_a_failed_build_stays_failed(small_book):
    (small_book / "book" / "index.md").write_text("# A page\n\nSee {doc}`nowhere`.\n")
    for _ in range(2):
        with pytest.raises(process.Stop, match=r"a fault in book/index\.md line 3: unknown document"):
            build.build(dict(os.environ))
        assert not (small_book / "_build" / "html").exists()


def test_an_unfinished_build_is_begun_anew(small_book, capsys):
    build.build(dict(os.environ))
    (small_book / "_build" / "html.json").unlink()  # what a build that was killed leaves behind
    capsys.readouterr()
    build.build(dict(os.environ))
    assert "every page and every cell" in capsys.readouterr().out


def test_a_build_that_hangs_is_ended(small_book, monkeypatch):
    (small_book / "conf.py").write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(build, "TIME_LIMIT", 1)
    with pytest.raises(process.Stop, match="took longer"):
        build.build(dict(os.environ))


def test_two_builds_at_once_are_refused(small_book):
    with process.alone("build"), pytest.raises(process.Stop, match="Another make is at work"):
        build.build(dict(os.environ))


def test_a_port_in_use_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(process.Stop, match=f"Port {port} is in use"):
            live.chosen_port(str(port))
    with pytest.raises(process.Stop, match="not a port"):
        live.chosen_port("eight")


PAGE = """# A page

```{code-cell}
:tags: [remove-cell]
import math
```

```{code-cell}
---
mystnb: {figure: {name: fig-x}}
---
math.pi;
unknown
```

```{code-cell}
:tags: [raises-exception]
also_unknown
```
"""


def test_cells_are_linted_where_they_stand(tmp_path, capsys):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "page.md").write_text(PAGE)
    with pytest.raises(process.Stop):
        extract_cells.check(dict(os.environ), tmp_path / "book")
    said = capsys.readouterr().err
    assert "book/page.md:13:1: F821" in said
    assert "also_unknown" not in said


def test_a_book_without_cells_is_not_passed_in_silence(tmp_path):
    (tmp_path / "page.md").write_text("# A page\n\n```python\nunknown\n```\n")
    with pytest.raises(process.Stop, match="No page"):
        extract_cells.check(dict(os.environ), tmp_path)


def test_a_failed_download_names_the_network(monkeypatch):
    monkeypatch.setattr(environment, "quiet", lambda *_, **__: (False, "x (from versions: none)"))
    with pytest.raises(process.Stop, match="check the network"):
        environment.pip_install({}, "requirements.txt")
    monkeypatch.setattr(environment, "quiet", lambda *_, **__: (False, "THESE PACKAGES DO NOT MATCH THE HASHES"))
    with pytest.raises(process.Stop, match="mend what pip says"):
        environment.pip_install({}, "requirements.txt")


def test_nothing_may_be_left_out_where_ci_is_true(monkeypatch, capsys):
    monkeypatch.setattr(browser, "find", lambda env: None)
    monkeypatch.setattr(browser, "quiet", lambda *_, **__: (False, ""))
    with pytest.raises(process.Stop, match="No Chromium"):
        browser.provide({"CI": "true"})
    browser.provide({})
    assert "LEFT OUT" in capsys.readouterr().err


def test_spelling_is_british(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("The centre has a colour.\n\n```python\nplot(color=1)\n```\n")
    typos = [str(environment.PYTHON.with_name("typos")), "--config", str(ROOT / "pyproject.toml"), str(page)]
    assert subprocess.run(typos, capture_output=True).returncode == 0
    page.write_text("The center has a color.\n")
    assert subprocess.run(typos, capture_output=True).returncode != 0


def test_no_package_registry_is_named():
    named = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npm", "npm" + r"js\.")))
    for name in (
        "requirements.txt",
        "package-lock.json",
        ".npmrc",
        "tools/requirements-node.txt",
        "tools/requirements-uv.txt",
        "tests/bench/peers.txt",
        "tests/bench/peers-torch.txt",
    ):
        assert not named.search((ROOT / name).read_text()), name
