"""Small pieces of wording, and the disarming of text that strangers wrote."""

from collections.abc import Iterable, Sequence

from bothways.evidence.citation import Citation

MOST_PLACES = 6
"""Frames or lines of one file that a sentence names; who opens the first finds the others."""


def clean(text: str) -> str:
    r"""*text* with everything that no printer shows written out as `\xNN`, `\uNNNN` or `\UNNNNNNNN`.

    Names, rules and paths come from files that strangers wrote. What is left can neither move a cursor, nor colour a
    terminal, nor turn the direction of writing around. Backslashes stay: readers escape what they read in the same way.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _written_out(ord(character)) for character in text)


def _written_out(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def counted(number: int, thing: str) -> str:
    """`1 packet`, `3 packets`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def listed(parts: Sequence[str], *, last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def share(probability: float) -> str:
    """A probability for people, never as certain as nought or a hundred."""
    if probability >= 0.999:
        return "> 99.9 %"
    if probability < 0.001:
        return "< 0.1 %"
    percent = 100 * probability
    return f"{percent:.0f} %" if 1 <= percent < 99 else f"{percent:.1f} %"


def places(cites: Iterable[Citation]) -> tuple[str, ...]:
    """Citations gathered by file, in the order of the files: `client.pcap frames 2, 3`, `curl.log line 86`."""
    files: dict[tuple[str, str], list[int]] = {}
    for cite in cites:
        unit = "frame" if cite.frame is not None else "line"
        number = cite.frame if cite.frame is not None else cite.line
        numbers = files.setdefault((cite.file, unit if number is not None else ""), [])
        if number is not None and number not in numbers:
            numbers.append(number)
    return tuple(_place(clean(file), unit, sorted(numbers)) for (file, unit), numbers in files.items())


def _place(file: str, unit: str, numbers: Sequence[int]) -> str:
    if not numbers:
        return file
    told = ", ".join(map(str, numbers[:MOST_PLACES]))
    more = ", ..." if len(numbers) > MOST_PLACES else ""
    return f"{file} {unit}{'s' if len(numbers) > 1 else ''} {told}{more}"
