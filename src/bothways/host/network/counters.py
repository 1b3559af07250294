"""What this machine's kernel has counted, before and after, in the words of `nstat -az` (nstat(8)).

The question `client-counters` of theories/questions.py asks a person for the same. Counters are of the network
namespace, so that other programs' connections are in them.
"""

from itertools import pairwise
from pathlib import Path

_PAIRED = ("/proc/net/netstat", "/proc/net/snmp")
"""Pairs of lines: names, then counts, both behind their group (Linux Documentation/networking/snmp_counter.rst)."""

_SINGLE = "/proc/net/snmp6"
"""A name and a count a line."""

_HEAD = "$ nstat -az\n#kernel\n"


def snapshot() -> str:
    """The counts of now as one listing; empty where this system has no such files."""
    counted = [line for path in _PAIRED for line in _pairs(_text(path))] + _singles(_text(_SINGLE))
    return _HEAD + "".join(f"{name:<31} {count:<18} 0.0\n" for name, count in counted) if counted else ""


def _pairs(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for names, counts in pairwise(text.splitlines()):
        group, colon, _ = names.partition(":")
        keys, values = names.split()[1:], counts.split()[1:]
        if colon and counts.startswith(f"{group}:") and _numbers(values) and len(keys) == len(values):
            found += [(f"{group}{key}", value) for key, value in zip(keys, values, strict=True)]
    return found


def _singles(text: str) -> list[tuple[str, str]]:
    halves = [line.split() for line in text.splitlines()]
    return [(half[0], half[1]) for half in halves if len(half) == 2 and _numbers(half[1:])]


def _numbers(words: list[str]) -> bool:
    return all(word.removeprefix("-").isdigit() for word in words)


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
