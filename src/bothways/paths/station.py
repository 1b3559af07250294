"""One distance of a way by all its reports: who answers there, how often, and where that is written down."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.evidence.path_report import Hop, HopReply
from bothways.paths.hidden import hides
from bothways.paths.loss import Tally, limited, tally
from bothways.paths.merging import Key, united
from bothways.paths.model import Path

MOST_STATIONS = 255
"""A TTL is one octet (RFC 791 section 3.1), a hop limit too (RFC 8200 section 3): nothing stands farther."""


class Station(Struct, frozen=True, kw_only=True):
    """One distance from where the reports of a way were made, and everybody who answered there."""

    index: int
    """TTL of the probes, from 1."""

    replies: tuple[HopReply, ...]
    """Of all runs, one for each responder; a name and an address that may or may not mean one router stand apart."""

    sightings: tuple[tuple[Path, Hop], ...]
    """Where it stands in the reports, silent lines included; empty where none lists this distance."""

    tally: Tally | None = None
    """Probes and losses of all runs together; None where no run counts them."""

    limited: bool = False
    """It loses more than later stations do: it limits its replies, and this is no loss of the path."""

    hidden: int = 0
    """Routers that stand right before this one and do not answer, as its own replies tell; at least so many."""

    @property
    def silent(self) -> bool:
        """No run has an answer from this distance."""
        return not self.replies

    @property
    def shared(self) -> bool:
        """Certainly more than one address or name answers here: a balanced path, or several links of one router."""
        addresses = {reply.address for reply in self.replies} - {None}
        names = {reply.name.casefold() for reply in self.replies if reply.name}
        return len(addresses) > 1 or len(names) > 1

    @property
    def name(self) -> str | None:
        """The first name that a report gives it."""
        return next((reply.name for reply in self.replies if reply.name), None)

    @property
    def address(self) -> str | None:
        """The first address that a report gives it."""
        return next((reply.address for reply in self.replies if reply.address), None)

    @property
    def label(self) -> str:
        """How it is called in a sentence: name, else address, else that it is silent."""
        return self.name or self.address or (f"silent hop {self.index}" if self.silent else f"hop {self.index}")

    @property
    def loss(self) -> float | None:
        """Share of the probes of all runs without reply, 0 to 1; None where no run counts them.

        Lost there or back: that is the same to see.
        """
        return self.tally.share if self.tally else None

    def cites(self) -> tuple[Citation, ...]:
        """Where to look it up: the first line that shows an answer, else the first line; empty where none lists it."""
        shown = [pair for pair in self.sightings if not pair[1].silent] or list(self.sightings)
        return tuple(path.cite(hop) for path, hop in shown[:1])


def stations_of(paths: Iterable[Path], means: Mapping[int, Mapping[Key, Key]]) -> tuple[Station, ...]:
    """The stations of *paths*, from 1 without gap to the farthest listed; *means* tells which replies are one's."""
    sightings: dict[int, list[tuple[Path, Hop]]] = {}
    for path in paths:
        for hop in path.hops:
            if 1 <= hop.index <= MOST_STATIONS:
                sightings.setdefault(hop.index, []).append((path, hop))
    tallies = {index: tally([(hop.sent, hop.loss) for _, hop in seen]) for index, seen in sightings.items()}
    indices = range(1, max(sightings, default=0) + 1)
    replies = {
        index: united([reply for _, hop in sightings[index] for reply in hop.replies], means[index])
        for index in sightings
    }
    # A station that never answers says nothing about what it would lose.
    limits = limited([tallies.get(index) if replies.get(index) else None for index in indices])
    return tuple(
        Station(
            index=index,
            replies=replies.get(index, ()),
            sightings=tuple(sightings.get(index, ())),
            tally=tallies.get(index),
            limited=limit,
            hidden=_hidden(sightings.get(index, ())),
        )
        for index, limit in zip(indices, limits, strict=True)
    )


def _hidden(seen: Iterable[tuple[Path, Hop]]) -> int:
    counts = [hides(reply) for _, hop in seen for reply in hop.replies]
    return max((1 if count is None else count for count in counts), default=0)
