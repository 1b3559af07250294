"""The game of the investigator: start with one view of a case, ask the first question, add the files that answer it.

It is won when the planted cause is confirmed within two rounds. In a round one new person is asked, whom the first
question names; whoever has sent evidence already is asked at the same time, where the diagnosis says so (`at_once`).
Where the folder holds nothing new of what the first question asks for, the next one is asked instead, as one would who
cannot reach somebody; a game tells how often that was so.
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

ELSEWHERE = ("border.nft*", "transit-*.nft*", "core.nft*", "distribution.nft*")

ANSWERED_BY: dict[str, tuple[str, ...]] = {
    "client-capture": ("client.pcap",),
    "client-counters": ("client.nstat*", "client.ss*"),
    "client-rules": ("client.nft*",),
    "server-capture": ("server.pcap",),
    "server-sockets": ("server.ss*", "server.nstat*"),
    "server-rules": ("server.nft*",),
    "firewall-state": ("firewall*.conntrack*",),
    "firewall-captures": ("firewall*.pcap",),
    "firewall-rules": ("firewall*.nft*", *ELSEWHERE),
    "rules-elsewhere": ELSEWHERE,
    "path-there": ("outbound*", "control-outbound*"),
    "path-back": ("inbound*", "control-inbound*"),
    "control-path-back": ("control-inbound*",),
    "control-path-there": ("control-outbound*",),
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

    passed_over: tuple[str, ...]
    """Questions to which the folder holds no answer, though they were the first."""

    confirmed: str | None
    """What was confirmed in the end."""

    def won(self, truth: str) -> bool:
        """Whether it ended with the *truth*."""
        return self.confirmed == truth

    def __str__(self) -> str:
        """How it went."""
        return f"{' > '.join((self.start, *self.asked))}: {self.confirmed or 'open'}"


def play(case: CaseFolder, start: str, *, one_by_one: bool = False) -> Game | None:
    """Play from the view *start*; None where that holds nothing to judge, so that nothing is asked.

    *one_by_one*: in each round only the first person is asked, whoever else would help.
    """
    have = frozenset(file.name for file in case.files(start))
    everything = [file.name for file in case.files("whole")]
    diagnosis = _judged(case, have) if have else None
    if diagnosis is None:
        return None
    asked: list[str] = []
    passed_over: list[str] = []
    for _ in range(ROUNDS):
        if diagnosis is None or diagnosis.verdict.theory:
            break
        asks = [(ask, _answers(ask, everything) - have) for ask in _questions(diagnosis)]
        place = next((place for place, (_, added) in enumerate(asks) if added), len(asks))
        passed_over += [ask.id for ask, _ in asks[:place]]
        chosen = [(ask, new) for ask, new in asks[place:] if new and (ask is asks[place][0] or ask.at_once)]
        if not chosen:
            break
        for ask, added in chosen[:1] if one_by_one else chosen:
            asked.append("+".join((ask.id, *ask.also)))
            have |= added
        diagnosis = _judged(case, have)
    confirmed = diagnosis.verdict.theory if diagnosis else None
    return Game(start=start, asked=tuple(asked), passed_over=tuple(passed_over), confirmed=confirmed)


def _questions(diagnosis: Diagnosis) -> Sequence[Ask]:
    return diagnosis.targets[0].next if diagnosis.targets else diagnosis.next


def _answers(ask: Ask, everything: Sequence[str]) -> frozenset[str]:
    """What the folder holds of what *ask* asks for."""
    wanted = [pattern for one in (ask.id, *ask.also) for pattern in ANSWERED_BY.get(one, ())]
    return frozenset(name for name in everything if any(fnmatchcase(name, pattern) for pattern in wanted))


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
