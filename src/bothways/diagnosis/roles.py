"""What the user said about the whole case. What he said about single files is in their `Role`."""

from dataclasses import dataclass

from bothways.evidence.endpoint import Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The user's word."""

    firewalls: tuple[str, ...] = ()
    """Names or addresses of stateful devices (`--firewall`)."""

    targets: tuple[Endpoint, ...] = ()
    """Only these are judged (`--target`); port 0 stands for any port. Empty: every target is. What is left out serves
    as
    control."""
