"""How the book's kernels differ from IPython's own: vector figures, no history, and no warning passes unseen.

What a cell prints is sent when the cell ends. Sent every fifth of a second, a slow cell's output would have as many
pieces as the machine happened to need, and MyST-NB, which can put them together, begins a new line at each.
"""

c = get_config()  # noqa: F821 (IPython provides it)

c.IPKernelApp.log_level = 40  # errors only: it warns of its loopback sockets at every start
c.HistoryManager.hist_file = ":memory:"  # switched off, it delays the end of each kernel by two seconds
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {
    "bbox_inches": "tight",
    "metadata": {"Date": None, "Creator": None, "Format": None, "Type": None},
}
# A deprecation inside a library is its authors' business; in a cell or in mmlbook it is ours.
c.InteractiveShellApp.exec_lines = [
    "import warnings as _warnings",
    "_warnings.simplefilter('error')",
    "_warnings.filterwarnings('ignore', category=DeprecationWarning)",
    "_warnings.filterwarnings('ignore', category=PendingDeprecationWarning)",
    "_warnings.filterwarnings('ignore', category=ResourceWarning)",
    "_warnings.filterwarnings('error', category=DeprecationWarning, module='__main__|mmlbook')",
    "del _warnings",
    "import sys as _sys",
    "_sys.stdout.flush_interval = _sys.stderr.flush_interval = 24 * 60 * 60",
    "del _sys",
]
