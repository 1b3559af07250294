"""From the paths that a user names to a case that can be judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bothways.captures import is_capture
from bothways.errors import CallError, InputError
from bothways.evidence.case import Case, EvidenceFile, Kind, Role
from bothways.evidence.problem import Problem
from bothways.host.capture_files import Surveyed, first_pass, second_pass
from bothways.host.found import Found, find, reason
from bothways.host.hints import Word, roles
from bothways.host.opened import head_of
from bothways.host.progress import Report, silent
from bothways.host.report_files import Reported, read_report, unread

KIND_NAMES = {
    Kind.CAPTURE: "a capture",
    Kind.PATH: "a path report",
    Kind.SESSIONS: "connection-tracking records",
    Kind.RULES: "a rule set",
    Kind.ATTEMPTS: "a log of attempts",
}

MOST_REASONS = 3
"""Files whose trouble is told in the one sentence of a failed call."""


def gather(paths: Sequence[str], *, said: Word, report: Report = silent) -> Case:
    """Read everything that *paths* name.

    Args:
        paths: Files and folders.
        said: The user's word about single files.
        report: Told how far the reading is.

    Raises:
        CallError: A path does not exist, or the user speaks of a file that is not there.
        InputError: Nothing that was read can be judged.
    """
    files = find(paths)
    role_of = roles(files, said)
    pile = _Pile()
    for found in files:
        pile.add(_read(found, role_of[found.cited], report))
    case = pile.case(report)
    _check_roles(case)
    if not _can_be_judged(case):
        raise InputError(_nothing_to_judge(paths, case))
    return case


def _check_roles(case: Case) -> None:
    """What the user says of a file must be something that its kind can be."""
    for file in case.files:
        if not file.role.decided or file.kind is Kind.UNREAD:
            continue
        if file.role.way is not None and file.kind is not Kind.PATH:
            message = f"--path {file.path}: it holds no path report but {KIND_NAMES[file.kind]}; leave the option out"
            raise CallError(message)
        if file.role.vantage is not None and file.kind is not Kind.CAPTURE:
            message = f"--vantage {file.path}: it holds no capture but {KIND_NAMES[file.kind]}; leave the option out"
            raise CallError(message)


def _read(found: Found, role: Role, report: Report) -> Surveyed | Reported:
    """One file, whatever it is. What is wrong with it never stops the rest."""
    if found.trouble:
        return unread(found, role, found.trouble)
    try:
        if is_capture(head_of(found.path)):
            return first_pass(found, role, report)
        return read_report(found, role)
    except OSError as error:
        return unread(found, role, f"it cannot be read: {reason(error)}")


@dataclass(slots=True, kw_only=True)
class _Pile:
    """What was read so far, in the order in which it was given."""

    read: list[Surveyed | Reported] = field(default_factory=list)

    def add(self, one: Surveyed | Reported) -> None:
        """One more file; the same capture under another name is no second observer."""
        if isinstance(one, Surveyed) and one.survey.packets:
            twin = next((other for other in self._surveyed() if other.file.sha256 == one.file.sha256), None)
            if twin is not None:
                problem = Problem(says=f"the same bytes as {twin.file.path}: judged once")
                one = Reported(file=replace(one.file, problems=(*one.file.problems, problem)))
        self.read.append(one)

    def case(self, report: Report) -> Case:
        """Everything side by side."""
        reported = [one for one in self.read if isinstance(one, Reported)]
        return Case(
            files=tuple(one.file for one in self.read),
            captures=second_pass(self._surveyed(), report),
            paths=tuple(path for one in reported for path in one.paths),
            sessions=tuple(one.sessions for one in reported if one.sessions),
            rules=tuple(one.rules for one in reported if one.rules),
            attempts=tuple(one.attempts for one in reported if one.attempts),
        )

    def _surveyed(self) -> list[Surveyed]:
        return [one for one in self.read if isinstance(one, Surveyed)]


def _can_be_judged(case: Case) -> bool:
    """Whether anything in it speaks of a connection or a path. Rules alone do not say what happened."""
    return (
        any(capture.survey.rows for capture in case.captures)
        or any(path.report.hops for path in case.paths)
        or any(session.protocol == "tcp" for log in case.sessions for session in log.sessions)
        or any(log.attempts for log in case.attempts)
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
    do = "give a capture (tcpdump -w), a path report (mtr, traceroute), a conntrack table or a curl -v log"
    return f"nothing to judge: {looked}{told}{more}. To go on, {do}"


def _trouble(file: EvidenceFile) -> str:
    if file.problems:
        return str(file.problems[0]).removesuffix(".")
    return f"it holds {file.kind}, and that alone does not say how a connection went"
