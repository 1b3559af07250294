#!/usr/bin/env python3
"""Makes evidence folders of this collection with real kernels: `python3 tests/cases/make_cases.py NAME...` (as root).

A NAME is a folder below this file (`healthy/idle-open`), `all`, or nothing to list them. Every case is one run of

    client - d - f - c - r1 ... rn - server        d distribution, f stateful firewall, c core, r transit
              \\_____/                             d and c have a second link, around f

built from network namespaces. Which way c sends replies (through f or around it), what f and c filter and how wide the
link behind c is are a case's data; its `talk` function is the conversation. Packets, repeats, drops and state are the
kernel's; nothing in a folder is written by hand except what this file says about it.

Both ends of a conversation are sockets of this one process, each made inside its own namespace, so a conversation reads
in the order in which it happens. A timeout on a socket is a user's patience, thus part of the experiment; everything
else is awaited by its condition. Namespaces carry this process's number and go when it ends, however it ends.

Needs root, iproute2, nftables, tcpdump, conntrack, tshark; curl, openssl, mtr, nstat for the cases that use them.
"""

import ctypes
import errno
import ipaddress
import itertools
import json
import os
import platform
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
CLONE_NEWNET = 0x40000000  # linux/sched.h
SYN, FIN, RST, ACK = 2, 1, 4, 16
# The same for every case, so that no name in a path report tells the case.
DOMAIN = "orchard.example"
NAMES = {"client": "desk-7", "d": "aggr-1", "f": "pinch-2", "c": "spine-3", "server": "www"}

