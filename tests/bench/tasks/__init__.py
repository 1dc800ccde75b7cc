"""The tasks on which mmlbook is timed beside its peers, by `python -m tests.bench.package`.

Each module here yields rows (task, peer, seconds of mmlbook, seconds of the peer) for the table in goals.py. They run
in the environment of the peers, .venv-bench, where mmlbook is read from this folder.
"""
