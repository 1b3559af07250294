"""The two ends of a case as all evidence calls them."""

from collections.abc import Collection, Iterable

from msgspec import Struct

from bothways.way import Way


class TwoEnds(Struct, frozen=True, kw_only=True):
    """Names and addresses of the two ends of a case, and of what serves for comparison."""

    clients: frozenset[str]
    servers: frozenset[str]
    controls: frozenset[str] = frozenset()
    named: bool = False
    """The names are those by which the reports call their ends: another name is another host. Otherwise a host may
    well have two."""

    @classmethod
    def of(
        cls, clients: Iterable[str], servers: Iterable[str], controls: Iterable[str] = (), *, named: bool = False
    ) -> "TwoEnds":
        """In the form in which they are compared."""
        mine, theirs, others = ({word.casefold() for word in words} for words in (clients, servers, controls))
        return cls(
            clients=frozenset(mine), servers=frozenset(theirs), controls=frozenset(others - mine - theirs), named=named
        )

    def way_to(self, hosts: Collection[str]) -> Way | None:
        """The way that ends at one of *hosts*."""
        if self.servers.intersection(hosts):
            return Way.THERE
        return Way.BACK if self.clients.intersection(hosts) else None
