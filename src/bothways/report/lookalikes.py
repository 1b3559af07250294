"""Words for the causes that look the same from a view."""

from collections.abc import Iterator

from bothways.report.text import listed
from bothways.theories.catalogue import THEORIES
from bothways.theories.theory import Theory
from bothways.verdict.neighbours import neighbours_by_view
from bothways.verdict.views import View

HEADING = "What can look the same"

HOW = (
    "Computed from what all causes expect: to every question that the evidence answers as a rule, the two share an "
    "answer that neither finds unlikely."
)

NOBODY = "no other cause"

_WORDS = {
    View.CLIENT: "Client's capture",
    View.SERVER: "Server's capture",
    View.BOTH: "Both captures",
    View.FIREWALL: "Firewall's evidence",
    View.WHOLE: "Everything",
}


def rows(theory: Theory) -> Iterator[tuple[str, str]]:
    """Each view in words, with the ids of the causes that can look like *theory* from there."""
    for view, others in neighbours_by_view(theory, THEORIES).items():
        yield _WORDS[view], listed([other.id for other in others], last="and") if others else NOBODY
