"""A place in the evidence, as the JSON document has it."""

from msgspec import UNSET, Struct, UnsetType

from bothways.evidence.citation import Citation
from bothways.report.text import clean


class Cite(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place in the evidence."""

    file: str
    frame: int | UnsetType = UNSET
    line: int | UnsetType = UNSET


def cited(cite: Citation) -> Cite:
    """*cite* for the document."""
    return Cite(
        file=clean(cite.file),
        frame=UNSET if cite.frame is None else cite.frame,
        line=UNSET if cite.line is None else cite.line,
    )
