"""Which reports of one way were made between the same two hosts, and may be runs of one course.

A name may stand for several addresses of either family, and each may have a way of its own; so has each host that
reports. What a report does not say of its ends is no contradiction: it joins the one group that it fits.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bothways.paths.addresses import family, parsed
from bothways.paths.merging import Key, key_of
from bothways.paths.model import Path
from bothways.way import Way


class _Ends(Struct, frozen=True, kw_only=True):
    """What a report says of its ends; None for what it does not say."""

    destination: str | None
    version: int | None
    source: str | None
    """First label of the reporting host's name."""

    source_address: str | None

    @property
    def told(self) -> int:
        return sum(one is not None for one in (self.destination, self.version, self.source, self.source_address))

    def fits(self, other: "_Ends") -> bool:
        """Whether nothing that both say differs. A host is known by its address rather than by its name."""
        if self.destination and other.destination and self.destination != other.destination:
            return False
        if self.version and other.version and self.version != other.version:
            return False
        if self.source_address and other.source_address:
            return self.source_address == other.source_address
        return not self.source or not other.source or self.source == other.source


def between_same_hosts(paths: Iterable[Path]) -> list[list[Path]]:
    """Sort *paths* into those of one way between two hosts: there before back, the case's own before the controls'."""
    kinds: dict[tuple[bool, bool], list[Path]] = {}
    for path in sorted(paths, key=in_time):
        kinds.setdefault((path.control, path.way is Way.BACK), []).append(path)
    return [group for kind in sorted(kinds) for group in _groups(kinds[kind])]


def in_time(path: Path) -> tuple[bool, int, str, int, str]:
    """An order of reports that does not hang on the order in which they were given; by time, where they tell it."""
    report = path.report
    return (report.started is None, report.started or 0, report.file, report.line or 0, report.flow or "")


def _groups(paths: Sequence[Path]) -> list[list[Path]]:
    same: dict[_Ends, list[Path]] = {}
    for path in paths:
        same.setdefault(_ends(path), []).append(path)
    kept: dict[_Ends, list[Path]] = {}
    by_destination: dict[str | None, list[_Ends]] = {}
    for ends in sorted(same, key=lambda ends: -ends.told):
        near = by_destination.get(ends.destination, []) if ends.destination else list(kept)
        known = [*near, *(by_destination.get(None, []) if ends.destination else ())]
        fitting = [other for other in known if other.fits(ends)]
        home = fitting[0] if len(fitting) == 1 else _likeliest(same[ends][0], fitting, kept)
        if home is None:
            kept[ends] = list(same[ends])
            by_destination.setdefault(ends.destination, []).append(ends)
        else:
            kept[home] = sorted([*kept[home], *same[ends]], key=in_time)
    return sorted(kept.values(), key=lambda group: in_time(group[0]))


def _ends(path: Path) -> _Ends:
    report = path.report
    destination = report.destination_address or (report.destination if parsed(report.destination) else None)
    answers = (reply.address for hop in report.hops for reply in hop.replies if reply.address)
    source = report.source if report.source and not parsed(report.source) else None
    return _Ends(
        destination=destination,
        version=family(destination or report.source_address or next(answers, None)),
        source=source.casefold().partition(".")[0] if source else None,
        source_address=report.source_address or (report.source if source is None else None),
    )


def _likeliest(path: Path, fitting: Sequence[_Ends], kept: dict[_Ends, list[Path]]) -> _Ends | None:
    """The one of several groups that *path* shares more answers with than with any other one."""
    mine = _answers(path)
    shared = sorted(((len(mine & _answers(kept[ends][0])), at) for at, ends in enumerate(fitting)), reverse=True)
    if not shared or not shared[0][0] or (len(shared) > 1 and shared[0][0] == shared[1][0]):
        return None
    return fitting[shared[0][1]]


def _answers(path: Path) -> set[tuple[int, Key]]:
    return {(hop.index, key_of(reply)) for hop in path.hops for reply in hop.replies}
