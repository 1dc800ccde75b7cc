"""sphinx-autobuild with Sphinx kept warm: to import it takes longer than to build one page.

`make live` runs this as `python -m tools.live_server ARGUMENTS OF SPHINX-AUTOBUILD`.
"""

import multiprocessing
import os
import sys

# Slow to import, and no part of the book: what each build may take as already there.
import furo  # noqa: F401
import matplotlib  # noqa: F401
import myst_nb.sphinx_ext  # noqa: F401
import nbclient  # noqa: F401
import sphinx.builders.html  # noqa: F401
import sympy  # noqa: F401
from sphinx.cmd.build import main as sphinx_build
from sphinx_autobuild import __main__ as autobuild

from tools.live import forget
from tools.process import ROOT, say


class WarmBuilder(autobuild.Builder):
    """Builds in a copy of this process, so that extensions and package are always read anew."""

    def __call__(self, *, changed_paths):
        for path in changed_paths:
            say(f"Changed: {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")
        child = os.fork()
        if child == 0:
            status = 1
            try:
                forget()
                status = sphinx_build(self.sphinx_args)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            say("The build broke off, so the page that is served is the old one: mend what is said above and save.")
        say(f"To read it, open {self.uri}/")


if __name__ == "__main__":
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")  # the server starts builds in a process of their own
    autobuild.Builder = WarmBuilder
    autobuild.main()
