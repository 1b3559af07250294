"""From the paths that a user names to a case that can be judged."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from msgspec import Struct
from msgspec.structs import replace

from bothways.captures import is_capture
from bothways.connections.joined import Joined
from bothways.connections.room import Room
from bothways.connections.window import Span
from bothways.errors import CallError, InputError
from bothways.evidence.case import Case, EvidenceFile, Kind, Role
from bothways.host.archives import is_archive, unpacked
from bothways.host.beside import Beside, parted, with_books
from bothways.host.capture_files import CaptureFile, second_pass
from bothways.host.found import STANDARD_INPUT, Found, find, reason
from bothways.host.hints import Word, roles, spoken_of
from bothways.host.manifests import Manifests
from bothways.host.opened import hash_of, head_of
from bothways.host.progress import Report, silent
from bothways.host.reported import Reported, unread
from bothways.host.spool import spool_pipe, spool_standard_input
from bothways.host.vantages import read_captures

KIND_NAMES = {
    Kind.CAPTURE: "a capture",
    Kind.PATH: "a path report",
    Kind.SESSIONS: "connection-tracking records",
    Kind.RULES: "a rule set",
    Kind.ATTEMPTS: "a log of attempts",
    Kind.SOCKETS: "a list of sockets",
    Kind.COUNTERS: "a host's counters",
    Kind.LOG: "a firewall's log",
    Kind.BOOKKEEPING: "a record that the lab keeps for itself",
    Kind.FLOWS: "a monitor's log of connections",
    Kind.ECHOES: "what ping reported",
    Kind.INVENTORY: "a list of devices",
    Kind.ADDRESSES: "an address database",
    Kind.CHECK: "the log of a check",
    Kind.MANIFEST: "a dossier's manifest",
}

OF_A_PLACE = frozenset({Kind.CAPTURE, Kind.SOCKETS, Kind.COUNTERS, Kind.LOG, Kind.SESSIONS, Kind.CHECK})
"""What was taken somewhere, so that `--vantage` can say where."""

MOST_REASONS = 3
"""Files whose trouble is told in the one sentence of a failed call."""


class Gathered(Struct, frozen=True, kw_only=True):
    """What can be judged."""

    case: Case
    joined: Joined
    """The case's captures, whose connections were joined to choose among them."""


def gather(
    paths: Sequence[str],
    *,
    said: Word,
    span: Span | None = None,
    beside: Beside | None = None,
    report: Report = silent,
) -> Case:
    """Read everything that *paths* name, as `gather_joined` does."""
    return gather_joined(paths, said=said, span=span, beside=beside, report=report).case


def gather_joined(  # noqa: PLR0913 - each says one thing about the reading
    paths: Sequence[str],
    *,
    said: Word,
    span: Span | None = None,
    beside: Beside | None = None,
    report: Report = silent,
    hashes: bool = False,
) -> Gathered:
    """Read everything that *paths* name.

    Args:
        paths: Files and folders.
        said: The user's word about single files.
        span: Between which moments began what is to be judged; of that, packets are fetched.
        beside: The user's lists of devices and address databases.
        report: Told how far the reading is.
        hashes: Whether captures are hashed, which takes about as long as reading them.

    Raises:
        CallError: A path does not exist, the user speaks of a file that is not there, *span* fits no capture, or a
            file of *beside* cannot be read.
        InputError: Nothing that was read can be judged.
    """
    beside = beside or Beside()
    beside.check()
    with ExitStack() as kept:
        found = find((*paths, *beside.inventories, *beside.databases))
        readable = (_kept(one, kept, report) for one in found)
        files, databases = parted((part for one in readable for part in unpacked(one, kept)), beside.databases)
        listed = frozenset(one.cited for one in parted(files, beside.inventories)[1])
        manifests = Manifests(files)
        gathered = _gathered(files, roles(files, said, manifests), span or Span(), report, listed)
        gathered = replace(gathered, case=manifests.compared(gathered.case, files))
        if hashes:
            gathered = replace(gathered, case=_hashed(gathered.case, files))
        gathered = replace(gathered, case=with_books(gathered.case, databases))
    _check_roles(gathered.case, spoken_of(files, said))
    if not _can_be_judged(gathered.case):
        raise InputError(_nothing_to_judge(paths, gathered.case))
    return gathered


def _kept(found: Found, until: ExitStack, report: Report) -> Found:
    """What comes through a pipe is kept for the second reading."""
    if not found.piped:
        return found
    try:
        if found.path.name == STANDARD_INPUT:
            spool = spool_standard_input(report=report)
        else:
            spool = spool_pipe(found.path, cited=found.cited, report=report)
    except OSError as error:
        return replace(found, trouble=f"it cannot be read: {reason(error)}")
    until.callback(spool.close)
    return replace(found, spool=spool)


