import socket
import sys

import pytest

from bothways.evidence.counters import Span
from bothways.host.network.counters import snapshot
from bothways.states import nstat

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts there")


def test_two_snapshots_are_read_back_with_what_rose_between_them() -> None:
    before = snapshot()
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    text = before + snapshot()
    assert nstat.recognises(text)
    reading = nstat.read(text, file="client.nstat.txt")
    first, second = reading.content.snapshots
    assert {first.span, second.span} == {Span.SINCE_START}
    opened = [next(one.value for one in taken.counters if one.name == "TcpActiveOpens") for taken in (first, second)]
    assert opened[0] < opened[1]
    assert reading.problems == ()


def test_what_the_judge_asks_of_a_client_is_in_it() -> None:
    for name in ("TcpExtTCPSYNChallenge", "TcpInCsumErrors", "TcpExtIPReversePathFilter"):
        assert f"\n{name} " in snapshot()
