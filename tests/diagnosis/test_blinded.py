"""Each theory without the evidence that decides: still open, the truth still possible, and the right question."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Ruling, TargetDiagnosis
from bothways.host.gather import gather
from bothways.host.hints import word
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from tests.helpers.cases import CaseFolder, case_folders

CLIENT, SERVER, FIREWALL = "client", "server's administrator", "firewall's administrator"

CASES = {case.id: case for case in case_folders()}


def without(*parts: str) -> Callable[[str], bool]:
    """Every file but those whose names contain one of *parts*."""
    return lambda name: not any(part in name for part in parts)


def only(*names: str) -> Callable[[str], bool]:
    return lambda name: name in names


BLINDED = [
    ("asymmetric-bypass/asymmetric-bypass", without("conntrack", "control-inbound"), FIREWALL, "conntrack"),
    ("asymmetric-bypass/asymmetric-bypass", without("firewall", "control-inbound"), FIREWALL, "conntrack"),
    ("asymmetric-bypass/asymmetric-bypass", only("client.pcap"), SERVER, "tcpdump"),
    ("established-outbound-drop/established-drop", without("nft"), FIREWALL, "nft"),
    ("established-outbound-drop/established-drop", without("nft", "conntrack"), FIREWALL, "nft"),
    ("destination-blocked/prefix-block", without("nft"), FIREWALL, "nft"),
    ("destination-blocked/prefix-block", only("client.pcap", "outbound.mtr.txt"), SERVER, "tcpdump"),
    ("destination-blocked/fw-reset", without("nft", "server.pcap"), FIREWALL, "nft"),
    ("destination-unreachable/host-down", only("curl.log"), CLIENT, "tcpdump"),
    ("routing-loop/routing-loop", only("client.pcap"), CLIENT, "mtr"),
    ("path-member-fault/one-of-two", only("client.pcap"), SERVER, "tcpdump"),
    ("random-loss/random-loss", only("client.pcap"), SERVER, "tcpdump"),
    ("source-blocked/prefix", without("nft", "server.pcap", "outside"), FIREWALL, "nft"),
    ("sni-filtered/sni-drop", without("server.pcap", "curl", "firewall"), SERVER, "tcpdump"),
    ("sni-filtered/sni-drop", without("curl"), CLIENT, "curl"),
    ("mtu-black-hole/mtu-blackhole-in", only("client.pcap"), CLIENT, "ping"),
    ("mtu-black-hole/mtu-blackhole-out", only("client.pcap"), SERVER, "tcpdump"),
    ("accept-queue-overflow/accept-queue", without("server", "firewall"), SERVER, "tcpdump"),
    ("port-closed/port-closed", without("server.pcap"), SERVER, "tcpdump"),
    ("application-silent/mute-server", only("curl.log"), CLIENT, "tcpdump"),
    ("client-refuses-reply/second-interface", only("server.pcap"), CLIENT, "tcpdump"),
    ("option-sensitive/timestamps", only("client.pcap"), SERVER, "tcpdump"),
    ("receive-window-closed/unread-upload", only("client.pcap"), SERVER, "tcpdump"),
    ("reply-lost/filtered", only("server.pcap"), CLIENT, "tcpdump"),
    ("sequence-rewritten/bypassed-randomiser", only("server.pcap"), CLIENT, "tcpdump"),
    ("syn-proxy/backend-cut-off", only("client.pcap"), SERVER, "tcpdump"),
    ("window-mangled/scale-not-learned", only("client.pcap"), SERVER, "tcpdump"),
]
EACH = pytest.mark.parametrize(
    ("name", "keep", "who", "program"), BLINDED, ids=[f"{row[0]}:{row[3]}:{place}" for place, row in enumerate(BLINDED)]
)


def judged(case: CaseFolder, keep: Callable[[str], bool], scratch: Path) -> TargetDiagnosis:
    folder = scratch / "evidence"
    folder.mkdir()
    for file in case.files("whole"):
        if keep(file.name):
            shutil.copy(file, folder / file.name)
    return diagnose(gather([str(folder)], said=word([], []))).targets[0]


@EACH
def test_without_the_deciding_evidence_it_stays_open_and_the_right_person_is_asked(
    name: str, keep: Callable[[str], bool], who: str, program: str, tmp_path: Path
) -> None:
    case = CASES[name]
    target = judged(case, keep, tmp_path)
    assert target.verdict.ruling is Ruling.OPEN
    assert target.verdict.theory is None
    assert case.theory in target.verdict.possible
    assert UNEXPLAINED in target.verdict.possible
    asked = {(ask.who, word) for ask in target.next[:3] for word in ask.command.split()}
    assert (who, program) in asked
    separated = {theory for ask in target.next for theory in ask.separates}
    assert case.theory in separated


def blinded_by_its_case(case: CaseFolder) -> bool:
    """Whether a view of *case* must leave it open, with the truth possible, and ask somebody (`test_cases`)."""
    left_open = {"open", f"possible:{case.theory}"}
    views = [expected for view, expected in case.expected.items() if view != "whole"]
    return any(left_open <= set(expected.must_say) and expected.must_ask for expected in views)


def test_every_theory_is_blinded_once() -> None:
    here = {CASES[row[0]].theory for row in BLINDED}
    by_cases = {case.theory for case in CASES.values() if blinded_by_its_case(case)}
    assert here | by_cases == {theory.id for theory in THEORIES}
