"""What a check found, written down as ordinary files: the check log and a manifest, beside the capture."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from bothways import __version__
from bothways.check.live import SMALL_MSS, LiveNetwork
from bothways.check.live import Made as Connection
from bothways.check.log import CheckLog
from bothways.check.made import Made
from bothways.check.trial import OF_TARGET, Purpose, Trial
from bothways.evidence.attempt import Attempt, Said
from bothways.evidence.case import Kind
from bothways.evidence.manifest import MANIFEST, Asked, Listed, Manifest
from bothways.evidence.probing import ProbeTrace
from bothways.host.dossier import write_manifest
from bothways.host.network import counters
from bothways.host.network.errand import Ask
from bothways.host.network.loop import now
from bothways.units import Instant, between

LOG = "check.jsonl"
CAPTURE = "client.pcapng"
COUNTERS = "client.nstat.txt"
VANTAGE = "client"


def write(folder: Path, made: Made, network: LiveNetwork, *, began: Instant, command: Sequence[str]) -> None:
    """Write everything into *folder*, where the capture lies already. Raises OSError."""
    connections = [one for one in made.running if isinstance(one, Connection)]
    with (folder / LOG).open("wb") as file:
        log = CheckLog(file, began=began)
        for one in connections:
            log.attempt(_attempt(one))
            socket = one.attempt.socket_record()
            if socket is not None and one.trial.purpose in OF_TARGET:
                log.socket(socket, at=one.attempt.samples[-1].at)
        servers = {one.trial.server.address for one in connections if one.trial.purpose in OF_TARGET}
        for trace in _marked([trace for trace, _ in network.traces()], servers):
            log.trace(trace)
    counted = network.counted_before + counters.snapshot()
    if counted:
        (folder / COUNTERS).write_text(counted, encoding="ascii")
    _describe(folder, made, connections, began=began, command=command)


def _attempt(one: Connection) -> Attempt:
    """The attempt with all that a check knows of it beyond what any program's log tells."""
    stages, trial = one.attempt.stages, one.trial
    return replace(
        one.attempt.record(),
        control=trial.purpose not in OF_TARGET,
        began=stages.began,
        source=one.attempt.local,
        said=_said(trial),
        said_name=trial.name if trial.ask in {Ask.TLS, Ask.HTTPS} else None,
        segment=SMALL_MSS if trial.small else None,
        received=one.attempt.talk.received,
        connected_after=None if stages.connected is None else between(stages.began, stages.connected),
        answered_after=None if stages.heard is None else between(stages.began, stages.heard),
    )


def _said(trial: Trial) -> Said:
    if trial.ask is Ask.HTTP:
        return Said.REQUEST
    if trial.ask not in {Ask.TLS, Ask.HTTPS}:
        return Said.NOTHING
    if trial.name is None:
        return Said.NAMELESS_HELLO
    return Said.OTHER_HELLO if trial.purpose is Purpose.OTHER_NAME else Said.HELLO


def _marked(traces: Iterable[ProbeTrace], servers: Iterable[str]) -> list[ProbeTrace]:
    wanted = set(servers)
    return [replace(trace, control=trace.destination.address not in wanted) for trace in traces]


def _describe(
    folder: Path, made: Made, connections: Sequence[Connection], *, began: Instant, command: Sequence[str]
) -> None:
    """The manifest: what was asked for, and what each file is."""
    real = [one.trial for one in connections if one.trial.purpose is Purpose.REAL]
    beside = [one.trial for one in connections if one.trial.purpose not in OF_TARGET]
    targets = tuple(dict.fromkeys(_asked(trial) for trial in real))
    write_manifest(
        folder,
        Manifest(
            file=MANIFEST,
            version=__version__,
            began=began,
            ended=now(),
            command=tuple(command),
            privileges=() if made.unwatched else ("CAP_NET_RAW",),
            targets=targets,
            controls=tuple(dict.fromkeys(one for trial in beside if (one := _asked(trial)) not in targets)),
            files=(
                Listed(name=LOG, sha256="", kind=str(Kind.CHECK), vantage=VANTAGE),
                Listed(name=CAPTURE, sha256="", kind=str(Kind.CAPTURE), vantage=VANTAGE),
            ),
        ),
    )


def _asked(trial: Trial) -> Asked:
    return Asked(server=trial.server, name=trial.name or "")
