"""Visits by curl(1): how it is called, what it said, and what that means."""

import errno
import os
import re
from pathlib import Path

import msgspec

from bothways.lab.model.traffic import Visit
from bothways.lab.traffic.outcomes import UNREACHABLE, Ended

_TIMED_OUT = 28
_ENDED_EARLY = frozenset({18, 35, 52, 56})
"""Part of a file, TLS, no answer, no more (curl(1), "EXIT CODES"): where no error of the system is named, the server
closed."""

_ERRORS: dict[int, Ended] = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "reset",
    errno.EPIPE: "reset",
    errno.ETIMEDOUT: "timed out",
    **dict.fromkeys(sorted(UNREACHABLE), "unreachable"),
}
_NAMED = re.compile(r"errno (\d+)", re.ASCII)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What `curl --write-out %{json}` says of a transfer; all zero when curl was stopped before it was over."""

    http_code: int = 0
    size_download: int = 0
    size_header: int = 0
    size_request: int = 0
    size_upload: int = 0
    time_connect: float = 0.0
    """Seconds until TCP was connected; 0 if it never was."""
    time_total: float = 0.0


def words(visit: Visit, port: int, body: Path | None) -> list[str]:
    """The call without what only the lab needs: from that source port; *body* is the file to upload."""
    default = 443 if visit.tls else 80
    address = f"[{visit.to}]" if ":" in visit.to else visit.to
    where = f"{visit.name or address}{'' if visit.port == default else f':{visit.port}'}"
    path = "/upload" if body else f"/{visit.size}"
    return [
        *("curl", "-v", "--http1.1", "--max-time", f"{visit.patience_s:g}", "--local-port", str(port)),
        *(("-k",) if visit.tls and not visit.strict else ()),
        *(("--resolve", f"{visit.name}:{visit.port}:{address}") if visit.name else ()),
        # Who closes first keeps the port for a minute (TIME-WAIT), and it is to be used again.
        *(("-H", "Connection: close") if visit.source_port else ()),
        # Without the header curl would wait a second for leave to send the body.
        *(("-H", "Expect:", "--data-binary", f"@{body}") if body else ()),
        f"{'https' if visit.tls else 'http'}://{where}{path}",
    ]


def command(visit: Visit, port: int, body: Path | None) -> list[str]:
    """The whole call: nothing of the machine's own settings counts, and the report goes to standard output."""
    program, *rest = words(visit, port, body)
    # --disable must come first (curl(1)).
    return [program, "--disable", "--noproxy", "*", "-sS", "-o", "/dev/null", "--write-out", "%{json}", *rest]


def log_entry(visit: Visit, port: int, said: str, status: int) -> str:
    """A run as `curl.log` has it: the call after a prompt, curl's own words, the exit status as a shell counts it."""
    body = Path(f"{visit.size}.bytes") if visit.does == "upload" else None
    end = "" if said.endswith("\n") or not said else "\n"
    return f"$ {' '.join(words(visit, port, body))}\n{said}{end}[exit {_as_a_shell(status)}]\n\n"


def report_of(stdout: bytes) -> Report:
    """What curl wrote; see `Report` for a curl that wrote nothing.

    Raises:
        msgspec.DecodeError: something else than curl's report.
    """
    return msgspec.json.decode(stdout, type=Report) if stdout else Report()


def ended(visit: Visit, status: int, said: str, report: Report) -> Ended:
    """How the visit ended, from curl's exit status, its verbose words and its report."""
    if status < 0:
        return "unfinished"  # a signal: nobody sends one but the lab
    if status == 0:
        whole = visit.does != "get" or report.size_download == visit.size
        return "done" if report.http_code == 200 and whole else "failed"
    if status == _TIMED_OUT:
        return "timed out"
    numbers = {int(number) for number in _NAMED.findall(said)}
    named = (end for number, end in _ERRORS.items() if number in numbers or os.strerror(number) in said)
    return next(named, "closed" if status in _ENDED_EARLY else "failed")


def _as_a_shell(status: int) -> int:
    return status if status >= 0 else 128 - status
