"""ping of iputils 20221126 and busybox 1.35 in a network of namespaces (samples/ping.*.txt); the others as documented.

FreeBSD's and macOS's as their ping.c prints, Windows's as Fortinet's community shows it ("How to use Ping Command to
detect lesser MTU").
"""

from pathlib import Path

import pytest
from hypothesis import given

from bothways.evidence.echo import EchoRun
from bothways.states import READERS as STATES
from bothways.states import ping
from bothways.traces import READERS as TRACES
from tests.helpers.mangled import mangled

SAMPLES = {path.name: path.read_text() for path in sorted((Path(__file__).parent / "samples").glob("ping.*.txt"))}
MACOS = """PING www.example.com (192.0.2.9): 1472 data bytes
ping: sendto: Message too long
556 bytes from 192.0.2.1: frag needed and DF set (MTU 1400)
Vr HL TOS  Len   ID Flg  off TTL Pro  cks      Src      Dst
 4  5  00 dc05 86a8   0 0000  40  01 8d5d 10.0.0.5  192.0.2.9

Request timeout for icmp_seq 0

--- www.example.com ping statistics ---
3 packets transmitted, 0 packets received, 100.0% packet loss
"""
BSD_SIX = """PING6(1508=40+8+1460 bytes) 2001:db8::5 --> 2001:db8::9
1468 bytes from 2001:db8::9, icmp_seq=0 hlim=64 time=0.6 ms

--- 2001:db8::9 ping6 statistics ---
1 packets transmitted, 1 packets received, 0.0% packet loss
round-trip min/avg/max/std-dev = 0.600/0.600/0.600/0.000 ms
"""
WINDOWS = """C:\\>ping -f -l 1472 www.example.com

Pinging www.example.com [192.0.2.9] with 1472 bytes of data:
Reply from 192.0.2.1: Packet needs to be fragmented but DF set.
Packet needs to be fragmented but DF set.
Request timed out.
Request timed out.

Ping statistics for 192.0.2.9:
    Packets: Sent = 4, Received = 1, Lost = 3 (75% loss),

Pinging 192.0.2.9 with 500 bytes of data:
Reply from 192.0.2.9: bytes=500 time=64ms TTL=50
Reply from 192.0.2.9: bytes=500 time<1ms TTL=50

Ping statistics for 192.0.2.9:
    Packets: Sent = 2, Received = 2, Lost = 0 (0% loss),
Approximate round trip times in milli-seconds:
    Minimum = 0ms, Maximum = 64ms, Average = 32ms
"""
TEXTS = SAMPLES | {"macos": MACOS, "bsd-six": BSD_SIX, "windows": WINDOWS}


def runs(name: str) -> list[EchoRun]:
    reading = ping.read(TEXTS[name], file=name)
    assert not reading.problems
    return list(reading.content.runs)


def counted(name: str) -> list[tuple[int, int, int]]:
    return [(run.payload, run.sent, run.received) for run in runs(name)]


@pytest.mark.parametrize("name", TEXTS)
def test_exactly_its_own_reader_recognises_it(name: str) -> None:
    text = TEXTS[name]
    assert [reader for reader, _, recognises, _ in STATES if recognises(text)] == ["ping"]
    assert [reader for reader, recognises, _ in TRACES if recognises(text)] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ping.full.txt", [(1472, 3, 3)]),
        ("ping.v6.txt", [(1452, 3, 3)]),
        ("ping.hole.txt", [(1472, 3, 0), (1472, 3, 0), (500, 3, 3)]),
        ("ping.quiet.txt", [(1472, 3, 0)]),
        ("ping.busybox.txt", [(1472, 2, 0), (500, 2, 2)]),
        ("ping.told.txt", [(1472, 3, 0), (500, 3, 3)]),
        ("macos", [(1472, 3, 0)]),
        ("bsd-six", [(1460, 1, 1)]),
        ("windows", [(1472, 4, 0), (500, 2, 2)]),
    ],
)
def test_size_and_loss_of_each_run_are_read(name: str, expected: list[tuple[int, int, int]]) -> None:
    assert counted(name) == expected


