"""Evidence on disk, small and made for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.helpers import packets as p
from tests.helpers.conversation import Script

if TYPE_CHECKING:
    from pathlib import Path

MTR = """\
Start: 2026-11-22T10:00:00+0000
HOST: laptop                      Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- 10.0.0.254                 0.0%    10    0.3   0.3   0.2   0.4   0.1
  2.|-- 192.0.2.2                  0.0%    10    9.3   9.3   9.2   9.4   0.1
"""

CURL = """\
*   Trying 192.0.2.2:443...
* Connected to fonts.example.net (192.0.2.2) port 443
> GET / HTTP/1.1
> Host: fonts.example.net
>
< HTTP/1.1 200 OK
* Connection #0 to host fonts.example.net left intact
"""

RULES = """\
table inet filter {
  chain forward {
    type filter hook forward priority 0; policy accept;
    ct state invalid counter packets 43 bytes 12833 drop
  }
}
"""


def timing_out() -> Script:
    """The server repeats its SYN+ACK although the client answers each: what a client sees of a half-open connection."""
    script = Script()
    script.there(0, flags="S", seq=100, ttl=64)
    script.back(20, flags="SA", seq=900, ack=101, ttl=55)
    script.there(21, flags="A", seq=101, ack=901, ttl=64)
    for number, ms in enumerate((22, 230, 640, 1500, 3200, 6500)):
        script.there(ms, flags="PA", seq=101, ack=901, payload=b"GET / HTTP/1.1\r\n", ttl=64)
        if number > 2:
            script.back(ms + 20, flags="SA", seq=900, ack=101, ttl=55)
            script.there(ms + 21, flags="A", seq=101, ack=901, ttl=64)
    return script


def working() -> Script:
    """A request, its answer, and an orderly end."""
    script = Script()
    script.there(0, flags="S", seq=100, ttl=64)
    script.back(20, flags="SA", seq=900, ack=101, ttl=55)
    script.there(21, flags="A", seq=101, ack=901, ttl=64)
    script.there(22, flags="PA", seq=101, ack=901, payload=b"x" * 100, ttl=64)
    script.back(50, flags="PA", seq=901, ack=201, payload=b"y" * 100, ttl=55)
    script.there(51, flags="A", seq=201, ack=1001, ttl=64)
    script.there(52, flags="FA", seq=201, ack=1001, ttl=64)
    script.back(70, flags="FA", seq=1001, ack=202, ttl=55)
    script.there(71, flags="A", seq=202, ack=1002, ttl=64)
    return script


def cut_off() -> Script:
    """A connection of which the capture shows the beginning only."""
    script = Script()
    script.there(0, flags="S", seq=100, ttl=64)
    script.back(20, flags="SA", seq=900, ack=101, ttl=55)
    return script


def capture(path: Path, script: Script) -> Path:
    path.write_bytes(p.pcap_file(script.packets, nanoseconds=True))
    return path


def without_tcp(path: Path) -> Path:
    arp = b"\xff" * 6 + b"\x02" * 6 + b"\x08\x06" + b"\0" * 28
    path.write_bytes(p.pcap_file([p.Packet(at=0, frame=arp)]))
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
