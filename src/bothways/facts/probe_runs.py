"""Probes of one kind in one flow, and where they stop though others of the same flow go on.

A router that is silent to one probe may limit its answers, answer nobody, or have its answers lost on the way back:
silence alone shows nothing. So a *stop* takes a second run beside the first: at the same distances, and in the same
minutes, it is answered, and the first one never is. How often chance alone would deal all silences to the first run is
reckoned as an urn has it, since routers give their answers (net.ipv4.icmp_ratelimit: one a second for each destination,
six at once) to whoever comes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from math import comb, prod

from msgspec import Struct

from bothways.evidence.citation import Citation
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import Came, ProbeLog, ProbeTrace, Reply, Sends, Shot
from bothways.units import MILLISECOND, Duration, Instant, between

ENOUGH = 3
"""Probes at one distance from which on their silence says anything."""

SEVERAL = 2
"""Silences between two answers that are no moment's."""

BY_CHANCE = 0.01
"""Probability up to which the silences can have fallen to one kind of probe by chance."""

LEAST_WAIT = Duration(300 * MILLISECOND)
"""How long an answer was waited for at least before a probe counts as unanswered; twice the slowest answer from the
same distance where that is longer."""

LEAST_UNHINDERED = 2
"""Lost probes that no least time between a router's answers explains."""

_EXPIRED = frozenset({Came.TIME_EXCEEDED, Came.ERROR})
"""What a router answers to a probe that came as far as it was to go."""
_REJECTED = frozenset({Came.RESET, Came.UNREACHABLE})
_TAKEN = frozenset({Came.ACK, Came.DATA})
"""What only the server answers, to what is inside a connection."""


