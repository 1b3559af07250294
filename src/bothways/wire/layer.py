"""What a header says about what follows it: the step from one layer to the next."""

from enum import StrEnum

from msgspec import Struct

IPV4 = 0x0800
IPV6 = 0x86DD
VLAN = 0x8100
MPLS = 0x8847
PPPOE_SESSION = 0x8864
PPP = 0x880B
BRIDGED = 0x6558
"""EtherTypes (RFC 9542 appendix B); the last one, "Transparent Ethernet Bridging", stands for a whole Ethernet
frame."""

NOTHING_KNOWN = 0xFFFF
"""Reserved (RFC 9542 appendix B): stands for whatever these modules do not follow."""

LLC = 0
"""An IEEE 802.2 LLC header follows. EtherTypes start at 0x0600; a lower number in their place is a length."""


class Hidden(StrEnum):
    """What keeps a packet's content from everybody without the key: it is there, and cannot be seen."""

    ESP = "esp"
    """Encapsulating Security Payload of IPsec (RFC 4303), with or without UDP around it (RFC 3948)."""

    MACSEC = "macsec"
    """IEEE 802.1AE with its encryption bit set."""

    WIFI = "protected-wifi"
    """An IEEE 802.11 data frame with its protected bit set."""

    PPP = "compressed-ppp"
    """Compressed or encrypted PPP (RFC 1962, RFC 3078)."""

    WIREGUARD = "wireguard"
    """WireGuard's transport data messages."""


class Layer(Struct, frozen=True, kw_only=True):
    """One header, and what it carries."""

    protocol: int | Hidden
    """EtherType of what follows, whatever number the header itself has for it; or why that cannot be seen."""

    offset: int
    """Where that starts in the data; may lie beyond what was kept."""

    word: str = ""
    """What the header is called, with its identifier: `vlan 12`; empty where there is nothing to tell of it."""
