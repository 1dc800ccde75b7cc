"""`python -m tools TARGET`: sets up what is missing, then does what `make TARGET` promises."""

import signal
import sys

from tools import build, checks, environment, live, lock
from tools.process import Stop


def html(env):
    build.build(env)
    print(
        "To read it, type  make live  or  python3 -m http.server --bind 127.0.0.1 --directory _build/html 8000"
        "  and open http://127.0.0.1:8000/"
    )


TARGETS = {
    "html": html,
    "live": live.serve,
    "test": checks.test,
    "verify": checks.verify,
    "doctest": checks.doctest,
    "bench": checks.bench,
    "lock": lock.lock,
}


def main(target):
    # An ended terminal or a cancelled job must clean up like an error does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        TARGETS[target](environment.prepare())
    except Stop as stop:
        print(stop, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
