"""How many packets a capturing program says it lost, where a file tells it in several ways and places."""


class Losses:
    """Counts by interface. Reports count from the capture's start, packets from the one before: the larger is right."""

    __slots__ = ("_by_packets", "_reported", "total")

    def __init__(self) -> None:
        self.total = 0
        self._reported: dict[int, int] = {}
        self._by_packets: dict[int, int] = {}

    def report(self, interface: int, lost: int) -> None:
        """A later report takes an earlier one's place."""
        before = self._of(interface)
        self._reported[interface] = lost
        self._count(interface, before)

    def before_packet(self, interface: int, lost: int) -> None:
        """So many more were lost since the packet before."""
        before = self._of(interface)
        self._by_packets[interface] = self._by_packets.get(interface, 0) + lost
        self._count(interface, before)

    def new_section(self) -> None:
        """What comes now is said of other interfaces."""
        self._reported = {}
        self._by_packets = {}

    def _of(self, interface: int) -> int:
        return max(self._reported.get(interface, 0), self._by_packets.get(interface, 0))

    def _count(self, interface: int, before: int) -> None:
        self.total += self._of(interface) - before