STATEFUL = """
table inet filter {
    chain forward {
        type filter hook forward priority filter; policy drop;
        meta l4proto { icmp, ipv6-icmp } counter accept
        ct state established,related counter accept
        ct state invalid counter drop
        iifname "inside" ct state new counter accept
    }
}
"""
REJECTING = STATEFUL.replace("invalid counter drop", "invalid counter reject with tcp reset")
STATELESS = """
table ip filter {
    chain forward {
        type filter hook forward priority filter; policy accept;
        ip daddr $server tcp flags & (syn | ack) == ack counter drop
        ip daddr $server tcp flags & (syn | ack) == syn counter accept
    }
}
"""
NO_TOO_BIG = STATEFUL.replace("meta l4proto", "icmpv6 type packet-too-big counter drop\n        meta l4proto")
REFUSING_CORE = """
table ip filter {
    chain forward {
        type filter hook forward priority filter; policy accept;
        ip daddr $server meta l4proto tcp counter reject with tcp reset
    }
}
"""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is planted, on which network, and the conversation that shows it."""

    folder: str  # theory/name, below this file
    says: str  # one sentence, for truth.json
    planted: str  # the same at length, for the README
    talk: Callable[["Lab"], None]
    inside: str  # client's side of c, and the firewall
    outside: str  # c's other side
    transit: int  # routers between c and the server
    answer: str | None = None  # how a drop shows, for truth.json
    around: bool = False  # whether c sends replies around f
    firewall: str = STATEFUL  # ruleset of f; nft's $server is the server's address
    core: str = ""  # ruleset of c
    narrow: int | None = None  # MTU of the link c - r1
    captures: tuple[str, ...] = ("client", "server", "firewall-inside", "firewall-outside")
    programs: tuple[str, ...] = ()  # beside those that every case uses

    @property
    def theory(self) -> str:
        return self.folder.split("/")[0]


def run(*command: str, given: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end; a failure carries what it said."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()}")
    return done


def until(condition: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Waits for a condition, looking often; gives up loudly."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.05)


class Network:
    """The namespaces of one case, their links, addresses, routes and filters."""

    def __init__(self, case: Case) -> None:
        self.case = case
        transit = [f"r{n}" for n in range(1, case.transit + 1)]
        self.chain = ["client", "d", "f", "c", *transit, "server"]
        self.tag = f"bw{os.getpid()}{''.join(word[0] for word in case.folder.replace('/', '-').split('-'))}"
        self.addresses: dict[tuple[str, str], str] = {}  # (node, neighbour) -> the node's address on that link
        self.lan = ""

    def name(self, node: str) -> str:
        return f"{self.tag}-{node}"

    def __enter__(self) -> "Network":
        try:
            self._build()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for node in self.chain:
            run("ip", "netns", "del", self.name(node), check=False)

    def ip(self, node: str, *words: str) -> None:
        run("ip", "-n", self.name(node), *words)

    def inside(self, node: str, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return run("ip", "netns", "exec", self.name(node), *command, check=check)

    @contextmanager
    def within(self, node: str) -> Iterator[None]:
        """This thread's new sockets belong to the node's namespace."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{self.name(node)}") as there:
            if libc.setns(there.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                libc.setns(home.fileno(), CLONE_NEWNET)

    def filter(self, node: str, ruleset: str) -> None:
        server = self.addresses["server", self.chain[-2]]
        if ruleset:
            run("ip", "netns", "exec", self.name(node), "nft", "-D", f"server={server}", "-f", "-", given=ruleset)

    def _build(self) -> None:
        for node in self.chain:
            run("ip", "netns", "add", self.name(node))
            self.ip(node, "link", "set", "lo", "up")
            settings = ["net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0"]
            settings += ["net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.accept_ra=0"]
            if node not in {"client", "server"}:
                settings += ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]
            self.inside(node, "sysctl", "-q", *settings)
        inside, outside = self._subnets(self.case.inside), self._subnets(self.case.outside)
        for left, right in [*itertools.pairwise(self.chain), ("d", "c")]:
            self._link(left, right, next(outside if left == "c" or left.startswith("r") else inside))
        self._routes()
        # Before the filters: what f sees from now on is the case's own.
        for node, other in self.addresses:
            neighbour = self.addresses[other, node]
            until(partial(self._found, node, neighbour), f"{node} to find {other}")
        self.filter("f", self.case.firewall)
        self.filter("c", self.case.core)

    def _found(self, node: str, address: str) -> bool:
        """Whether a node and its neighbour have found each other: the neighbour refuses a connection."""
        with self.within(node), socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as knock:
            knock.settimeout(1)
            return knock.connect_ex((address, 9)) == errno.ECONNREFUSED

    @staticmethod
    def _subnets(network: str) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """Every third small subnet of a network: addresses that look like a grown plan."""
        whole = ipaddress.ip_network(network)
        return itertools.islice(whole.subnets(new_prefix=28 if whole.version == 4 else 64), 1, None, 3)

    def _link(self, left: str, right: str, subnet: ipaddress.IPv4Network | ipaddress.IPv6Network) -> None:
        ends = {left: interface(left, right), right: interface(right, left)}
        run(
            *("ip", "link", "add", ends[left], "netns", self.name(left)),
            *("type", "veth", "peer", "name", ends[right], "netns", self.name(right)),
        )
        if left == "client":
            self.lan = str(subnet)
        for node, other, position in (
            (left, right, 9 if left == "client" else 1),
            (right, left, 10 if right == "server" else 2),
        ):
            self.addresses[node, other] = str(subnet[position])
            no_dad = ("nodad",) if subnet.version == 6 else ()
            self.ip(node, "addr", "add", f"{subnet[position]}/{subnet.prefixlen}", "dev", ends[node], *no_dad)
            if self.case.narrow and (left, right) == ("c", "r1"):
                self.ip(node, "link", "set", ends[node], "mtu", str(self.case.narrow))
            self.ip(node, "link", "set", ends[node], "up")

    def _routes(self) -> None:
        for node, right in itertools.pairwise(self.chain):
            self.ip(node, "route", "add", "default", "via", self.addresses[right, node])
        for left, node in itertools.pairwise(self.chain[1:-1]):
            if node != "f":
                self.ip(node, "route", "add", self.case.inside, "via", self.addresses[left, node])
        last = self.chain[-2]
        self.ip("server", "route", "add", "default", "via", self.addresses[last, "server"])
        self.ip("f", "route", "add", self.lan, "via", self.addresses["d", "f"])
        back = "d" if self.case.around else "f"
        self.ip("c", "route", "add", self.lan, "via", self.addresses[back, "c"])

    def hosts(self) -> str:
        """A hosts file that names every address."""
        lines = (f"{address} {NAMES.get(node, 'xe-' + node)}.{DOMAIN}" for (node, _), address in self.addresses.items())
        return "\n".join(("127.0.0.1 localhost", "::1 localhost", *lines, ""))


def interface(node: str, neighbour: str) -> str:
    """What an interface is called: eth0 on a host, inside and outside on the firewall, to-X elsewhere."""
    if node in {"client", "server"}:
        return "eth0"
    if node == "f":
        return "inside" if neighbour == "d" else "outside"
    return f"to-{neighbour}"


