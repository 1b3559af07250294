"""A little network to watch: client - firewall - server, both versions of IP, and a conversation on it."""

import errno
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bothways.lab.box.build import build
from bothways.lab.model.network import End, Link, Name, Network, Node, Route
from bothways.lab.world.nodes import within
from bothways.lab.world.world import WORK
from tests.helpers.world import inside

TRACKING = """
table inet filter {
    chain forward {
        type filter hook forward priority filter; policy accept;
        tcp dport 9 counter drop
        ct state established,related counter accept
        ct state new counter accept
    }
}
"""
COUNTING = """
table inet filter {
    chain forward {
        type filter hook forward priority filter; policy accept;
        tcp dport 9 counter drop
    }
}
"""
SERVERS = ("192.0.2.18", "2001:db8:2::2")


def network(filter_: str = TRACKING) -> Network:
    return Network(
        nodes=[Node(name="client"), Node(name="firewall", router=True, filter=filter_), Node(name="server")],
        links=[
            Link(
                a=End(node="client", interface="eth0", addresses=["192.0.2.1/28", "2001:db8:1::1/64"]),
                b=End(node="firewall", interface="inside", addresses=["192.0.2.2/28", "2001:db8:1::2/64"]),
            ),
            Link(
                a=End(node="firewall", interface="outside", addresses=["192.0.2.17/28", "2001:db8:2::1/64"]),
                b=End(node="server", interface="eth0", addresses=["192.0.2.18/28", "2001:db8:2::2/64"]),
            ),
        ],
        routes=[
            Route(node="client", to="default", via="192.0.2.2"),
            Route(node="client", to="default6", via="2001:db8:1::2"),
            Route(node="server", to="default", via="192.0.2.17"),
            Route(node="server", to="default6", via="2001:db8:2::1"),
        ],
        names=[
            Name(address="192.0.2.1", name="desk.little.example"),
            Name(address="192.0.2.2", name="gate.little.example"),
            Name(address="192.0.2.18", name="www.little.example"),
        ],
    )


def running(life: Callable[[Path], None], whole: Network | None = None) -> None:
    """Run a test's body with the network up, and a folder for evidence."""

    def lived() -> None:
        build(whole or network(), 0).load_filters()
        evidence = WORK / "evidence"
        evidence.mkdir()
        life(evidence)

    inside(lived)


def listening(address: str = SERVERS[0], port: int = 80) -> socket.socket:
    with within("server"):
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    made.listen(100)
    return made


def connection(address: str = SERVERS[0], port: int = 80) -> socket.socket:
    with within("client"):
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    made.settimeout(30)
    made.connect((address, port))
    return made


def conversation(size: int, address: str = SERVERS[0], port: int = 80) -> None:
    """The client says one byte, the server answers *size* bytes, both close."""
    with listening(address, port) as listener, connection(address, port) as client:
        served, _ = listener.accept()
        with served:
            client.sendall(b"?")
            assert served.recv(1) == b"?"
            # Both ends are this thread's: what is said must fit into what the kernels keep.
            for _ in range(0, size, 10_000):
                served.sendall(b"." * min(size, 10_000))
                left = min(size, 10_000)
                while left:
                    left -= len(client.recv(left))
            served.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b""
            client.shutdown(socket.SHUT_WR)
            assert served.recv(1) == b""


def programs() -> set[str]:
    """What runs in this lab beside the test itself."""
    running = set()
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and process.name != str(os.getpid()):
            with suppress(FileNotFoundError):  # it ended meanwhile
                name, _, state = (process / "stat").read_text().partition("(")[2].rpartition(")")
                running |= {name} if state.split()[0] != "Z" else set()
    return running


@contextmanager
def raw(node: str, interface: str) -> Iterator[socket.socket]:
    """A socket that sends whole frames."""
    with within(node):
        made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    with made:
        made.bind((interface, 0))
        yield made


@contextmanager
def knock(port: int) -> Iterator[None]:
    """The client keeps asking the server for a connection that does not come."""
    with within("client"):
        made = socket.socket()
    with made:
        made.setblocking(False)  # noqa: FBT003 - its only argument
        assert made.connect_ex((SERVERS[0], port)) == errno.EINPROGRESS
        yield
