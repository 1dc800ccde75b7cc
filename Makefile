# `make` alone lists what can be made. Each target sets up all that it needs; the work is in tools/.

help:
	@echo "The book, in one command each (Python 3.11 or newer is all they need):"
	@awk -F ' *## *' '/^[a-z]+:.*##/ { sub(/:.*/, "", $$1); printf "  make %-8s %s\n", $$1, $$2 }' Makefile

html:     ## build the book, every cell executed, into _build/html
live:     ## read the book while writing it: each saved page appears (PORT=8000)
test:     ## what to run before a change is offered: up to ten minutes
verify:   ## the slow checks on top of test: up to thirty minutes
doctest:  ## the examples in the docstrings of mmlbook
bench:    ## measure the build, the pages and the package into book/measurements.json
lock:     ## pin the Python packages of requirements.in anew, with hashes
clean:    ## throw away all that was built (installed packages stay)

html live test verify doctest bench lock:
	@sh tools/run.sh $@

clean:
	@rm -rf _build .pytest_cache .hypothesis .ruff_cache
	@echo "Removed _build and the caches. To remove the installed packages too: rm -rf .venv .venv-bench node_modules"

.PHONY: help html live test verify doctest bench lock clean
