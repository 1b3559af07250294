"""Entries as conntrack 1.4.7 prints them (conntrack(8), options `-L`, `-E`, `-o`), and /proc/net/nf_conntrack."""

import pytest
from hypothesis import given

from bothways.evidence.session import Change, SessionLog
from bothways.states import conntrack
from tests.helpers.mangled import mangled

WAYS = "src=10.0.0.2 dst=192.0.2.9 sport=52194 dport=443"
BACK = "src=192.0.2.9 dst=198.51.100.1 sport=443 dport=1024"
EVENTS = (
    f"[1795341603.801037]\t    [NEW] tcp      6 120 SYN_SENT {WAYS} [UNREPLIED] {BACK}\n"
    f"[1795341604.000001]\t [UPDATE] tcp      6 60 SYN_RECV {WAYS} {BACK}\n"
    f"[1795341605.5]\t[DESTROY] tcp      6 CLOSE {WAYS} packets=5 bytes=300 {BACK} packets=4 bytes=200 [ASSURED]\n"
    "[1795341606.0]\t    [NEW] icmp     1 30 src=10.0.0.2 dst=192.0.2.9 type=8 code=0 id=17 [UNREPLIED] "
    "src=192.0.2.9 dst=10.0.0.2 type=0 code=0 id=17\n"
)
LISTING = (
    f"tcp      6 431999 ESTABLISHED {WAYS} {BACK} [ASSURED] mark=0 use=1\n"
    f"udp      17 29 src=10.0.0.2 dst=192.0.2.9 sport=53 dport=53 {BACK} mark=0 zone=3 use=1\n"
    f"tcp      6 {WAYS} {BACK} [OFFLOAD] mark=0 use=2\n"
    "conntrack v1.4.7 (conntrack-tools): 3 flow entries have been shown.\n"
)
EXTENDED = (
    f"ipv4     2 tcp      6 431999 ESTABLISHED {WAYS} packets=2 bytes=112 {BACK} packets=1 bytes=60 [ASSURED] mark=0 "
    "delta-time=0 [start=Sun Nov 22 11:53:24 2026] use=1 id=2074155271\n"
    "ipv6     10 tcp      6 117 SYN_SENT src=2001:0db8::1 dst=2001:db8::2 sport=1 dport=2 [UNREPLIED] "
    "src=2001:db8::2 dst=2001:db8::1 sport=2 dport=1 mark=0 zone=0 use=2\n"
)
SAMPLES = (EVENTS, LISTING, EXTENDED)


def log(text: str) -> SessionLog:
    reading = conntrack.read(text, file="x")
    assert not reading.problems
    return reading.content


@pytest.mark.parametrize("text", SAMPLES)
def test_its_own_entries_are_recognised(text: str) -> None:
    assert conntrack.recognises("$ sudo conntrack -L\r\n\r\n" + text.replace("\n", "\r\n"))


def test_events_say_when_and_what_changed() -> None:
    read = log(EVENTS)
    assert read.is_event_log
    new, update, destroy, ping = read.sessions
    assert (new.change, new.state, new.unreplied, new.timeout_seconds) == (Change.NEW, "SYN_SENT", True, 120)
    assert new.at == 1_795_341_603_801_037_000
    assert (update.change, update.state, update.unreplied, update.line) == (Change.UPDATE, "SYN_RECV", False, 2)
    assert (destroy.state, destroy.timeout_seconds, destroy.packets) == ("CLOSE", None, (5, 4))
    assert destroy.assured
    assert (ping.protocol, ping.state, ping.original[0].port) == ("icmp", None, 0)


def test_translation_shows_in_the_reply() -> None:
    new = log(EVENTS).sessions[0]
    assert new.original == (("10.0.0.2", 52194), ("192.0.2.9", 443))
    assert new.reply == (("192.0.2.9", 443), ("198.51.100.1", 1024))


def test_a_listing_is_no_event_log() -> None:
    read = log("$ conntrack -L\n" + LISTING)
    assert not read.is_event_log
    established, udp, offloaded = read.sessions
    assert (established.change, established.at, established.packets) == (Change.LISTED, None, None)
    assert (udp.protocol, udp.state, udp.timeout_seconds) == ("udp", None, 29)
    assert (offloaded.state, offloaded.timeout_seconds) == (None, None)


def test_extended_entries_are_read() -> None:
    four, six = log(EXTENDED).sessions
    assert (four.packets, four.assured, four.timeout_seconds) == ((2, 1), True, 431999)
    assert six.original[0] == ("2001:db8::1", 1)
    assert six.unreplied


@pytest.mark.parametrize(
    "line",
    [
        "tcp      6 10 ESTABLISHED src=10.0.0.2 dst=192.0.2.9 sport=1 dport=2",
        f"tcp      6 10 ESTABLISHED {WAYS} src=nobody dst=10.0.0.2 sport=1 dport=2",
        f"tcp      6 10 ESTABLISHED {WAYS} src=10.0.0.1 dst=10.0.0.2 sport=70000 dport=2",
        f"tcp      6 10 ESTABLISHED {WAYS} src=10.0.0.1 dst=10.0.0.2 sport=x dport=2",
        "something else",
    ],
)
def test_what_is_not_understood_is_named_and_the_rest_kept(line: str) -> None:
    reading = conntrack.read(LISTING + line, file="x")
    assert len(reading.content.sessions) == 3
    assert [problem.line for problem in reading.problems] == [5]


def test_a_long_line_is_named() -> None:
    reading = conntrack.read(LISTING.replace("use=1", "use=1" + " " * 10_000), file="x")
    assert len(reading.content.sessions) == 3
    assert "longer" in reading.problems[0].says


@given(mangled(*SAMPLES))
def test_nothing_makes_it_fall(text: str) -> None:
    conntrack.recognises(text)
    assert len(conntrack.read(text, file="x").problems) <= 20
