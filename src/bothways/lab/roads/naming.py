"""What operators call the addresses of their routers: the styles in which reverse names are written.

That a name tells a router apart from its interface, and where in the name each stands, differs by operator: Luckie,
Huffaker and claffy, "Learning Regexes to Extract Router Names from Hostnames", IMC 2019, who learn it per domain. All
domains and devices here are made up.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Style(StrEnum):
    """How a reverse name is made of device and interface; the first five tell the device."""

    LABEL_FIRST = "label-first"
    """`xe-0-0-1.cr1.fra2.longline.example`"""
    TWO_LABELS = "two-labels"
    """`0.ae3.cr1.fra2.longline.example`: a unit, then the interface."""
    DASH_AFTER = "dash-after"
    """`cr1-ae12.fra2.longline.example`"""
    DASH_FIRST = "dash-first"
    """`ae12-cr1.fra2.longline.example`"""
    PER_ROUTER = "per-router"
    """`cr1.fra2.longline.example`, whatever the interface."""
    IMPLICIT = "implicit"
    """`cr1b.fra2.longline.example`: a letter for the interface, which nothing sets off from the device."""
    LINKED = "linked"
    """`fra2-osl1-7.longline.example`: of a link, not of a device, with another number at each end."""
    OF_ADDRESS = "of-address"
    """`ip-198-18-3-7.longline.example`"""
    SHARED = "shared"
    """`backbone.longline.example`: one name for many routers."""
    GENERIC = "generic"
    """`_gateway`, `router`: what a local look-up makes up."""
    NONE = "none"


_TELLING = frozenset({Style.LABEL_FIRST, Style.TWO_LABELS, Style.DASH_AFTER, Style.DASH_FIRST, Style.PER_ROUTER})

STYLES = {
    Style.LABEL_FIRST: 6,
    Style.TWO_LABELS: 1,
    Style.DASH_AFTER: 2,
    Style.DASH_FIRST: 2,
    Style.PER_ROUTER: 2,
    Style.IMPLICIT: 1,
    Style.LINKED: 1,
    Style.OF_ADDRESS: 2,
    Style.SHARED: 1,
    Style.GENERIC: 1,
    Style.NONE: 5,
}
"""How often each is drawn, beside networks in which nobody names anything: by eye, there is no census to cite."""

_GENERIC = ("_gateway", "router", "gateway", "unknown")
_MANY = ("backbone", "core", "infra", "reserved")
_INTERFACES = (
    ("ge-0-0-{n}", "xe-0-1-{n}", "ae{n}", "et-0-0-{n}"),
    ("te0-0-0-{n}", "hu0-1-0-{n}", "be31{n}", "gi0-0-0-{n}"),
    ("eth{n}", "eth1-{n}", "vlan21{n}", "bond{n}"),
    ("po{n}", "vl40{n}", "te1-{n}", "gi0-{n}"),
)
"""By maker of the router: names of interfaces as they stand in host names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who runs some of the routers, and how its addresses are named."""

    domain: str
    style: Style
    maker: tuple[str, ...]
    named: float
    """Share of its addresses that have a name at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What an operator calls a router."""

    label: str
    """`cr1`"""
    city: str
    """`fra2`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An address' name, and the device that it tells."""

    name: str
    device: str | None
    """The whole name without the interface's label; None where the name tells no device."""


def operator(chance: Random, domain: str, *, named: bool) -> Operator:
    """Draw how an operator writes its names; one that is not *named* writes none."""
    style = chance.choices(list(STYLES), list(STYLES.values()))[0] if named else Style.NONE
    return Operator(
        domain=domain,
        style=style,
        maker=chance.choice(_INTERFACES),
        named=chance.choice((1.0, 1.0, 0.8, 0.5)),
    )


def called(chance: Random, one: Operator, device: Device, port: int | None, address: str) -> Called | None:
    """Draw the name of an address on a router's *port*, or of its loopback; None where it has none."""
    if one.style is Style.NONE or chance.random() >= one.named:
        return None
    whole = f"{device.label}.{device.city}.{one.domain}"
    telling = whole if one.style in _TELLING else None
    return Called(name=_written(chance, one, device, port, address), device=telling)


def _written(chance: Random, one: Operator, device: Device, port: int | None, address: str) -> str:
    interface = "lo0" if port is None else one.maker[port % len(one.maker)].format(n=port + 1)
    place = f"{device.city}.{one.domain}"
    number = chance.randint(10_000, 99_999)
    forms = {
        Style.LABEL_FIRST: f"{interface}.{device.label}.{place}",
        Style.TWO_LABELS: f"0.{interface}.{device.label}.{place}",
        Style.DASH_AFTER: f"{device.label}-{interface}.{place}",
        Style.DASH_FIRST: f"{interface}-{device.label}.{place}",
        Style.PER_ROUTER: f"{device.label}.{place}",
        Style.IMPLICIT: f"{device.label}{'x' if port is None else 'abcdefgh'[port % 8]}.{place}",
        Style.LINKED: f"{device.city}-ic-{number}.{one.domain}",
        Style.OF_ADDRESS: f"ip-{address.replace('.', '-').replace(':', '-').strip('-')}.{one.domain}",
        Style.SHARED: f"{_MANY[len(one.domain) % len(_MANY)]}.{one.domain}",
        Style.GENERIC: _GENERIC[len(one.domain) % len(_GENERIC)],
    }
    return forms[one.style]
