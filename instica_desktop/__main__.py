"""Lets `python -m instica_desktop` do what the `instica-desktop` command does."""

import sys

from instica_desktop.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
