"""From paths to a verdict on standard output: what `diagnose` and `check` have in common."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bothways.diagnosis.model import Diagnosis
    from bothways.diagnosis.roles import Roles
    from bothways.host.beside import Beside
    from bothways.host.hints import Word


def judge(paths: "Sequence[str]", roles: "Roles", said: "Word", beside: "Beside", *, hashes: bool) -> "Diagnosis":
    """Read everything and judge it; the hashes of captures are for the document only."""
    from bothways.cli.targets import check_scope  # noqa: PLC0415 - as above
    from bothways.diagnosis.diagnose import diagnose as diagnosed  # noqa: PLC0415
    from bothways.host.gather import gather_joined  # noqa: PLC0415
    from bothways.host.progress import ProgressLine  # noqa: PLC0415

    progress = ProgressLine()
    try:
        gathered = gather_joined(paths, said=said, span=roles.span, beside=beside, report=progress, hashes=hashes)
    finally:
        progress.wipe()
    diagnosis = diagnosed(gathered.case, roles, gathered.joined)
    check_scope(diagnosis, roles)
    return diagnosis


def show(diagnosis: "Diagnosis", *, as_json: bool, verbose: bool, width: int | None) -> None:
    """What was found, for people or for programs."""
    from bothways.cli.output import say, say_page  # noqa: PLC0415 - as above
    from bothways.report.page import page_of  # noqa: PLC0415

    page = page_of(diagnosis)
    if as_json:
        from bothways.report.json_document import document  # noqa: PLC0415

        say(document(diagnosis, page).decode())
    else:
        say_page(page, detail=verbose, width=width)


def status(diagnosis: "Diagnosis") -> int:
    """The verdict as an exit status."""
    from bothways.diagnosis.model import Ruling  # noqa: PLC0415 - as above

    statuses: dict[Ruling, int] = {
        Ruling.HEALTHY: 0,
        Ruling.CONFIRMED: 1,
        Ruling.OPEN: 1,
        Ruling.UNDETERMINED: 4,
    }
    return statuses[diagnosis.verdict.ruling]