class Capture:
    """A running tcpdump and its file."""

    POINTS = {"client": ("client", "eth0"), "server": ("server", "eth0")}
    POINTS |= {f"firewall-{side}": ("f", side) for side in ("inside", "outside")}

    def __init__(self, network: Network, point: str, folder: Path) -> None:
        node, device = self.POINTS[point]
        self.file, self.said = folder / f"{point}.pcap", folder / f".{point}.tcpdump"
        command = ("tcpdump", "-i", device, "-s", "0", "-U", "--immediate-mode", "-Z", "root", "-w", str(self.file))
        with self.said.open("w") as log:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", network.name(node), *command, "tcp or icmp or icmp6"], stderr=log
            )

    def ready(self) -> bool:
        return "listening on" in self.said.read_text()

    def seen(self, pattern: str) -> int:
        """How many packets so far match a tcpdump expression; the last may still be half written."""
        return len(run("tcpdump", "-nr", str(self.file), pattern, check=False).stdout.splitlines())

    def end(self) -> None:
        """Ends the capture and makes sure that it missed nothing."""
        finish(self.process)
        said = self.said.read_text()
        self.said.unlink()
        numbers = {line.split(" ", 1)[1].strip(): line.split()[0] for line in said.splitlines() if "packet" in line}
        complete = len({numbers.get("packets captured"), numbers.get("packets received by filter")}) == 1
        if not complete or numbers.get("packets dropped by kernel") != "0":
            raise RuntimeError(f"{self.file.name} is not complete: {said.strip()}")


def finish(process: subprocess.Popen[bytes]) -> None:
    """Interrupts a process of ours and waits for its end."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Lab:
    """What a conversation may use: both hosts' sockets and programs, and the captures as witnesses."""

    def __init__(self, network: Network, folder: Path, stack: ExitStack) -> None:
        self.network, self.folder, self.stack = network, folder, stack
        self.server = network.addresses["server", network.chain[-2]]
        self.client = network.addresses["client", "d"]
        self.v6 = ":" in self.server
        self.captures: dict[str, Capture] = {}
        self.events: subprocess.Popen[bytes] | None = None

    # --- observers ---

    def start_captures(self) -> None:
        for point in self.network.case.captures:
            self.captures[point] = Capture(self.network, point, self.folder)
            self.stack.callback(finish, self.captures[point].process)
        until(lambda: all(capture.ready() for capture in self.captures.values()), "tcpdump to listen")
        if " ct state " not in self.network.case.firewall:
            return
        with (self.folder / "firewall.conntrack-events.txt").open("w") as out:
            command = ["ip", "netns", "exec", self.network.name("f"), "conntrack", "-E", "-o", "timestamp"]
            self.events = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        self.stack.callback(finish, self.events)
        until(partial(self._subscribed, self.events.pid), "conntrack to listen")

    @staticmethod
    def _subscribed(process: int) -> bool:
        """Whether a process is conntrack, no longer `ip`, and its namespace has a netfilter socket in a group."""
        if Path(f"/proc/{process}/comm").read_text().strip() != "conntrack":
            return False
        rows = (row.split() for row in Path(f"/proc/{process}/net/netlink").read_text().splitlines()[1:])
        return any(protocol == "12" and int(groups, 16) for _, protocol, _, groups, *_ in rows)

    def end_captures(self) -> None:
        for capture in self.captures.values():
            capture.end()
        if self.events:
            finish(self.events)
        rules = self.network.inside("f", "nft", "list", "ruleset").stdout
        (self.folder / "firewall.nft.txt").write_text(rules)

    def flags(self, mask: int, value: int) -> str:
        """A tcpdump expression about TCP's flags, which it can only find in IPv4 by name."""
        byte = "ip6[6] == 6 and ip6[53]" if self.v6 else "tcp[13]"
        return f"{byte} & {mask} == {value}"

    def await_packets(self, point: str, pattern: str, count: int, seconds: float = 30) -> None:
        until(lambda: self.captures[point].seen(pattern) >= count, f"{count} of {pattern} at {point}", seconds)

    def await_end(self, connections: int) -> None:
        """Waits until the client has seen a FIN each way for every connection, and the last ACK."""
        for way in (f"src host {self.client}", f"dst host {self.client}"):
            self.await_packets("client", f"{way} and {self.flags(FIN, FIN)}", connections)
        table = ("ss", "-Htn", "state", "connected", "exclude", "time-wait")
        until(lambda: not self.network.inside("client", *table).stdout.strip(), "the client's sockets to be gone")
        until(lambda: not self.network.inside("server", *table).stdout.strip(), "the server's sockets to be gone")

    # --- the two hosts ---

    def tcp_socket(self, node: str) -> socket.socket:
        with self.network.within(node):
            made = socket.socket(socket.AF_INET6 if self.v6 else socket.AF_INET, socket.SOCK_STREAM)
        self.stack.callback(made.close)
        return made

    def listen(self, port: int, *, backlog: int = 64, defer: int = 0) -> socket.socket:
        listener = self.tcp_socket("server")
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if defer:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, defer)
        listener.bind((self.server, port))
        listener.listen(backlog)
        return listener

    def serve(self, port: int, answer: Callable[[socket.socket], None], *, defer: int = 0) -> None:
        """A server that gives every connection to `answer` and closes it then."""
        listener = self.listen(port, defer=defer)

        def work(connection: socket.socket) -> None:
            with connection:
                answer(connection)

        def loop() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return  # the listener was closed: the case is over
                threading.Thread(target=work, args=(connection,), daemon=True).start()

        threading.Thread(target=loop, daemon=True).start()

    def connect(self, port: int, patience: float = 10) -> socket.socket:
        connection = self.tcp_socket("client")
        connection.settimeout(patience)
        connection.connect((self.server, port))
        return connection

    def curl(self, *words: str, port: int, path: str = "/") -> None:
        """A request by curl, its words kept in curl.log."""
        host = f"[{self.server}]" if self.v6 else self.server
        url = f"http://{host}{'' if port == 80 else f':{port}'}{path}"
        done = self.network.inside("client", "curl", "-sSv", "-o", "/dev/null", *words, url, check=False)
        with (self.folder / "curl.log").open("a") as log:
            log.write(f"$ curl -v {' '.join((*words, url))}\n{done.stderr}[exit {done.returncode}]\n\n")

    def mtr(self, node: str, address: str, file: str) -> None:
        """A path report from a host that knows the names of the network, and its own."""
        hosts = self.folder / ".hosts"
        hosts.write_text(self.network.hosts())
        # `ip netns exec` gave a mount namespace of its own, so this /etc/hosts is seen by mtr alone.
        script = f"mount --bind {hosts} /etc/hosts; hostname {NAMES[node]}; exec mtr -rwc 2 {address}"
        report = self.network.inside(node, "unshare", "--uts", "sh", "-c", script).stdout
        hosts.unlink()
        (self.folder / file).write_text(report)


