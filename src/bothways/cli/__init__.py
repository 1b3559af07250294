"""The command line: one file per verb, each parses, calls and prints."""

from bothways.cli.start import main

__all__ = ["main"]
