"""Two ways made by hand, in one line each, for tests of what is said about them and how it is drawn."""

from __future__ import annotations

from typing import Any

from bothways.paths.alignment import Kinship
from bothways.report.ways import WaysPart
from bothways.report.ways_rows import Cell, RowLine


def cell(said: str) -> Cell | None:
    """`3:fw` is hop 3, `3:` a silent one, `3:*fw` a stateful device; `-` stands for no hop."""
    if said == "-":
        return None
    index, _, label = said.partition(":")
    return Cell(
        index=int(index), label=label.removeprefix("*"), address="", more=0, stateful=label.startswith("*"), trip=""
    )


KINSHIPS = {"=": Kinship.SAME, ">": Kinship.ONLY_THERE, "<": Kinship.ONLY_BACK, "?": Kinship.UNTOLD}


def row(said: str, **more: Any) -> RowLine:
    """`1:gw = 4:gw`, `2:fw > -`, `- < 3:other`, `2: ? -`."""
    there, sign, back = said.split(" ")
    made: dict[str, Any] = {
        "there": cell(there),
        "back": cell(back),
        "kinship": KINSHIPS[sign],
        "likeliest": KINSHIPS[sign],
        "unsure": "",
        "rests_on": "",
    }
    return RowLine(**(made | more))


def part(*rows: RowLine, **more: Any) -> WaysPart:
    """The two ways of *rows* between a client and a server."""
    made: dict[str, Any] = {
        "heading": "The two ways between 10.0.0.2 and a.example",
        "client": "client 10.0.0.2",
        "server": "server a.example",
        "there": True,
        "back": True,
        "rows": rows,
        "gist": "the ways part",
        "says": ("They part.",),
        "beside": ("They part.",),
        "details": (),
        "follows": (),
        "same": False,
    }
    return WaysPart(**(made | more))
