"""Where an observer stood: inferred from what its capture shows, helped by hints, decided by the user's word.

A packet leaves its sender with one of few initial TTLs and loses one at each router. An observer that sees the client's
packets with an initial TTL and the server's with a lower one stands beside the client; the mirror image stands beside
the server; one that sees neither untouched stands between. A capture of one way only tells half of that.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.outcome import PROBE_TTL, measures_path
from bothways.connections.quality import WHOLE, Quality, quality_of, together
from bothways.connections.sides import Sides, sides_of
from bothways.connections.ttl import routers_passed, untouched
from bothways.evidence.capture import Survey, WayCounters
from bothways.evidence.case import Role

SURE = 0.99
"""From here on an inferred vantage carries a physical contradiction; below, `never` counts as `rarely`."""

BY_NAME = 0.95
"""How sure a place is that a file's name gives and its content leaves open, or that the two dispute."""

NAME_WORTH = 0.9
"""By how much of its doubt a name lessens a place that the content speaks for."""

ROWS_LOOKED_AT = 2000
"""Enough connections to settle a majority; a capture may hold millions."""


class Place(StrEnum):
    """Where on the path between the two ends."""

    CLIENT = "client"
    BETWEEN = "between"
    SERVER = "server"
    UNCLEAR = "unclear"


class Observer(Struct, frozen=True, kw_only=True):
    """One capture and where it was taken."""

    vantage: str
    """`client`, `server`, `firewall-inside`, `firewall-outside`, `on-path-1`, ... or the user's own name."""

    place: Place
    certainty: float
    """How sure the place is, 0 to 1; the user's word is 1."""

    survey: Survey
    routers_there: int | None
    """Routers that the client's packets had passed before this observer; None where none of them was seen."""

    routers_back: int | None
    """Routers that the server's packets had passed before this observer; None where none of them was seen."""

    notes: tuple[str, ...] = ()
    """What a reader should know about this placing, in sentences."""

    quality: Quality = WHOLE
    """What its capture can be trusted to show."""

    keeps_errors: bool = False
    """Its capture holds ICMP errors about connections, so that they were not filtered out."""

    @property
    def sure(self) -> bool:
        """Whether the place carries a physical contradiction."""
        return self.certainty >= SURE

    @property
    def file(self) -> str:
        """The capture's file, the first where it has several."""
        return self.survey.file

    @property
    def files(self) -> tuple[str, ...]:
        """All the capture's files."""
        return self.survey.parts or (self.survey.file,)


class _Inference(Struct, frozen=True, kw_only=True):
    place: Place
    certainty: float
    excluded: frozenset[Place]
    """Places that the capture speaks against, for a sure or an unclear place alike."""


def place_observers(captures: Sequence[tuple[Survey, Role]]) -> tuple[Observer, ...]:
    """Place each capture, in the order given; vantages that would carry the same name are numbered."""
    placed = [_place(survey, role) for survey, role in captures]
    qualities = together([observer.quality for observer in placed])
    judged = [replace(observer, quality=quality) for observer, quality in zip(placed, qualities, strict=True)]
    return tuple(_distinct(judged))


def along_path(observers: Sequence[Observer]) -> tuple[Observer, ...]:
    """*observers* from the client to the server."""
    return tuple(sorted(observers, key=_position))


def _position(observer: Observer) -> tuple[int, int]:
    match observer.place:
        case Place.CLIENT:
            return (0, 0)
        case Place.SERVER:
            return (2, 0)
        case Place.BETWEEN | Place.UNCLEAR:
            if observer.routers_there is not None:
                return (1, observer.routers_there)
            return (1, 255 - (observer.routers_back or 0))


def _place(survey: Survey, role: Role) -> Observer:
    everybody = (sides_of(row) for row in survey.rows[:ROWS_LOOKED_AT])
    # A path tool's packets leave with any TTL.
    sides = [side for side in everybody if not measures_path(side)]
    inferred = _infer(sides)
    place, certainty, vantage = inferred.place, inferred.certainty, inferred.place.value
    notes: tuple[str, ...] = ()
    hinted = _place_of_name(role.vantage)
    if role.vantage is not None and role.decided:
        place, certainty, vantage = hinted or place, 1.0, role.vantage
        if hinted in inferred.excluded:
            # His word decides the name; what his own capture disputes shall not eliminate anything.
            certainty = BY_NAME
            notes = (f"you call it {role.vantage}, but its TTLs speak for the {inferred.place}",)
    elif role.vantage is not None and hinted is not None and hinted not in inferred.excluded:
        certainty = BY_NAME if place is not hinted else 1 - (1 - certainty) * (1 - NAME_WORTH)
        place, vantage = hinted, role.vantage
    elif role.vantage is not None:
        vantage = "on-path" if place is Place.BETWEEN else place.value
        certainty = min(certainty, BY_NAME)
        notes = (f"named like a capture at the {role.vantage}, but its TTLs show that it was not taken there",)
    elif place in {Place.BETWEEN, Place.UNCLEAR}:
        vantage = "on-path" if sides else "unclear"
    return Observer(
        vantage=vantage,
        place=place,
        certainty=certainty,
        survey=survey,
        routers_there=_routers(sides, back=False),
        routers_back=_routers(sides, back=True),
        notes=notes,
        quality=quality_of(survey, sides),
        keeps_errors=any(row.sent.icmp_errors or row.received.icmp_errors for row in survey.rows),
    )


