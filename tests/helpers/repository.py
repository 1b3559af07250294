"""Where the project's own files are, for tests that read them."""

import tomllib
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
SOURCE = TOP / "src" / "bothways"


def modules() -> list[Path]:
    """All Python modules of the program."""
    return sorted(SOURCE.rglob("*.py"))


def pyproject() -> dict[str, Any]:
    return tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
