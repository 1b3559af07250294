"""The game of the investigator: start with one view of a case, ask the first question, add the file that answers it.

It is won when the planted cause is confirmed within two answers. Where the folder holds no answer (nobody took such a
file), the next question is asked instead, as one would who cannot reach somebody.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bothways.diagnosis.diagnose import diagnose
from bothways.errors import InputError
from bothways.host.gather import gather
from bothways.host.hints import word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bothways.diagnosis.model import Ask, Diagnosis
    from tests.helpers.cases import CaseFolder

STARTS = ("client", "server", "paths", "firewall")
ROUNDS = 2

ANSWERED_BY: dict[str, tuple[str, ...]] = {
    "client-capture": ("client.pcap",),
    "client-counters": ("client.nstat*", "client.ss*"),
    "client-rules": ("client.nft*",),
    "server-capture": ("server.pcap",),
    "server-sockets": ("server.ss*", "server.nstat*"),
    "server-rules": ("server.nft*",),
    "firewall-state": ("firewall*.conntrack*",),
    "firewall-captures": ("firewall*.pcap",),
    "firewall-rules": ("firewall*.nft*", "border.nft*", "transit-*.nft*", "core.nft*", "distribution.nft*"),
    "path-there": ("outbound*", "control-outbound*"),
    "path-back": ("inbound*", "control-inbound*"),
    "same-name-elsewhere": ("curl.log", "connections.log"),
    "same-address-otherwise": ("curl.log", "connections.log"),
    "more-attempts": ("curl.log", "connections.log"),
}
"""By question, the files of a run that its command would have written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """One game."""

    start: str
    asked: tuple[str, ...]
    """The questions that were answered, in order."""

    confirmed: str | None
    """What was confirmed in the end."""

    def won(self, truth: str) -> bool:
        """Whether it ended with the *truth*."""
        return self.confirmed == truth

    def __str__(self) -> str:
        """How it went."""
        return f"{' > '.join((self.start, *self.asked))}: {self.confirmed or 'open'}"


def play(case: CaseFolder, start: str) -> Game | None:
    """Play from the view *start*; None where that holds nothing to judge, so that nothing is asked."""
    have = frozenset(file.name for file in case.files(start))
    everything = [file.name for file in case.files("whole")]
    diagnosis = _judged(case, have) if have else None
    if diagnosis is None:
        return None
    asked: list[str] = []
    for _ in range(ROUNDS):
        if diagnosis is None or diagnosis.verdict.theory:
            break
        ask, added = _first_answered(_questions(diagnosis), everything, have)
        if ask is None:
            break
        asked.append("+".join((ask.id, *ask.also)))
        have |= added
        diagnosis = _judged(case, have)
    return Game(start=start, asked=tuple(asked), confirmed=diagnosis.verdict.theory if diagnosis else None)


def _questions(diagnosis: Diagnosis) -> Sequence[Ask]:
    return diagnosis.targets[0].next if diagnosis.targets else diagnosis.next


def _first_answered(
    asks: Sequence[Ask], everything: Sequence[str], have: frozenset[str]
) -> tuple[Ask | None, frozenset[str]]:
    for ask in asks:
        wanted = [pattern for one in (ask.id, *ask.also) for pattern in ANSWERED_BY.get(one, ())]
        added = {name for name in everything if any(fnmatchcase(name, pattern) for pattern in wanted)}
        if added - have:
            return ask, frozenset(added)
    return None, frozenset()


@cache
def _judged(case: CaseFolder, names: frozenset[str]) -> Diagnosis | None:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "evidence"
        folder.mkdir()
        for name in names:
            shutil.copy(case.path / name, folder / name)
        try:
            return diagnose(gather([str(folder)], said=word([], [])))
        except InputError:
            return None