@pytest.mark.parametrize(
    ("name", "sender", "mtu"),
    [
        ("ping.told.txt", "192.0.2.2", 1400),
        ("ping.told-v6.txt", "2001:db8:1::2", 1400),
        ("ping.own-link.txt", None, 1500),
        ("windows", "192.0.2.1", None),
    ],
)
def test_who_says_that_it_does_not_fit_and_what_would(name: str, sender: str | None, mtu: int | None) -> None:
    first = runs(name)[0].too_large[0]
    assert (first.sender, first.mtu) == (sender, mtu)


def test_macos_says_it_twice_by_its_own_host_and_by_the_router() -> None:
    assert [(one.sender, one.mtu) for one in runs("macos")[0].too_large] == [(None, None), ("192.0.2.1", 1400)]


@pytest.mark.parametrize(("name", "errors"), [("ping.ttl.txt", 2), ("ping.unreachable.txt", 2), ("ping.full.txt", 0)])
def test_other_errors_are_counted(name: str, errors: int) -> None:
    assert [run.other_errors for run in runs(name)] == [errors]


@pytest.mark.parametrize(
    ("call", "text", "unfragmented"),
    [
        ("ping -M do -s 1472 198.51.100.9", SAMPLES["ping.full.txt"], True),
        ("ping -Mdont -s 1472 198.51.100.9", SAMPLES["ping.full.txt"], False),
        ("ping -D -s 1472 198.51.100.9", SAMPLES["ping.full.txt"], None),
        ("ping -D -s 1472 198.51.100.9", SAMPLES["ping.busybox.txt"], True),
        ("ping -s 1472 198.51.100.9", SAMPLES["ping.quiet.txt"], None),
        ("ping -6 -s 1452 2001:db8:2::9", SAMPLES["ping.v6.txt"], True),
    ],
)
def test_whether_it_forbids_fragments_stands_in_the_call(call: str, text: str, unfragmented: bool | None) -> None:  # noqa: FBT001 - three values
    assert ping.read(f"$ {call}\n{text}", file="x").content.runs[0].unfragmented is unfragmented


def test_an_error_tells_that_it_forbids_fragments_and_a_second_run_is_not_the_first_ones_call() -> None:
    first, second = runs("windows")
    assert (first.unfragmented, second.unfragmented) == (True, None)


def test_a_packet_is_as_large_as_ip_makes_it() -> None:
    assert [runs(name)[0].packet for name in ("ping.full.txt", "ping.v6.txt")] == [1500, 1500]


def test_a_run_without_its_summary_is_named_and_left_out() -> None:
    text = SAMPLES["ping.hole.txt"].split("--- ")[0] + SAMPLES["ping.full.txt"]
    reading = ping.read(text, file="x")
    assert [run.sent for run in reading.content.runs] == [3]
    assert [problem.line for problem in reading.problems] == [1]


@pytest.mark.parametrize("text", ["", "PING\n", "Pinging a friend\n", "64 bytes from 192.0.2.1: icmp_seq=1\n"])
def test_other_texts_are_not_its(text: str) -> None:
    assert not ping.recognises(text)


def test_more_received_than_sent_is_not_believed() -> None:
    text = SAMPLES["ping.full.txt"].replace("3 received", "9 received")
    reading = ping.read(text, file="x")
    assert reading.content.runs == ()
    assert reading.problems


def test_a_mail_around_it_changes_nothing() -> None:
    quoted = "".join(f"> {line}\n" for line in SAMPLES["ping.told.txt"].splitlines())
    assert [run.sent for run in ping.read(quoted, file="x").content.runs] == [3, 3]


@given(mangled(*TEXTS.values()))
def test_no_text_raises(text: str) -> None:
    ping.recognises(text)
    for run in ping.read(text, file="x").content.runs:
        assert 0 <= run.received <= run.sent
        assert 0 <= run.payload <= ping.LARGEST_PAYLOAD
