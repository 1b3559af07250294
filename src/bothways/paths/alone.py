"""Path reports with nothing beside them: which two hosts their ways join, and which way each of them goes."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bothways.evidence.case import PathEvidence
from bothways.evidence.path_report import PathReport
from bothways.paths.addresses import family
from bothways.paths.course import Course, courses_of, present
from bothways.paths.ends import NOTHING_TELLS, Attached, Reports
from bothways.paths.model import Path, Stray, Told
from bothways.paths.two_ends import TwoEnds
from bothways.way import Way


class End(Struct, frozen=True, kw_only=True):
    """One of the two hosts that the ways join, as the reports call it."""

    names: tuple[str, ...] = ()
    """Host names, as the reports have them; empty where none gives one."""

    addresses: tuple[str, ...] = ()
    """Canonical; of several families, and of both sides of a NAT, where reports differ."""

    @property
    def label(self) -> str | None:
        """How it is called in a sentence: name, else address; None where no report says."""
        return next(iter((*self.names, *self.addresses)), None)


class Ways(Struct, frozen=True, kw_only=True):
    """The ways between two ends that only path reports tell of."""

    client: End
    """Where the way there begins."""

    server: End
    courses: tuple[Course, ...]
    """There before back, the case's own before the controls'; of a way that changed, in the order of time."""

    strays: tuple[Stray, ...]

    told: Told
    """By what the ways were told apart: the least sure word about any of the case's own reports. With `ORDER`, that
    the first report goes there is an assumption."""

    @property
    def there(self) -> Course | None:
        """The case's own way there, as it was last; None where no report shows it."""
        return present(self.courses, Way.THERE)

    @property
    def back(self) -> Course | None:
        """The case's own way back, as it was last; None where no report shows it."""
        return present(self.courses, Way.BACK)

    @property
    def controls(self) -> tuple[Course, ...]:
        """The ways of controls."""
        return tuple(course for course in self.courses if course.control)


def ways_alone(reports: Iterable[PathEvidence]) -> Ways:
    """Tell the two ends and the ways of *reports*, given in the order in which the user named them.

    The user's word decides, then what the reports say of their ends, then the names of their files, then the routers
    that they have in common; where nothing tells, the first one goes there and what is left of two comes back.
    """
    given = list(reports)
    own = [one for one in given if not one.role.control and one.report.hops]
    assumed: dict[int, Way] = {}
    if own and not any(one.role.way for one in own):
        assumed[id(own[0].report)] = Way.THERE
    found = _attached(given, assumed)
    missing = [way for way in Way if not any(path.way is way and not path.control for path in found.paths)]
    second = _second(found, own) if len(missing) == 1 else None
    if second:
        assumed[id(second)] = missing[0]
        found = _attached(given, assumed)
    # Each way's report calls its own host, at which the other one ends.
    first = {id(path.report): path for path in found.paths}
    found = _attached(given, {**{at: path.way for at, path in first.items() if not path.control}, **assumed})
    hinted = {id(one.report) for one in given if one.role.way and not one.role.decided}
    paths = tuple(replace(one, told=_told(first.get(id(one.report), one), hinted, assumed)) for one in found.paths)
    client, server = (_end(paths, way) for way in (Way.BACK, Way.THERE))
    told = max((path.told for path in paths if not path.control), key=list(Told).index, default=Told.ORDER)
    return Ways(client=client, server=server, courses=courses_of(paths), strays=found.strays, told=told)


def _told(path: Path, hinted: Collection[int], assumed: Collection[int]) -> Told:
    """By what its way was told, where what is known of the ends rests itself on hints and on what was assumed."""
    if id(path.report) in assumed:
        return Told.ORDER
    return Told.HINT if id(path.report) in hinted else path.told


def _second(found: Attached, own: Sequence[PathEvidence]) -> PathReport | None:
    """The first report of which nothing tells anything: the way that no report shows, since somebody gave it."""
    untold = {id(one.report) for one in found.strays if one.why == NOTHING_TELLS}
    return next((one.report for one in own if id(one.report) in untold), None)


def _attached(given: Sequence[PathEvidence], assumed: Mapping[int, Way]) -> Attached:
    """*given* by their ends, which are those of the reports whose way is known or *assumed*."""
    roles = [replace(one, role=replace(one.role, way=assumed.get(id(one.report), one.role.way))) for one in given]
    there, back = _leading(roles)
    clients, servers = _called(back, there), _called(there, back)
    both = clients & servers
    return Reports(roles).of(TwoEnds.of(clients - both, servers - both, named=True))


def _leading(given: Sequence[PathEvidence]) -> tuple[PathReport | None, PathReport | None]:
    """The first report of each way; of those that mirror each other's ends, where there are such."""
    there, back = (
        [one.report for one in given if one.role.way is way and not one.role.control][:MOST_LEADING] for way in Way
    )
    mirrored = ((one, other) for one in there for other in back if _mirror(one, other))
    return next(mirrored, (next(iter(there), None), next(iter(back), None)))


MOST_LEADING = 30
"""Reports of each way among which a pair with mirrored ends is looked for."""


def _mirror(one: PathReport, other: PathReport) -> bool:
    return bool(_from(one) & _to(other) or _to(one) & _from(other))


def _from(report: PathReport) -> frozenset[str]:
    return frozenset(word.casefold() for word in (report.source, report.source_address) if word)


def _to(report: PathReport) -> frozenset[str]:
    """What the other end is called: where the probes went, and who answers last where the tool says that it arrived."""
    arrived = report.hops[-1].replies if report.hops and report.reached else ()
    answers = (word for reply in arrived for word in (reply.name, reply.address))
    return frozenset(word.casefold() for word in (report.destination, report.destination_address, *answers) if word)


def _called(towards: PathReport | None, away: PathReport | None) -> frozenset[str]:
    """Names and addresses of the end that *towards* goes to and *away* comes from."""
    return (_to(towards) if towards else frozenset()) | (_from(away) if away else frozenset())


def _end(paths: Sequence[Path], way: Way) -> End:
    """The end at which *way* ends, as the case's own reports call it.

    Who answers last in a report that names no destination is most likely it: a name for it, and no proof of arrival.
    """
    mine = [path for path in paths if not path.control]
    said = [word for path in sorted(mine, key=lambda path: path.way is not way) for word in _words(path, way)]
    names = tuple(dict.fromkeys(word for word in said if family(word) is None))
    elsewhere = {word.casefold() for path in mine for word in _words(path, way.other)}
    # Hosts in a lab, or behind one image, call themselves alike: such a name means neither.
    kept = tuple(name for name in names if name.casefold() not in elsewhere)
    return End(names=kept, addresses=tuple(dict.fromkeys(word for word in said if family(word))))


def _words(path: Path, way: Way) -> list[str]:
    """What *path* calls the end at which *way* ends."""
    report = path.report
    if path.way is not way:
        return [word for word in (report.source, report.source_address) if word]
    words = [report.destination, report.destination_address]
    last = report.hops[-1] if report.hops and path.reached else path.likely_end
    words += [word for reply in (last.replies if last else ()) for word in (reply.name, reply.address)]
    return [word for word in words if word]
