"""Generic Routing Encapsulation in all its dialects: RFC 2784, RFC 2890, NVGRE, PPTP's, and ERSPAN inside of it."""

from bothways.wire.layer import BRIDGED, IPV4, NOTHING_KNOWN, PPP, Layer

_CHECKSUM = 0x8000
_ROUTING = 0x4000
_KEY = 0x2000
_SEQUENCE = 0x1000
_ACKNOWLEDGEMENT = 0x0080
_VERSION = 0x0007

_ERSPAN_II = 0x88BE
_ERSPAN_III = 0x22EB
_ERSPAN_SUBHEADER = 1
_ERSPAN_FRAME = {0: BRIDGED, 2: IPV4}
"""Frame types of ERSPAN III (draft-foschiano-erspan section 4.3)."""


def gre(data: bytes, offset: int) -> Layer | None:
    """Read a GRE header: flags and version, the EtherType of what follows, and the fields that the flags announce."""
    if len(data) < offset + 4:
        return None
    flags, protocol = int.from_bytes(data[offset : offset + 2]), int.from_bytes(data[offset + 2 : offset + 4])
    if flags & _VERSION == 1:
        return _pptp(data, offset, flags, protocol)
    # "If any of bits 1-5 are non-zero, then a receiver MUST discard the packet" (RFC 2784 section 2.3), but for those
    # that RFC 2890 gave back a meaning.
    if flags & (_VERSION | _ROUTING):
        return None
    at = offset + (8 if flags & _CHECKSUM else 4)
    word = "gre"
    if flags & _KEY:
        word = f"gre {int.from_bytes(data[at : at + 4])}"
        at += 4
    if flags & _SEQUENCE:
        at += 4
    if at > len(data):
        return None
    if protocol in {_ERSPAN_II, _ERSPAN_III}:
        return _erspan(data, at, protocol, sequenced=bool(flags & _SEQUENCE))
    return Layer(protocol=protocol, offset=at, word=word)


def _pptp(data: bytes, offset: int, flags: int, protocol: int) -> Layer | None:
    """Version 1: the key holds a length and the call; no payload without a sequence number (RFC 2637 section 4.1)."""
    if protocol != PPP or not flags & _KEY or not flags & _SEQUENCE or len(data) < offset + 12:
        return None
    call = int.from_bytes(data[offset + 6 : offset + 8])
    at = offset + (16 if flags & _ACKNOWLEDGEMENT else 12)
    return Layer(protocol=PPP, offset=at, word=f"pptp {call}")


def _erspan(data: bytes, at: int, protocol: int, *, sequenced: bool) -> Layer | None:
    """A mirrored frame (draft-foschiano-erspan section 4): type I has no header, II has 8 bytes, III 12 or 20."""
    if protocol == _ERSPAN_II and not sequenced:
        return Layer(protocol=BRIDGED, offset=at, word="erspan")
    size = 8 if protocol == _ERSPAN_II else 12
    if len(data) < at + size:
        return None
    session = int.from_bytes(data[at + 2 : at + 4]) & 0x03FF
    kind = 0
    if protocol == _ERSPAN_III:
        kind = data[at + 10] >> 2 & 0x1F
        size += 8 if data[at + 11] & _ERSPAN_SUBHEADER else 0
    return Layer(protocol=_ERSPAN_FRAME.get(kind, NOTHING_KNOWN), offset=at + size, word=f"erspan {session}")
