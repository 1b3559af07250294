"""What can be wrong with a capture, in words. Whichever reader met the trouble, the sentence is the one here."""

from enum import StrEnum

from bothways.evidence.problem import Problem
from bothways.wire.link import link_name

_NOTHING_READ = "nothing was read: "
_NOTHING_BEHIND = "the capture is damaged from here on, and nothing behind was read"


class Trouble(StrEnum):
    """One kind of trouble; its value is the sentence, with places for the numbers that belong to it."""

    EMPTY = f"{_NOTHING_READ}the file is empty"
    NO_CAPTURE = f"{_NOTHING_READ}it is no capture file"
    GZIP = f"{_NOTHING_READ}it is compressed with gzip: decompress it first"
    ZSTD = f"{_NOTHING_READ}it is compressed with zstd: decompress it first"
    XZ = f"{_NOTHING_READ}it is compressed with xz: decompress it first"
    BZIP2 = f"{_NOTHING_READ}it is compressed with bzip2: decompress it first"
    LZ4 = f"{_NOTHING_READ}it is compressed with lz4: decompress it first"
    ZIP = f"{_NOTHING_READ}it is compressed with zip: decompress it first"
    SNOOP = (
        f"{_NOTHING_READ}it is a snoop capture (Solaris): convert it first, with `editcap -F pcapng IN OUT` for example"
    )
    NETMON = f"{_NOTHING_READ}it is a NetMon capture: convert it first, with `editcap -F pcapng IN OUT` for example"
    NETWORK_MONITOR = (
        f"{_NOTHING_READ}it is a Network Monitor capture (Microsoft): "
        "convert it first, with `editcap -F pcapng IN OUT` for example"
    )

    ENDS_IN_FILE_HEADER = "the capture ends within its file header; it holds no packets"
    UNKNOWN_VERSION = "the capture has version {0}.{1}, but only 2.x is known: nothing read"
    APPENDED = "another capture begins here, which was appended after packet {0}; it was read, too"
    ENDS_IN_RECORD_HEADER = "the capture ends within the header of packet {0}, which was left out"
    ZEROS = (
        "nothing but zeros where packet {0} should begin: the capture was not written to its end, "
        "and nothing behind was read"
    )
    TOO_LARGE = f"packet {{0}} claims {{1}} bytes, more than any link carries: {_NOTHING_BEHIND}"
    ENDS_IN_PACKET = "the capture ends within packet {0}: {1} of {2} bytes are there; it was left out"
    OVERFLOWN_FRACTION = (
        "a time has a fraction of more than a second; such times were taken for the end of their second"
    )

    ENDS_IN_BLOCK_HEADER = "the capture ends within a block's header"
    ENDS_IN_SECTION_HEADER = "the capture ends in a section header; nothing behind was read"
    NO_BYTE_ORDER = "the section header has no byte-order magic; nothing behind was read"
    SECTION_LENGTH = "the section header claims {0} bytes, which cannot be; nothing behind was read"
    SECTION_VERSION = "a section has version {0}.{1}, but only 1.x is known: nothing in it was read"
    BLOCK_LENGTH = f"a block claims {{0}} bytes, which cannot be: {_NOTHING_BEHIND}"
    ENDS_IN_BLOCK = "the capture ends within a block of {0} bytes, which was left out"
    LENGTHS_DIFFER = f"a block claims {{0}} bytes at its start and {{1}} at its end: {_NOTHING_BEHIND}"
    SENSELESS_INTERFACE = "an interface description makes no sense and was left out"
    SENSELESS_PACKET = "a packet block contradicts itself or names an unknown interface; it was left out"
    TIMELESS = "packets in simple blocks have no time; they were given that of the one before"

    CROWDED = "more than {0} files of one vantage overlap in time: their order is not kept"

    UNKNOWN_LINK = "{0} is not understood; its packets were counted, not read"
    """Its number is that of the link type; the sentence has its name."""

    OVERLAPPING_FRAGMENTS = "IP packets whose fragments overlap were left out, as RFC 5722 asks: {0}"
    MALFORMED = "TCP packets with an impossible header length were left out: {0}"
    ORPHANS = "ICMP errors about TCP connections that were not seen before were left out: {0}"
    EARLIER_FRAGMENTS = "first fragments of an earlier use of the same ports were left out: {0}"
    FURTHER = "further problems are not listed"

    def reason(self) -> str:
        """Why nothing was read of a file, as a clause that can follow its name."""
        return self.removeprefix(_NOTHING_READ)

    def problem(self, *numbers: int, offset: int | None = None, file: str | None = None) -> Problem:
        """The problem of this kind with its *numbers*, at its place; surplus numbers are passed over."""
        words = [link_name(number) for number in numbers] if self is Trouble.UNKNOWN_LINK else numbers
        return Problem(says=self.format(*words), offset=offset, file=file)
