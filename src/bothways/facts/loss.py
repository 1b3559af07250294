"""What is lost between two captures, over all connections to a target, and whether the loss has a pattern.

Loss that picks a class of packets, a size or some connections has a reason that can be found; loss without pattern is
a bad line, or a full one. One capture alone shows repeats and no losses, so it takes two. A pattern is said only where
chance would hardly spare the others (`BY_CHANCE`), and "random" only where what was lost is followed by what arrived.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache

from msgspec.structs import replace

from bothways.connections.exchange import LARGE, Seen
from bothways.connections.observer import Place
from bothways.connections.outcome import SEVERAL
from bothways.connections.packet_class import PacketClass, packet_class
from bothways.connections.quality import Shows
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.stretches import Crossed, Stretch, stretches
from bothways.facts.subject import Subject, cite, seen_at
from bothways.way import Way

ENOUGH = 20
"""Packets below which a share of the lost says nothing."""

FEWEST = 3
"""Lost packets below which no share is told, as the gate has it."""

HEALTHY = 0.02
"""Share of lost packets that TCP repairs without anybody noticing."""

BY_CHANCE = 0.001
"""Probability up to which the others can have been spared by chance."""

NEARLY_ALL = 0.8
"""Share of a connection's packets (its SYN may pass) that are lost on a path that passes none."""


class Pattern(StrEnum):
    """What of the packets of one way is lost."""

    NONE = "none"
    """Nothing, or no more than a healthy network loses."""
    RANDOM = "random"
    """Some packets of any kind, others of the same kind arrive."""
    ONE_CLASS = "one-class"
    ONE_SIZE = "one-size"
    BY_CONNECTION = "by-connection"
    """Nearly all packets of some connections, none of the others."""
    ALL = "all"


LOSS_THERE = Kind(id="loss-there", asks="What is lost on the way there?", family="loss-there", answers=Pattern)
LOSS_BACK = Kind(id="loss-back", asks="What is lost on the way back?", family="loss-back", answers=Pattern)


def loss_there(subject: Subject) -> Fact:
    """The pattern of what the client sent and somebody farther on did not see."""
    return _loss(subject, Way.THERE, LOSS_THERE)


def loss_back(subject: Subject) -> Fact:
    """The pattern of what the server sent and somebody farther on did not see."""
    fact = _loss(subject, Way.BACK, LOSS_BACK)
    if fact.known and fact.answer is not Pattern.NONE:
        return fact
    return _replies(subject) or fact


def _replies(subject: Subject) -> Fact | None:
    """Whether the answers to some connections' SYNs all get lost, and those to others' never.

    Nothing goes around the client's own capture: what left the server and is not there is lost.
    """
    if subject.observer_at(Place.SERVER) is None or subject.observer_at(Place.CLIENT) is None:
        return None
    lost: list[tuple[Seen, Seen]] = []
    spared = 0
    for exchange in subject.connections:
        server, client = seen_at(exchange, Place.SERVER), seen_at(exchange, Place.CLIENT)
        if server is None or client is None or not (server.sides.back.syn_acks and client.sides.there.syns):
            continue
        if client.observer.quality.shows(Way.BACK, PacketClass.SYN_ACK) is not Shows.YES:
            return None
        if not client.sides.back.packets:
            lost.append((server, client))
        elif client.sides.back.syn_acks == server.sides.back.syn_acks:
            spared += exchange.stands_for * client.sides.back.syn_acks
        else:
            return None
    repeats = [server.sides.back.syn_acks for server, _ in lost]
    count = sum(repeats)
    if not lost or not spared or max(repeats) < SEVERAL or (spared / (spared + count)) ** spared >= BY_CHANCE:
        return None
    server, client = lost[0]
    says = f"all SYN+ACKs to {len(lost)} connections are lost, {count} of them, and none of {spared} to others"
    return Fact(
        kind=LOSS_BACK,
        answer=Pattern.BY_CONNECTION,
        says=says,
        way=Way.BACK,
        vantage=client.observer.vantage,
        cites=tuple(server.begins for server, _ in lost[:4]),
        sure=server.observer.sure and client.observer.sure and not client.observer.quality.lossy,
    )


def _loss(subject: Subject, way: Way, kind: Kind) -> Fact:
    """The first stretch with a loss that can be told; none where all stretches are sound."""
    facts = [_fact(kind, stretch, pattern) for stretch, pattern in patterns(subject, way)]
    if not facts:
        return unknown(kind, "no two captures show enough packets of which some arrived, to tell which are lost")
    return next((fact for fact in facts if fact.answer is not Pattern.NONE), facts[0])


@lru_cache(maxsize=16)  # Several facts ask for the same ones.
def patterns(subject: Subject, way: Way) -> tuple[tuple[Stretch, Pattern], ...]:
    """Each stretch of *way* on which it can be told what is lost of all connections to the target, and what is."""
    return tuple(_patterns(subject, way))


