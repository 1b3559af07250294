"""Links of a running network: cables, the addresses at their ends, and that neighbours find each other."""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence

from bothways.lab.box import netlink
from bothways.lab.box.netlink import Sockets, indices, part
from bothways.lab.model.interfaces import addressed
from bothways.lab.model.network import End, Link, Node
from bothways.lab.wires import offload
from bothways.lab.world.nodes import NAMESPACES, within
from bothways.lab.world.waiting import until

MTU = 1500
_NO_DAD = 0x02  # IFA_F_NODAD, linux/if_addr.h
_USE = 0x01  # NTF_USE, linux/neighbour.h: find the neighbour as if something were to be sent
_KNOWN = 0x02 | 0x04 | 0x08 | 0x10  # NUD_REACHABLE, NUD_STALE, NUD_DELAY, NUD_PROBE
_SECONDS_TO_FIND = 30.0
"""A request that is lost is repeated after a second; on a wire that loses half of all frames thirty are enough."""


def lay_cable(link: Link, sockets: Sockets) -> None:
    """Connect two nodes with a veth pair (veth(4)).

    Raises:
        NetlinkError: an interface of that name is there already, or the MTU cannot be.
    """
    mtu = link.mtu or MTU
    with (NAMESPACES / link.b.node).open("rb") as other:
        peer = {"ifname": link.b.interface, "net_ns_fd": other.fileno(), "mtu": mtu}
        sockets[link.a.node].link("add", ifname=link.a.interface, kind="veth", mtu=mtu, peer=peer)


def forward_whole_frames(links: Sequence[Link], routers: Mapping[str, Node]) -> None:
    """Let routers send what a cable carries: a host's own capture shows what it leaves to its card, no other does.

    Those that are to verify what comes in do, from here on.

    Raises:
        OSError: an interface cannot be told so.
    """
    for _, end in _ends(links):
        if end.node in routers:
            with within(end.node):
                offload.off(end.interface)
                if routers[end.node].verifies:
                    offload.verify(end.interface)


def bring_up(links: Sequence[Link], sockets: Sockets) -> None:
    """Give every interface its addresses, and bring it up.

    Raises:
        InputError: an address is there already, or cannot be.
    """
    known = {node: indices(socket) for node, socket in sockets.items()}
    for node, socket in sockets.items():
        socket.link("set", index=known[node]["lo"], state="up")
    for link, end in _ends(links):
        socket, index = sockets[end.node], known[end.node]
        device = index[addressed(link, end)]
        for name in dict.fromkeys((end.interface, addressed(link, end))):
            socket.link("set", index=index[name], state="up")
        for text in end.addresses:
            address = ipaddress.ip_interface(text)
            no_dad = {"flags": _NO_DAD} if address.version == 6 else {}
            with part(f"address {text} of {end.node} {addressed(link, end)}"):
                socket.addr("add", index=device, address=str(address.ip), prefixlen=address.network.prefixlen, **no_dad)


def silence_tags(links: Sequence[Link]) -> None:
    """Take tagged interfaces down, before nobody carries for them: what a kernel says then would be lost unplanned."""
    tagged = [(link, end) for link, end in _ends(links) if link.vlan is not None]
    with netlink.sockets({end.node for _, end in tagged}) as sockets:
        for link, end in tagged:
            (device,) = sockets[end.node].link_lookup(ifname=addressed(link, end))
            sockets[end.node].link("set", index=device, state="down")


def await_neighbours(links: Sequence[Link], sockets: Sockets) -> None:
    """Wait until both ends of every link have found each other; only requests for hardware addresses are sent.

    A wire that loses everything is not waited for: where the kernel is the wire (netem), it loses the requests too.

    Raises:
        TimeoutError: two neighbours did not find each other.
    """
    known = {node: indices(socket) for node, socket in sockets.items()}
    sought = {
        (end.node, known[end.node][addressed(link, end)], address)
        for link in links
        if not any(quality and quality.loss >= 1 for quality in (link.there, link.back))
        for end, other in ((link.a, link.b), (link.b, link.a))
        for address in neighbours(end, other)
    }

    def found() -> bool:
        for node in sorted({node for node, _, _ in sought}):
            sought.difference_update(_found(node, sockets))
        for node, index, address in sorted(sought):
            sockets[node].neigh("replace", ifindex=index, dst=address, state=0, flags=_USE)
        return not sought

    try:
        until(found, "neighbours to find each other", _SECONDS_TO_FIND)
    except TimeoutError as error:
        pairs = ", ".join(f"{node} did not find {address}" for node, _, address in sorted(sought))
        message = f"{error}: {pairs}"
        raise TimeoutError(message) from error


def _found(node: str, sockets: Sockets) -> Iterator[tuple[str, int, str]]:
    for entry in sockets[node].get_neighbours():
        if entry["state"] & _KNOWN:
            yield node, entry["ifindex"], str(ipaddress.ip_address(entry.get("dst")))


def neighbours(end: End, other: End) -> Iterator[str]:
    """Yield the other end's addresses that this end has in one of its own networks."""
    networks = [ipaddress.ip_interface(text).network for text in end.addresses]
    for text in other.addresses:
        address = ipaddress.ip_interface(text).ip
        if any(address in network for network in networks):
            yield str(address)


def _ends(links: Sequence[Link]) -> Iterator[tuple[Link, End]]:
    for link in links:
        yield link, link.a
        yield link, link.b
