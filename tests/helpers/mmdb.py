"""A small writer of the MaxMind DB format, by its public specification (maxmind.github.io/MaxMind-DB, version 2.0)."""

from collections.abc import Mapping
from ipaddress import ip_network

Value = str | int | bool | list["Value"] | dict[str, "Value"]

MARKER = b"\xab\xcd\xefMaxMind.com"
_STRING, _UINT32, _MAP, _UINT64, _ARRAY, _BOOLEAN = 2, 6, 7, 9, 11, 14


def _control(kind: int, size: int) -> bytes:
    """A control byte, the extended type behind it, and what of the size does not fit ("Data Field Format")."""
    if size < 29:
        short, more = size, b""
    elif size < 285:
        short, more = 29, bytes([size - 29])
    else:
        short, more = 30, (size - 285).to_bytes(2, "big")
    return (bytes([short, kind - 7]) if kind > 7 else bytes([kind << 5 | short])) + more


def encoded(value: Value) -> bytes:
    """*value* as the data section has it."""
    match value:
        case bool():
            return _control(_BOOLEAN, int(value))
        case int():
            data = value.to_bytes((value.bit_length() + 7) // 8, "big")
            return _control(_UINT32 if value < 1 << 32 else _UINT64, len(data)) + data
        case str():
            data = value.encode()
            return _control(_STRING, len(data)) + data
        case list():
            return _control(_ARRAY, len(value)) + b"".join(encoded(one) for one in value)
        case dict():
            pairs = (encoded(key) + encoded(one) for key, one in value.items())
            return _control(_MAP, len(value)) + b"".join(pairs)


class _Tree:
    """The binary search tree: a node is two records, each another node, a place in the data section, or nothing."""

    def __init__(self) -> None:
        self.nodes: list[list[int | bytes | None]] = [[None, None]]

    def insert(self, bits: str, data: bytes) -> None:
        node = 0
        for bit in bits[:-1]:
            below = self.nodes[node][int(bit)]
            if not isinstance(below, int):
                self.nodes.append([below, below])
                below = self.nodes[node][int(bit)] = len(self.nodes) - 1
            node = below
        self.nodes[node][int(bits[-1])] = data


def _record(left: int, right: int, size: int) -> bytes:
    if size == 28:
        # The middle byte holds the highest four bits of either record.
        middle = (left >> 24) << 4 | right >> 24
        return (left & 0xFFFFFF).to_bytes(3, "big") + bytes([middle]) + (right & 0xFFFFFF).to_bytes(3, "big")
    return left.to_bytes(size // 8, "big") + right.to_bytes(size // 8, "big")


def mmdb(records: Mapping[str, Value], *, version: int = 6, record_size: int = 24, kind: str = "Test-ASN") -> bytes:
    """A database that says of each prefix (the wider ones first) what *records* say; IPv4 stands under `::/96` in one
    of version 6."""
    tree = _Tree()
    data = b""
    for prefix, value in records.items():
        network = ip_network(prefix)
        bits = f"{int(network.network_address):0{network.max_prefixlen}b}"[: network.prefixlen]
        if version == 6 and network.version == 4:
            bits = "0" * 96 + bits
        tree.insert(bits, len(data).to_bytes(4, "big"))
        data += encoded(value)
    count = len(tree.nodes)

    def number(record: int | bytes | None) -> int:
        if record is None:
            return count
        return record if isinstance(record, int) else count + 16 + int.from_bytes(record, "big")

    search = b"".join(_record(number(left), number(right), record_size) for left, right in tree.nodes)
    metadata: dict[str, Value] = {
        "node_count": count,
        "record_size": record_size,
        "ip_version": version,
        "database_type": kind,
        "languages": ["en"],
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1_763_800_000,
        "description": {"en": "made by a test"},
    }
    return search + bytes(16) + data + MARKER + encoded(metadata)
