"""The option `--target ADDRESS[:PORT]` or `--target NAME[:PORT]`."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from ipaddress import ip_address

from bothways.diagnosis.model import Diagnosis
from bothways.diagnosis.roles import Roles, Wanted
from bothways.errors import CallError, InputError
from bothways.evidence.endpoint import Endpoint
from bothways.host.found import shown
from bothways.report.text import clean, listed
from bothways.wire.address import network_of

_NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?", re.ASCII)
_NUMBERS = re.compile(r"[0-9.]+", re.ASCII)
"""What was meant for an address."""

MOST_NEAR = 5
"""Other targets that one sentence can list."""

MOST_COMPARED = 5000
"""Other targets that are compared with a mistyped one; the evidence of a scan holds hundreds of thousands."""


def wanted(values: Iterable[str]) -> tuple[Wanted, ...]:
    """Read the values of the option.

    Raises:
        CallError: A value has another form.
    """
    return tuple(_wanted(value) for value in values)


def _wanted(value: str) -> Wanted:
    host, port = _split(value)
    known = _host(host)
    if known is None:
        message = (
            f"--target {shown(value)}: it takes an IP address or a server's name, with a port if you like: "
            "203.0.113.2, 203.0.113.2:443, [2001:db8::1]:443, www.example.net"
        )
        raise CallError(message)
    if port is not None and not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 0xFFFF):
        message = f"--target {shown(value)}: a port is a number from 1 to 65535"
        raise CallError(message)
    return Wanted(host=known, port=int(port or 0))


def _host(text: str) -> str | None:
    """An address in its canonical form, or a name in lower case; None where it is neither."""
    try:
        return str(ip_address(text))
    except ValueError:
        is_name = _NAME.fullmatch(text) and not _NUMBERS.fullmatch(text)
        return text.lower().rstrip(".") if is_name else None


def _split(value: str) -> tuple[str, str | None]:
    """Address or name, and the port's text; None where no port is given."""
    if value.startswith("["):
        address, bracket, rest = value[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            return "", None
        return address, rest[1:] if rest else None
    if value.count(":") == 1:
        host, _, port = value.partition(":")
        return host, port
    return value, None


def check_scope(diagnosis: Diagnosis, roles: Roles) -> None:
    """Make sure that what the user asked about is in the evidence.

    Raises:
        CallError: One of the targets that he names is not.
        InputError: Nothing began in the window.
    """
    for one in roles.targets:
        if not any(
            one.covers(target.server, name or "")
            for target in diagnosis.targets
            for name in (target.name, target.called)
        ):
            raise CallError(_not_there(one, diagnosis))
    if not diagnosis.targets and (roles.since or roles.until):
        message = f"nothing to judge: {listed([*diagnosis.notes]) or 'nothing began in the window'}"
        raise InputError(clean(message))


def _not_there(one: Wanted, diagnosis: Diagnosis) -> str:
    """What there is instead."""
    if any(one.covers(server, name) for server, name in diagnosis.others):
        return (
            f"--target {one}: none of its connections can be judged: they began outside --since and --until, or were "
            "the probes of a trace or scan"
        )
    judged = [(target.server, target.name or "") for target in diagnosis.targets]
    near = _nearest(one, [*judged, *diagnosis.others])
    if not near:
        return f"--target {one}: no evidence speaks of it, nor of any other target"
    return f"--target {one}: no evidence speaks of it; the nearest that there is: {', '.join(near)}"


def _nearest(one: Wanted, others: Sequence[tuple[Endpoint, str]]) -> list[str]:
    """The targets most like *one*: of the same host, of the same network, written alike."""
    labels = {_label(server, name): (server, name) for server, name in others[:MOST_COMPARED]}
    matcher = SequenceMatcher(b=one.host, autojunk=False)

    def likeness(label: str) -> tuple[bool, bool, float]:
        server, name = labels[label]
        written = max(_ratio(matcher, text) for text in (server.address, name.lower()))
        same_network = network_of(server.address) == network_of(one.host)
        return one.host in {server.address, name.lower()}, same_network, written

    return sorted(labels, key=likeness, reverse=True)[:MOST_NEAR]


def _ratio(matcher: SequenceMatcher[str], text: str) -> float:
    matcher.set_seq1(text[:253])
    return matcher.ratio()


def _label(server: Endpoint, name: str) -> str:
    return clean(f"{name} ({server})" if name else str(server))
