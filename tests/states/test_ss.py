"""Lists as ss of iproute2 6.1 printed them on loopback (tests/states/samples/ss-*.txt), and forms of other releases."""

from pathlib import Path

import pytest
from hypothesis import given

from bothways.evidence.endpoint import Endpoint
from bothways.evidence.socket import Socket, SocketList, SocketState
from bothways.states import ss
from tests.helpers.mangled import mangled

SAMPLES = {path.stem: path.read_text() for path in sorted((Path(__file__).parent / "samples").glob("ss-*.txt"))}
SERVER = Endpoint("203.0.113.70", 445)


def listing(text: str) -> SocketList:
    reading = ss.read(text, file="x")
    assert not reading.problems
    return reading.content


def one(text: str) -> Socket:
    (socket,) = listing(text).sockets
    return socket


def of_port(text: str, port: int, state: SocketState) -> list[Socket]:
    return [
        item
        for item in ss.read(text, file="x").content.sockets
        if item.state is state and port in {item.local_port, item.peer.port if item.peer else None}
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_form_is_recognised_and_says_the_same_of_the_stalled_connection(name: str) -> None:
    text = SAMPLES[name]
    assert ss.recognises(text)
    assert ss.recognises(text.replace("\n", "\r\n"))
    if "ltn" in name or "tlnH" in name:
        assert {socket.state for socket in listing(text).sockets} == {SocketState.LISTEN}
        return
    if "syn-recv" not in name:
        (client,) = of_port(text, 445, SocketState.ESTABLISHED)
        assert client.peer == SERVER
        assert (client.received, client.pending) == (0, 59)
        assert client.local is not None
        assert client.local.address == "10.55.0.43"


@pytest.mark.parametrize("name", ["ss-tin", "ss-tinaO", "ss-tinemo", "ss-anioemp", "ss-ti"])
def test_details_tell_that_nothing_was_ever_acknowledged(name: str) -> None:
    (client,) = of_port(SAMPLES[name], 445, SocketState.ESTABLISHED)
    progress = client.progress
    assert progress is not None
    assert (progress.bytes_acked, progress.unacked, progress.backoff) == (1, 1, 5)
    assert (progress.bytes_sent, progress.retransmitted, progress.bytes_received) == (413, 6, 0)
    assert progress.since_acknowledgement is not None
    assert 7_000_000_000 < progress.since_acknowledgement < 8_000_000_000


@pytest.mark.parametrize("name", ["ss-tano", "ss-anioemp", "ss-state-syn-recv"])
def test_the_timer_tells_how_often_the_synack_was_repeated(name: str) -> None:
    (half_open,) = of_port(SAMPLES[name], 445, SocketState.SYN_RECEIVED)
    assert half_open.retries == 3
    assert half_open.local == SERVER
    assert half_open.progress is None


def test_without_timers_it_is_not_told_how_often() -> None:
    assert {socket.retries for socket in listing(SAMPLES["ss-tlnH"]).sockets} == {None}
    (client,) = of_port(SAMPLES["ss-tin"], 445, SocketState.ESTABLISHED)
    assert client.retries is None


def test_a_keepalive_timer_is_no_repeat() -> None:
    keeper = [line for line in SAMPLES["ss-tano"].splitlines() if "keepalive" in line]
    assert one("\n".join(keeper)).retries is None


def test_a_full_accept_queue_and_its_drops() -> None:
    (full,) = of_port(SAMPLES["ss-anioemp"], 443, SocketState.LISTEN)
    assert (full.received, full.pending, full.dropped) == (2, 1, 14)
    assert full.peer is None
    (anywhere,) = of_port(SAMPLES["ss-tlnH"], 8443, SocketState.LISTEN)
    assert (anywhere.local_address, anywhere.local) == (None, None)


def test_a_client_that_waits_for_an_answer_was_never_acknowledged() -> None:
    waiting = of_port(SAMPLES["ss-tinaO"], 443, SocketState.SYN_SENT)
    assert len(waiting) == 2
    for socket in waiting:
        assert socket.progress is not None
        assert (socket.progress.since_acknowledgement, socket.progress.retransmitted) == (None, 6)


def test_ipv4_in_ipv6_clothes_is_ipv4() -> None:
    servers = of_port(SAMPLES["ss-tano"], 8443, SocketState.ESTABLISHED)
    assert Endpoint("10.55.0.43", 8443) in {socket.local for socket in servers}
    assert Endpoint("2001:db8::70", 8443) in {socket.local for socket in servers}


def test_sockets_of_other_kinds_are_passed_over_with_their_details() -> None:
    reading = ss.read(SAMPLES["ss-anioemp"], file="x")
    assert [problem.line for problem in reading.problems] == [len(SAMPLES["ss-anioemp"].splitlines())]
    udp = "udp   ESTAB 0 0 10.0.0.1:5000 192.0.2.2:53\n\t skmem:(r0,rb212992,t0,tb212992,f0,w0,o0,bl0,d7)\n"
    tcp = "tcp   ESTAB 0 0 10.0.0.1:5001 192.0.2.2:53\n"
    assert one(udp + tcp).local_port == 5001
    assert listing("UNCONN 0 0 0.0.0.0:68 0.0.0.0:*\n").sockets == ()


@pytest.mark.parametrize(
    ("row", "ends"),
    [
        ("ESTAB 0 0 :::22 ::1:5000", None),
        ("ESTAB 0 0 ::1:22 ::1:5000", (Endpoint("::1", 22), Endpoint("::1", 5000))),
        ("ESTAB 0 0 ::ffff:10.0.0.1:80 ::ffff:10.0.0.2:5000", (Endpoint("10.0.0.1", 80), Endpoint("10.0.0.2", 5000))),
        (
            "ESTAB 0 0 [fe80::1]%eth0:80 [fe80::2%eth0]:5000",
            (Endpoint("fe80::1", 80), Endpoint("fe80::2%eth0", 5000)),
        ),
        ("ESTAB 0 0 192.168.1.5%eth0:68 192.168.1.1:67", (Endpoint("192.168.1.5", 68), Endpoint("192.168.1.1", 67))),
        ("tcp ESTAB 0 0 10.0.0.1:https 10.0.0.2:40000", (Endpoint("10.0.0.1", 443), Endpoint("10.0.0.2", 40000))),
    ],
)
def test_addresses_of_all_releases(row: str, ends: tuple[Endpoint, Endpoint] | None) -> None:
    socket = one(row)
    assert ends is None or (socket.local, socket.peer) == ends


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("0 0 10.0.0.1:80 10.0.0.2:5000", "the state of this socket is not printed"),
        ("ESTAB 0 0 10.0.0.1:gopher 10.0.0.2:5000", "a port by a name"),
        ("ESTAB 0 0 host.example:80 10.0.0.2:5000", "not understood"),
        ("ESTAB 0 0 10.0.0.1:80 10.0.0.2:65536", "a port by a name"),
    ],
)
def test_what_is_left_out_is_told(row: str, why: str) -> None:
    reading = ss.read(f"State Recv-Q Send-Q Local Address:Port Peer Address:Port\n{row}\n", file="x")
    assert reading.content.sockets == ()
    assert [(problem.line, why in problem.says) for problem in reading.problems] == [(2, True)]


