"""Starting is quick: a small diagnosis imports no library that only large ones need."""

import subprocess
import sys

import pytest

from tests.helpers.repository import TOP

HEAVY = ("numpy", "polars", "maxminddb")
CAMPUS = TOP / "examples" / "campus"

RUN_AND_LIST_IMPORTS = """
import sys
from bothways.cli import main
sys.argv = ["bothways", *sys.argv[1:]]
try:
    if sys.argv[1:]:
        main()
except SystemExit as end:
    status = end.code or 0
else:
    status = 0
sys.stderr.write("\\nimported: " + " ".join(sorted({name.partition(".")[0] for name in sys.modules})) + "\\n")
raise SystemExit(status)
"""


def imported_by(*arguments: str, status: int = 0) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_LIST_IMPORTS, *arguments], capture_output=True, text=True, check=False, cwd=TOP
    )
    assert done.returncode == status, done.stderr
    return set(done.stderr.rpartition("\nimported: ")[2].split())


@pytest.mark.parametrize("arguments", [(), ("--help",)], ids=["import", "help"])
def test_starting_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    imported = imported_by(*arguments)
    assert "bothways" in imported
    assert imported.isdisjoint(HEAVY)


def test_a_small_diagnosis_imports_nothing_heavy() -> None:
    imported = imported_by("diagnose", str(CAMPUS), status=1)
    assert "bothways" in imported
    assert imported.isdisjoint(HEAVY)
