"""Whether routers of the two reported ways stand on one of them only.

Two firewalls without shared state, one on each way, take a router on each way that is not on the other one. Where every
router of one way is seen on the other way too, no such pair can stand there: presence proves it, not absence. A device
that answers no probe and lowers no TTL is missed by this.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from bothways.evidence.path_report import HopReply
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.subject import Subject
from bothways.paths.model import Path
from bothways.paths.routers import is_called, same_device
from bothways.way import Way


class OneWay(StrEnum):
    """On which ways there are routers that the other way is not seen to pass."""

    NONE = "none"
    """Every router of each way stands on the other one, too."""
    THERE = "there"
    """Some of the way there; every router of the way back stands on the way there, too."""
    BACK = "back"
    BOTH = "both"


ONE_WAY_ROUTERS = Kind(
    id="one-way-routers",
    asks="Do the ways there and back each pass routers that the other one does not?",
    family="path-difference",
    answers=OneWay,
)


def one_way_routers(subject: Subject) -> Fact:
    """Compare the routers of the case's two ways, where a report of each way is whole."""
    there, back = (whole(subject, way) for way in Way)
    if not there or not back:
        lacking = "there" if not there else "back"
        return unknown(ONE_WAY_ROUTERS, f"no report of the way {lacking} shows every hop of it")
    distances = {Way.THERE: distances_of(there), Way.BACK: distances_of(back)}
    if not all(are_named(replies) for hops in distances.values() for replies in hops):
        return unknown(ONE_WAY_ROUTERS, "the reports do not name every hop, and addresses differ by the way")
    only_there, only_back = (only_of(distances[way], distances[way.other]) for way in Way)
    match bool(only_there), bool(only_back):
        case False, False:
            answer, says = OneWay.NONE, "each router of one way stands on the other way, too"
        case True, False:
            answer, says = OneWay.THERE, f"the way there passes {listed(only_there)}, the way back does not"
        case False, True:
            answer, says = OneWay.BACK, f"the way back passes {listed(only_back)}, the way there does not"
        case _:
            answer = OneWay.BOTH
            says = f"only the way there passes {listed(only_there)}, only the way back {listed(only_back)}"
    cites = (*(path.cite() for path in there[:1]), *(path.cite() for path in back[:1]))
    # That a router was not recognised among those of the other way proves no absence.
    return Fact(kind=ONE_WAY_ROUTERS, answer=answer, says=says, cites=cites, decisive=answer is not OneWay.BOTH)


def whole(subject: Subject, way: Way) -> list[Path]:
    """Reports of the case's own *way* in which every hop answered, to the end."""
    mine = [path for path in subject.paths if path.way is way and not path.control]
    ends = {path.report.source for path in subject.paths if path.way is way.other and path.report.source}
    return [path for path in mine if len(path.hops) > 1 and not path.silent and _reaches(path, ends)]


def _reaches(path: Path, ends: Collection[str]) -> bool:
    """Whether the last hop is the other end: by the report's word, or as reports from there call their own host."""
    if path.reached is not None:
        return path.reached
    return any(is_called(reply, end) for reply in path.hops[-1].replies for end in ends)


def distances_of(paths: Sequence[Path]) -> list[tuple[HopReply, ...]]:
    """Who answers at each distance, by all reports of a way together; the host at the end is left out."""
    longest = max(len(path.hops) for path in paths)
    return [
        tuple(reply for path in paths for hop in path.hops if hop.index == index for reply in hop.replies)
        for index in range(1, longest)
    ]


def are_named(replies: Sequence[HopReply]) -> bool:
    """Whether any of the *replies* at one distance has a name."""
    return any(reply.name for reply in replies)


def only_of(mine: Sequence[Sequence[HopReply]], others: Sequence[Sequence[HopReply]]) -> list[str]:
    """Names of the routers of one way that no report of the other one shows."""
    theirs = [reply for replies in others for reply in replies]
    alone = (replies for replies in mine if not any(same_device(one, other) for one in replies for other in theirs))
    return [next(reply.name for reply in replies if reply.name) for replies in alone]


def listed(names: Sequence[str]) -> str:
    """Up to three names, and how many more."""
    shown = ", ".join(names[:MOST])
    return shown if len(names) <= MOST else f"{shown} and {len(names) - MOST} more"


MOST = 3
"""Names that a sentence can bear."""
