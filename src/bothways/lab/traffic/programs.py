"""Runs of curl inside of a node."""

import os
import select
import signal
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryFile

from bothways.lab.model.traffic import Visit
from bothways.lab.traffic import curl
from bothways.lab.traffic.endpoints import own_address
from bothways.lab.traffic.outcomes import Outcome
from bothways.lab.world import nodes
from bothways.units import Duration, Instant, seconds


def call(visit: Visit, port: int, body: Path | None, over: int, work: Path) -> tuple[Outcome, str]:
    """Make a visit with curl, from a port of the node; the outcome, and what goes into `curl.log`.

    Args:
        visit: one that gets or uploads.
        port: where it comes from.
        body: the file to upload.
        over: a descriptor that becomes readable when the lab is over; curl is stopped then.
        work: a folder for what curl says, while it says it.

    Raises:
        OSError: there is no such node, or no curl.
        msgspec.DecodeError: curl's report makes no sense.
    """
    address = own_address(visit.node, visit.to)
    began, start = Instant(time.time_ns()), time.monotonic_ns()
    with TemporaryFile(dir=work) as stdout, TemporaryFile(dir=work) as stderr:
        process = nodes.start(visit.node, *curl.command(visit, port, body), stdout=stdout, stderr=stderr)
        status = _end_of(process, over)
        took = Duration(time.monotonic_ns() - start)
        stdout.seek(0)
        stderr.seek(0)
        report = curl.report_of(stdout.read())
        said = stderr.read().decode(errors="replace")
    ended = curl.ended(visit, status, said, report)
    outcome = Outcome(
        visit=visit,
        began=began,
        address=address,
        port=port if address else None,
        ended=ended,
        connected=report.time_connect > 0 or ended == "reset",
        closed=status == 0,
        took=seconds(report.time_total) if report.time_total else took,
        sent=report.size_request + report.size_upload,
        received=report.size_header + report.size_download,
    )
    return outcome, curl.log_entry(visit, port, said, status)


def _end_of(process: subprocess.Popen[bytes], over: int) -> int:
    """Wait for a program's end, or end it when the lab is over; its exit status, negative for a signal's number."""
    ended = os.pidfd_open(process.pid)
    try:
        waiting = select.poll()
        waiting.register(ended, select.POLLIN)
        waiting.register(over, select.POLLIN)
        if ended not in dict(waiting.poll()):
            process.send_signal(signal.SIGTERM)
        return process.wait()
    finally:
        os.close(ended)
