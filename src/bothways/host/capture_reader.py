"""Which reader of captures is in use: the native kernel, or the plain one, which defines what is right."""

import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from bothways.captures.merged import Part
from bothways.evidence.capture import Chosen, Packets, Survey

PLAIN = "BOTHWAYS_PLAIN"
"""Environment variable that asks for the plain reader, with any value but nothing and 0."""


class CaptureReader(Protocol):
    """The two passes, as `bothways.captures.plain` and `bothways.captures.native` have them."""

    def survey_parts(self, parts: Sequence[Part], *, consecutive: bool, many: int | None = None) -> Survey:
        """Walk several files of one vantage once, as one capture; *many* where it is the only one of its case."""

    def extract_parts(
        self, parts: Sequence[Part], *, consecutive: bool, chosen: Sequence[Chosen]
    ) -> tuple[Packets, ...]:
        """Walk them once more and keep the packets of the chosen connections."""


@cache
def kernel_trouble() -> str:
    """Why the native kernel is not in use; empty where it is."""
    if os.environ.get(PLAIN, "") not in {"", "0"}:
        return f"{PLAIN} is set"
    try:
        import_module("bothways.captures._kernel")
    except ImportError as error:
        return f"the native kernel cannot be loaded: {error}"
    return ""


@cache
def capture_reader() -> CaptureReader:
    """The native kernel, where it is there and nobody asked for the plain reader."""
    name = "plain" if kernel_trouble() else "native"
    return cast("CaptureReader", import_module(f"bothways.captures.{name}"))
