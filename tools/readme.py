"""Puts the page that `make demo` shows into README.md, between the marks, up to the list of further measurements.

python tools/readme.py
"""

import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
README = TOP / "README.md"
START, END = "<!-- demo -->", "<!-- /demo -->"
LAST_SHOWN = "Also measured"
WIDTH = "100"


def page() -> str:
    """What the demonstration prints today, as far as README shows it."""
    command = [sys.executable, "-m", "bothways", "diagnose", "examples/campus"]
    environment = os.environ | {"COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.split(LAST_SHOWN, maxsplit=1)[0].rstrip()


def block(shown: str) -> str:
    """The part of README from mark to mark."""
    return f"{START}\n```\n{shown}\n```\n{END}"


def main() -> None:
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(START, maxsplit=1)
    after = rest.split(END, maxsplit=1)[1]
    README.write_text(f"{before}{block(page())}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
