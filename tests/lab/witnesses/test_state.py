"""What is kept of a filter: every change of its connection tracking, what is left at the end, and its rules."""

import signal
from pathlib import Path

import pytest

from bothways.evidence.session import Change, Session
from bothways.lab.model.network import Network
from bothways.lab.witnesses import state, subscriptions
from bothways.lab.witnesses.changes import Changes
from bothways.lab.witnesses.programs import IncompleteError
from bothways.lab.world.nodes import ProgramError
from bothways.states import conntrack, nft
from tests.lab.witnesses.little import (
    COUNTING,
    SERVERS,
    connection,
    conversation,
    listening,
    network,
    programs,
    running,
)

FILES = [f"firewall.{kind}.txt" for kind in ("conntrack-events", "conntrack-list", "conntrack-stats", "nft")]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ct state established accept", True),
        ("tcp dport 80 ct count over 3 drop", True),
        ("type nat hook postrouting priority srcnat; policy accept;", True),
        ("tcp dport 80 synproxy mss 1460 wscale 7", True),
        ("icmp type redirect counter packets 0 bytes 0 drop", False),
        ('iifname "ct" counter packets 0 bytes 0 drop', False),
        ('tcp dport 80 drop comment "no ct state here"', False),
        ("tcp flags syn / syn,ack counter packets 1 bytes 60 accept", False),
        ("", False),
    ],
)
def test_a_ruleset_that_needs_connection_tracking_is_told_from_others(rule: str, *, expected: bool) -> None:
    assert state.tracks(f"table inet filter {{\n\tchain forward {{\n\t\t{rule}\n\t}}\n}}\n") is expected


@pytest.mark.lab
def test_the_whole_life_of_a_connection_is_told_and_this_project_reads_it() -> None:
    def life(folder: Path) -> None:
        with state.watching(["firewall"], folder):
            for address in SERVERS:
                conversation(10, address)
        assert sorted(file.name for file in folder.iterdir()) == FILES
        events, listed = (_sessions(folder / name) for name in FILES[:2])
        for server in SERVERS:
            mine = [one for one in events if one.original[1].address == server]
            assert [one.state for one in mine][:3] == ["SYN_SENT", "SYN_RECV", "ESTABLISHED"]
            assert [one.state for one in listed if one.original[1].address == server] == ["TIME_WAIT"]
        assert {one.change for one in listed} == {Change.LISTED}

    running(life)


def _sessions(file: Path) -> tuple[Session, ...]:
    text = file.read_text()
    assert conntrack.recognises(text)
    reading = conntrack.read(text, file=file.name)
    assert reading.problems == ()
    return reading.content.sessions


@pytest.mark.lab
def test_the_rules_have_the_counters_of_the_end() -> None:
    def life(folder: Path) -> None:
        with state.watching(["firewall"], folder):
            for _ in range(3):
                conversation(10)
        reading = nft.read((folder / "firewall.nft.txt").read_text(), file="firewall.nft.txt")
        assert reading.problems == ()
        assert [rule.packets for rule in reading.content.rules if "ct state new" in rule.text] == [3]

    running(life)


@pytest.mark.lab
@pytest.mark.parametrize(
    ("whole", "files"), [(network(COUNTING), FILES[-1:]), (network(""), [])], ids=["rules", "none"]
)
def test_of_a_filter_that_tracks_nothing_only_its_rules_are_kept(whole: Network, files: list[str]) -> None:
    def life(folder: Path) -> None:
        with state.watching(["firewall"], folder):
            conversation(10)
        assert [file.name for file in folder.iterdir()] == files

    running(life, whole)


MANY = 300
"""Connections whose changes do not fit into what a socket holds unless it is given more room."""


def _connect_while_stopped(changes: Changes) -> None:
    changes.witness.process.send_signal(signal.SIGSTOP)
    with listening() as listener:
        for _ in range(MANY):
            with connection(), listener.accept()[0]:
                pass
    changes.witness.process.send_signal(signal.SIGCONT)


@pytest.mark.lab
def test_a_burst_of_changes_is_told_however_late_conntrack_hears_of_it() -> None:
    def life(folder: Path) -> None:
        changes = Changes("firewall", folder)
        with changes.witness:
            changes.begin()
            _connect_while_stopped(changes)
            changes.end()
        events = _sessions(folder / FILES[0])
        assert sum(one.change is Change.NEW for one in events) == MANY
        assert sum(one.state == "ESTABLISHED" for one in events) == MANY

    running(life)


@pytest.mark.lab
def test_a_burst_that_finds_no_room_makes_the_run_invalid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "ROOM", 4096)

    def life(folder: Path) -> None:
        changes = Changes("firewall", folder)
        with changes.witness:
            changes.begin()
            _connect_while_stopped(changes)
            with pytest.raises(IncompleteError, match=r"conntrack on firewall missed \d+ changes"):
                changes.end()

    running(life)


@pytest.mark.lab
def test_nothing_goes_on_after_a_body_that_failed_or_a_killed_witness() -> None:
    def life(folder: Path) -> None:
        with pytest.raises(ZeroDivisionError), state.watching(["firewall"], folder):
            raise ZeroDivisionError
        assert programs() == set()
        (folder / FILES[0]).unlink()
        changes = Changes("firewall", folder)
        with changes.witness:
            changes.begin()
            changes.witness.process.kill()
            changes.witness.process.wait()
            with pytest.raises(ProgramError, match="conntrack on firewall ended by itself"):
                changes.end()

    running(life)
