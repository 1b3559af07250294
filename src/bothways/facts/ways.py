"""Which stateful device stands on which way.

By the user's word, by state evidence, by names; and whether an absence is proven.
"""

from dataclasses import dataclass
from enum import StrEnum

from bothways.connections.observer import Place
from bothways.evidence.path_report import Hop, HopReply
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.stretches import stretches
from bothways.facts.subject import Subject
from bothways.paths.model import Path
from bothways.paths.routers import is_called, label, looks_like_firewall, same_router
from bothways.way import Way


class Stands(StrEnum):
    """On which ways the stateful device stands."""

    THERE_ONLY = "there-only"
    BACK_ONLY = "back-only"
    BOTH = "both"


class Trace(StrEnum):
    """Does a path report there reach the server?"""

    REACHES = "reaches"
    STOPS = "stops"


FIREWALL_ON_WAYS = Kind(
    id="firewall-on-ways", asks="Which ways pass the stateful firewall?", family="path", answers=Stands
)
TRACE_THERE = Kind(
    id="trace-there", asks="Do path reports reach the server?", family="trace", answers=Trace, decisive=False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """A hop of the way there or back that is taken for a stateful device."""

    hop: Hop
    replies: tuple[HopReply, ...]
    """Everything that all reports of the way have at this distance: one names it, another gives its address."""

    path: Path
    basis: str
    """On what the recognition rests, as a clause."""

    by_name_only: bool


def firewall_of(subject: Subject) -> Firewall | None:
    """The stateful device.

    The user's word first, then where packets were seen to enter a device and not to leave it, then names.
    """
    return _by_word(subject) or _by_state(subject) or _by_name(subject)


def _case_paths(subject: Subject, way: Way) -> list[Path]:
    return [path for path in subject.paths if path.way is way and not path.control]


def _recognised(subject: Subject, path: Path, hop: Hop, basis: str, *, by_name_only: bool = False) -> Firewall:
    """The device at *hop*, with what other reports of the same way call it (unless they have several devices there)."""
    same_way = [other for other in subject.paths if other.way is path.way and other.control is path.control]
    replies = [
        reply for other in (path, *same_way) for item in other.hops if item.index == hop.index for reply in item.replies
    ]
    shown = next((item for other in same_way for item in other.hops if item.index == hop.index and _named(item)), hop)
    return Firewall(hop=shown, replies=tuple(dict.fromkeys(replies)), path=path, basis=basis, by_name_only=by_name_only)


def _named(hop: Hop) -> bool:
    return any(reply.name for reply in hop.replies)


def _by_word(subject: Subject) -> Firewall | None:
    for path in (*_case_paths(subject, Way.THERE), *_case_paths(subject, Way.BACK), *subject.paths):
        for hop in path.hops:
            for reply in hop.replies:
                if any(is_called(reply, word) for word in subject.firewalls):
                    return _recognised(subject, path, hop, "you said so")
    return None


def _by_state(subject: Subject) -> Firewall | None:
    """The device between two captures that packets entered and did not leave.

    At its distance from the client by TTL.
    """
    if not subject.sessions:
        return None
    for stretch in stretches(subject, Way.THERE):
        routers = stretch.upstream.routers_there
        if not stretch.lost or not stretch.at_device or routers is None or stretch.upstream.place is Place.CLIENT:
            continue
        for path in _case_paths(subject, Way.THERE):
            hop = next((hop for hop in path.hops if hop.index == routers + 1 and hop.replies), None)
            if hop is not None:
                basis = f"packets entered it and did not leave it, {routers} routers from the client by their TTL"
                return _recognised(subject, path, hop, basis)
    return None


def _by_name(subject: Subject) -> Firewall | None:
    for way in Way:
        for path in _case_paths(subject, way):
            for hop in path.hops:
                for reply in hop.replies:
                    if looks_like_firewall(reply):
                        return _recognised(subject, path, hop, "of its name", by_name_only=True)
    return None


def firewall_on_ways(subject: Subject) -> Fact:
    """On which ways the stateful device stands; absent from a way only if that is proven."""
    there, back = _case_paths(subject, Way.THERE), _case_paths(subject, Way.BACK)
    if not there or not back:
        lacking = "there" if not there else "back"
        return unknown(FIREWALL_ON_WAYS, f"there is no path report of the way {lacking}")
    firewall = firewall_of(subject)
    if firewall is None:
        return unknown(FIREWALL_ON_WAYS, "no hop is known to be a stateful device; `--firewall NAME` tells")
    on_there, on_back = _on(firewall, there), _on(firewall, back)
    if on_there and on_back:
        return _stands(firewall, Stands.BOTH, f"{label(firewall.hop)} stands on both ways", (on_there, on_back))
    present, missing_way = (on_there, Way.BACK) if on_there else (on_back, Way.THERE)
    if present is None:
        return unknown(FIREWALL_ON_WAYS, "the stateful device stands on no reported way")
    return _absent(subject, firewall, present, missing_way)


def _on(firewall: Firewall, paths: list[Path]) -> tuple[Path, Hop] | None:
    return next(
        (
            (path, hop)
            for path in paths
            for hop in path.hops
            if any(same_router(known, reply) for known in firewall.replies for reply in hop.replies)
        ),
        None,
    )


def _absent(subject: Subject, firewall: Firewall, present: tuple[Path, Hop], missing: Way) -> Fact:
    """The device is not on the *missing* way's report.

    Proven if it answers that way elsewhere and nothing silent can hide it.
    """
    case = _case_paths(subject, missing)
    silent = max(path.silent for path in case)
    finished = [path for path in case if path.reached is not False]
    # A trace by TCP ends where the connections themselves do; another report may show how that way goes on.
    unfinished = any(
        path.reached is False and not any(_begins_like(path, other) for other in finished) for path in case
    )
    controls = [path for path in subject.paths if path.way is missing and path.control]
    elsewhere = _on(firewall, controls)
    name = label(firewall.hop)
    if silent or unfinished or elsewhere is None or not any(path.hops for path in case):
        reason = "nothing shows that it would answer on that way"
        reason = "the report ends before it reaches the other end" if unfinished else reason
        reason = f"{silent} silent hops could hide it" if silent else reason
        return unknown(FIREWALL_ON_WAYS, f"{name} is not seen on the way {missing}, but {reason}")
    answer = Stands.THERE_ONLY if missing is Way.BACK else Stands.BACK_ONLY
    says = (
        f"{name} is hop {present[1].index} on the way {missing.other} and no hop of the way {missing}; "
        f"on a control's way {missing} it answers as hop {elsewhere[1].index}, so it would have been seen"
    )
    shown = case[0].last_answering()
    return _stands(firewall, answer, says, (present, (case[0], shown) if shown else present, elsewhere))


def _begins_like(path: Path, other: Path) -> bool:
    """Whether every hop that *path* shows is seen at the same distance by *other*, which shows more."""
    shown = [hop for hop in path.hops if not hop.silent]
    at = {hop.index: hop for hop in other.hops}
    return bool(shown) and all(
        hop.index in at and any(same_router(one, two) for one in hop.replies for two in at[hop.index].replies)
        for hop in shown
    )


def _stands(firewall: Firewall, answer: Stands, says: str, where: tuple[tuple[Path, Hop], ...]) -> Fact:
    cites = tuple(path.cite(hop) for path, hop in where)
    return Fact(
        kind=FIREWALL_ON_WAYS,
        answer=answer,
        says=f"{says} (taken for the stateful device because {firewall.basis})",
        way=Way.BACK if answer is Stands.THERE_ONLY else Way.THERE,
        cites=cites,
        decisive=not firewall.by_name_only,
        sure=not firewall.by_name_only,
    )


def trace_there(subject: Subject) -> Fact:
    """Whether the path reports of the way there end at the server. Probes are not TCP data: this settles nothing."""
    reports = [path for path in _case_paths(subject, Way.THERE) if path.reached is not None]
    if not reports:
        return unknown(TRACE_THERE, "there is no path report of the way there that tells")
    reached = [path for path in reports if path.reached]
    if reached:
        path = reached[0]
        says = f"the report reaches the server as hop {path.hops[-1].index}"
        cites = (path.cite(path.hops[-1]),)
        return Fact(kind=TRACE_THERE, answer=Trace.REACHES, says=says, way=Way.THERE, cites=cites)
    path = reports[0]
    last = path.last_answering()
    says = f"the report ends at hop {last.index}, {label(last)}" if last else "no hop answers"
    return Fact(kind=TRACE_THERE, answer=Trace.STOPS, says=says, way=Way.THERE, cites=(path.cite(last),))
