"""What a report says about the two ways: the rows of their picture and the sentences below it."""

from msgspec import Struct

from bothways.diagnosis.two_ways import WaysOf
from bothways.paths.alignment import Kinship
from bothways.report.summary import WAYS
from bothways.report.text import clean
from bothways.report.ways_follow import Following, following_of
from bothways.report.ways_networks import network_words
from bothways.report.ways_rows import RowLine, rows_of
from bothways.report.ways_stretches import gist, stretches_of
from bothways.report.ways_words import details, partings, says, silence, unfinished
from bothways.way import Way


class WaysPart(Struct, frozen=True, kw_only=True):
    """The two ways between two ends."""

    heading: str
    client: str
    """The end above the first row, in words."""

    server: str
    there: bool
    """Whether a report shows the way there."""

    back: bool
    rows: tuple[RowLine, ...]
    """From the client to the server."""

    gist: str
    """Where the ways part, in one sentence."""

    says: tuple[str, ...]
    """What the picture means, and what it cannot tell."""

    beside: tuple[str, ...]
    """The few of them that stand beside a verdict."""

    details: tuple[str, ...]
    """Further sentences, where details are asked for."""

    follows: tuple[Following, ...]
    """What would follow for the causes if connections failed."""

    same: bool
    """Every router stands on both ways: no picture is needed where connections are spoken of."""


def ways_part(ways: WaysOf) -> WaysPart:
    """Put *ways* into words."""
    found = stretches_of(ways.alignment) if ways.alignment else ()
    lines = tuple(rows_of(ways, found))
    return WaysPart(
        heading=_heading(ways),
        client=_end("client", ways.client, ways, Way.BACK),
        server=_end("server", ways.server, ways, Way.THERE),
        there=ways.there is not None,
        back=ways.back is not None,
        rows=lines,
        gist=gist(ways),
        says=tuple(clean(words) for words in (*says(ways, found), *network_words(ways))),
        beside=tuple(clean(words) for words in (*partings(ways, found), *unfinished(ways), silence(ways))),
        details=tuple(clean(words) for words in details(ways)),
        follows=following_of(ways),
        same=bool(lines) and all(line.kinship is Kinship.SAME for line in lines),
    )


def _heading(ways: WaysOf) -> str:
    ends = f"{clean(ways.client) or 'the client'} and {clean(ways.server) or 'the server'}"
    if ways.alignment:
        return f"The two ways between {ends}"
    return f"The way {'there' if ways.there else 'back'} between {ends}"


def _end(role: str, label: str, ways: WaysOf, way: Way) -> str:
    """`client 10.65.238.2 (hop 9 of the way back)`."""
    words, arriving = f"{role} {clean(label)}".strip(), ways.course(way)
    if arriving is None or not arriving.stations:
        return words
    if arriving.distance is not None:
        likely = "most likely " if way in ways.assumed else ""
        return f"{words} ({likely}hop {arriving.distance} of {WAYS[way]})"
    return f"{words} (not seen at the end of {WAYS[way]})" if arriving.reached is False else words
