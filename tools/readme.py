"""Puts what programs print into the pages that show it, between the marks.

python tools/readme.py
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[1]
WIDTH = "100"


@dataclass(frozen=True)
class Block:
    """A part of a page that shows what a command prints."""

    page: Path
    mark: str
    command: tuple[str, ...]
    until: str = "\0"
    """Where the shown part ends, if before the end."""

    def printed(self) -> str:
        """What it prints today, as far as it is shown."""
        environment = os.environ | {"COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "bothways", *self.command]
        done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, check=False)
        return done.stdout.split(self.until, maxsplit=1)[0].rstrip()

    @property
    def start(self) -> str:
        return f"<!-- {self.mark} -->"

    @property
    def end(self) -> str:
        return f"<!-- /{self.mark} -->"

    def text(self) -> str:
        """The part of the page from mark to mark."""
        return f"{self.start}\n```\n{self.printed()}\n```\n{self.end}"

    def write(self) -> None:
        before, rest = self.page.read_text(encoding="utf-8").split(self.start, maxsplit=1)
        after = rest.split(self.end, maxsplit=1)[1]
        self.page.write_text(f"{before}{self.text()}{after}", encoding="utf-8")


DEMO = Block(TOP / "README.md", "demo", ("diagnose", "examples/campus"), "Also measured")
_CAMPUS = "examples/campus/"
_TWO = ("diagnose", f"{_CAMPUS}outbound.mtr.txt", f"{_CAMPUS}inbound.mtr.txt")
TWO_WAYS = Block(TOP / "docs" / "paths.md", "ways", _TWO, "\nEvidence\n")
WITH_CONTROL = Block(
    TOP / "docs" / "paths.md", "ways-control", (*_TWO, f"{_CAMPUS}control-inbound.mtr.txt"), "What to find out next"
)
WAYS_ALONE = Block(TOP / "README.md", "ways", _TWO, "What this says")
LAB_LIST = Block(TOP / "docs" / "lab.md", "list", ("lab", "list"))
BLOCKS = (DEMO, WAYS_ALONE, TWO_WAYS, WITH_CONTROL, LAB_LIST)


def main() -> None:
    for block in BLOCKS:
        block.write()


if __name__ == "__main__":
    main()