def _gathered(
    files: Sequence[Found], role_of: Mapping[str, Role], span: Span, report: Report, listed_by_user: frozenset[str]
) -> Gathered:
    """Read *files*, whatever they are. What is wrong with one never stops the rest, but for the user's own lists."""
    read = [_listed(found) if found.cited in listed_by_user else _read(found, role_of[found.cited]) for found in files]
    reported = [one for one in read if isinstance(one, Reported)]
    captures = read_captures([one for one in read if isinstance(one, CaptureFile)], report)
    alone, room = all(one.file.kind is Kind.UNREAD for one in reported), Room()
    evidence, joined = second_pass(captures.surveyed, report, span, room=room, alone=alone)
    surveyed = [replace(file, problems=(*file.problems, *room.problems(file.path))) for file in captures.files]
    listed = {file.path: file for file in (*surveyed, *(one.file for one in reported))}
    case = Case(
        files=tuple(replace(listed[found.cited], archive=found.archive) for found in files),
        captures=evidence,
        paths=tuple(path for one in reported for path in one.paths),
        sessions=tuple(one.sessions for one in reported if one.sessions),
        rules=tuple(one.rules for one in reported if one.rules),
        attempts=tuple(one.attempts for one in reported if one.attempts),
        sockets=tuple(one.sockets for one in reported if one.sockets),
        counters=tuple(one.counters for one in reported if one.counters),
        logs=tuple(one.log for one in reported if one.log),
        flows=tuple(one.flows for one in reported if one.flows),
        echoes=tuple(one.echoes for one in reported if one.echoes),
        probes=tuple(one.probes for one in reported if one.probes),
        manifests=tuple(one.manifest for one in reported if one.manifest),
        inventories=tuple(one.inventory for one in reported if one.inventory),
    )
    return Gathered(case=case, joined=joined)


def _listed(found: Found) -> Reported:
    """One of the user's own lists."""
    from bothways.host.inventories import read_inventory  # noqa: PLC0415 - as below

    return read_inventory(found)


def _read(found: Found, role: Role) -> CaptureFile | Reported:
    """One file: a capture is only recognised, everything else is read."""
    if found.trouble:
        return unread(found, role, found.trouble)
    try:
        head = head_of(found)
        if is_archive(head):
            return unread(
                found, role, "an archive inside of another file is not read: unpack that, and give what it holds"
            )
        if is_capture(head):
            return CaptureFile(found=found, role=role)
        from bothways.host.report_files import read_report  # noqa: PLC0415 - captures alone need none of its readers

        return read_report(found, role)
    except OSError as error:
        return unread(found, role, f"it cannot be read: {reason(error)}")


def _hashed(case: Case, found: Sequence[Found]) -> Case:
    """*case*, whose files are *found*, with the hashes of its captures."""
    files = (
        replace(file, sha256=file.sha256 or hash_of(one)) if file.kind is Kind.CAPTURE else file
        for file, one in zip(case.files, found, strict=True)
    )
    return replace(case, files=tuple(files))


def _check_roles(case: Case, spoken_of_by_user: frozenset[str]) -> None:
    """What the user says of a file must be something that its kind can be."""
    for file in case.files:
        if file.path not in spoken_of_by_user or file.kind is Kind.UNREAD:
            continue
        if file.role.way is not None and file.kind is not Kind.PATH:
            message = f"--path {file.path}: it holds no path report but {KIND_NAMES[file.kind]}; leave the option out"
            raise CallError(message)
        if file.role.vantage is not None and file.kind not in OF_A_PLACE:
            holds = KIND_NAMES[file.kind]
            message = f"--vantage {file.path}: it holds {holds}, which has no vantage; leave the option out"
            raise CallError(message)


def _can_be_judged(case: Case) -> bool:
    """Whether anything in it speaks of a connection or a path. Rules alone do not say what happened."""
    return (
        any(capture.survey.rows for capture in case.captures)
        or any(path.report.hops for path in case.paths)
        or any(session.protocol == "tcp" for log in case.sessions for session in log.sessions)
        or any(log.attempts for log in case.attempts)
        or any(item.listing.sockets for item in case.sockets)
        or any(log.flows for log in case.flows)
    )


def _nothing_to_judge(paths: Sequence[str], case: Case) -> str:
    """One sentence: what was attempted, on what, and what to do."""
    if not paths:
        return "nothing to judge: no file was named; give captures, path reports or logs, or a folder of them"
    count = len(case.files)
    looked = f"looked at {count} files. " if count > 1 else ""
    troubles = [f"{file.path}: {_trouble(file)}" for file in case.files]
    told = "; ".join(troubles[:MOST_REASONS])
    more = f"; and {count - MOST_REASONS} more" if count > MOST_REASONS else ""
    do = (
        "give a capture (tcpdump -w), a path report (mtr, traceroute), a conntrack table, a list of sockets (ss -tnoi) "
        "or a curl -v log"
    )
    return f"nothing to judge: {looked}{told}{more}. To go on, {do}"


def _trouble(file: EvidenceFile) -> str:
    if file.problems:
        return str(file.problems[0]).removesuffix(".")
    return f"it holds {file.kind}, and that alone does not say how a connection went"
