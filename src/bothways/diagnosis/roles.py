"""What the user said about the whole case. What he said about single files is in their `Role`."""

from msgspec import Struct
from msgspec.structs import replace

from bothways.connections.window import Moment, Span
from bothways.evidence.case import Case
from bothways.evidence.endpoint import Endpoint
from bothways.facts.assumed import Assumed


class Wanted(Struct, frozen=True, kw_only=True):
    """A target as the user names it."""

    host: str
    """An IP address in its canonical form, or a server's name in lower case without a dot at its end."""

    port: int = 0
    """0 stands for any."""

    name: str = ""
    """Only where it was asked for under this name, or under none; empty for any."""

    def covers(self, server: Endpoint, name: str) -> bool:
        """Whether *server*, asked for as *name*, is meant."""
        is_host = self.host in {server.address, name.lower().rstrip(".")}
        is_name = not self.name or name.lower().rstrip(".") in {"", self.name}
        return is_host and is_name and self.port in {0, server.port}

    def __str__(self) -> str:
        """As the user would write it."""
        return str(Endpoint(self.host, self.port)) if self.port else self.host


class Roles(Struct, frozen=True, kw_only=True):
    """The user's word."""

    firewalls: tuple[str, ...] = ()
    """Names or addresses of stateful devices (`--firewall`)."""

    targets: tuple[Wanted, ...] = ()
    """Only these are judged (`--target`). Empty: every target is. What is left out serves as control."""

    since: Moment | None = None
    """Only what began then or later is judged (`--since`)."""

    until: Moment | None = None
    """Only what began then or earlier is judged (`--until`)."""

    assumed: tuple[Assumed, ...] = ()
    """What he knows (`--assume`), of one kind once. It holds of every target that fails."""

    @property
    def span(self) -> Span:
        """Both limits."""
        return Span(since=self.since, until=self.until)

    def want(self, server: Endpoint, name: str) -> bool:
        """Whether *server* is to be judged."""
        return not self.targets or self.name(server, name)

    def name(self, server: Endpoint, name: str) -> bool:
        """Whether the user speaks of *server*."""
        return any(wanted.covers(server, name) for wanted in self.targets)


def with_manifests(roles: Roles, case: Case) -> Roles:
    """*roles*, and where the user names no target, those that the dossiers of *case* were made for."""
    asked = dict.fromkeys(
        Wanted(host=one.server.address, port=one.server.port, name=one.name.lower().rstrip("."))
        for manifest in case.manifests
        for one in manifest.targets
    )
    return roles if roles.targets else replace(roles, targets=tuple(asked))
