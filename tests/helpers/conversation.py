"""Scripts of conversations: who sent what, when, in one short line each.

    script = Script()
    script.there(0, flags="S", seq=100)
    script.back(20, flags="SA", seq=900, ack=101)
    row = script.survey().rows[0]

Times are milliseconds since an arbitrary start. Every packet gets its own IP identification, as from a host that
counts, unless the test says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bothways.evidence.endpoint import Endpoint
from tests.helpers import packets as p
from tests.helpers.readers import survey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bothways.evidence.capture import ConnectionRow, Survey

START = 1_700_000_000 * 10**9
CLIENT = Endpoint("10.0.0.1", 40_000)
SERVER = Endpoint("192.0.2.2", 443)


class Script:
    """Packets between one client and one server port, as one observer saw them."""

    def __init__(self) -> None:
        self.packets: list[p.Packet] = []
        self._identification = 0

    def there(self, ms: float, *, port: int = CLIENT.port, **more: object) -> None:
        """The client sends a segment: keywords of `packets.tcp_frame`."""
        self._say(ms, (CLIENT.address, SERVER.address, port, SERVER.port), more)

    def back(self, ms: float, *, port: int = CLIENT.port, **more: object) -> None:
        """The server sends a segment."""
        self._say(ms, (SERVER.address, CLIENT.address, SERVER.port, port), more)

    def frame(self, ms: float, frame: bytes) -> None:
        """Any frame at all."""
        self.packets.append(p.Packet(at=START + round(ms * 1_000_000), frame=frame))

    def again(self, ms: float) -> None:
        """The observer sees the last packet once more."""
        self.frame(ms, self.packets[-1].frame)

    def _say(self, ms: float, ends: tuple[str, str, int, int], more: dict[str, object]) -> None:
        self._identification += 1
        said: dict[str, object] = {"identification": self._identification, **more}
        self.frame(ms, p.tcp_frame(*ends, **said))  # type: ignore[arg-type] # the script says tcp_frame's keywords

    def survey(self) -> Survey:
        """Pass one over the script as a capture with nanoseconds."""
        return survey([p.pcap_file(self.packets, nanoseconds=True)], file="script.pcap")

    def row(self) -> ConnectionRow:
        """The only connection of the script."""
        (row,) = self.survey().rows
        return row


def at(ms: float) -> int:
    """The instant of a script's time."""
    return START + round(ms * 1_000_000)


def histories(script: Script) -> Sequence[str]:
    """The history of each connection."""
    return [row.history for row in script.survey().rows]
