"""A folder of evidence with every host renamed and every IPv4 address renumbered, in captures and texts alike."""

import re
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.example(?:\.net)?")


class Renaming:
    """A one-to-one map of the names and addresses of one folder, and back."""

    def __init__(self, folder: Path, name: Callable[[str], str]) -> None:
        texts = [file.read_text() for file in folder.iterdir() if file.suffix not in {".pcap", ".md"}]
        addresses = sorted({found for text in texts for found in ADDRESS.findall(text)})
        names = sorted({found for text in texts for found in NAME.findall(text)})
        self.there = {old: _renumbered(old) for old in addresses} | {old: name(old) for old in names}
        self.back = {new: old for old, new in self.there.items()}
        assert len(self.back) == len(self.there), "the map must be one to one"

    def text(self, text: str) -> str:
        """*text* under the new names."""
        return _replace(self.there, text)

    def original(self, text: str) -> str:
        """*text* under the old names."""
        return _replace(self.back, text)

    def data(self, data: bytes) -> bytes:
        """A capture under the new names: addresses in headers and quotes, names in payload (of equal length)."""
        pairs = {
            _bytes(old): _bytes(new)
            for old, new in self.there.items()
            if ADDRESS.fullmatch(old) or len(old) == len(new)
        }
        pattern = re.compile(b"|".join(re.escape(old) for old in sorted(pairs, key=len, reverse=True)), re.DOTALL)
        return pattern.sub(lambda found: pairs[found[0]], data)


def rename_folder(source: Path, target: Path, renaming: Renaming) -> None:
    """Write *source*'s evidence to *target* under its new names."""
    target.mkdir()
    for file in source.iterdir():
        if file.suffix == ".pcap":
            (target / file.name).write_bytes(renaming.data(file.read_bytes()))
        elif file.suffix != ".md":
            (target / file.name).write_text(renaming.text(file.read_text()))


def _renumbered(address: str) -> str:
    first, second, third, last = IPv4Address(address).packed
    return f"{20 + (first + 37) % 200}.{(second + 91) % 256}.{(third + 53) % 256}.{last}"


def _bytes(text: str) -> bytes:
    return IPv4Address(text).packed if ADDRESS.fullmatch(text) else text.encode()


def _replace(pairs: dict[str, str], text: str) -> str:
    pattern = re.compile("|".join(re.escape(old) for old in sorted(pairs, key=len, reverse=True)))
    return pattern.sub(lambda found: pairs[found[0]], text)
