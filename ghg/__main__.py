"""``python -m ghg``: the command line."""

from ghg.cli import main

main()