def _only_resets(side: Sides, *, back: bool) -> bool:
    counters = side.back if back else side.there
    return counters.packets == counters.resets


def _place_of_name(vantage: str | None) -> Place | None:
    if vantage is None:
        return None
    known = {"client": Place.CLIENT, "server": Place.SERVER, "firewall": Place.BETWEEN}
    return next((place for start, place in known.items() if vantage.startswith(start)), None)


def _routers(sides: Iterable[Sides], *, back: bool) -> int | None:
    counts: Counter[int] = Counter()
    for side in sides:
        ttl = (side.back if back else side.there).ttl
        if ttl is not None and not _only_resets(side, back=back):
            counts[routers_passed(ttl)] += side.row.stands_for
    return counts.most_common(1)[0][0] if counts else None


def _infer(sides: Sequence[Sides]) -> _Inference:
    """The place that most connections speak for, those first that speak clearly.

    A connection of which little was seen says less; only one that speaks against the place makes it doubtful.
    """
    votes = Counter[_Inference]()
    for side in sides:
        vote = _vote(side)
        if vote is not None:
            votes[vote] += side.row.stands_for
    if not votes:
        return _Inference(place=Place.UNCLEAR, certainty=0.0, excluded=frozenset())
    clearest = max(vote.certainty for vote in votes)
    best = next(vote for vote, _ in votes.most_common() if vote.certainty == clearest)
    against = sum(count for vote, count in votes.items() if best.place in vote.excluded and vote is not _UNANSWERED)
    certainty = best.certainty * (1 - against / votes.total())
    return _Inference(place=best.place, certainty=certainty, excluded=best.excluded)


_CLIENT, _BETWEEN, _SERVER = Place.CLIENT, Place.BETWEEN, Place.SERVER
_VOTES = {
    (True, False): _Inference(place=_CLIENT, certainty=0.995, excluded=frozenset({_BETWEEN, _SERVER})),
    (False, True): _Inference(place=_SERVER, certainty=0.995, excluded=frozenset({_BETWEEN, _CLIENT})),
    (False, False): _Inference(place=_BETWEEN, certainty=0.995, excluded=frozenset({_CLIENT, _SERVER})),
    (True, None): _Inference(place=_CLIENT, certainty=0.95, excluded=frozenset({_BETWEEN, _SERVER})),
    (None, True): _Inference(place=_SERVER, certainty=0.95, excluded=frozenset({_BETWEEN, _CLIENT})),
    (False, None): _Inference(place=Place.UNCLEAR, certainty=0.0, excluded=frozenset({_CLIENT})),
    (None, False): _Inference(place=Place.UNCLEAR, certainty=0.0, excluded=frozenset({_SERVER})),
}
"""By whether the client's and the server's packets still carry an initial TTL (None: none seen). Both untouched, no
router
between the ends, says nothing and is left out."""

_UNANSWERED = _VOTES[(True, None)]
"""An untouched SYN and no answer: beside the client, or behind a proxy that opens connections in its name. Where
another connection tells more, it casts no doubt."""

_BESIDE_THE_RESETTER = _Inference(place=_SERVER, certainty=0.9, excluded=frozenset({_CLIENT}))
"""An untouched RST and nothing else of the server's: this is where the RST comes from, be that the server or a
filter."""


def _vote(side: Sides) -> _Inference | None:
    if _only_resets(side, back=True) and side.back.packets and not untouched(side.there.ttl):
        return _BESIDE_THE_RESETTER if untouched(side.back.ttl) else _VOTES[(False, None)]
    if side.there.packets and _only_resets(side, back=False):
        # A firewall that knows nothing of a SYN+ACK may reset the server in the client's name.
        return _VOTES.get((None, _left_here(side.back)))
    return _VOTES.get((_left_here(side.there), _left_here(side.back)))


def _left_here(way: WayCounters) -> bool | None:
    """Whether the packets of a way still carry an initial TTL; None where none was seen.

    A proxy that opens connections in a client's name sends their SYNs with a TTL of its own, and only passes on what
    follows: one packet that passed a router has come from afar.
    """
    lowest = way.ttl_lowest
    passed_on = lowest is not None and lowest >= PROBE_TTL and not untouched(lowest)
    return False if passed_on else untouched(way.ttl)


def _distinct(placed: Sequence[Observer]) -> list[Observer]:
    """Number observers of one name along the path; unnamed ones between the ends are always numbered."""
    counts = Counter(observer.vantage for observer in placed)
    numbers: dict[int, int] = {}
    seen: Counter[str] = Counter()
    for index in sorted(range(len(placed)), key=lambda index: _position(placed[index])):
        seen[placed[index].vantage] += 1
        numbers[index] = seen[placed[index].vantage]
    return [
        replace(observer, vantage=f"{observer.vantage}-{numbers[index]}")
        if observer.vantage == "on-path" or (counts[observer.vantage] > 1 and numbers[index] > 1)
        else observer
        for index, observer in enumerate(placed)
    ]