# --- conversations ---


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other end closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def answer_http(connection: socket.socket) -> None:
    """Takes one request with its body and answers 600 bytes; a client that closes gets nothing."""
    taken = b""
    while b"\r\n\r\n" not in taken:
        more = connection.recv(65536)
        if not more:
            return
        taken += more
    head, _, body = taken.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\nConnection: close\r\n\r\n" + b"." * 600)


def greet(connection: socket.socket) -> None:
    """Speaks first, takes a line, answers it."""
    connection.sendall(b"220 mail.example ready\r\n")
    if connection.recv(1000):
        connection.sendall(b"250 glad to meet you\r\n")


def echo(connection: socket.socket) -> None:
    """Says everything back."""
    for more in iter(lambda: connection.recv(1000), b""):
        connection.sendall(more)


REQUEST = b"GET /status HTTP/1.1\r\nHost: www.example\r\nConnection: close\r\n\r\n"


def silent_client(lab: Lab) -> None:
    """Two clients one after the other wait 12 s for a banner that was never sent, because nobody was accepted."""
    lab.serve(22, greet)
    for _ in range(2):
        connection = lab.connect(22, patience=12)
        port = connection.getsockname()[1]
        try:
            connection.recv(1000)
        except TimeoutError:
            connection.close()
        lab.await_packets("client", f"src port {port} and {lab.flags(FIN, FIN)}", 3)


def rejected(lab: Lab) -> None:
    """Three requests; the server's SYN+ACKs go on after the client's end."""
    lab.serve(80, answer_http)
    for _ in range(3):
        lab.curl("--max-time", "9", port=80)
    lab.await_packets("server", f"src host {lab.server} and {lab.flags(SYN, SYN)}", 12)


def tls_ipv6(lab: Lab) -> None:
    """Paths both ways, then two TLS clients that are stopped after 9 s."""
    lab.listen(443)
    lab.mtr("client", lab.server, "outbound.mtr.txt")
    lab.mtr("server", lab.client, "inbound.mtr.txt")
    client = ("openssl", "s_client", "-connect", f"[{lab.server}]:443", "-servername", f"www.{DOMAIN}")
    for _ in range(2):
        lab.network.inside("client", "timeout", "9", *client, check=False)


