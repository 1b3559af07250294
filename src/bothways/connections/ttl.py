"""TTL arithmetic: with which TTL a packet left, and how many routers it had passed."""

INITIAL_TTLS = (64, 128, 255)
"""Linux, BSD and macOS; Windows; routers and Solaris."""


def initial_ttl(ttl: int) -> int:
    """The smallest usual initial TTL that *ttl* can have come from."""
    return next((initial for initial in INITIAL_TTLS if initial >= ttl), INITIAL_TTLS[-1])


def routers_passed(ttl: int) -> int:
    """How many routers a packet that arrived with *ttl* had passed, if it left with a usual TTL."""
    return initial_ttl(ttl) - ttl


def untouched(ttl: int | None) -> bool | None:
    """Whether *ttl* is one with which packets leave; None where none was seen."""
    return None if ttl is None else ttl in INITIAL_TTLS
