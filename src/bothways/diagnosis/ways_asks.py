"""What to ask where nothing but path reports is there: whether a connection fails, and what the reports leave open."""

from bothways.diagnosis.asking import captures_of, plain_address
from bothways.diagnosis.model import Ask
from bothways.diagnosis.two_ways import Device, WaysOf
from bothways.evidence.endpoint import Endpoint
from bothways.facts.fact import Kind
from bothways.facts.subject import Subject
from bothways.facts.ways import FIREWALL_ON_WAYS
from bothways.theories.questions import CLIENT, SERVER, Brings
from bothways.way import Way


def asks_of_ways(ways: WaysOf) -> tuple[Ask, ...]:
    """Captures first, which show whether anything fails; then the report that is missing."""
    known = frozenset(
        brings for way, brings in ((Way.THERE, Brings.PATH_THERE), (Way.BACK, Brings.PATH_BACK)) if ways.course(way)
    )
    missing = [ask for way in Way if (ask := _other_way(ways, way) or _control(ways, way))]
    return (*captures_of(known, _ends_alone(ways)), *missing)


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


def _other_way(ways: WaysOf, way: Way) -> Ask | None:
    """The report of *way* where there is none."""
    if ways.course(way) or not ways.course(way.other):
        return None
    whom, file = ("SERVER", "outbound") if way is Way.THERE else ("CLIENT", "inbound")
    return Ask(
        id=f"path-{way}",
        question=f"Which hops does the way {way} take?",
        who=_who(way),
        command=f"mtr {_family(ways)}-rwbc 10 {_address(ways, way) or whom + '_ADDRESS'} > {file}.mtr.txt",
        separates=_separated(ways, *(prospect.kind for prospect in ways.open)),
    )


def _control(ways: WaysOf, way: Way) -> Ask | None:
    """A report that would show whether a device that is not seen on *way* would be seen there."""
    device = next((device for device in ways.devices if _is_in_doubt(device, way)), None)
    if device is None or ways.absence is None or ways.absence.known or ways.course(way) is None:
        return None
    label = device.label
    role, file = ("server", "control-outbound") if way is Way.THERE else ("client", "control-inbound")
    return Ask(
        id=f"control-path-{way}",
        question=f"Does {label} answer on the way {way} where connections surely pass it both ways?",
        who=_who(way),
        command=f"mtr {_family(ways)}-rwbc 10 CONTROL_ADDRESS > {file}.mtr.txt   # towards another {role}, whose "
        f"connections work and pass {label} both ways",
        separates=_separated(ways, FIREWALL_ON_WAYS),
    )


def _is_in_doubt(device: Device, way: Way) -> bool:
    return device.index(way) is None and device.index(way.other) is not None


def _separated(ways: WaysOf, *kinds: Kind) -> tuple[str, ...]:
    """The causes for which an answer to one of *kinds* would speak."""
    told = (names for prospect in ways.open if prospect.kind in kinds for _, names in prospect.answers)
    return tuple(dict.fromkeys(name for names in told for name in names))


def _who(way: Way) -> str:
    return CLIENT if way is Way.THERE else SERVER


def _address(ways: WaysOf, way: Way) -> str:
    return plain_address(ways.server_address if way is Way.THERE else ways.client_address)


def _family(ways: WaysOf) -> str:
    """The option that keeps mtr to the addresses' family; nothing where no address is known."""
    address = plain_address(ways.server_address) or plain_address(ways.client_address)
    return "" if not address else "-6 " if ":" in address else "-4 "
