"""What the hosts of a network do: services that wait, and visits that clients pay them."""

from typing import Literal

from msgspec import field

from bothways.lab.model.network import Value


class Service(Value, frozen=True, kw_only=True):
    """A program that listens on a host."""

    node: str
    port: int
    speaks: Literal["http", "tls", "greeting", "echo", "mute", "busy", "unread"] = "http"
    """What it does with a connection.

    `http` answers GET /N with N bytes, and any upload with the number of bytes that it took; `tls` is the same inside
    TLS, with a certificate for *names*. `greeting` speaks first, a line, then echoes one line and closes. `echo` gives
    lines back for as long as the client stays. `mute` accepts and reads, and never answers. `busy` accepts *serves*
    connections, which it treats as `http` does, and then no more until the network goes. `unread` accepts and reads
    nothing, whatever comes.
    """
    refuses: Literal["", "name", "cipher", "status", "banner", "close", "reset"] = ""
    """How it refuses its service, where it does; everything else of it is as it speaks.

    `name` and `cipher` are of `tls`: a fatal alert that the name is not known, or that no cipher is shared. `status`
    answers every request with the status *status*. `banner` says "554" first and closes. `close` takes what comes first
    and closes without a word, `reset` resets instead.
    """
    status: int = 503
    names: list[str] = field(default_factory=list)
    backlog: int = 128
    """Connections that may wait to be accepted; the kernel lets one more wait."""
    serves: int = 0
    defer_s: int = 0
    """Seconds of TCP_DEFER_ACCEPT: the connection is not given to the program before data comes."""


class Visit(Value, frozen=True, kw_only=True):
    """What a client does, once or several times.

    `get` asks for *size* bytes with curl, inside TLS if *tls*, as `name` (Host and SNI) at the address *to*.
    `upload` sends *size* bytes with curl. The others use sockets of the lab itself, without TLS. `greeting` waits for
    the server's word, says a line and reads on to the end. `echo` says a line and waits for it, then is silent for
    *idle_s*, and once more, on one connection; then closes. `silent` connects, says nothing for *idle_s*, then says a
    line and waits for its echo, and closes. `leave` connects, says nothing for *idle_s* and closes. `hold` connects,
    asks for *size* bytes over HTTP, and stays without a word until all else is done; it counts as done once connected.
    `abort` says a line, waits for it, and hangs up with a reset. `ask` asks for *size* bytes over HTTP and waits for
    them: what a burst wants, as programs do not start at the same time. `stare` asks for *size* bytes over HTTP and
    reads nothing, for as long as it has patience. `syn` is no connection: a SYN made by hand, in the name of *source*
    or of the node itself, and no reaction to what comes.
    """

    node: str
    to: str
    port: int
    does: Literal["get", "upload", "greeting", "echo", "silent", "leave", "hold", "ask", "abort", "stare", "syn"] = (
        "get"
    )
    source_port: int | None = None
    """The client's own port, of a visit that counts once; None is one that its kernel or the lab picks."""
    first: int | None = None
    """The client's initial sequence number, of a conversation of the lab's own; None is its kernel's choice."""
    name: str = ""
    tls: bool = False
    strict: bool = False
    """Whether curl takes only certificates that somebody vouches for, which nobody does in a lab."""
    source: str = ""
    """Whose address a `syn` bears; empty for the node's own."""
    size: int = 2000
    count: int = 1
    """How many connections, all at once: without curl, their SYNs leave before the first answer comes, where there is
    any latency."""
    step: int = 1
    """Visits of one step run together; a step begins when all of the step before are done."""
    idle_s: float = 0.0
    patience_s: float = 9.0
    """Seconds after which the client gives up and closes; its own silence (*idle_s*) is not counted."""
    settings: dict[str, int | str] = field(default_factory=dict)
    """Kernel settings of *node* by their sysctl names, written before the visit's step begins; they stay."""
    expected: Literal["done", "failed", "either"] = "either"
    """How it must end for the run to be what it says: a fault that fails nobody was not planted."""