def test_the_command_tells_the_state_that_rows_leave_out() -> None:
    asked = (
        "$ ss -tn state syn-recv\nRecv-Q Send-Q Local Address:Port Peer Address:Port\n0 0 10.0.0.1:80 10.0.0.2:5000\n"
    )
    assert one(asked).state is SocketState.SYN_RECEIVED
    several = asked.replace("state syn-recv", "state syn-recv state established")
    assert ss.read(several, file="x").content.sockets == ()


def test_a_process_may_be_called_anything() -> None:
    name = 'users:(("a timer:(on,1sec,9) unacked:7 rto:1",pid=1,fd=2))'
    socket = one(f"ESTAB 0 5 10.0.0.1:80 10.0.0.2:5000 {name}\n")
    assert (socket.retries, socket.progress) == (None, None)


def test_what_an_old_kernel_does_not_count_is_not_nought() -> None:
    old = "ESTAB 0 5 10.0.0.1:80 10.0.0.2:5000\n\t cubic wscale:7,7 rto:204 rtt:0.5/0.2 mss:1448 cwnd:10\n"
    progress = one(old).progress
    assert progress is not None
    assert (progress.bytes_acked, progress.unacked, progress.backoff) == (None, None, None)


def test_a_header_alone_is_a_list_of_nobody() -> None:
    header = "State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n"
    assert ss.recognises(header)
    assert listing(header).sockets == ()


@given(mangled(*SAMPLES.values()))
def test_no_text_raises(text: str) -> None:
    ss.recognises(text)
    for socket in ss.read(text, file="x").content.sockets:
        assert 0 <= socket.local_port <= 0xFFFF
        assert (socket.peer is None) or socket.state is not SocketState.LISTEN or socket.peer.port
