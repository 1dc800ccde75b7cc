"""What the Makefile calls. Standard library only: it must run before anything is installed."""
