"""Finds a Chromium or Chrome for the tests, or installs one where that can be done without asking."""

import os
import shutil
import sys
from pathlib import Path

from tools.environment import PYTHON
from tools.process import Stop, quiet, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PLAYWRIGHTS = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"


def flags():
    """What a browser is started with: silent, and with no sandbox only where Chromium refuses one."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def works(program, env):
    """Whether a program is a browser that shows a page: some systems have stubs or lack libraries."""
    good, words = quiet([program, *flags(), "--dump-dom", "data:text/html,<p>shown</p>"], env, limit=60)
    return good and "shown" in words


def find(env=None):
    """The path of a browser that works, or None."""
    env = env or dict(os.environ)
    paths = [shutil.which(name, path=env.get("PATH")) for name in NAMES]
    paths += [str(folder / app) for folder in (Path("/Applications"), Path.home() / "Applications") for app in MAC_APPS]
    for path in filter(None, paths):
        if Path(path).exists() and works(path, env):
            return path
    good, words = quiet([str(PYTHON), "-c", PLAYWRIGHTS], env, limit=60)
    path = words.strip()
    return path if good and Path(path).exists() and works(path, env) else None


def provide(env):
    """Puts the path of a browser into env["BOOK_BROWSER"]; without one, says loudly what will be left out."""
    path = find(env)
    if not path:
        say("This machine has no Chromium or Chrome: installing one for the tests.")
        quiet([str(PYTHON), "-m", "playwright", "install", "chromium"], env, limit=600)
        path = find(env)
    if not path and os.geteuid() == 0 and shutil.which("apt-get"):
        apt = env | {"DEBIAN_FRONTEND": "noninteractive"}
        quiet(["apt-get", "update", "-q"], apt, limit=300)
        quiet(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"], apt, limit=900)
        path = find(env)
    if path:
        env["BOOK_BROWSER"] = path
        return
    if env.get("CI") == "true":
        raise Stop("No Chromium or Chrome could be found or installed, and CI may leave nothing out: install one.")
    print("LEFT OUT: every test that needs a browser. Install Chromium or Chrome to run them.", file=sys.stderr)
