"""`make lock`: turns each list of wanted packages into exact versions with hashes, for all systems at once.

Versions that still fit are kept. For a newer one, change requirements.in, or remove the package's lines
from requirements.txt first.
"""

from tools.build import BUILD
from tools.environment import pip_install
from tools.process import Stop, last_lines, quiet, say

LISTS = ("requirements", "tools/requirements-node", "tools/requirements-uv", "tests/bench/peers")


def lock(env):
    tool = BUILD / "lock"
    pip_install(env, "tools/requirements-uv.txt", "--target", str(tool), "--upgrade")
    for name in LISTS:
        say(f"Pinning {name}.in into {name}.txt.")
        good, words = quiet(
            [
                str(tool / "bin" / "uv"),
                "pip",
                "compile",
                "--quiet",
                "--universal",
                "--python-version",
                "3.11",
                "--generate-hashes",
                "--no-emit-index-url",
                "--no-emit-find-links",
                "--custom-compile-command",
                "make lock",
                f"{name}.in",
                "-o",
                f"{name}.txt",
            ],
            env,
        )
        if not good:
            last_lines(words)
            raise Stop(f"{name}.in could not be pinned: check the network and the list, then run make lock again.")
