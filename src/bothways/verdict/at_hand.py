"""Who helps already: whoever made evidence of this case can be asked again, beside anybody who is asked anew."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from bothways.theories.questions import CLIENT, FIREWALL, SERVER, Brings

MADE_BY: Mapping[Brings, str] = MappingProxyType(
    {
        Brings.CLIENT_CAPTURE: CLIENT,
        Brings.CLIENT_COUNTERS: CLIENT,
        Brings.PATH_THERE: CLIENT,
        Brings.CONTROL_THERE: CLIENT,
        Brings.PINGS: CLIENT,
        Brings.PROBES: CLIENT,
        Brings.SERVER_CAPTURE: SERVER,
        Brings.SERVER_SOCKETS: SERVER,
        Brings.PATH_BACK: SERVER,
        Brings.CONTROL_BACK: SERVER,
        Brings.FIREWALL_CAPTURES: FIREWALL,
        Brings.SESSIONS: FIREWALL,
        Brings.RULES: FIREWALL,
    }
)


def at_hand(had: Collection[Brings]) -> frozenset[str]:
    """Who made what was *had*; what it shows was made by nobody."""
    return frozenset(MADE_BY[brings] for brings in had if brings in MADE_BY)
