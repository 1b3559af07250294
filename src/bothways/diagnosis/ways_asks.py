"""What to ask where nothing but path reports is there: whether a connection fails, and what the reports leave open."""

from bothways.diagnosis.asking import ask, captures_of
from bothways.diagnosis.model import Ask
from bothways.diagnosis.two_ways import Device, WaysOf
from bothways.evidence.endpoint import Endpoint
from bothways.facts.fact import Kind
from bothways.facts.subject import Subject
from bothways.facts.ways import FIREWALL_ON_WAYS
from bothways.theories.questions import Brings
from bothways.way import Way


def asks_of_ways(ways: WaysOf) -> tuple[Ask, ...]:
    """Captures first, which show whether anything fails; then the report that is missing."""
    known = frozenset(
        brings for way, brings in ((Way.THERE, Brings.PATH_THERE), (Way.BACK, Brings.PATH_BACK)) if ways.course(way)
    )
    ends = _ends_alone(ways)
    missing = (ask(*told) for way in Way if (told := _missing(ways, way, ends)))
    return (*captures_of(known, ends), *missing)


def _missing(ways: WaysOf, way: Way, ends: Subject) -> tuple[str, Subject, tuple[str, ...]] | None:
    """The report of *way* where there is none; else that of a control, where it would show a device that is not seen.

    What it would tell of, too.
    """
    if ways.course(way) is None:
        return f"path-{way}", ends, _separated(ways, *(prospect.kind for prospect in ways.open))
    in_doubt = ways.absence is not None and not ways.absence.known
    if in_doubt and any(_is_one_way(device, way.other) for device in ways.devices):
        return f"control-path-{way}", ends, _separated(ways, FIREWALL_ON_WAYS)
    return None


def _is_one_way(device: Device, way: Way) -> bool:
    return device.index(way) is not None and device.index(way.other) is None


def _ends_alone(ways: WaysOf) -> Subject:
    """The two ends, for the commands."""
    return Subject(
        client=ways.client_address,
        server=Endpoint(ways.server_address, 0),
        name=ways.server if ways.server != ways.server_address else "",
        exemplars=(),
        connections=(),
        neighbours=(),
        observers=(),
        offsets=(),
        paths=(),
        sessions=(),
        rules=(),
        attempts=(),
        firewalls=(),
    )


def _separated(ways: WaysOf, *kinds: Kind) -> tuple[str, ...]:
    """The causes for which an answer to one of *kinds* would speak."""
    told = (names for prospect in ways.open if prospect.kind in kinds for _, names in prospect.answers)
    return tuple(dict.fromkeys(name for names in told for name in names))
