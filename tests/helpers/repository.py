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
    another tshark tells the headers of both. What the kernel's fuzzer found, no network made.
    """
    files = [path for folder in ("tests", "examples") for path in (TOP / folder).rglob("*.pcap*") if path.is_file()]
    files = [path for path in files if path.parent.name not in {"carriers", "fuzzed"}]
    return sorted(path for path in files if is_capture(path.read_bytes()[:16]))


CASES_OF_A_CAUSE = 2
"""Of which a capture is compared: what is new in a third case is hardly the form of its packets."""


def compared_captures() -> list[Path]:
    """Those of `captures` that are compared with another program, whose start takes longer than most tests.

    All examples and samples, and of each cause's first cases one capture, each time from the next vantage.
    """
    chosen: list[Path] = []
    for cause in sorted((TOP / "tests" / "cases").iterdir()):
        for folder in sorted(cause.glob("*/"))[:CASES_OF_A_CAUSE]:
            files = sorted(folder.glob("*.pcap*"))
            chosen.append(files[len(chosen) % len(files)])
    return [path for path in captures() if "cases" not in path.parts or path in chosen]
