"""How far packets inside a connection come: its bare ACK, harmless bytes, a ClientHello, a full-sized segment.

Each is sent with a growing TTL in one flow (RFC 1812 section 5.3.1) and set beside another that goes farther. So it
shows what a device on the way there drops, and between which two distances, to whoever sits at the client. A router
counts the TTL down before its filter sees the packet (Linux does): a drop by the router that answered last looks like
one on the way into the next.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from bothways.evidence.probing import Sends
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.probe_runs import Run, Stop, passes, runs, stop_of
from bothways.facts.probe_words import of_stop, reach
from bothways.facts.subject import Subject
from bothways.way import Way


class Inside(StrEnum):
    """What of a connection stops on the way there, though other packets of the same way go on."""

    ALL_PASS = "all-pass"  # noqa: S105 - packets pass here, no word does
    """Whatever was tried comes as far as any probe is answered by routers; only behind them could it be lost."""
    ACK_STOPS = "ack-stops"
    """The bare ACK, where SYNs go on."""
    SEGMENTS_STOP = "segments-stop"
    """A few harmless bytes, where SYNs go on; nobody could try the bare ACK."""
    DATA_STOPS = "data-stops"
    """A few harmless bytes, where the bare ACK goes on."""
    NAME_STOPS = "name-stops"
    """The ClientHello with the name that was asked for, where one of the same size with another name goes on."""
    LARGE_STOPS = "large-stops"
    """Full-sized segments, where a few bytes go on; and no router says that they are too large."""


PROBES_INSIDE = Kind(
    id="probes-inside",
    asks="How far do packets inside the connection come, against its repeated SYN?",
    family="probes",
    answers=Inside,
)

_SYNS = (Sends.INSIDE_SYN, Sends.SYN)


class Tried(Struct, frozen=True, kw_only=True):
    """What probes brought."""

    runs: tuple[Run, ...]
    """To the target."""

    controls: tuple[Run, ...] = ()
    """To anything else."""

    @property
    def crowd(self) -> tuple[Run, ...]:
        """All of them."""
        return (*self.runs, *self.controls)

    def of(self, *kinds: Sends) -> tuple[Run, ...]:
        """Those of *kinds*, in the order of the kinds."""
        return tuple(run for kind in kinds for run in self.runs if run.sends is kind)

    def stops(self, kind: Sends, *beside: Sends) -> tuple[Stop, ...]:
        """For each run of *kind* that stops, where; the surest comparison with one of *beside*, its own flow first."""
        found = (self._surest(run, self.of(*beside)) for run in self.of(kind))
        return tuple(stop for stop in found if stop is not None)

    def _surest(self, run: Run, others: Sequence[Run]) -> Stop | None:
        ordered = sorted(others, key=lambda other: other.flow != run.flow)
        stops = [stop for other in ordered if (stop := stop_of(run, other, self.crowd)) is not None]
        return next((stop for stop in stops if stop.sure), stops[0] if stops else None)

    def go_on(self, kind: Sends) -> bool:
        """Whether every run of *kind* comes as far as any router answered any run, and there is one."""
        farthest = max((run.farthest for run in self.runs if run.sends is not Sends.UDP), default=0)
        mine = self.of(kind)
        return bool(mine) and farthest > 0 and all(passes(run, farthest) for run in mine)


def tried(subject: Subject) -> Tried:
    """What probes to the target and to controls brought."""
    return Tried(runs=runs(subject.probes), controls=runs(subject.control_probes))


def probed(subject: Subject) -> bool:
    """Whether somebody probed from inside the connection who was told which routers answered."""
    return any(run.knows_senders for run in tried(subject).of(*_TRIED))


def inside_stop(subject: Subject) -> tuple[Inside, Stop] | None:
    """What stops, and where; None where nothing does, or what stops in one connection passes in another."""
    of = tried(subject)
    for answer, kind, beside in _LADDER:
        stops = of.stops(kind, *beside)
        if not stops:
            continue
        if any(passes(run, stops[0].missing) for run in of.of(kind)):
            return None
        stop = next((stop for stop in stops if stop.sure), stops[0])
        if answer is Inside.SEGMENTS_STOP and of.of(Sends.INSIDE_ACK):
            return (Inside.DATA_STOPS, stop) if of.go_on(Sends.INSIDE_ACK) else None
        return answer, stop
    return None


_LADDER: tuple[tuple[Inside, Sends, Collection[Sends]], ...] = (
    (Inside.ACK_STOPS, Sends.INSIDE_ACK, _SYNS),
    (Inside.SEGMENTS_STOP, Sends.INSIDE_DATA, (Sends.INSIDE_ACK, *_SYNS)),
    # A comparison at the same size says more than one of sizes.
    (Inside.NAME_STOPS, Sends.INSIDE_HELLO, (Sends.INSIDE_OTHER_HELLO,)),
    (Inside.LARGE_STOPS, Sends.INSIDE_LARGE, (Sends.INSIDE_DATA,)),
)
"""What stops, what shows it, and beside what: the plainest packet first, as what stops it stops all others too."""

_TRIED = (Sends.INSIDE_ACK, Sends.INSIDE_DATA, Sends.INSIDE_HELLO, Sends.INSIDE_OTHER_HELLO, Sends.INSIDE_LARGE)


def probes_inside(subject: Subject) -> Fact:
    """What stops of the connection's own packets."""
    of = tried(subject)
    if not of.of(*_TRIED):
        return unknown(PROBES_INSIDE, "nobody probed from inside the connection")
    found = inside_stop(subject)
    if found is not None:
        answer, stop = found
        return Fact(
            kind=PROBES_INSIDE,
            answer=answer,
            says=of_stop(subject, stop),
            way=Way.THERE,
            vantage="client",
            cites=stop.cites(),
            sure=stop.sure,
        )
    kinds = [kind for kind in _TRIED if of.of(kind)]
    if Sends.INSIDE_ACK not in kinds or not all(of.go_on(kind) for kind in kinds):
        return unknown(PROBES_INSIDE, "too few routers answer probes to tell how far they come")
    return _all_pass(subject, of.of(*kinds))


def _all_pass(subject: Subject, passing: Iterable[Run]) -> Fact:
    ordered = list(passing)
    shown = next((run for run in ordered if run.farthest), ordered[0])
    return Fact(
        kind=PROBES_INSIDE,
        answer=Inside.ALL_PASS,
        says=f"whatever was sent inside the connection {reach(subject, shown)}, as far as routers answer",
        way=Way.THERE,
        vantage="client",
        cites=shown.cite(*shown.answered(shown.farthest)[:1]),
        # An answer shows that it came that far, whatever was silent.
        sure=shown.knows_senders,
    )
