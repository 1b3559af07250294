"""The process that adds and removes VLAN tags: `python -m bothways.lab.wires.tagger TOLD`.

TOLD is what `bothways.lab.wires.vlan` says, in JSON: the descriptors of a TAP device and of a packet socket, and a
VLAN. Frames of that VLAN that come to the socket go into the device without their tag; frames out of the device go out
of the socket with it. It says `ready`, works until its standard input ends, and then says in JSON what it counted.
"""

import errno
import json
import os
import select
import socket
import sys
from collections.abc import Callable

from bothways.lab.wires.frame import tagged
from bothways.lab.wires.packet_socket import LARGEST_FRAME, Reader, dropped
from bothways.lab.wires.urgency import claim

_BATCH = 64
_VLAN = 0x0FFF
"""The bits of tag control information that say which VLAN (IEEE 802.1Q clause 9.6)."""


class Passage:
    """One way; what came to it, and what became of it."""

    def __init__(self, send: Callable[[bytes], int]) -> None:
        self._send = send
        self.taken = self.carried = self.carried_bytes = self.failed = self.unwanted = 0
        self.why: dict[str, int] = {}

    def take(self, frame: bytes) -> None:
        """Pass a frame on."""
        try:
            self._send(frame)
        except OSError as error:
            if error.errno == errno.EIO:  # the device is down (drivers/net/tun.c): nobody misses the frame
                self.unwanted += 1
                return
            self.failed += 1
            why = f"not sent: {error.strerror}"
            self.why[why] = self.why.get(why, 0) + 1
        else:
            self.carried += 1
            self.carried_bytes += len(frame)
        self.taken += 1

    def counted(self) -> dict[str, int]:
        """What `bothways.lab.wires.count.WayCount` holds."""
        names = ("taken", "carried", "carried_bytes", "failed")
        return {name: getattr(self, name) for name in names}


def _outwards(tap: int, out: Passage, vlan: int) -> bool:
    """Pass frames on out of the device, up to a batch; tell whether there may be more. So below."""
    for _ in range(_BATCH):
        try:
            frame = os.read(tap, LARGEST_FRAME)
        except BlockingIOError:
            return False
        out.take(tagged(frame, vlan))
    return True


def _inwards(reader: Reader, into: Passage, vlan: int) -> bool:
    for _ in range(_BATCH):
        both = reader.next_apart()
        if both is None:
            return False
        frame, tag = both
        if tag & _VLAN == vlan:
            into.take(frame)
    return True


def main(told: str) -> None:
    """Work as told, from the ready word to the report."""
    claim()
    task = json.loads(told)
    tap, vlan, sock = task["tap"], task["vlan"], socket.socket(fileno=task["socket"])
    reader = Reader(sock)
    out = Passage(lambda frame: sock.send(frame, socket.MSG_DONTWAIT))
    into = Passage(lambda frame: os.write(tap, frame))
    until = sys.stdin.fileno()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while until not in (ready := select.select([until, tap, sock.fileno()], [], [])[0]):
        if tap in ready:
            _outwards(tap, out, vlan)
        if sock.fileno() in ready:
            _inwards(reader, into, vlan)
    while _outwards(tap, out, vlan) or _inwards(reader, into, vlan):  # what came before the end is passed on
        pass
    seen = {"not read in time": dropped(sock), "truncated": reader.truncated, **out.why, **into.why}
    report = {"ways": [out.counted(), into.counted()], "surprises": seen, "unwanted": into.unwanted}
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
