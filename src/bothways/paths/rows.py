"""The shapes in which two ways stand side by side: rows, what is known of them, and where the ways differ."""

from enum import StrEnum

from msgspec import Struct

from bothways.paths.course import Station


class Kinship(StrEnum):
    """What is known of the hops in one row."""

    SAME = "same"
    """One router, on both ways."""
    ONLY_THERE = "only-there"
    """A router of the way there that is none of the way back's: its absence is proven."""
    ONLY_BACK = "only-back"
    UNTOLD = "cannot-tell"
    """It may or may not stand on the other way, too."""


class Basis(StrEnum):
    """On what a pair rests."""

    ADDRESS = "address"
    NAME = "name"
    INTERFACE_NAME = "interface-name"
    """Names that differ in the interface's label only."""
    LINK = "link"
    """Addresses of the two ends of one link."""
    ROUND_TRIP = "round-trip"
    """Round trips from both ends add up to that of the whole path."""
    POSITION = "position"
    """What lies between two pairs is as long on both ways."""
    INVENTORY = "inventory"
    """The user's own list of devices."""
    NETWORK = "network"
    """Both addresses belong to one autonomous system by the user's database."""
    WAY_BACK = "way-back"
    """The replies came as many hops as the router stands from the other end, by their TTLs."""


PROVING = frozenset({Basis.ADDRESS, Basis.NAME, Basis.INTERFACE_NAME, Basis.LINK, Basis.INVENTORY})
"""Bases that pair two hops by what they are, not by where they stand."""


class Proof(StrEnum):
    """Why a router is known not to be on a way, or why that is not known."""

    CONTROL = "control"
    """Proven: it answers in that direction on another way, and no silent hop is left here that could be it."""
    NEIGHBOURS = "neighbours"
    """Proven: the hops around the gap are the two ends of one link."""
    PRESENT = "present"
    """It is not absent: it was recognised on that way."""
    SILENT_HOPS = "silent-hops"
    """Not seen, but silent hops, or distances that no report lists, could be it."""
    UNRECOGNISED = "unrecognised"
    """Not seen under a name or address that tells, but a hop that answered in its place could be it."""
    UNENDED = "unended"
    """Not seen, but the report stops before the way does."""
    UNPROVEN = "unproven"
    """Not seen, and no hop there could be it; but nobody knows whether it lowers TTLs and answers in that
    direction."""


class Absence(Struct, frozen=True, kw_only=True):
    """Whether a router of one way is proven not to be on the other one."""

    proven: bool
    why: Proof
    hidden: int = 0
    """Silent hops of the other way, and distances that no report lists, that could be it."""


class Row(Struct, frozen=True, kw_only=True):
    """One line of the two ways side by side."""

    there: Station | None
    back: Station | None
    """Of at least one way there is a station."""

    kinship: Kinship
    confidence: float
    """That `kinship` is right, 0 to 1; of what cannot be told, how sure `likeliest` is."""

    bases: tuple[Basis, ...] = ()
    """On what a pair rests, the strongest first; empty in rows of one way. A row of two hops of which it cannot be
    told whether they are one router has what speaks for it."""

    likeliest: Kinship = Kinship.UNTOLD
    """What the row is most likely, whether or not that can be told; UNTOLD only where nothing is likelier."""

    absence: Absence | None = None
    """Of a row of one way: what is known of the other way; None in rows of two hops."""


class Detour(Struct, frozen=True, kw_only=True):
    """A stretch on which the two ways pass different routers."""

    before: Row | None
    """The last pair on the client's side of it: where the way there leaves the way back. None: the client itself."""

    after: Row | None
    """The first pair on the server's side; None: the server itself."""

    there: tuple[Station, ...]
    """What the way there passes in between, silent hops included, from the client's side to the server's."""

    back: tuple[Station, ...]
    """What the way back passes in between, also from the client's side to the server's."""

    confidence: float = 0.5
    """That the ways differ here at all, 0 to 1: hops that merely do not tell are likely the same routers."""

    hidden_there: int = 0
    """Silent hops of the way there in between, and distances that no report lists: each could be any device."""

    hidden_back: int = 0

    proven: bool = False
    """Whether the absence of at least one of these routers from the other way is proven, not only likely."""
