"""What facts are measured on: the failing connections of one target, and everything to compare them with."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import force_setattr

from bothways.connections.clock import ClockOffset, Reckoned
from bothways.connections.crowd import Crowd, crowd
from bothways.connections.differences import Difference
from bothways.connections.exchange import Exchange, Seen
from bothways.connections.flow_outcome import LoggedFlow
from bothways.connections.observer import Observer, Place
from bothways.connections.tally import how_many
from bothways.evidence.attempt import Attempt, AttemptLog
from bothways.evidence.attempt import Outcome as Told
from bothways.evidence.case import CounterEvidence, LogEvidence, SocketEvidence
from bothways.evidence.citation import Citation
from bothways.evidence.echo import EchoLog
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.path_report import HopReply
from bothways.evidence.probing import ProbeLog, ProbeTrace, Shot
from bothways.evidence.rule import Ruleset
from bothways.evidence.segment import Segment
from bothways.evidence.session import SessionLog
from bothways.facts.laid_out import LaidOut
from bothways.paths.alignment import Alignment
from bothways.paths.course import Course
from bothways.paths.known import NOBODY_SAID, Known
from bothways.paths.model import Path
from bothways.paths.stateful import StatefulDevice
from bothways.units import Duration, Instant
from bothways.way import Way


class Neighbour(Struct, frozen=True, kw_only=True):
    """Another target that the same clients tried, or the control of a log."""

    server: Endpoint
    name: str
    exchanges: tuple[Exchange, ...]


class Tried(Struct, frozen=True, kw_only=True):
    """A program's own attempt, with the log that tells of it."""

    file: str
    attempt: Attempt

    def cite(self) -> Citation:
        """The line that tells how it ended."""
        return Citation(file=self.file, line=self.attempt.outcome_line)


class Traced(Struct, frozen=True, kw_only=True):
    """A trace of probes, with the log that tells of it."""

    file: str
    trace: ProbeTrace

    def cite(self, *shots: Shot) -> tuple[Citation, ...]:
        """The lines of *shots*, or the trace's own where none is named."""
        return tuple(Citation(file=self.file, line=item.line) for item in shots or (self.trace,))