def deferred(lab: Lab) -> None:
    """Clients that stay silent before they ask."""
    plan = ((1, 5.0), (3, 5.0), (5, 5.0), (5, 9.0), (5, 0.0))  # seconds in TCP_DEFER_ACCEPT, seconds of silence
    for defer in {defer for defer, _ in plan}:
        lab.serve(8000 + defer, answer_http, defer=defer)
    for defer, silence in plan:
        connection = lab.connect(8000 + defer)
        select.select([connection], [], [], silence)
        connection.sendall(REQUEST)
        read_all(connection)
        connection.close()
    lab.await_end(len(plan))


def deferred_closed(lab: Lab) -> None:
    """The same silence, ended by closing."""
    plan = ((1, 5.0), (3, 5.0), (5, 5.0), (5, 9.0))
    for defer in {defer for defer, _ in plan}:
        lab.serve(8000 + defer, answer_http, defer=defer)
    for defer, silence in plan:
        connection = lab.connect(8000 + defer)
        select.select([connection], [], [], silence)
        connection.close()
    lab.await_end(len(plan))


def server_speaks_first(lab: Lab) -> None:
    """Three polite clients."""
    lab.serve(25, greet)
    for _ in range(3):
        connection = lab.connect(25)
        connection.recv(1000)
        connection.sendall(b"EHLO desk-7.example\r\n")
        read_all(connection)
        connection.close()
    lab.await_end(3)


def stateless(lab: Lab) -> None:
    """Two requests that time out."""
    lab.serve(80, answer_http)
    for _ in range(2):
        lab.curl("--max-time", "9", port=80, path="/index.html")


def overflowing(lab: Lab) -> None:
    """One served client, then five one by one and seven at once while the server is busy; all give up after 10 s.

    A slow link behind the core lines up the burst's SYNs, so that they arrive before the ACKs do: a server whose queue
    is full already ignores the SYN itself. The backlog bounds both queues, of the half open and of those to accept;
    four that stay half open are the most (twice that is not above 8) which the kernel keeps for all its repeats.
    """
    slow = ("tc", "qdisc", "add", "dev", "to-r1", "root", "tbf", "rate", "200kbit", "burst", "200", "limit", "65536")
    lab.network.inside("c", *slow)
    lab.network.inside("server", "sysctl", "-q", "net.ipv4.tcp_syncookies=0")
    listener = lab.listen(8080, backlog=7)
    first = lab.connect(8080)
    first.sendall(REQUEST)
    with listener.accept()[0] as accepted:
        answer_http(accepted)
    read_all(first)
    first.close()
    lab.await_end(1)
    waiting = [lab.connect(8080) for _ in range(5)]
    burst = [lab.tcp_socket("client") for _ in range(7)]
    for connection in burst:
        connection.setblocking(False)
        connection.connect_ex((lab.server, 8080))
    for connection in (*waiting, *burst):
        select.select([], [connection], [], 10)
        connection.sendall(REQUEST)
    select.select([*waiting, *burst], [], [], 10)
    (lab.folder / "server.ss.txt").write_text(lab.network.inside("server", "ss", "-ltn").stdout)
    (lab.folder / "server.nstat.txt").write_text(lab.network.inside("server", "nstat", "-as").stdout)
    for connection in (*waiting, *burst):
        connection.close()
    lab.await_packets("server", f"src host {lab.client} and {lab.flags(FIN, FIN)}", 1 + 5 + 3)


def upload(lab: Lab) -> None:
    """A small request that works, then 20 kB that do not arrive."""
    lab.serve(80, answer_http)
    lab.curl("--max-time", "5", port=80, path="/status")
    lab.await_end(1)
    body = lab.folder / ".upload"
    body.write_bytes(bytes(range(32, 127)) * 211)
    lab.curl("--max-time", "10", "-H", "Expect:", "--data-binary", f"@{body}", port=80, path="/upload")
    body.unlink()
    log = lab.folder / "curl.log"
    log.write_text(log.read_text().replace(f"@{body}", "@photo.raw"))


def refused(lab: Lab) -> None:
    """Three requests to a port on which nothing listens."""
    for _ in range(3):
        lab.curl("--max-time", "9", port=8443)
    lab.await_packets("client", f"src host {lab.server} and {lab.flags(RST, RST)}", 3)


