"""Where the project's own files are, for tests that read them."""

import tomllib
from pathlib import Path
from typing import Any

from bothways.captures import is_capture

TOP = Path(__file__).resolve().parents[2]
SOURCE = TOP / "src" / "bothways"


def modules() -> list[Path]:
    """All Python modules of the program."""
    return sorted(SOURCE.rglob("*.py"))


def pyproject() -> dict[str, Any]:
    return tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))


def captures() -> list[Path]:
    """All captures that came from real networks or kernels: of the cases, the examples, and samples beside tests.

    Those of tunnels have an oracle of their own, tests/captures/test_carriers_against_tshark.py: of a packet inside of
    another tshark tells the headers of both.
    """
    files = [path for folder in ("tests", "examples") for path in (TOP / folder).rglob("*.pcap*") if path.is_file()]
    files = [path for path in files if path.parent.name != "carriers"]
    return sorted(path for path in files if is_capture(path.read_bytes()[:16]))
