"""What a file is taken for: its name hints, the user's word decides."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bothways.errors import CallError
from bothways.evidence.case import Role
from bothways.host.compression import unpacked_name
from bothways.host.found import Found, shown
from bothways.host.manifests import Manifests
from bothways.states.manifest import VANTAGE
from bothways.way import Way

_CONTROL = re.compile(r"control[-_.]")
_VANTAGES = ("firewall-inside", "firewall-outside", "client", "server")
# `there` and `back` begin other words too: background.txt and thereafter.log say nothing about a way.
_WAYS = (
    (re.compile(r"outbound|there(?![a-z])"), Way.THERE),
    (re.compile(r"inbound|back(?![a-z])"), Way.BACK),
)
_Told = TypeVar("_Told")


def hinted(name: str) -> Role:
    """What a file called *name* (without folders) is probably about; content and the user's word overrule it."""
    lower = name.lower()
    control = _CONTROL.match(lower)
    stem = lower[control.end() :] if control else lower
    return Role(
        vantage=next((vantage for vantage in _VANTAGES if stem.startswith(vantage)), None),
        way=next((way for pattern, way in _WAYS if pattern.match(stem)), None),
        control=control is not None,
    )


_DIRECTIONS = re.compile(
    r"(?:^|(?<=[-_. ]))"
    r"(?:in|out|rx|tx|ingress|egress|incoming|outgoing|inbound|outbound|there|back|up|down|upstream|downstream|fwd|rev"
    r"|forward|reverse|from|to|received|sent)"
    r"(?=$|[-_. ])"
)
_DEVICES = re.compile(r"(?:^|[-_. ])(?:firewall|fw|router|gateway|gw|nat)\d*(?:$|[-_. ])")
"""Of these, `in` and `out` mean an interface, at which both ways pass, and not a way."""


def tap_in(name: str, role: Role) -> str | None:
    """Where one half of a tap was taken, as its name tells: equal for `client-out.pcap` and `client-in.pcap`.

    None where the name tells no place: `out.pcap` and `in.pcap` may come from two ends of the network.
    """
    if role.vantage is not None:
        return role.vantage
    stem = unpacked_name(name.lower()).rpartition(".")[0]
    place, directions = _DIRECTIONS.subn("", stem)
    place = re.sub(r"[-_. ]+", "-", place).strip("-")
    return place if directions == 1 and place and not _DEVICES.search(place) else None


class Word(Struct, frozen=True, kw_only=True):
    """The user's word about single files, by the name that he used for each."""

    vantages: Mapping[str, str]
    ways: Mapping[str, Way]


def word(vantages: Iterable[str], ways: Iterable[str]) -> Word:
    """Read the values of `--vantage FILE=NAME` and `--path FILE=there|back`.

    Raises:
        CallError: A value has another form.
    """
    return Word(
        vantages=_told_once("--vantage", vantages, _vantage),
        ways=_told_once("--path", ways, _way),
    )


def _told_once(option: str, values: Iterable[str], read: Callable[[str, str], _Told]) -> dict[str, _Told]:
    """What the user says of each file; saying two things of one file is a mistake, and the last word not the better."""
    told: dict[str, _Told] = {}
    for value in values:
        file, name = _split(option, value)
        says = read(value, name)
        if told.setdefault(file, says) != says:
            message = f"{option} {shown(value)}: {told[file]} was said of the same file before; say one of them"
            raise CallError(message)
    return told


def roles(files: Sequence[Found], said: Word, manifests: Manifests | None = None) -> dict[str, Role]:
    """The role of each of *files*, by how it is cited: by its name, a manifest's word, or the user's.

    Raises:
        CallError: The user speaks of a file that is not there, or of several at once.
    """
    listed = manifests.role if manifests else _unlisted
    found = {file.cited: listed(file) or hinted(file.path.name) for file in files}
    vantages = {_meant("--vantage", name, files): vantage for name, vantage in said.vantages.items()}
    for name, way in said.ways.items():
        cited = _meant("--path", name, files)
        # One flag speaks for the whole role, so a vantage that only the name hinted at must not ride along.
        found[cited] = replace(found[cited], vantage=None, way=way, decided=True)
    for cited, vantage in vantages.items():
        found[cited] = replace(found[cited], vantage=vantage, decided=True)
    return found


def spoken_of(files: Sequence[Found], said: Word) -> frozenset[str]:
    """Those of *files* of which the user says something, by how they are cited. Raises CallError like `roles`."""
    vantages = (_meant("--vantage", name, files) for name in said.vantages)
    return frozenset((*vantages, *(_meant("--path", name, files) for name in said.ways)))


def _unlisted(_: Found) -> None:
    """Where there are no manifests."""


def _split(option: str, value: str) -> tuple[str, str]:
    file, equals, name = value.rpartition("=")
    if not (equals and file and name):
        form = "FILE=there or FILE=back" if option == "--path" else "FILE=NAME, for example client.pcap=client"
        message = f"{option} {shown(value)}: it takes the form {form}"
        raise CallError(message)
    return file, name


def _vantage(value: str, name: str) -> str:
    if not VANTAGE.fullmatch(name):
        message = (
            f"--vantage {shown(value)}: a vantage is called client, server, firewall-inside, firewall-outside, "
            "or by a name of up to 40 letters, digits, dots and dashes"
        )
        raise CallError(message)
    return name


def _way(value: str, name: str) -> Way:
    try:
        return Way(name)
    except ValueError:
        message = f"--path {shown(value)}: a path goes there (client to server) or back (server to client)"
        raise CallError(message) from None


def _meant(option: str, name: str, files: Sequence[Found]) -> str:
    """Which file the user means: as cited, as given, or by its bare name."""
    exact = [file.cited for file in files if name in {file.cited, str(file.path)}]
    matching = exact or [file.cited for file in files if file.path.name == name]
    if len(matching) == 1:
        return matching[0]
    if matching:
        message = f"{option} {shown(name)}: several files have this name; say which: {_listed(matching)}"
    else:
        known = _listed([file.cited for file in files])
        message = f"{option} {shown(name)}: no such file is among those that were given ({known})"
    raise CallError(message)


def _listed(names: Sequence[str]) -> str:
    most = 8
    return ", ".join(names[:most]) + (f", and {len(names) - most} more" if len(names) > most else "")