def reset_at_core(lab: Lab) -> None:
    """The path by ICMP, then three requests to a server that would answer."""
    lab.serve(80, answer_http)
    lab.mtr("client", lab.server, "outbound.mtr.txt")
    for _ in range(3):
        lab.curl("--max-time", "9", port=80)
    lab.await_packets("client", f"src host {lab.server} and {lab.flags(RST, RST)}", 3)


def idle_open(lab: Lab) -> None:
    """One connection that is closed, and one that has worked and stays."""
    lab.serve(5432, echo)
    staying = lab.connect(5432)
    for line in (b"hello\n", b"how do you do\n", b"stay\n"):
        staying.sendall(line)
        staying.recv(1000)
    leaving = lab.connect(5432)
    leaving.sendall(b"goodbye\n")
    leaving.recv(1000)
    leaving.shutdown(socket.SHUT_WR)
    read_all(leaving)
    leaving.close()
    lab.await_packets("client", f"dst host {lab.client} and {lab.flags(FIN, FIN)}", 1)
    select.select([staying], [], [], 4)


# fmt: off
CASES = (
    Case(
        folder="asymmetric-bypass/silent-client",
        says="replies skip the stateful firewall, which drops the client's ACK; the client waits for the server to "
        "speak first",
        planted="The core sends replies to the client's network over the link around the firewall. The firewall "
        "sees the SYN only and drops what its connection tracking calls invalid. The server's program "
        "would speak first (a banner on port 22), but is never given the connection; the client waits 12 s "
        "without a word and closes. There is no data that could be resent.",
        talk=silent_client, answer="silent", inside="172.20.64.0/20", outside="198.18.32.0/20", transit=3,
        around=True,
    ),
    Case(
        folder="asymmetric-bypass/rejected",
        says="replies skip the stateful firewall, which answers the client's ACK with a TCP reset",
        planted="The core sends replies around the firewall. The firewall's rule for invalid packets is `reject "
        "with tcp reset`, so the client's ACK is answered at once by a RST with the server's address; the "
        "server never hears of it and repeats its SYN+ACK.",
        talk=rejected, answer="reset", inside="172.20.144.0/22", outside="198.19.8.0/21", transit=2, around=True,
        firewall=REJECTING, programs=("curl",),
    ),
    Case(
        folder="asymmetric-bypass/ipv6",
        says="IPv6: replies skip the stateful firewall, which drops the client's ACK",
        planted="The core sends replies around the firewall, which lets ICMPv6 pass and drops invalid TCP. Paths "
        "by mtr both ways, then two TLS clients (`openssl s_client -servername`) that are stopped after "
        "9 s.",
        talk=tls_ipv6, answer="silent", inside="fd5c:91a0:7e::/48", outside="2001:db8:c0de::/48", transit=4,
        around=True, programs=("openssl", "mtr"),
    ),
    Case(
        folder="healthy/deferred-accept",
        says="nothing is wrong: the server defers accepting until data comes (TCP_DEFER_ACCEPT), and clients are "
        "silent at first",
        planted="The listening sockets on ports 8001, 8003 and 8005 have TCP_DEFER_ACCEPT set to 1, 3 and 5 "
        "seconds. Clients connect, are silent for 5, 5, 5, 9 and 0 seconds (ports 8001, 8003, 8005, 8005, "
        "8005), then ask, are answered, and both ends close.",
        talk=deferred, inside="172.20.32.0/21", outside="198.18.200.0/21", transit=1,
    ),
    Case(
        folder="healthy/deferred-accept-closed",
        says="nothing is wrong: the server defers accepting until data comes, and clients close without a word",
        planted="The listening sockets on ports 8001, 8003 and 8005 have TCP_DEFER_ACCEPT set to 1, 3 and 5 "
        "seconds. Clients connect, are silent for 5, 5, 5 and 9 seconds (ports 8001, 8003, 8005, 8005) and "
        "close; the server closes in turn.",
        talk=deferred_closed, inside="172.20.40.0/21", outside="198.18.208.0/21", transit=2,
    ),
    Case(
        folder="healthy/server-speaks-first",
        says="nothing is wrong: the server greets, the client sends a line, the server answers and closes",
        planted="Nothing. A server that speaks first (port 25), three clients one after the other.",
        talk=server_speaks_first, inside="172.20.208.0/21", outside="198.19.96.0/21", transit=2,
    ),
    Case(
        folder="established-outbound-drop/stateless",
        says="a stateless rule on the way there drops TCP segments with ACK and without SYN",
        planted="The filter keeps no state: `tcp flags & (syn|ack) == ack` to the server is dropped, SYNs pass. "
        "Both ways go through it, so its captures show the SYN+ACK. Two requests by curl that are given up "
        "after 9 s.",
        talk=stateless, answer="silent", inside="172.20.16.0/22", outside="198.19.176.0/22", transit=3,
        firewall=STATELESS, programs=("curl",),
    ),
    Case(
        folder="accept-queue-overflow/repeated-synack",
        says="a burst fills the server's accept queue: it ignores the last ACK of the rest and repeats its SYN+ACK",
        planted="The server listens with a backlog of 7 (eight places) and net.ipv4.tcp_syncookies=0. One "
        "connection is served; then its program is busy and accepts nothing while five clients connect one "
        "by one and seven at once; each sends a request. Five and three fit into the queue (acknowledged, "
        "but not answered); the kernel ignores the ACKs and the data of the other four. All give up after "
        "10 s. Behind the core a token bucket (200 kbit/s) lines up the burst, so that all SYNs arrive "
        "before the first ACK. `server.ss.txt` and `server.nstat.txt` are from the end of the 10 s; one active open "
        "and one RST in the counters are the maker's, who found out by a refused connection each way that the "
        "link was up.",
        talk=overflowing, answer="silent", inside="172.20.96.0/20", outside="198.18.112.0/20", transit=2,
        captures=("client", "server"), programs=("ss", "nstat"),
    ),
    Case(
        folder="mtu-black-hole/upload-ipv6",
        says="IPv6: a 1300-byte link on the way there, whose ICMPv6 packet-too-big messages the firewall drops",
        planted="The link between core and first transit router has an MTU of 1300; the core answers large "
        "segments with ICMPv6 packet-too-big, which the firewall drops. A small request works; an upload "
        "of 20045 bytes by curl is given up after 10 s.",
        talk=upload, answer="silent", inside="fdb7:20f:3::/48", outside="2001:db8:a11::/48", transit=2,
        firewall=NO_TOO_BIG, narrow=1300, captures=("client", "server"), programs=("curl",),
    ),
    Case(
        folder="port-closed/ipv6",
        says="IPv6: nothing listens on the port",
        planted="No socket listens on port 8443; the server's kernel answers each SYN with a RST. Three requests "
        "by curl.",
        talk=refused, inside="2001:db8:5ca1::/48", outside="2001:db8:b0a7::/48", transit=3, programs=("curl",),
    ),
    Case(
        folder="destination-blocked/reset-at-core",
        says="a router behind the firewall (the core) answers every TCP packet to the server with a RST",
        planted="The core, a hop behind the firewall, has the rule `ip daddr SERVER meta l4proto tcp reject with "
        "tcp reset`. The server listens on port 80 and would answer; ICMP passes, so mtr reaches it. Three "
        "requests by curl.",
        talk=reset_at_core, answer="reset", inside="172.20.4.0/22", outside="198.19.240.0/22", transit=3,
        core=REFUSING_CORE, programs=("curl", "mtr"),
    ),
    Case(
        folder="healthy/idle-open",
        says="nothing is wrong: one connection worked and is still open when the capture stops, one was closed",
        planted="Nothing. One connection exchanges three lines and stays open and idle for 4 s until the captures "
        "end; another exchanges one line meanwhile and is closed by both ends.",
        talk=idle_open, inside="172.20.176.0/23", outside="198.18.8.0/23", transit=4,
    ),
)
# fmt: on


