"""The collection with a device in the firewall that rewrites addresses and numbers: the verdict stays what it was."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.evidence.endpoint import Endpoint
from bothways.host.gather import gather
from bothways.host.hints import word
from tests.helpers.behind import copied, rewritten_at_the_firewall
from tests.helpers.cases import CaseFolder, case_folders, judge, wrongs
from tests.helpers.translator import Renamed, Translator, modulated


def behind(address: str) -> Renamed:
    """The client's connections behind *address*, at other ports."""
    return lambda end: Endpoint(address, 1024 + end.port * 7 % 60_000)


def elsewhere(port: int) -> Renamed:
    """The servers at an inside address."""

    @cache
    def renamed(end: Endpoint) -> Endpoint:
        return Endpoint("fd00::9" if ":" in end.address else "10.250.0.9", port or end.port)

    return renamed


def public(client: str) -> str:
    return "2001:db8:ffff::7" if ":" in client else "100.64.7.9"


SAME: dict[str, Callable[[str], Translator]] = {
    "source NAT and new sequence numbers": lambda client: Translator(
        client=behind(public(client)), sequence=modulated(Random(1)), mss=1380
    ),
    "new sequence numbers of the server, and new IP identifications": lambda _: Translator(
        sequence=modulated(Random(2), "back"), marks=iter(range(1, 65_536)).__next__
    ),
}
WEAKER: dict[str, Callable[[str], Translator]] = {
    "both ends translated": lambda client: Translator(
        client=behind(public(client)), server=elsewhere(0), sequence=modulated(Random(3))
    ),
    "nothing left to tell": lambda client: Translator(
        client=behind(public(client)),
        sequence=modulated(Random(4)),
        stamps=modulated(Random(5)),
        marks=iter(range(1, 65_536)).__next__,
    ),
}
CASES = list(case_folders())

TOO_LITTLE_LEFT = {
    # A lone SYN without timestamps or data: with its port and number rewritten nothing says that it is the same.
    ("source NAT and new sequence numbers", "client-gone-or-spoofed/scanner"),
}
"""What is rightly open behind a device that rewrites."""


def rewritten(case: CaseFolder, scratch: Path, how: Callable[[str], Translator]) -> Diagnosis:
    folder = copied(case.path, scratch / "evidence")
    client = json.loads((case.path / "truth.json").read_text())["client"]
    rewritten_at_the_firewall(folder, client, how(client))
    return diagnose(gather([str(folder)], said=word([], [])))


def in_turn(hows: Sequence[str], *, first: int) -> pytest.MarkDecorator:
    """Each second case from the *first* on, with one of *hows* after the other."""
    pairs = [(case, hows[turn % len(hows)]) for turn, case in enumerate(CASES[first::2])]
    return pytest.mark.parametrize(("case", "how"), pairs, ids=[f"{how}-{case.id}" for case, how in pairs])


@in_turn(list(SAME), first=0)
def test_a_verdict_stays_the_same_where_a_device_rewrites_one_side(case: CaseFolder, how: str, tmp_path: Path) -> None:
    plain, found = judge(case, "whole"), rewritten(case, tmp_path, SAME[how])
    assert plain is not None
    assert wrongs(case, found) == []
    if (how, case.id) in TOO_LITTLE_LEFT:
        assert found.verdict.ruling is Ruling.OPEN
        assert found.verdict.possible[0] == case.theory
        return
    assert (found.verdict.ruling, found.verdict.theory) == (plain.verdict.ruling, plain.verdict.theory)


@in_turn(list(WEAKER), first=1)
def test_where_less_can_be_joined_nothing_wrong_is_said(case: CaseFolder, how: str, tmp_path: Path) -> None:
    assert wrongs(case, rewritten(case, tmp_path, WEAKER[how])) == []