class Subject(Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """One target's failure and its surroundings; what many facts look up in it is put together once."""

    client: str
    """Address of a client; empty where no evidence names it."""

    server: Endpoint
    name: str
    """Server name; empty where nobody said one."""

    exemplars: tuple[Exchange, ...]
    """Failed connections whose packets are at hand, all with one outcome; empty where only logs tell of the failure."""

    connections: tuple[Exchange, ...]
    """All connections to this target, failed or not, censored and probes left out."""

    neighbours: tuple[Neighbour, ...]
    observers: tuple[Observer, ...]
    """From the client to the server."""

    offsets: tuple[tuple[str, str, ClockOffset | None], ...]
    """(upstream vantage, downstream vantage, offset) for each pair of observers, the one nearer to the client first."""

    paths: tuple[Path, ...]
    sessions: tuple[SessionLog, ...]
    rules: tuple[Ruleset, ...]
    attempts: tuple[AttemptLog, ...]
    firewalls: tuple[str, ...]
    """Names or addresses of stateful devices, by the user's word."""

    known: Known = NOBODY_SAID
    """What the user's lists of devices and address databases say of hops."""

    controls: tuple[Neighbour, ...] = ()
    """Other captured targets to which a control's path report went; nothing else need link them to this one."""

    host_tables: tuple[SessionLog, ...] = ()
    """Tables of connections that the ends' own hosts keep; those of firewalls are `sessions`."""

    sockets: tuple[SocketEvidence, ...] = ()
    counters: tuple[CounterEvidence, ...] = ()
    logs: tuple[LogEvidence, ...] = ()
    """Of packet filters."""

    flows: tuple[LoggedFlow, ...] = ()
    """What monitors' logs tell of connections to this target, failed or not; empty where a capture or a program's log
    knows the target."""

    flow_exemplars: tuple[LoggedFlow, ...] = ()
    """Failed ones of these, all with one outcome."""

    failing: tuple[Exchange, ...] = ()
    """All connections that share the failure, with or without packets at hand."""

    unseen: tuple[Exchange, ...] = ()
    """Connections to this target that probably went on out of view: they neither fail nor work, as far as one sees."""

    differences: tuple[Difference, ...] = ()
    """By what these differ from the connections to this target that worked."""

    echoes: tuple[EchoLog, ...] = ()

    probes: tuple[ProbeLog, ...] = ()
    """The traces that went to this very target; datagrams to another port of its address among them."""

    control_probes: tuple[ProbeLog, ...] = ()
    """All others, whatever they went to."""

    degraded: bool = False
    """The connections work, but lose more than a healthy network does."""

    @cached_property
    def crowd(self) -> Crowd:
        """`connections` with what is asked of all of them, shared by all failures of the target."""
        return crowd(self.connections)

    @cached_property
    def failures(self) -> int:
        """How many connections share the failure."""
        return how_many(self.failing)

    laid_out: LaidOut | None = None
    """`paths` put together; made where none is given that fits."""

    def __post_init__(self) -> None:
        """Keep what was laid out of the same reports: failures of one target share it."""
        kept = self.laid_out
        if kept is None or kept.paths is not self.paths or kept.known is not self.known or kept.words != self.firewalls:
            force_setattr(self, "laid_out", self._lay_out())

    def _lay_out(self) -> LaidOut:
        return LaidOut(paths=self.paths, known=self.known, words=self.firewalls)

    @property
    def _laid(self) -> LaidOut:
        return self.laid_out or self._lay_out()

    @property
    def courses(self) -> tuple[Course, ...]:
        """The ways of `paths`, the reports of each put together: the case's own before the controls'."""
        return self._laid.courses

    def ways(self, way: Way, *, control: bool = False) -> tuple[Course, ...]:
        """The courses of one *way*, the case's own or the controls'; several where it changed meanwhile."""
        return self._laid.ways(way, control=control)

    @property
    def stateful_devices(self) -> tuple[StatefulDevice, ...]:
        """The hops of all `courses` that are taken for stateful devices by what the user and path reports tell."""
        return self._laid.devices

    @property
    def alignments(self) -> tuple[Alignment, ...]:
        """The case's own two ways side by side: each course there beside each course back."""
        return self._laid.alignments

    def beside_controls(self, there: Course, back: Course) -> Alignment:
        """A way *there* and a way *back* side by side, with what the controls' ways prove of their routers."""
        return self._laid.beside_controls(there, back)

    @property
    def routers(self) -> Mapping[HopReply, tuple[HopReply, ...]]:
        """By reply on any way, all replies that are certainly the same router's."""
        return self._laid.routers

    @cached_property
    def beside(self) -> tuple[Exchange, ...]:
        """All connections to this target, and those to the neighbours after them."""
        return (*self.connections, *(other for item in self.neighbours for other in item.exchanges))

    @cached_property
    def captured(self) -> tuple[Exchange, ...]:
        """Those of `beside` whose packets are at hand."""
        others = (other for item in self.neighbours for other in item.exchanges if other.has_packets)
        return (*self.crowd.captured, *others)

    @cached_property
    def seen_by(self) -> Mapping[int, tuple[tuple[Exchange, Seen], ...]]:
        """What each observer, by identity, saw of which of `beside`."""
        if not self.neighbours:
            return self.crowd.seen_by
        others = Crowd(other for item in self.neighbours for other in item.exchanges).seen_by
        mine = self.crowd.seen_by
        return {observer: mine.get(observer, ()) + others.get(observer, ()) for observer in (*mine, *others)}

    @cached_property
    def captured_without_other_failures(self) -> tuple[Exchange, ...]:
        """The captured connections to this target that share the failure, and those that do not fail.

        All, where no failure was told apart.
        """
        captured = self.crowd.captured
        if not self.failing:
            return captured
        mine = {id(exchange) for exchange in self.failing}
        return tuple(item for item in captured if id(item) in mine or not item.outcome.failed)

    def called(self, address: str) -> str | None:
        """What a capture itself calls *address*; no name that a client asked for."""
        return called(self.observers, address)

    def observer_at(self, place: Place) -> Observer | None:
        """The observer at one end."""
        return next((observer for observer in self.observers if observer.place is place), None)

    def offset(self, upstream: str, downstream: str) -> ClockOffset | None:
        """The clock offset between two vantages, where it could be estimated."""
        pair = (upstream, downstream)
        return next((offset for up, down, offset in self.offsets if (up, down) == pair), None)

    def reckon(self, moment: Instant, one: Observer, other: Observer) -> Reckoned | None:
        """*moment* by the clock of *one* as the clock of *other* has it; None where no packets tell.

        Where no packet was seen by both, by those that stood between them.
        """
        if one is other:
            return Reckoned(at=moment, margin=Duration(0))
        direct = self._directly(moment, one, other)
        if direct is not None:
            return direct
        places = self.observers.index(one), self.observers.index(other)
        step = 1 if places[0] < places[1] else -1
        reached = Reckoned(at=moment, margin=Duration(0))
        for place in range(places[0], places[1], step):
            stage = self._directly(reached.at, self.observers[place], self.observers[place + step])
            if stage is None:
                return None
            unsure = reached.margin is None or stage.margin is None
            margin = None if unsure else Duration((reached.margin or 0) + (stage.margin or 0))
            reached = Reckoned(at=stage.at, margin=margin)
        return reached

    def _directly(self, moment: Instant, one: Observer, other: Observer) -> Reckoned | None:
        offset = self.offset(one.vantage, other.vantage)
        if offset is not None:
            return offset.downstream(moment)
        offset = self.offset(other.vantage, one.vantage)
        return None if offset is None else offset.upstream(moment)

    def tried(self) -> tuple[Tried, ...]:
        """Attempts at this very target; those made for comparison only where there are no others."""
        mine = tuple(tried for tried in self.all_tried() if self._is_this(tried.attempt))
        return tuple(tried for tried in mine if not tried.attempt.control) or mine

    def tried_in_vain(self) -> tuple[Tried, ...]:
        """Those of them that failed, where any did: what the others got says nothing about the failure."""
        tried = self.tried()
        failed = tuple(item for item in tried if item.attempt.outcome not in {Told.ANSWERED, Told.UNKNOWN})
        return failed or tried

    def all_tried(self) -> tuple[Tried, ...]:
        """Attempts at any address."""
        return tuple(Tried(file=log.file, attempt=attempt) for log in self.attempts for attempt in log.attempts)

    def traces(self) -> tuple[Traced, ...]:
        """Traces to this very target, in the order of the logs."""
        return _traced(self.probes)

    def control_traces(self) -> tuple[Traced, ...]:
        """Traces to anything else."""
        return _traced(self.control_probes)

    def _is_this(self, attempt: Attempt) -> bool:
        same_name = not self.name or attempt.name is None or attempt.name == self.name
        return (attempt.address, attempt.port) == (self.server.address, self.server.port) and same_name


def _traced(logs: Iterable[ProbeLog]) -> tuple[Traced, ...]:
    return tuple(Traced(file=log.file, trace=trace) for log in logs for trace in log.traces)


def called(observers: Iterable[Observer], address: str) -> str | None:
    """What the captures' own name resolution calls *address*; None where it knows none."""
    named = (name for observer in observers for known, name in observer.survey.names if known == address)
    return next(named, None)


def cite(seen: Seen, *segments: Segment) -> tuple[Citation, ...]:
    """Frames in the capture of *seen*'s observer."""
    return tuple(seen.cite(segment) for segment in segments)


def seen_at(exchange: Exchange, place: Place) -> Seen | None:
    """What the observer at *place* saw of *exchange*."""
    for seen in exchange.seen:
        if seen.observer.place is place:
            return seen
    return None