# --- what a folder says about itself ---


def kind(flags: int, length: int) -> str:
    """What a segment is, in a word."""
    for bit, word in ((RST, "RST"), (SYN, "SYN+ACK" if flags & ACK else "SYN"), (FIN, "FIN")):
        if flags & bit:
            return word
    return "data" if length else "ACK"


def seen(file: Path) -> list[str]:
    """What a capture shows, a line per connection, from tshark's reading of it."""
    fields = ("tcp.stream", "frame.time_epoch", "tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.len")
    words = [word for field in fields for word in ("-e", field)]
    rows = run(
        "tshark", "-r", str(file), "-Y", "tcp and not icmp and not icmpv6", "-T", "fields", *words
    ).stdout.splitlines()
    streams: dict[str, list[list[str]]] = {}
    for row in rows:
        streams.setdefault(row.split("\t")[0], []).append(row.split("\t")[1:])
    lines = []
    for segments in streams.values():
        begin, source, target = float(segments[0][0]), segments[0][1], segments[0][2]
        times: dict[str, list[str]] = {}
        for when, port, _, flags, length in segments:
            word = f"{'there' if port == source else 'back'} {kind(int(flags, 16), int(length))}"
            times.setdefault(word, []).append(f"{float(when) - begin:.2f}")
        lines.append(f"{source} to {target}: {'; '.join(f'{word} {repeats(at)}' for word, at in times.items())}")
    return lines or ["no TCP at all"]


