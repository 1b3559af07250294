"""Path reports with nothing beside them: which two hosts their ways join, and which way each of them goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bothways.evidence.case import PathEvidence
from bothways.evidence.path_report import PathReport
from bothways.paths.course import Course, courses_of
from bothways.paths.model import Told, paths_of
from bothways.way import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One of the two hosts that the ways join, as the reports call it."""

    names: tuple[str, ...] = ()
    """Host names, as the reports have them; empty where none gives one."""

    addresses: tuple[str, ...] = ()
    """Canonical; of several families, and of both sides of a NAT, where reports differ."""

    @property
    def label(self) -> str | None:
        """How it is called in a sentence: name, else address; None where no report says."""
        return next(iter((*self.names, *self.addresses)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A report that belongs to no way between the two ends, and is left out."""

    report: PathReport
    why: str
    """The rest of a sentence that begins with its file: `belongs to neither of the two ends: it goes to 192.0.2.9`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
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
        return _last(self.courses, Way.THERE)

    @property
    def back(self) -> Course | None:
        """The case's own way back, as it was last; None where no report shows it."""
        return _last(self.courses, Way.BACK)

    @property
    def controls(self) -> tuple[Course, ...]:
        """The ways of controls."""
        return tuple(course for course in self.courses if course.control)


def ways_alone(reports: Iterable[PathEvidence]) -> Ways:
    """Tell the two ends and the ways of *reports*, given in the order in which the user named them.

    The user's word decides, then what the reports say of their ends, then the names of their files, then the routers
    that they have in common; where nothing tells, the first one goes there.
    """
    paths = paths_of(reports, clients=(), servers=(), controls=frozenset())
    return Ways(client=End(), server=End(), courses=courses_of(paths), strays=(), told=Told.HINT)


def _last(courses: Sequence[Course], way: Way) -> Course | None:
    return next((course for course in reversed(courses) if course.way is way and not course.control), None)
