"""Real connections on this machine's loopback."""

import errno
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bothways.errors import CallError
from bothways.evidence.attempt import Outcome
from bothways.evidence.socket import SocketState
from bothways.host.network.attempt import Attempt
from bothways.host.network.attempts import Attempts
from bothways.host.network.errand import Ask, Errand
from bothways.host.network.loop import Loop, now
from bothways.units import SECOND, Instant

HERE = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@contextmanager
def serving(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server of one connection; gives its port."""
    with socket.create_server((HERE, 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            made, _ = server.accept()
            with made:
                made.settimeout(10)
                talk(made)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            thread.join()


def answering(words: bytes) -> Callable[[socket.socket], None]:
    def talk(made: socket.socket) -> None:
        made.recv(1000)
        made.sendall(words)

    return talk


def tried(errand: Errand, done: Callable[[Attempt], bool] = lambda one: one.settled) -> Attempt:
    with Loop() as loop, Attempts(loop) as attempts:
        attempt = attempts.begin(errand)
        loop.run(until=Instant(now() + 10 * SECOND), while_=lambda: not done(attempt))
    assert not attempt.open
    return attempt


def test_an_answer_is_read_to_its_end() -> None:
    asked = []

    def talk(made: socket.socket) -> None:
        asked.append(made.recv(1000))
        made.sendall(OK[:20])
        made.sendall(OK[20:])

    with serving(talk) as port:
        attempt = tried(Errand(address=HERE, port=port, ask=Ask.HTTP, name="www.example.org", path="/x"))
    record = attempt.record()
    assert (record.outcome, record.status, record.scheme) == (Outcome.ANSWERED, 200, "http")
    assert asked[0].startswith(f"GET /x HTTP/1.1\r\nHost: www.example.org:{port}\r\n".encode())
    stages = attempt.stages
    assert stages.connected is not None
    assert stages.answered is not None
    assert stages.ended is not None
    assert stages.began <= stages.connected <= stages.answered <= stages.ended
    seen = attempt.socket_record()
    assert seen is not None
    assert seen.progress is not None
    assert seen.progress.bytes_received in {len(OK), len(OK) + 1}  # a FIN counts as one


def test_a_closed_port_refuses() -> None:
    with socket.create_server((HERE, 0)) as server:
        port = server.getsockname()[1]
    attempt = tried(Errand(address=HERE, port=port, ask=Ask.HTTPS, name="www.example.org"))
    assert (attempt.outcome(), attempt.error) == (Outcome.REFUSED, errno.ECONNREFUSED)
    assert attempt.words() == "connection refused (ECONNREFUSED)"
    assert not attempt.record().client_hello_sent


def test_a_reset_and_a_close_without_an_answer_are_told_apart() -> None:
    def reset(made: socket.socket) -> None:
        made.recv(1000)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with serving(reset) as port:
        assert tried(Errand(address=HERE, port=port, ask=Ask.TLS)).outcome() is Outcome.RESET
    with serving(answering(b"")) as port:
        assert tried(Errand(address=HERE, port=port, ask=Ask.TLS)).outcome() is Outcome.CLOSED


def test_an_alert_declines_in_words() -> None:
    with serving(answering(b"\x15\x03\x03\x00\x02\x02\x70")) as port:
        record = tried(Errand(address=HERE, port=port, ask=Ask.TLS, name="www.example.org")).record()
    assert (record.outcome, record.declined) == (Outcome.ANSWERED, True)
    assert record.client_hello_sent
    assert record.tls_answered


def test_a_break_in_an_answer_is_no_answer() -> None:
    with serving(answering(OK[:-1])) as port:
        record = tried(Errand(address=HERE, port=port, ask=Ask.HTTP)).record()
    assert (record.outcome, record.status) == (Outcome.STALLED, 200)


def test_an_answer_without_end_is_read_up_to_its_bound() -> None:
    def flood(made: socket.socket) -> None:
        made.recv(1000)
        try:
            while True:
                made.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(10_000))
        except OSError:
            return

    with serving(flood) as port:
        attempt = tried(Errand(address=HERE, port=port, ask=Ask.HTTP, most=100_000))
    assert attempt.outcome() is Outcome.ANSWERED
    assert 100_000 <= attempt.talk.received < 1_000_000


def test_a_greeting_is_an_answer() -> None:
    with serving(lambda made: made.sendall(b"SSH-2.0-x\r\n")) as port:
        assert tried(Errand(address=HERE, port=port, ask=Ask.GREETING)).outcome() is Outcome.ANSWERED


def test_a_silent_connection_is_held_and_sends_nothing() -> None:
    came = []
    with serving(lambda made: came.append(made.recv(1000))) as port, Loop() as loop, Attempts(loop) as attempts:
        attempt = attempts.begin(Errand(address=HERE, port=port, ask=Ask.NOTHING))
        loop.run(until=Instant(now() + 10 * SECOND), while_=lambda: not attempt.connected)
        seen = attempt.look()
        assert seen is not None
        assert (seen.state, seen.bytes_sent, seen.bytes_acked) == (SocketState.ESTABLISHED, 0, 1)
        assert attempt.outcome() is Outcome.UNKNOWN
        attempt.say(b"x")
    assert came == [b"x"]


def test_the_source_port_is_the_errands_and_can_be_used_again() -> None:
    port = 0
    for _ in range(2):
        with serving(answering(OK)) as server:
            attempt = tried(Errand(address=HERE, port=server, ask=Ask.HTTP, source=HERE, source_port=port))
        assert attempt.local is not None
        assert port in {0, attempt.local.port}
        port = attempt.local.port


def test_segments_are_held_small_both_ways() -> None:
    offered = []

    def talk(made: socket.socket) -> None:
        offered.append(made.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG))
        made.sendall(b"hello")

    with serving(talk) as port:
        tried(Errand(address=HERE, port=port, ask=Ask.GREETING, mss=536))
    assert offered[0] <= 536


@pytest.mark.parametrize(
    ("errand", "why"),
    [
        (Errand(address=HERE, port=1, ask=Ask.HTTP, source="192.0.2.7"), "cannot send from 192.0.2.7"),
        (Errand(address=HERE, port=1, ask=Ask.HTTP, source="::1"), "another address family"),
        (Errand(address=HERE, port=1, ask=Ask.HTTP, interface="nowhere0"), "there is no interface"),
        (Errand(address="fe80::1%nowhere0", port=1, ask=Ask.HTTP), "there is no interface"),
        (Errand(address=HERE, port=1, ask=Ask.HTTP, path="/\r\nX: y"), "visible ASCII"),
        (Errand(address=HERE, port=1, ask=Ask.HTTPS, name=""), "cannot be asked for"),
    ],
)
def test_an_errand_that_cannot_be_gone_on_is_told(errand: Errand, why: str) -> None:
    with Loop() as loop, Attempts(loop) as attempts:
        with pytest.raises(CallError, match=why):
            attempts.begin(errand)
        assert attempts.all == ()


def test_an_interruption_at_any_moment_closes_everything() -> None:
    with serving(lambda _: None) as port:
        begun: list[Attempt] = []

        def interrupt() -> bool:
            if begun[0].connected:
                raise KeyboardInterrupt
            return True

        def life() -> None:
            with Loop() as loop, Attempts(loop) as attempts:
                begun.append(attempts.begin(Errand(address=HERE, port=port, ask=Ask.NOTHING)))
                loop.run(until=Instant(now() + 10 * SECOND), while_=interrupt)

        with pytest.raises(KeyboardInterrupt):
            life()
        assert not begun[0].open
