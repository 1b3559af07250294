"""The two passes by the native kernel, which agrees with `pass_one` and `pass_two`: they define what is right.

The kernel counts and decodes; words, addresses as text and evidence are made here, by the functions that the plain
readers use.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from bothways.captures import _kernel
from bothways.captures.eviction import MOST_ROWS, crowd_of, with_crowd
from bothways.captures.merged import Part
from bothways.captures.native_packets import PacketTables, packets_of
from bothways.captures.native_rows import RowReader
from bothways.captures.pcapng_blocks import filter_text, name_text
from bothways.captures.raw_packet import FileFacts
from bothways.captures.troubles import Trouble
from bothways.evidence.capture import Chosen, Packets, Survey
from bothways.evidence.left_out import Crowd
from bothways.evidence.problem import Problem
from bothways.units import Duration, Instant
from bothways.wire.address import address, packed
from bothways.wire.link import link_name

_Problem = tuple[str, list[int], int | None, int | None]
"""The name of a trouble, the numbers in its sentence, where it stands, and in which file."""

_ROWS = RowReader(_kernel.ROW, dict(_kernel.ROW_BITS))


def survey(chunks: Iterable[bytes], *, file: str) -> Survey:
    """Walk a capture once, as `pass_one.survey` does."""
    return survey_parts([Part(file=file, chunks=chunks)], consecutive=True)


def survey_parts(
    parts: Sequence[Part], *, consecutive: bool, most_rows: int = MOST_ROWS, many: int | None = None
) -> Survey:
    """Walk several files of one vantage once, as `pass_one.survey_parts` does."""
    found = _kernel.survey_parts(parts, consecutive=consecutive, most_rows=most_rows, many=many)
    return _told(found, parts, crowd_of(most_rows, found.left_out))


def _told(found: _kernel.Survey, parts: Sequence[Part], crowd: Crowd | None) -> Survey:
    for part, seen in zip(parts, found.parts, strict=True):
        _fill(part, seen)
    facts = reduce(or_, (part.facts for part in parts))
    files = [part.file for part in parts]
    return Survey(
        file=parts[0].file,
        parts=tuple(files),
        format=facts.format,
        link_types=tuple(dict.fromkeys(map(link_name, found.link_types))),
        snap_length=facts.snap_length,
        packets=found.packets,
        tcp_packets=found.tcp_packets,
        other_ip_packets=found.other_ip_packets,
        first=_instant(found.first),
        last=_instant(found.last),
        final=_instant(found.final),
        steps_back=found.steps_back,
        furthest_back=Duration(found.furthest_back),
        disordered=found.disordered,
        longest_silence=Duration(found.longest_silence),
        silent_from=_instant(found.silent_from),
        cut_packets=found.cut_packets,
        largest_frame=found.largest_frame,
        dropped=facts.dropped,
        ended_early=facts.ended_early,
        names=tuple(facts.names.items()),
        filter="; ".join(dict.fromkeys(filter_text(raw) for raw in facts.filters)) or None,
        rows=tuple(_ROWS.rows(found.rows)),
        problems=with_crowd([_problem(told, files) for told in found.problems], crowd),
        crowd=crowd,
        thinned=found.thinned,
        layers=tuple(found.layers),
        fragments=found.fragments,
        unfinished=found.unfinished,
        encrypted=found.encrypted,
    )


def extract(chunks: Iterable[bytes], *, file: str, chosen: Sequence[Chosen]) -> tuple[Packets, ...]:
    """Walk a capture once more and keep the packets of the chosen connections, as `pass_two.extract` does."""
    return extract_parts([Part(file=file, chunks=chunks)], consecutive=True, chosen=chosen)


def extract_parts(parts: Sequence[Part], *, consecutive: bool, chosen: Sequence[Chosen]) -> tuple[Packets, ...]:
    """Walk several files of one vantage once more, as `pass_two.extract_parts` does."""
    wanted = [
        (
            (packed(one.opener.address), one.opener.port),
            (packed(one.other.address), one.other.port),
            one.first_number,
            one.last_number,
        )
        for one in chosen
    ]
    found = _kernel.extract_parts(parts, consecutive=consecutive, chosen=wanted)
    tables = PacketTables(found)
    return tuple(packets_of(one.number, *kept, tables) for one, kept in zip(chosen, found.kept, strict=True))


def _instant(value: int | None) -> Instant | None:
    return None if value is None else Instant(value)


def _fill(part: Part, seen: _kernel.SeenPart) -> None:
    """Note what was met in a file, as `Part.items` does."""
    part.packets, part.first, part.last = seen.packets, _instant(seen.first), _instant(seen.last)
    part.link_types = set(seen.link_types)
    part.facts = FileFacts(
        format=", ".join(seen.formats),
        snap_length=seen.snap_length,
        dropped=seen.dropped,
        ended_early=seen.ended_early,
        names={address(end): name_text(name) for end, name in seen.names},
        filters=dict.fromkeys(seen.filters),
    )
    if seen.stopped is not None and part.direct is not None:
        part.direct.stopped(*seen.stopped)


def _problem(told: _Problem, files: Sequence[str]) -> Problem:
    kind, numbers, offset, part = told
    file = files[part] if part is not None and len(files) > 1 else None
    return Trouble[kind].problem(*numbers, offset=offset, file=file)
