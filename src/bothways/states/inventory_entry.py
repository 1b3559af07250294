"""One entry of a list of devices, in whatever form it was written, made into a device or into problems."""

import re
from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from bothways.evidence.inventory import Device, State
from bothways.evidence.report_lines import LONGEST_TEXT, ProblemList, address_in, escaped

MOST_DEVICES = 10_000
"""Devices of one list: the paths of a case have dozens, the whole inventory of a large company thousands."""

ROLES: dict[str, State | None] = {
    "firewall": State.FIREWALL,
    "fw": State.FIREWALL,
    "nat": State.TRANSLATOR,
    "cgn": State.TRANSLATOR,
    "cgnat": State.TRANSLATOR,
    "translator": State.TRANSLATOR,
    "load-balancer": State.BALANCER,
    "loadbalancer": State.BALANCER,
    "lb": State.BALANCER,
    "stateful": State.OTHER,
    "router": None,
    "gateway": None,
    "switch": None,
    "host": None,
    "server": None,
    "client": None,
}
"""For what a device of a role keeps state, unless `stateful` says otherwise."""

FORMS = "begin each one with [[device]], or the whole list with a line of columns (device,address,name,role)"
"""How a list of devices begins, for those who wrote something else."""

SAID_ROLES = "firewall, nat, load-balancer, stateful, router, switch or host"

_PREFIX = re.compile(r"(?P<address>[^/]+)/(?P<length>\d{1,3})", re.ASCII)


class Entry(Struct, kw_only=True):
    """What is written of one device; each value with its line."""

    name: str
    line: int
    addresses: list[tuple[str, int]] = field(default_factory=list)
    names: list[tuple[str, int]] = field(default_factory=list)
    role: tuple[str, int] | None = None
    stateful: bool | None = None
    ttl: tuple[str, int] | None = None
    between: tuple[list[str], int] | None = None


def devices_of(entries: Iterable[Entry], problems: ProblemList) -> tuple[Device, ...]:
    """The devices, those of one name as one; what is wrong with any goes to *problems*."""
    found: dict[str, Device] = {}
    owners: dict[str, Device] = {}
    for entry in entries:
        if entry.name.casefold() not in found and len(found) >= MOST_DEVICES:
            problems.add(f"more than {MOST_DEVICES} devices; the rest was left out", entry.line)
            break
        device = _device(entry, owners, problems)
        before = found.get(entry.name.casefold())
        device = device if before is None else _joined(before, device)
        found[entry.name.casefold()] = device
        owners.update(dict.fromkeys(device.addresses, device))
    return tuple(found.values())


def _device(entry: Entry, owners: dict[str, Device], problems: ProblemList) -> Device:
    unlowered = _unlowered(entry, problems)
    between = _between(entry, problems)
    if unlowered and between is None:
        problems.add(
            f"{escaped(entry.name, 80)} lowers no TTL, so that no traceroute shows where it stands: "
            'add its neighbours, between = ["name", "name"]',
            entry.line,
        )
    return Device(
        name=escaped(entry.name),
        addresses=_addresses(entry, owners, problems),
        names=tuple(dict.fromkeys(_name(name, line, problems) for name, line in entry.names)),
        keeps=_keeps(entry, problems),
        lowers_ttl=not unlowered,
        between=between,
        line=entry.line,
    )


def _addresses(entry: Entry, owners: dict[str, Device], problems: ProblemList) -> tuple[str, ...]:
    kept = dict[str, None]()
    for text, line in entry.addresses:
        canonical = canonical_prefix(text)
        if canonical is None:
            problems.add(
                f"{escaped(text, 80)} is no address and no prefix (as 10.0.2.1 or 10.0.2.0/24): left out", line
            )
            continue
        owner = owners.get(canonical)
        if owner is not None and owner.name.casefold() != escaped(entry.name).casefold():
            problems.add(f"{canonical} is {owner.name}'s already (line {owner.line}): give it to one of them", line)
            continue
        kept[canonical] = None
    return tuple(kept)


def canonical_prefix(text: str) -> str | None:
    """*text* as a canonical address or prefix; a prefix of one address is that address, and None what is neither."""
    text = text.strip()
    match = _PREFIX.fullmatch(text)
    address = address_in(match["address"] if match else text)
    if address is None or match is None:
        return address
    bits = 128 if ":" in address else 32
    length = int(match["length"])
    if length == bits:
        return address
    # An interface is often written with the length of its network: 10.0.2.1/24 stands for the network here.
    from ipaddress import ip_network  # noqa: PLC0415 - few lists have prefixes

    return str(ip_network(f"{address.partition('%')[0]}/{length}", strict=False)) if length < bits else None


def _name(text: str, line: int, problems: ProblemList) -> str:
    if len(text) > LONGEST_TEXT:
        problems.add(f"a name longer than {LONGEST_TEXT} characters was cut off", line)
    return escaped(text)


def _keeps(entry: Entry, problems: ProblemList) -> State | None:
    keeps = None
    if entry.role is not None:
        role, line = entry.role
        word = re.sub(r"[\s_]+", "-", role.strip().casefold())
        if word not in ROLES:
            problems.add(f"the role {escaped(role, 40)} is not known: say {SAID_ROLES}", line)
        keeps = ROLES.get(word)
    if entry.stateful is None:
        return keeps
    return (keeps or State.OTHER) if entry.stateful else None


def _unlowered(entry: Entry, problems: ProblemList) -> bool:
    if entry.ttl is None:
        return False
    said, line = entry.ttl
    word = said.strip().casefold()
    if word not in {"not lowered", "lowered"}:
        problems.add(f'ttl says {escaped(said, 40)}: say "not lowered", or leave it out', line)
    return word == "not lowered"


def _between(entry: Entry, problems: ProblemList) -> tuple[str, str] | None:
    if entry.between is None:
        return None
    names, line = entry.between
    if len(names) != 2 or not all(names):
        problems.add("between takes the names or addresses of the two neighbours: left out", line)
        return None
    one, other = (address_in(name.strip()) or escaped(name.strip()) for name in names)
    return one, other


def _joined(one: Device, other: Device) -> Device:
    """Two entries of one name: what the later one adds."""
    return replace(
        one,
        addresses=tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        names=tuple(dict.fromkeys((*one.names, *other.names))),
        keeps=one.keeps or other.keeps,
        lowers_ttl=one.lowers_ttl and other.lowers_ttl,
        between=one.between or other.between,
    )
