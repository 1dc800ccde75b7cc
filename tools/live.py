"""`make live`: serves the book on this machine only and shows each saved change."""

import json
import os
import re
import shutil
import socket

from tools.build import BUILD, NOISE, settings, sources
from tools.environment import PYTHON, digest
from tools.process import ROOT, Stop, say, shown

LIVE = BUILD / "live"
HOST = "127.0.0.1"
UNSAVED = r"(__pycache__|\.ipynb_checkpoints|~$|\.sw[a-z]$|/\.#|/4913$)"  # what editors and Python leave about


def serve(env):
    port = chosen_port(os.environ.get("PORT", "8000"))
    say("Building the book into _build/live. Later only what you save is built anew. Ctrl-C ends it.")

    def line_read(line):
        line = re.sub(r"\x1b\[[0-9;]*m", "", line).replace(f"{ROOT}{os.sep}", "")
        if line.strip() and not NOISE.match(line) and not line.startswith("[sphinx-autobuild]"):
            print(line, end="", flush=True)

    # Not strict: a half-written page should be seen, with its warnings here in the terminal. Without the security
    # policy, which would forbid the script that reloads the page.
    status = shown(
        [
            str(PYTHON),
            "-m",
            "tools.live_server",
            "--host",
            HOST,
            "--port",
            port,
            "--watch",
            "mmlbook",
            "--watch",
            "conf.py",
            "--re-ignore",
            UNSAVED,
            "-D",
            "content_security_policy=",
            "-n",
            "-q",
            "-j",
            "auto",
            "-c",
            ".",
            "-d",
            str(LIVE / "doctrees"),
            "book",
            str(LIVE / "html"),
        ],
        env | {"BOOK_LIVE": "1", "PYTHONUNBUFFERED": "1"},
        None,
        line_read,
    )
    if status:
        raise Stop(f"The live server ended with status {status}: mend what is said above, then run make live again.")


def chosen_port(text):
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT={text} is not a port: give a number from 1 to 65535, for example  make live PORT=8001")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError:
            raise Stop(
                f"Port {text} is in use or not allowed: choose another one, for example  "
                f"make live PORT={int(text) % 50000 + 1025}"
            ) from None
    return text


def forget():
    """Runs before each live build and throws away what Sphinx would wrongly take for up to date."""
    found = sources()
    now = {"settings": settings(found), "looks": digest(json.dumps([i for i in found.items() if "/_static/" in i[0]]))}
    record = LIVE / "made-from.json"
    last = json.loads(record.read_text()) if record.exists() else {}
    if last.get("settings") != now["settings"]:
        shutil.rmtree(LIVE / "doctrees", ignore_errors=True)
    elif last["looks"] != now["looks"]:
        # Each page names its style sheets with a hash of their content, so each is written anew.
        for page in (LIVE / "html").rglob("*.html"):
            page.unlink()
    LIVE.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(now))
