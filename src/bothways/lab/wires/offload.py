"""Frames as on a cable: no interface leaves work for a network card that is not there (netdevice(7), ethtool(8))."""

import ctypes
import fcntl
import socket
import struct
from collections.abc import Mapping

_SIOCETHTOOL = 0x8946  # linux/sockios.h
_STXCSUM, _STSO, _SGSO, _SGRO = 0x17, 0x1F, 0x24, 0x2C  # linux/ethtool.h
_VALUE = struct.Struct("=II")  # struct ethtool_value: command, value
_REQUEST = struct.Struct("16sP16x")  # struct ifreq with ifr_data


def off(interface: str) -> None:
    """Let an interface of this thread's namespace send whole frames: segmented, with complete checksums.

    A veth otherwise passes on what its sender left to a card: segments of up to 64 KiB, and checksums of the pseudo
    header alone. Whoever reads such frames from a capture or a socket sees what no cable carries. What comes in is not
    merged into larger segments either.

    Raises:
        OSError: there is no such interface, or it cannot be told so.
    """
    _tell(interface, {_STSO: 0, _SGSO: 0, _STXCSUM: 0, _SGRO: 0})


def verify(interface: str) -> None:
    """Let an interface of this thread's namespace verify checksums of what comes in, which merging is the way to.

    A card does it by itself. On a veth everything that comes in counts as not yet verified otherwise, as long as whole
    frames are sent to it.

    Raises:
        OSError: there is no such interface, or it cannot be told so.
    """
    _tell(interface, {_SGRO: 1})


def _tell(interface: str, values: Mapping[int, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for command, on in values.items():
            value = ctypes.create_string_buffer(_VALUE.pack(command, on), _VALUE.size)
            request = _REQUEST.pack(interface.encode(), ctypes.addressof(value))
            fcntl.ioctl(sock, _SIOCETHTOOL, request)
