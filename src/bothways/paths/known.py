"""What the user's lists of devices and address databases say of a hop: the `Knowledge` of one case."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from ipaddress import ip_address

from msgspec import Struct

from bothways.evidence.case import Case
from bothways.evidence.citation import Citation
from bothways.evidence.inventory import Device, Inventory
from bothways.evidence.networks import AddressBook, Network
from bothways.evidence.path_report import HopReply
from bothways.paths.called import keys_of, network_in


class Known(Struct, frozen=True, kw_only=True, dict=True):
    """Everything that the user knows beyond the reports; of two lists that tell of one address the first counts."""

    inventories: tuple[Inventory, ...] = ()
    books: tuple[AddressBook, ...] = ()

    @cached_property
    def _prefixes(self) -> Mapping[tuple[int, int, int], tuple[Inventory, Device]]:
        return _by_prefix(self._listed_devices)

    @cached_property
    def _names(self) -> Mapping[str, tuple[Inventory, Device]]:
        return _by_name(self._listed_devices)

    @property
    def _listed_devices(self) -> list[tuple[Inventory, Device]]:
        return [(inventory, device) for inventory in self.inventories for device in inventory.devices]

    def network(self, address: str) -> int | None:
        """The number of the autonomous system that *address* belongs to; None where no database knows."""
        owner = self.owner(address)
        return owner.number if owner is not None else None

    def owner(self, address: str) -> Network | None:
        """The autonomous system that *address* belongs to."""
        return next((book.owners[address] for book in self.books if address in book.owners), None)

    def device(self, reply: HopReply) -> str | None:
        """The one name under which the lists hold the device that sent *reply*; None where they do not."""
        device = self.device_of(reply)
        return device.name if device is not None else None

    def device_of(self, reply: HopReply) -> Device | None:
        """The device that sent *reply*: by its address, else by the narrowest prefix, else by its names."""
        found = self._listed(reply)
        return found[1] if found is not None else None

    def cite(self, reply: HopReply) -> Citation | None:
        """Where the lists tell of the device that sent *reply*."""
        found = self._listed(reply)
        return None if found is None else Citation(file=found[0].file, line=found[1].line or None)

    @cached_property
    def unseen(self) -> tuple[tuple[Inventory, Device], ...]:
        """The devices that lower no TTL, so that no report can show them."""
        return tuple(one for one in self._listed_devices if not one[1].lowers_ttl)

    def _listed(self, reply: HopReply) -> tuple[Inventory, Device] | None:
        if not self.inventories:
            return None
        found = (self._prefixes[key] for key in _prefixes_of(reply.address) if key in self._prefixes)
        named = (self._names[key] for key in keys_of(reply.name or "") if key in self._names)
        return next(found, None) or next(named, None)


def _by_prefix(
    listed: Iterable[tuple[Inventory, Device]],
) -> Mapping[tuple[int, int, int], tuple[Inventory, Device]]:
    """By address family, length, and the bits of the prefix."""
    found: dict[tuple[int, int, int], tuple[Inventory, Device]] = {}
    for inventory, device in listed:
        for text in device.addresses:
            network = network_in(text)
            if network is not None:
                bits = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
                found.setdefault((network.version, network.prefixlen, bits), (inventory, device))
    return found


def _prefixes_of(address: str | None) -> Iterator[tuple[int, int, int]]:
    """All prefixes that hold *address*, the narrowest first."""
    if address is None:
        return
    try:
        parsed = ip_address(address)
    except ValueError:
        return
    for length in range(parsed.max_prefixlen, -1, -1):
        yield parsed.version, length, int(parsed) >> (parsed.max_prefixlen - length)


def _by_name(listed: Iterable[tuple[Inventory, Device]]) -> Mapping[str, tuple[Inventory, Device]]:
    found: dict[str, tuple[Inventory, Device]] = {}
    for inventory, device in listed:
        for name in (device.name, *device.names):
            found.setdefault(name.casefold().rstrip("."), (inventory, device))
    return found


def known_of(case: Case) -> Known:
    """What the user's files in *case* say."""
    return Known(inventories=case.inventories, books=case.books)


NOBODY_SAID = Known()
"""No list and no database."""
