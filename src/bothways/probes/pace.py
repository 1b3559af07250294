"""How fast, how often and how long a test may ask."""

from msgspec import Struct

from bothways.units import MILLISECOND, NANOSECONDS_PER_SECOND, SECOND, Duration


class Pace(Struct, frozen=True, kw_only=True):
    """The bounds of one plan, all of its traces together."""

    rate: int = 50
    """Packets a second, at most."""

    most: int = 600
    """Packets in all."""

    longest: Duration = Duration(12 * SECOND)
    """From the first packet on."""

    repeats: int = 3
    """Probes at a distance before its silence counts."""

    gap: int = 5
    """Silent distances in a row after which a trace goes no further: more than a provider's core hides."""

    at_once: int = 8
    """Probes of a trace that may be under way unanswered."""

    spread: Duration = Duration(600 * MILLISECOND)
    """Between a distance's first probe and its second, and twice that before the third. Linux answers six at once and
    then one a second (icmp_ratelimit, net/ipv4/route.c), and what is out of a connection's window twice a second
    (tcp_invalid_ratelimit)."""

    least_wait: Duration = Duration(300 * MILLISECOND)
    longest_wait: Duration = Duration(2 * SECOND)
    """For an answer; in between, twice the longest round trip seen and 100 ms."""

    rounds: int = 2
    """How often a kind that is silent, and one that is not, are asked in turn where they differ."""

    disputed: int = 2
    """Distances where they differ that are asked so: the nearest."""

    @property
    def interval(self) -> Duration:
        """Between two packets, at least."""
        return Duration(-(-NANOSECONDS_PER_SECOND // max(self.rate, 1)))
