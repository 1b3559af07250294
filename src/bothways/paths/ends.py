"""Which reports belong to the two ends of a case, and which way each of them goes.

What decides, in this order: the user's word, where the report says that it goes, the name of its file, who answers last
or who reports, and the routers that it passes in the order of another report or against it. Content is authority and
names are hints; but a report may end at a host that was not looked for, so its last answer overrules no hint.
"""

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from bothways.evidence.case import PathEvidence, Role
from bothways.evidence.path_report import HopReply, PathReport
from bothways.paths.addresses import are_other_hosts, family, parsed
from bothways.paths.merging import Key, key_of
from bothways.paths.model import Path, Stray, Told
from bothways.paths.order import Order, order_of
from bothways.paths.routers import is_called
from bothways.paths.two_ends import TwoEnds
from bothways.way import Way


class Attached(Struct, frozen=True, kw_only=True, eq=False):
    """The reports of a case, as far as they belong to its two ends; each is equal to itself alone."""

    paths: tuple[Path, ...]
    strays: tuple[Stray, ...]
    """What is left out, each with its reason."""


class _Kind(Struct, frozen=True, kw_only=True):
    """What is the same in many runs of one report."""

    role: Role
    destinations: frozenset[str]
    sources: frozenset[str]
    first: frozenset[Key]
    """Who answers at the first hop."""

    last: tuple[Key, ...] | None
    """Who answers at the last hop; None where nobody does, or only refuses."""

    silent: bool
    """The last hop answers nothing."""

    version: int | None
    """Of the addresses of who answers; None where they are of both versions of IP, or names only."""

    word: bool | None
    """Of the tool, whether it arrived."""


class _Place(Struct, frozen=True, kw_only=True):
    """Where reports of one kind belong."""

    way: Way
    told: Told
    control: bool
    reached: bool | None


class Reports:
    """The path reports of a case, to be attached to one pair of ends after the other."""

    def __init__(self, reports: Iterable[PathEvidence]) -> None:
        """Sort *reports* into kinds, so that many runs cost no more than one."""
        self._reports = tuple(reports)
        self._kinds: dict[_Kind, PathReport] = {}
        self._kind_of: list[_Kind] = []
        for evidence in self._reports:
            kind = _kind(evidence)
            self._kinds.setdefault(kind, evidence.report)
            self._kind_of.append(kind)
        self._made: dict[tuple[_Place | str, ...], Attached] = {}

    def of(self, known: TwoEnds) -> Attached:
        """What belongs to the ends *known*; the same object for ends that it is the same for."""
        places = self._places(known)
        decided = tuple(places[kind] for kind in self._kinds)
        if decided not in self._made:
            pairs = [(one.report, places[kind]) for one, kind in zip(self._reports, self._kind_of, strict=True)]
            self._made[decided] = Attached(
                paths=tuple(_path(report, place) for report, place in pairs if isinstance(place, _Place)),
                strays=tuple(Stray(report=report, why=why) for report, why in pairs if isinstance(why, str)),
            )
        return self._made[decided]

    def _places(self, known: TwoEnds) -> dict[_Kind, _Place | str]:
        places: dict[_Kind, _Place | str] = {}
        doubtful = []
        for kind in self._kinds:
            told = _told(kind, known)
            if not kind.role.decided and _is_of_other_version(kind, known):
                places[kind] = OTHER_VERSION
            elif told is None and not _elsewhere(kind, known):
                doubtful.append(kind)
            else:
                places[kind] = _placed(kind, known, told) if told else _goes_elsewhere(kind)
        sure = [(kind, place.way) for kind, place in places.items() if isinstance(place, _Place)]
        for kind in doubtful:
            way = self._way_beside(kind, sure)
            told = (way, Told.HOPS) if way else _way_from(kind, known, sure)
            places[kind] = _placed(kind, known, told) if told else NOTHING_TELLS
        others = [kind for kind, place in places.items() if isinstance(place, _Place) and _is_other_target(kind, place)]
        return places | dict.fromkeys(others[MOST_CONTROLS:], ENOUGH)

    def _way_beside(self, kind: _Kind, others: Sequence[tuple[_Kind, Way]]) -> Way | None:
        """The way of reports without hint, by the routers that they share with *others*; None where these disagree."""
        found = set()
        for other, way in others[:MOST_COMPARED]:
            order = order_of(self._kinds[kind], self._kinds[other])
            if order:
                found.add(way if order is Order.SAME else way.other)
        return found.pop() if len(found) == 1 else None


MOST_COMPARED = 100
"""Kinds of reports beside which one without ends is held."""

MOST_CONTROLS = 50
"""Other targets' reports that serve one target for comparison: each target may bring one, and each is read for each."""

ENOUGH = "goes to another target, and enough such reports are compared already"

NOTHING_TELLS = "names no end that is known, and shares too few routers with the other reports to tell its way"


OTHER_VERSION = "passes routers of the other version of IP than the connections do, which may take other ways"


def _is_of_other_version(kind: _Kind, known: TwoEnds) -> bool:
    """Whether both ends have addresses of one version of IP, and the routers of reports of the other one."""
    versions = [{number for word in ends if (number := family(word))} for ends in (known.clients, known.servers)]
    return kind.version is not None and all(versions) and not any(kind.version in one for one in versions)