class Run(Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """All probes of one kind in one flow."""

    file: str
    sends: Sends
    source: Endpoint
    destination: Endpoint
    name: str | None
    shots: tuple[tuple[Shot, Duration | None], ...]
    """In the order in which they were sent, each with how long its answer was waited for; None where that is not
    known."""

    @property
    def flow(self) -> tuple[Endpoint, Endpoint]:
        """What decides by which of several paths packets go."""
        return self.source, self.destination

    @cached_property
    def at(self) -> Mapping[int, tuple[tuple[Shot, Duration | None], ...]]:
        """By distance."""
        found: defaultdict[int, list[tuple[Shot, Duration | None]]] = defaultdict(list)
        for shot in self.shots:
            found[shot[0].ttl].append(shot)
        return {distance: tuple(found[distance]) for distance in sorted(found)}

    @cached_property
    def farthest(self) -> int:
        """The largest distance from which a router answered; 0 where none did."""
        return max((distance for distance in self.at if self.answered(distance)), default=0)

    @cached_property
    def taken(self) -> bool:
        """Whether the server itself answered what was sent in the connection."""
        return any(reply.came in _TAKEN for shot, _ in self.shots for reply in shot.replies)

    @cached_property
    def knows_senders(self) -> bool:
        """Whether it is known who answered; a program without privileges is told that somebody did."""
        return all(reply.came is not Came.ERROR for shot, _ in self.shots for reply in shot.replies)

    def answered(self, distance: int) -> tuple[Shot, ...]:
        """The probes that a router at this *distance* answered."""
        return tuple(shot for shot, _ in self.at.get(distance, ()) if _first(shot, _EXPIRED) is not None)

    def senders(self, distance: int) -> frozenset[str]:
        """Addresses of the routers that answered from this *distance*; several where packets are spread."""
        replies = (_first(shot, _EXPIRED) for shot in self.answered(distance))
        return frozenset(reply.sender for reply in replies if reply is not None and reply.sender is not None)

    def rejected(self, distance: int) -> tuple[Shot, ...]:
        """The probes with as far to go that were reset, or refused by an ICMP error, and did not arrive there."""
        shots = (shot for shot, _ in self.at.get(distance, ()))
        return tuple(shot for shot in shots if _first(shot, _REJECTED) is not None and _first(shot, _EXPIRED) is None)

    def lost(self, distance: int, patience: Duration) -> tuple[Shot, ...]:
        """The probes with as far to go to which nobody said a word for *patience*, and those that were rejected."""
        kept = (_EXPIRED | _TAKEN | {Came.TOO_BIG}, patience)
        return tuple(shot for shot, waited in self.at.get(distance, ()) if _is_lost(shot, waited, *kept))

    def cite(self, *shots: Shot) -> tuple[Citation, ...]:
        """The lines of *shots*."""
        return tuple(Citation(file=self.file, line=shot.line) for shot in shots)


def _is_lost(shot: Shot, waited: Duration | None, arrivals: frozenset[Came], patience: Duration) -> bool:
    if _first(shot, arrivals) is not None:
        return False
    return _first(shot, _REJECTED) is not None or (waited is not None and waited >= patience)


def _first(shot: Shot, came: frozenset[Came]) -> Reply | None:
    return next((reply for reply in shot.replies if reply.came in came), None)


def runs(logs: Iterable[ProbeLog]) -> tuple[Run, ...]:
    """What *logs* tell, the traces of one kind in one flow taken together."""
    grouped: defaultdict[tuple[object, ...], list[ProbeTrace]] = defaultdict(list)
    for log in logs:
        for trace in log.traces:
            kind = (trace.sends, trace.name, trace.size if trace.sends is Sends.INSIDE_LARGE else 0)
            grouped[log.file, trace.source, trace.destination, *kind].append(trace)
    return tuple(_run(str(key[0]), traces) for key, traces in grouped.items())


def _run(file: str, traces: Sequence[ProbeTrace]) -> Run:
    shots = [
        (shot, None if trace.ended is None else between(shot.at, trace.ended))
        for trace in traces
        for shot in trace.shots
    ]
    first = traces[0]
    return Run(
        file=file,
        sends=first.sends,
        source=first.source,
        destination=first.destination,
        name=first.name,
        shots=tuple(sorted(shots, key=lambda item: item[0].at)),
    )


class Stop(Struct, frozen=True, kw_only=True):
    """Where one run stops and another goes on."""

    of: Run
    beside: Run
    passed: int
    """The last distance from which the one that stops was answered; 0 where it was from none."""

    missing: int
    """The first distance behind it at which the other was answered, and this one never."""

    rejected: bool
    """Whether what stops it said so: by a reset, or an ICMP error."""

    sure: bool
    """Whether chance and limits of answers are ruled out, and who answered is known."""

    def cites(self) -> tuple[Citation, ...]:
        """The last answer, silence behind it, and the other's answer there."""
        last = self.of.answered(self.passed)[-1:]
        silent = [shot for shot, _ in self.of.at[self.missing]]
        return (*self.of.cite(*last, *silent[:2]), *self.beside.cite(*self.beside.answered(self.missing)[:1]))


def stop_of(of: Run, beside: Run, crowd: Sequence[Run] = ()) -> Stop | None:
    """Where *of* stops, if *beside* shows that routers behind answer; None where nothing shows it.

    Of the *crowd* counts what the same routers answered: how free they are with answers.
    """
    if (
        of.taken
        or not on_one_path(of, beside, of.farthest)
        or any(_told(of, far) for far in of.at if far > of.farthest)
    ):
        return None
    silences = [found for far in beside.at if far > of.farthest and (found := _silence(of, beside, crowd, far))]
    if not silences:
        return None
    return Stop(
        of=of,
        beside=beside,
        passed=of.farthest,
        missing=silences[0].distance,
        rejected=any(of.rejected(one.distance) for one in silences),
        sure=of.knows_senders and beside.knows_senders and _is_no_chance(silences),
    )


def on_one_path(one: Run, other: Run, distance: int) -> bool:
    """Whether two runs show the same router at *distance*; those of one flow, and any at the client, are together.

    Where nobody knows who answered, they are taken to be: who uses that is not sure of it.
    """
    if distance == 0 or one.flow == other.flow:
        return True
    mine, others = one.senders(distance), other.senders(distance)
    return bool(mine & others) or not (mine and others)


def _told(of: Run, distance: int) -> bool:
    """Whether a router said that a probe is too large: then it is not lost without a word."""
    return any(_first(shot, frozenset({Came.TOO_BIG})) for shot, _ in of.at[distance])


class _Silence(Struct, frozen=True, kw_only=True):
    """Probes lost on the way to one distance from which others are answered."""

    distance: int
    chance: float
    """That all silences there fall to the one run, if its router answered without regard to what it is sent."""

    unhindered: int
    """Lost ones that were sent as long after an answer of the router as others that it answered: no least time between
    its answers explains them."""

    before_and_after: bool
    """Whether silences lie between answers of the router to the other run; one alone may be a moment's."""


def _silence(of: Run, beside: Run, crowd: Sequence[Run], distance: int) -> _Silence | None:
    """What was lost at *distance*, if it is enough to count."""
    heard = beside.answered(distance)
    if not heard:
        return None
    slowest = max(reply.after for shot in heard for reply in shot.replies if reply.came in _EXPIRED)
    lost = of.lost(distance, Duration(max(LEAST_WAIT, 2 * slowest)))
    if len(lost) < ENOUGH:
        return None
    senders = beside.senders(distance)
    others = {id(one): one for one in (beside, *crowd) if one is not of and one.senders(distance) & senders} or {
        id(beside): beside
    }
    answers = sorted(shot.at for one in others.values() for shot in one.answered(distance))
    unanswered = sum(len(one.at[distance]) for one in others.values()) - len(answers)
    rejected = len(of.rejected(distance)) > 1
    total = len(lost) + unanswered
    return _Silence(
        distance=distance,
        # What was rejected was answered, and by nobody who lets it pass: there chance has no part.
        chance=0.0 if rejected else comb(total, len(lost)) / comb(total + len(answers), len(lost)),
        unhindered=len(lost) if rejected else sum(_is_unhindered(shot, answers) for shot in lost),
        before_and_after=sum(heard[0].at < shot.at < heard[-1].at for shot in lost) >= SEVERAL,
    )


def _is_unhindered(shot: Shot, answers: Sequence[Instant]) -> bool:
    """Whether *shot* came as long after the last answer as others that were answered."""
    last = max((at for at in answers if at <= shot.at), default=None)
    soonest = min((between(one, next_) for one, next_ in pairwise(answers)), default=None)
    return last is None or (soonest is not None and between(last, shot.at) >= soonest)


def _is_no_chance(silences: Sequence[_Silence]) -> bool:
    chance = prod(one.chance for one in silences)
    unhindered = sum(one.unhindered for one in silences)
    return chance <= BY_CHANCE and unhindered >= LEAST_UNHINDERED and any(one.before_and_after for one in silences)


def passes(run: Run, distance: int) -> bool:
    """Whether *run* is known to come at least as far as *distance*."""
    return run.taken or run.farthest >= distance
