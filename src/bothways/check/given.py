"""Addresses that the user gives himself, in place of what the resolver says: `--resolve HOST:PORT:ADDR[,ADDR]...`.

As curl has it (curl(1), `--resolve`), so that a command may be tried with either. Of its forms, a `*` for every host
and a `-` that takes an entry back are of no use here and are refused.
"""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from bothways.check.target import host_of, refused
from bothways.errors import CallError
from bothways.host.found import shown

Given = Mapping[tuple[str, int], tuple[str, ...]]
"""By host and port: the addresses, canonical, in the order in which they were given."""


def given(values: Iterable[str]) -> Given:
    """Read the values of the option; a later one for the same host and port adds to the former.

    Raises:
        CallError: A value has another form, or names an address that is not checked.
    """
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for value in values:
        host, port, addresses = _parts(value)
        known = found.get((host, port), ())
        found[host, port] = tuple(dict.fromkeys((*known, *addresses)))
    return found


def _parts(value: str) -> tuple[str, int, tuple[str, ...]]:
    text = value.removeprefix("+")  # to curl it says for how long the entry holds
    if text.startswith("["):
        host, _, rest = text[1:].partition("]:")
    else:
        host, _, rest = text.partition(":")
    number, _, listed = rest.partition(":")
    is_port = number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= 0xFFFF
    if not host or not is_port or not listed:
        message = f"--resolve {shown(value)}: it takes HOST:PORT:ADDRESS, as in www.example.net:443:192.0.2.1"
        raise CallError(message)
    return host_of(host, f"--resolve {value}"), int(number), tuple(_address(one, value) for one in listed.split(","))


def _address(text: str, value: str) -> str:
    try:
        address = ip_address(text.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        message = f"--resolve {shown(value)}: {shown(text) or 'nothing'} is no address"
        raise CallError(message) from None
    if why := refused(address):
        message = f"--resolve {shown(value)}: {why}"
        raise CallError(message)
    return str(address)
