"""The user's address databases: files that say whose an address is. Nothing is ever asked over the network."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from bothways.errors import CallError
from bothways.evidence.case import EvidenceFile, Kind, Role
from bothways.evidence.networks import AddressBook, Network
from bothways.evidence.problem import Problem
from bothways.evidence.report_lines import address_in, escaped
from bothways.host.found import Found, reason, shown
from bothways.host.opened import Stream, hash_of
from bothways.states.address_record import network_in_record
from bothways.states.address_table import HEAD_ROWS, LONGEST_ROW, Lookup, recognises

if TYPE_CHECKING:
    from bothways.evidence.case import PathEvidence

MOST_ADDRESSES = 100_000
"""Addresses that are looked up; the paths of a case have hundreds."""

_MARKER = b"\xab\xcd\xefMaxMind.com"
"""What the metadata of a MaxMind DB begins with, near the end of the file (maxmind.github.io/MaxMind-DB)."""

_METADATA = 128 * 1024
"""Bytes at the end among which it stands, by the same document."""


def addresses_of(paths: "Iterable[PathEvidence]") -> tuple[str, ...]:
    """All addresses that path reports show, without zones, which are nobody's of the Internet."""
    found: dict[str, None] = {}
    for item in paths:
        ends = (item.report.source_address, item.report.destination_address)
        replies = (reply.address for hop in item.report.hops for reply in hop.replies)
        for address in (*ends, *replies):
            if address is not None and "%" not in address and address_in(address) is not None:
                found[address] = None
            if len(found) >= MOST_ADDRESSES:
                return tuple(found)
    return tuple(found)


def read_book(found: Found, wanted: Iterable[str]) -> tuple[EvidenceFile, AddressBook]:
    """What the database *found* says of the *wanted* addresses.

    Raises:
        CallError: It cannot be read, or is no such database.
    """
    wanted = tuple(wanted)
    if found.trouble:
        raise _unreadable(found, found.trouble)
    try:
        is_database = found.spool is None and _is_database(found)
        owners, problems, digest, rows = _database(found, wanted) if is_database else _table(found, wanted)
    except OSError as error:
        raise _unreadable(found, f"it cannot be read: {reason(error)}") from None
    role = Role()
    file = EvidenceFile(path=found.cited, sha256=digest, kind=Kind.ADDRESSES, role=role, read=rows, problems=problems)
    return file, AddressBook(file=found.cited, owners=owners)


_Read = tuple[dict[str, Network], tuple[Problem, ...], str, tuple[tuple[str, int], ...]]


def _unreadable(found: Found, why: str) -> CallError:
    return CallError(f"--addresses {shown(str(found.path))}: {why}")


def _is_database(found: Found) -> bool:
    with found.path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _METADATA - len(_MARKER)))
        return _MARKER in file.read()


def _database(found: Found, wanted: tuple[str, ...]) -> _Read:
    owners = {}
    failed: str | None = None
    with _opened(found) as look_up:
        for address in wanted:
            try:
                network = network_in_record(look_up(address))
            except Exception as error:  # noqa: BLE001 - a stranger's bytes may break the library anywhere
                failed = failed or escaped(str(error) or type(error).__name__, 120)
                continue
            if network is not None:
                owners[address] = network
    problems = (Problem(says=f"the database is damaged, some addresses could not be looked up: {failed}"),)
    return owners, problems if failed else (), hash_of(found), (("networks", len(set(owners.values()))),)


class _opened:  # noqa: N801 - it is used as a function
    """The look-up of a MaxMind DB, for as long as it is open. Raises CallError where the library cannot open it."""

    def __init__(self, found: Found) -> None:
        from maxminddb import MODE_FILE, open_database  # noqa: PLC0415 - only those who have a database wait for it

        try:
            # Plain Python, read piece by piece: no native code sees a stranger's bytes, and a file that shrinks while
            # it is mapped would kill the process.
            self._reader = open_database(str(found.path), MODE_FILE)
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            why = escaped(str(error) or type(error).__name__, 120)
            raise _unreadable(found, f"it is a damaged MaxMind DB ({why}): fetch it again") from None

    def __enter__(self) -> Callable[[str], object]:
        version = self._reader.metadata().ip_version
        return lambda address: None if ":" in address and version == 4 else self._reader.get(address)

    def __exit__(self, *_: object) -> None:
        self._reader.close()


def _table(found: Found, wanted: tuple[str, ...]) -> _Read:
    stream = Stream(found)
    lookup, head, told = Lookup(wanted), list[str](), False
    for line in _lines(stream.chunks()):
        if not told:
            head.append(line)
            if len(head) < HEAD_ROWS:
                continue
            told = _checked(found, head)
            for one in head:
                lookup.feed(one)
            continue
        lookup.feed(line)
    if not told:
        _checked(found, head)
        for one in head:
            lookup.feed(one)
    problems = stream.problems
    if lookup.not_understood:
        says = f"{lookup.not_understood} of {lookup.rows + lookup.not_understood} rows were not understood and left out"
        problems = (*problems, Problem(says=says))
    return lookup.owners(), problems, hash_of(found), (("rows", lookup.rows),)


def _checked(found: Found, head: list[str]) -> bool:
    if recognises(head):
        return True
    raise _unreadable(
        found,
        "it is no address database that is known: give a MaxMind DB (.mmdb), or a table of ranges or prefixes "
        "with their AS numbers",
    )


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Text lines of *chunks*, of each as much as a row may have: a file without line feeds is no reason to swell."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line[: 4 * LONGEST_ROW].decode("utf-8", errors="replace").removeprefix("\ufeff")
        rest = rest[: 4 * LONGEST_ROW]
    if rest:
        yield rest.decode("utf-8", errors="replace")
