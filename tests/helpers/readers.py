"""Both readers of captures, the plain one and the kernel: whoever calls one of these has them compared as well."""

from collections.abc import Iterable, Sequence

from msgspec.structs import asdict, replace

from bothways.captures import native, plain
from bothways.captures.eviction import MOST_ROWS
from bothways.captures.merged import Part
from bothways.evidence.capture import Chosen, ConnectionRow, Packets, Survey


def survey(chunks: Iterable[bytes], *, file: str) -> Survey:
    """Pass one by both readers, which agree."""
    return survey_parts([Part(file=file, chunks=chunks)], consecutive=True)


def survey_parts(
    parts: Sequence[Part], *, consecutive: bool, most_rows: int = MOST_ROWS, many: int | None = None
) -> Survey:
    """The same of several files; what is noted in *parts* is compared, too."""
    again = _twice(parts)
    found = plain.survey_parts(parts, consecutive=consecutive, most_rows=most_rows, many=many)
    assert_same(native.survey_parts(again, consecutive=consecutive, most_rows=most_rows, many=many), found)
    for one, other in zip(parts, again, strict=True):
        noted = [(part.facts, part.packets, part.first, part.last, part.link_types) for part in (one, other)]
        assert noted[0] == noted[1]
    return found


def extract(chunks: Iterable[bytes], *, file: str, chosen: Sequence[Chosen]) -> tuple[Packets, ...]:
    """Pass two by both readers, which agree."""
    return extract_parts([Part(file=file, chunks=chunks)], consecutive=True, chosen=chosen)


def extract_parts(parts: Sequence[Part], *, consecutive: bool, chosen: Sequence[Chosen]) -> tuple[Packets, ...]:
    """The same of several files."""
    again = _twice(parts)
    found = plain.extract_parts(parts, consecutive=consecutive, chosen=chosen)
    assert native.extract_parts(again, consecutive=consecutive, chosen=chosen) == found
    return found


def assert_same(kernel: Survey, definition: Survey) -> None:
    """Assert that both say the same in every column, with a message that says which one differs."""
    assert len(kernel.rows) == len(definition.rows)
    for one, other in zip(kernel.rows, definition.rows, strict=True):
        assert _columns(one) == _columns(other)
    assert replace(kernel, rows=()) == replace(definition, rows=())


def _columns(row: ConnectionRow) -> dict[str, object]:
    """A row's columns by name, those of its ways among them: so that a difference is shown alone."""
    named = asdict(row)
    for way in ("sent", "received"):
        named |= {f"{way}.{name}": value for name, value in asdict(named.pop(way)).items()}
    return named


def _twice(parts: Sequence[Part]) -> list[Part]:
    """Parts with the same chunks, which may be asked for once only; *parts* get them as lists."""
    for part in parts:
        part.chunks = list(part.chunks)
    return [Part(file=part.file, chunks=part.chunks, begins=part.begins) for part in parts]
