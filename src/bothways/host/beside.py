"""Files that the user names by an option, beside the evidence: lists of devices and address databases."""

import os
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bothways.errors import CallError
from bothways.evidence.case import Case, EvidenceFile
from bothways.host.found import STANDARD_INPUT, Found, shown


class Beside(Struct, frozen=True, kw_only=True):
    """The names, as the user wrote them."""

    inventories: tuple[str, ...] = ()
    """`--inventory`."""

    databases: tuple[str, ...] = ()
    """`--addresses`."""

    def check(self) -> None:
        """Complain of a name that is no file's. Raises CallError."""
        for option, names in (("--inventory", self.inventories), ("--addresses", self.databases)):
            for name in names:
                if os.path.isdir(name):  # noqa: PTH112 - "" is no folder
                    message = f"{option} {shown(name)}: it is a folder; name the file"
                    raise CallError(message)
                if name != STANDARD_INPUT and not os.path.lexists(name):
                    message = f"{option} {shown(name)}: there is no such file; check the name"
                    raise CallError(message)


def parted(files: Iterable[Found], names: Sequence[str]) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """The *files* that the user does not name by *names*, and those that he does."""
    wanted = {os.path.realpath(name) for name in names}
    mine, others = list[Found](), list[Found]()
    for file in files:
        (mine if os.path.realpath(file.path) in wanted else others).append(file)
    return tuple(others), tuple(mine)


def with_books(case: Case, databases: Iterable[Found]) -> Case:
    """*case* with what *databases* say of its addresses. Raises CallError where one cannot be read."""
    databases = tuple(databases)
    if not databases:
        return case
    from bothways.host.address_books import addresses_of, read_book  # noqa: PLC0415 - few cases need its readers

    wanted = addresses_of(case.paths)
    read = [read_book(found, wanted) for found in databases]
    files: tuple[EvidenceFile, ...] = tuple(file for file, _ in read)
    return replace(case, files=(*case.files, *files), books=tuple(book for _, book in read))
