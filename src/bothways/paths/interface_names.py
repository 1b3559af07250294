"""What a router's name says of the device, and what of the interface that bears the address.

Operators put the interface before the device, behind it, or into a label of its own; some write the neighbour's name
there (Chabarek and Barford 2013, "What's in a Name? Decoding Router Interface Names"). No operator's scheme is known
here: a part of a name is an interface if it is written like one, or if these reports show that it varies while the
rest returns on the other way (the idea of Luckie et al. 2019, "Learning Regexes to Extract Router Names from
Hostnames"). Whether what is left names a device, or a whole domain, is judged by whoever compares.
"""

import re
from collections.abc import Iterable, Iterator

_KINDS = (
    "ae be xe ge et te hu gi gig fa po lo vl vlan irb bvi rvi bond eth ether enp eno ens igb ixl vtnet"
    " vmx swp sfp port lag trunk tun tu gre wg ppp pppoe dsl atm mge fo fh twe tengige tengigabitethernet"
    " gigabitethernet fastethernet hundredgige fortygige twentyfivegige fourhundredgige bundle bundle-ether"
    " port-channel if-ae if-et if-xe vif eth-trunk"
)
"""How makers of routers, and Linux and the BSDs, abbreviate kinds of interfaces. Not those that also abbreviate
devices: `br` is a bridge and a border router, `fe` a port and a front end, `ix` a port and an exchange."""

_NUMBERS = r"\d{1,5}(?:[-_/:]\d{1,5}){0,5}"

_INTERFACE = (
    rf"(?:\d{{1,3}}g[a-z]{{0,3}}|{'|'.join(sorted(_KINDS.split(), key=len, reverse=True))})[-_/]?{_NUMBERS}"
    r"|[a-z]{1,4}[-_]?\d{1,4}(?:[-_/:]\d{1,4}){1,5}"
    r"|v\d{2,4}|p\d{1,2}p\d{1,2}"
)
"""A kind with its numbers; any short word with the numbers of slot and port; a VLAN's number."""

_ADDRESS = re.compile(r"\d{1,3}[-.x]\d{1,3}[-.x]\d{1,3}[-.x]\d{1,3}", re.ASCII)
"""Names made of the address tell no device."""

_WHOLE = re.compile(_INTERFACE, re.ASCII)
_AHEAD = re.compile(rf"^(?:{_INTERFACE})[-_](?=[a-z])", re.ASCII)
_BEHIND = re.compile(rf"(?<=[a-z0-9])[-_](?:{_INTERFACE})$", re.ASCII)
_NUMBER = re.compile(r"\d{1,5}", re.ASCII)
_NEIGHBOUR = re.compile(r"(?P<device>[a-z0-9]\S*?[a-z0-9])(?:--|-x-|-to-)[a-z0-9].*", re.ASCII)
"""`device--neighbour`: the label of a link in the name of one of its ends."""

LEAST_LABELS_OF_DOMAIN = 2
"""Labels at the end that name the operator and never an interface."""

MOST_CHARACTERS = 255
"""Of a name (RFC 1035 section 2.3.4); a longer one is none."""


def device_of(name: str) -> str | None:
    """What is left of *name* without the parts that are written like interfaces; None where nothing is such a part."""
    folded = name.casefold().rstrip(".")
    if len(folded) > MOST_CHARACTERS or _is_address(folded):
        return None
    labels = folded.split(".")
    kept = [part for part in (_without(label) for label in _without_labels(labels)) if part]
    device = ".".join(kept)
    whole = len(kept) == len(labels) or len(kept) > LEAST_LABELS_OF_DOMAIN or any(map(str.isdigit, device))
    # A label that went as a whole may have been the device, and the rest its domain: short, and without a number.
    return device if device and device != folded and whole else None


def _is_address(name: str) -> bool:
    """Whether a name spells an address; the numbers of an interface stand behind its kind, as `xe-0-0-1-0` does."""
    return any(not _WHOLE.search(name[: found.end()]) for found in _ADDRESS.finditer(name))


def _without_labels(labels: list[str]) -> list[str]:
    """Leave out labels that are interfaces as a whole, and the bare numbers (of units) beside them."""
    found = [_WHOLE.fullmatch(label) is not None or label.startswith("to-") for label in labels]
    near = [place for place, one in enumerate(found) if one]
    units = {place for at in near for place in (at - 1, at + 1) if 0 <= place < len(labels)}
    return [
        label
        for place, label in enumerate(labels)
        if not found[place] and not (place in units and _NUMBER.fullmatch(label))
    ]


def _without(label: str) -> str:
    neighbour = _NEIGHBOUR.fullmatch(label)
    bare = neighbour["device"] if neighbour else label
    return _BEHIND.sub("", _AHEAD.sub("", bare, count=1), count=1)


def learnt_devices(there: Iterable[str], back: Iterable[str]) -> dict[str, str]:
    """Name to device, as far as the names of both ways together show which label of theirs is the interface's.

    Names of one form (as many labels, one domain) that without one of their labels are different devices on each way,
    of which at least `LEAST_RETURNS` return on the other way.
    """
    mine, others = {name.casefold() for name in there}, {name.casefold() for name in back}
    learnt: dict[str, str] = {}
    for form in sorted({_form(name) for name in mine} & {_form(name) for name in others}):
        names = [name for name in sorted(mine | others) if _form(name) == form]
        for place in range(max(form[0] - LEAST_LABELS_OF_DOMAIN, 0)):
            devices = {name: _leaving_out(name, place) for name in names}
            if _is_scheme(devices, mine, others):
                learnt |= devices
                break
    return learnt


LEAST_RETURNS = 3
"""Devices that must return on the other way under another name before a label counts as the interface's: two may be
namesakes in two cities, the third one makes it a habit."""


def _form(name: str) -> tuple[int, str]:
    labels = name.split(".")
    return len(labels), ".".join(labels[-LEAST_LABELS_OF_DOMAIN:])


def _leaving_out(name: str, place: int) -> str:
    labels = name.split(".")
    return ".".join((*labels[:place], *labels[place + 1 :]))


def _is_scheme(devices: dict[str, str], mine: set[str], others: set[str]) -> bool:
    here = [device for name, device in devices.items() if name in mine]
    beyond = [device for name, device in devices.items() if name in others]
    if len(set(here)) < len(here) or len(set(beyond)) < len(beyond):
        return False
    renamed = [device for device in set(here) & set(beyond) if len(list(_bearers(devices, device))) > 1]
    return len(renamed) >= LEAST_RETURNS


def _bearers(devices: dict[str, str], device: str) -> Iterator[str]:
    return (name for name, one in devices.items() if one == device)