def _patterns(subject: Subject, way: Way) -> Iterator[tuple[Stretch, Pattern]]:
    for stretch in stretches(replace(subject, exemplars=subject.captured_without_other_failures), way):
        pattern = _told(stretch)
        if pattern is not None:
            # What probably crossed, too, may only make less sure of what is certain without it.
            certain = stretch.certainly()
            yield (certain if _told(certain) is pattern else stretch), pattern


def _fact(kind: Kind, stretch: Stretch, pattern: Pattern) -> Fact:
    missing = _missing(stretch.crossed)
    where = f"between {stretch.upstream.vantage} and {stretch.downstream.vantage}"
    says = f"{len(missing)} of {len(stretch.crossed)} packets are lost {where} (arrived: {stretch.tally()})"
    shown = [missing[0], missing[-1]] if missing else [stretch.crossed[0]]
    quality = stretch.downstream.quality
    return Fact(
        kind=kind,
        answer=pattern,
        says=says,
        way=stretch.way,
        vantage=stretch.downstream.vantage,
        cites=tuple(where for seen, crossing in shown for where in cite(seen, crossing.segment)),
        sure=stretch.sure and not quality.lossy,
    )


def _missing(crossed: Sequence[Crossed]) -> list[Crossed]:
    return [item for item in crossed if is_missing(item)]


def is_missing(item: Crossed) -> bool:
    """Whether it did not arrive.

    Of RSTs that follow each other closely nothing tells one from the other, neither a number nor a timestamp: a capture
    that shows one may have been shown all.
    """
    _, crossing = item
    return not crossing.arrived and not (crossing.segment.is_reset and crossing.delivered)


def _told(stretch: Stretch) -> Pattern | None:
    return _pattern(stretch.crossed) if len(stretch.crossed) >= ENOUGH else None


def _pattern(crossed: Sequence[Crossed]) -> Pattern | None:
    """None where what is lost was lost until its connection's end: no pattern of packets tells that from a cut."""
    missing = _missing(crossed)
    if len(missing) < FEWEST or len(missing) <= HEALTHY * len(crossed):
        return Pattern.NONE
    if len(missing) == len(crossed):
        return Pattern.ALL
    # Who sends nothing but large packets loses all of them: it is their size, and only seems to be the connection.
    size = _size_that_dies(crossed, missing)
    if _by_connection(crossed):
        return Pattern.ONE_SIZE if size > LARGE and _reaches(missing, crossed, size) else Pattern.BY_CONNECTION
    if _spared([item for item in crossed if _class(item) not in {_class(lost) for lost in missing}], crossed):
        return Pattern.ONE_CLASS
    if size:
        return Pattern.ONE_SIZE
    passed = sum(_followed(item, crossed) for item in missing)
    return Pattern.RANDOM if passed >= FEWEST and 2 * passed >= len(missing) else None


def _size_that_dies(crossed: Sequence[Crossed], missing: Sequence[Crossed]) -> int:
    """The payload of the smallest that was lost, if what is smaller was all spared; else 0."""
    smallest = min(item[1].segment.payload for item in missing)
    return smallest if _spared([item for item in crossed if item[1].segment.payload < smallest], crossed) else 0


def _reaches(missing: Sequence[Crossed], crossed: Sequence[Crossed], size: int) -> bool:
    """Whether everything of *size* or more was lost."""
    return len(missing) == sum(item[1].segment.payload >= size for item in crossed)


def _class(item: Crossed) -> PacketClass:
    return packet_class(item[1].segment)


def _spared(others: Sequence[Crossed], crossed: Sequence[Crossed]) -> bool:
    """Whether *others*, of which none is lost, can hardly have been spared by the chance that the rest met."""
    lost, rest = len(_missing(crossed)), len(crossed) - len(others)
    return bool(others) and (1 - lost / rest) ** len(others) < BY_CHANCE


def _by_connection(crossed: Sequence[Crossed]) -> bool:
    """Whether each connection is either spared, or loses nearly all; an opening SYN may pass either way."""
    connections: defaultdict[int, list[Crossed]] = defaultdict(list)
    for item in crossed:
        connections[id(item[0])].append(item)
    spared: list[Crossed] = []
    for members in connections.values():
        lost = len(_missing(members))
        later = [item for item in members if _class(item) not in {PacketClass.SYN, PacketClass.SYN_ACK}] or members
        if not lost:
            spared += members
        elif len(_missing(later)) < NEARLY_ALL * len(later):
            return False
    return _spared(spared, crossed)


def _followed(item: Crossed, crossed: Sequence[Crossed]) -> bool:
    """Whether something later of the same connection arrived."""
    seen, crossing = item
    return any(other is seen and later.arrived and later.segment.at > crossing.segment.at for other, later in crossed)