def _kind(evidence: PathEvidence) -> _Kind:
    report = evidence.report
    last = report.hops[-1] if report.hops else None
    versions = {number for hop in report.hops for reply in hop.replies if (number := family(reply.address))}
    refused = last is None or any(reply.marks for reply in last.replies)
    return _Kind(
        role=evidence.role,
        destinations=_words(report.destination, report.destination_address),
        sources=_words(report.source, report.source_address),
        first=frozenset(key_of(reply) for hop in report.hops[:1] if hop.index == 1 for reply in hop.replies),
        last=None if refused or last is None else tuple((reply.name, reply.address) for reply in last.replies) or None,
        silent=last is not None and (last.silent or refused),
        version=versions.pop() if len(versions) == 1 else None,
        word=report.reached,
    )


def _words(*hosts: str | None) -> frozenset[str]:
    return frozenset(host.casefold() for host in hosts if host)


def _told(kind: _Kind, known: TwoEnds) -> tuple[Way, Told] | None:
    """The way of reports and by what it is told; None where neither their ends nor their file's name tell."""
    role = kind.role
    if role.way and role.decided:
        return role.way, Told.WORD
    if by_destination := known.way_to(kind.destinations):
        return by_destination, Told.ENDS
    is_control = bool(known.controls & kind.destinations)
    if role.way and (role.control or is_control or not _elsewhere(kind, known)):
        return role.way, Told.HINT
    by_answer = _way_to_last(kind, known)
    if by_answer or not is_control:
        return (by_answer, Told.ENDS) if by_answer else None
    return (Way.THERE, Told.ENDS) if _begins(kind, known.clients) else None


def _is_other_target(kind: _Kind, place: _Place) -> bool:
    """Whether it serves for comparison by where it goes, and not because somebody made it for that."""
    return place.control and not kind.role.control


def _way_to_last(kind: _Kind, known: TwoEnds) -> Way | None:
    """The way that ends at who answers last."""
    replies = [HopReply(name=name, address=address) for name, address in kind.last or ()]
    for way, ends in ((Way.THERE, known.servers), (Way.BACK, known.clients)):
        if any(is_called(reply, end) for reply in replies for end in ends):
            return way
    return None


def _way_from(kind: _Kind, known: TwoEnds, sure: Sequence[tuple[_Kind, Way]]) -> tuple[Way, Told] | None:
    """The way of reports that do not say where they go, by where they come from."""
    there, back = (
        _begins(kind, ends, [other for other, to in sure if to is way])
        for way, ends in ((Way.THERE, known.clients), (Way.BACK, known.servers))
    )
    if kind.destinations or there == back:
        return None
    return (Way.THERE if there else Way.BACK), Told.ENDS


def _begins(kind: _Kind, ends: Collection[str], others: Iterable[_Kind] = ()) -> bool:
    """Whether the reporting host is one of *ends*.

    It calls itself by a bare name more often than not, and hosts of one image all call themselves alike: such a name
    counts where the first hop is that of *others* that begin there, too.
    """
    if any(source in ends and ("." in source or ":" in source) for source in kind.sources):
        return True
    labels = {end.partition(".")[0] for end in ends if parsed(end) is None}
    return not labels.isdisjoint(kind.sources) and any(kind.first & other.first for other in others)


def _elsewhere(kind: _Kind, known: TwoEnds) -> bool:
    """Whether reports certainly go to a host that is neither end."""
    if not kind.destinations or known.way_to(kind.destinations):
        return False
    ends = {Way.THERE: known.servers, Way.BACK: known.clients}
    ways = [kind.role.way] if kind.role.way else list(Way)
    return all(_is_none_of(kind.destinations, ends[way], named=known.named) for way in ways)


def _is_none_of(hosts: Collection[str], ends: Collection[str], *, named: bool) -> bool:
    """Whether a host, by its name and its address, certainly is none of *ends*."""
    numbers = [word for word in hosts if family(word)]
    if numbers:
        alike = [word for word in ends if family(word) == family(numbers[0])]
        return bool(alike) and all(are_other_hosts(numbers[0], word) for word in alike)
    return named and any(family(word) is None for word in ends)


def _goes_elsewhere(kind: _Kind) -> str:
    shown = sorted(kind.destinations, key=lambda word: (family(word) is not None, word))
    return f"belongs to neither of the two ends: it goes to {shown[0]}"


def _placed(kind: _Kind, known: TwoEnds, told: tuple[Way, Told]) -> _Place:
    way, how = told
    control = kind.role.control or bool(kind.destinations & known.controls and not known.way_to(kind.destinations))
    return _Place(way=way, told=how, control=control, reached=_reached(kind, known, way))


def _path(report: PathReport, place: _Place) -> Path:
    return Path(report=report, way=place.way, control=place.control, reached=place.reached, told=place.told)


def _reached(kind: _Kind, known: TwoEnds, way: Way) -> bool | None:
    """Whether the last line is the destination. Text reports of mtr do not name it.

    Then the case's own ends must match. That none does which a host gives itself, behind NAT perhaps, says nothing.
    """
    if kind.word is not None:
        return kind.word
    if kind.last is None:
        return False if kind.silent else None
    wanted = frozenset[str]() if kind.role.control else known.servers if way is Way.THERE else known.clients
    ends = kind.destinations or wanted
    replies = [HopReply(name=name, address=address) for name, address in kind.last]
    if any(is_called(reply, end) for reply in replies for end in ends):
        return True
    certain = bool(kind.destinations) or not known.named
    return False if certain and any(_is_another(reply, ends) for reply in replies) else None


def _is_another(reply: HopReply, ends: Collection[str]) -> bool:
    """Whether a reply that is none of *ends* is another host: its address says so beside addresses.

    A host may have several names, and the one that its address resolves to is seldom the one that was asked for.
    """
    return reply.address is not None and any(family(end) == family(reply.address) for end in ends)