def repeats(times: list[str]) -> str:
    """Times, equal ones counted, the first nine of them told."""
    counted = [(when, len(list(same))) for when, same in itertools.groupby(times)]
    told = [f"{when} (x{count})" if count > 1 else when for when, count in counted]
    return " ".join(told if len(told) <= 9 else [*told[:9], f"(and {len(told) - 9} more)"])


def versions(programs: tuple[str, ...]) -> str:
    """Which programs made a folder, in their own words."""
    ask = {
        "openssl": ("openssl", "version"),
        "tcpdump": ("tcpdump", "--version"),
        "ip": ("ip", "-V"),
        "ss": ("ss", "-V"),
    }
    told = []
    for program in ("ip", "nft", "tcpdump", "conntrack", *programs):
        done = run(*ask.get(program, (program, "-V" if program in {"conntrack", "nstat"} else "--version")))
        told.append((done.stdout or done.stderr).splitlines()[0].split("(")[0].strip())
    return ", ".join((*told, f"Python {platform.python_version()}"))


def readme(case: Case, network: Network, folder: Path) -> str:
    """The birth certificate."""
    hops = " - ".join(network.chain)
    back = "around f (c to d directly)" if case.around else "through f"
    certificate = [
        f"# {case.folder}\n\nTheory: `{case.theory}`. {case.says[0].upper()}{case.says[1:]}.\n\n## Planted\n",
        f"{case.planted}\n\nThere: {hops}, with the filter on f. Back: {back}. Replies and drops are the kernel's own.",
        "\n## Seen\n\nBy tshark, times in seconds since the connection's first packet:\n",
    ]
    views: dict[tuple[str, ...], list[str]] = {}
    for file in sorted(folder.glob("*.pcap")):
        views.setdefault(tuple(seen(file)), []).append(f"`{file.name}`")
    for lines, files in views.items():
        certificate.append("\n".join((f"{', '.join(files)}\n", *(f"- {line}" for line in lines), "")))
    made = f"`tests/cases/make_cases.py {case.folder}` on {date.today().isoformat()}, Linux {platform.release()}"
    certificate.append(
        f"## Made\n\nBy {made}, in network namespaces; {versions(case.programs)}.\n"
        "Captures are from the interfaces themselves, so segmentation and checksum offload show. Nothing was edited.\n"
        "Licence: Apache-2.0, like the project.\n"
    )
    return "\n".join(certificate)


def truth(case: Case, lab: Lab) -> str:
    """What an honest judge should find out."""
    firewall = [address for (node, _), address in lab.network.addresses.items() if node == "f"]
    told = {"theory": case.theory, "says": case.says, "client": lab.client, "server": lab.server, "firewall": firewall}
    if case.answer:
        told["answer"] = case.answer
    return json.dumps(told, indent=1) + "\n"


def make(case: Case) -> None:
    """One run, kept only when it came to its end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bothways-case-")))
        network = stack.enter_context(Network(case))
        lab = Lab(network, folder, stack)
        lab.start_captures()
        case.talk(lab)
        lab.end_captures()
        (folder / "truth.json").write_text(truth(case, lab))
        (folder / "README.md").write_text(readme(case, network, folder))
        target = HERE / case.folder
        target.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            shutil.copyfile(file, target / file.name)
        size = sum(file.stat().st_size for file in target.iterdir())
        print(f"{case.folder}: {size / 1000:.0f} kB")


def main(names: list[str]) -> int:
    """Makes the cases that were named."""
    known = {case.folder: case for case in CASES}
    if not names or not set(names) <= {*known, "all"}:
        print("usage: make_cases.py NAME... | all, as root; names:", *known, sep="\n  ", file=sys.stderr)
        return 2
    if os.geteuid() != 0:
        print("make_cases.py builds network namespaces, which needs root", file=sys.stderr)
        return 3
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for name in known if "all" in names else names:
            make(known[name])
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
