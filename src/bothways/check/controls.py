"""Which connections are made beside the real ones, to compare them with. Controls are never targets."""

from collections.abc import Sequence

from msgspec.structs import replace

from bothways.check.asking import ask_at
from bothways.check.target import Target
from bothways.check.trial import TLS, Purpose, Trial
from bothways.evidence.endpoint import Endpoint
from bothways.host.network.errand import Ask

SOURCE_PORTS = 5
"""Further connections from ports of their own, six in all, as many as a browser opens to one host. Where routers share
connections between two paths of which one is broken, all six take the same one once in 32 times; more would look like
a flood to some firewalls."""

SOURCE_PORTS_DEEP = 15
"""With --deep: of eight paths one is found in seven of eight cases (1 - (7/8)^16)."""

LARGE_PADDING = 3000
"""Bytes: two full packets on any usual link, and less than the 8 KiB of header that servers take."""

TRIED_AGAIN = 16
"""Ports that are tried a second time. Of twelve that fared half well and half badly, chance would deal the same again
once in a thousand times; two of twelve once in 160."""

OTHER_NAME = "www.example.com"
"""Kept for documentation (RFC 2606 section 3): no filter has a reason to stop it."""

OTHER_WEB_PORT = {443: 80, 80: 443, 8443: 8080, 8080: 8443}
"""Where the same server usually listens as well."""


def real(target: Target, addresses: Sequence[str]) -> tuple[Trial, ...]:
    """One connection to each address, as the user's own program would make it."""
    name = None if target.is_address else target.host
    return tuple(
        Trial(
            purpose=Purpose.REAL,
            server=Endpoint(address, target.port),
            name=name,
            ask=target.ask,
            path=target.path,
        )
        for address in addresses
    )


def further_ports(trial: Trial, count: int = SOURCE_PORTS) -> tuple[Trial, ...]:
    """*trial* from *count* further source ports."""
    return (replace(trial, purpose=Purpose.OTHER_SOURCE_PORT),) * count


def large(trial: Trial) -> tuple[Trial, ...]:
    """*trial* with a large request, where there is one to make large."""
    if trial.ask not in {Ask.HTTP, Ask.HTTPS}:
        return ()
    return (replace(trial, purpose=Purpose.LARGE_REQUEST, padding=LARGE_PADDING),)


def again(fared: Sequence[tuple[Trial, int, bool]]) -> tuple[Trial, ...]:
    """Ports tried a second time, of (trial, source port, whether it worked).

    Empty where all fared alike, as then no port tells anything.
    """
    if len({good for _, _, good in fared}) < len((True, False)):
        return ()
    return tuple(
        replace(trial, purpose=Purpose.SAME_SOURCE_PORT, source_port=port) for trial, port, _ in fared[:TRIED_AGAIN]
    )


def comparisons(trial: Trial, elsewhere: Sequence[str]) -> tuple[Trial, ...]:
    """What is compared with *trial*, which did not answer; *elsewhere*: addresses of other hosts that are controls.

    With TLS the same address is asked under another name and under none; every kind of service with small segments, at
    its other port, and elsewhere with the same name said.
    """
    chosen: list[Trial] = []
    if trial.ask is not Ask.GREETING and trial.name is not None:
        chosen.append(replace(trial, purpose=Purpose.OTHER_NAME, name=OTHER_NAME))
    if trial.ask in TLS and trial.name is not None:
        chosen.append(replace(trial, purpose=Purpose.NO_NAME, name=None))
    chosen.append(replace(trial, purpose=Purpose.SMALL_SEGMENTS, small=True))
    other = OTHER_WEB_PORT.get(trial.server.port)
    if other is not None:
        server = Endpoint(trial.server.address, other)
        chosen.append(replace(trial, purpose=Purpose.OTHER_PORT, server=server, ask=ask_at(other)))
    chosen += (
        replace(trial, purpose=Purpose.ELSEWHERE, server=Endpoint(host, trial.server.port)) for host in elsewhere
    )
    return tuple(chosen)
