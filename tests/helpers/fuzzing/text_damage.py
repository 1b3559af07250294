"""What happens to reports and logs: lines cut, repeated and mixed, numbers and names of strangers, other encodings."""

import re
from collections.abc import Callable, Sequence
from random import Random

Damage = Callable[[Random, str, Sequence[str]], str]

_STRANGE = (
    *("\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b31m", "\0", "\x7f", "\u202eabc", "\ufeff", "\ud800", "\u2028"),
    *("<script>alert(1)</script>", "&lt;", "[bold]", "{{7*7}}", "%s%n", "a" * 3000, "\t" * 300, "🦊" * 20),
    *("255.255.255.255", "::", "fe80::1%eth0", "1.2.3.4.5", "-1", "nan", "inf", "1e999", "0x7fffffff"),
)
_NUMBERS = ("0", "-1", "9" * 20, "9" * 400, "4294967296", "18446744073709551616", "1e400", "0.0000000001", "٣")
_NUMBER = re.compile(r"\d+")


def _line_cut(random: Random, text: str, _: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    lines[at] = lines[at][: random.randrange(len(lines[at]) + 1)]
    return "".join(lines)


def _lines_repeated(random: Random, text: str, _: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    piece = lines[at : at + random.randint(1, 5)]
    return "".join([*lines[:at], *piece * random.choice((2, 3, 40)), *lines[at:]])


def _lines_gone(random: Random, text: str, _: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    del lines[at : at + random.randint(1, 4)]
    return "".join(lines)


def _lines_moved(random: Random, text: str, _: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    at, to = random.randrange(len(lines)), random.randrange(len(lines))
    lines[at], lines[to] = lines[to], lines[at]
    return "".join(lines)


def _spliced(random: Random, text: str, others: Sequence[str]) -> str:
    """The end or a few lines of another kind of file."""
    other = random.choice(others).splitlines(keepends=True)
    lines = text.splitlines(keepends=True)
    at, start = random.randrange(len(lines) + 1), random.randrange(len(other) or 1)
    piece = other[start : start + random.choice((1, 3, 10**6))]
    return "".join([*lines[:at], *piece, *(lines[at:] if random.random() < 0.5 else ())])


def _number_changed(random: Random, text: str, _: Sequence[str]) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return text + random.choice(_NUMBERS)
    one = random.choice(found)
    return text[: one.start()] + random.choice(_NUMBERS) + text[one.end() :]


def _strange(random: Random, text: str, _: Sequence[str]) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(_STRANGE) + text[at + random.choice((0, 0, 3)) :]


def _characters_changed(random: Random, text: str, _: Sequence[str]) -> str:
    characters = list(text)
    for _n in range(random.randint(1, 5)):
        characters[random.randrange(len(characters))] = random.choice(" \n\t.:,|()[]{}\"'=-*?!%/\\0a\x1b\x00é")
    return "".join(characters)


def _deep(random: Random, text: str, _: Sequence[str]) -> str:
    """Brackets inside brackets."""
    at = random.randrange(len(text) + 1)
    opening = random.choice(("[", "{", '{"a":', "(", "<a>", "table inet f {\nchain c {\n"))
    return text[:at] + opening * random.choice((10, 500, 20_000)) + text[at:]


_ALL: tuple[Damage, ...] = (
    *(_line_cut, _lines_repeated, _lines_gone, _lines_moved, _spliced, _spliced),
    *(_number_changed, _number_changed, _strange, _strange, _characters_changed),
)


def _line_ends(random: Random, text: str) -> str:
    return text.replace("\n", random.choice(("\r\n", "\r", "\n\n", "", "\x85")))


def _encoded(random: Random, text: str) -> bytes:
    chance = random.random()
    if chance < 0.9:
        return text.encode(errors="surrogatepass")
    return text.encode(random.choice(("utf-16", "utf-16-be", "utf-8-sig", "latin-1", "utf-7", "utf-32")), "replace")


def damaged(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """*data* after up to four accidents."""
    text = data.decode(errors="replace")
    texts = [other.decode(errors="replace") for other in others]
    for _ in range(random.randint(1, 4)):
        if text:
            text = random.choice(_ALL)(random, text, texts)
    if random.random() < 0.03:
        text = _deep(random, text, texts)
    if random.random() < 0.05:
        text = _line_ends(random, text)
    done = _encoded(random, text)
    if done and random.random() < 0.05:
        done = done[: random.randrange(len(done))]
    return done
