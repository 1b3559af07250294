"""Whatever the cause, and from wherever it is seen: nothing wrong is confirmed, and the truth is never eliminated."""

import pytest

from bothways.diagnosis.model import Diagnosis, Ruling
from bothways.theories.catalogue import THEORIES, UNEXPLAINED
from bothways.verdict.standing import Standing
from tests.helpers.causes import CAUSES, FIREWALL, Cause
from tests.helpers.known import without
from tests.helpers.network import Network

CATALOGUE = {theory.id for theory in THEORIES}
VIEWS = (
    ("client",),
    ("server",),
    ("client", "server"),
    FIREWALL,
    FIREWALL[:1],
    FIREWALL[1:],
    ("tap",),
    ("client", *FIREWALL, "server"),
)
BEYOND = {"firewall-outside", "tap", "server"}
EACH = [
    pytest.param(cause, view, id=f"{cause.name}:{'+'.join(view)}")
    for cause in CAUSES
    for view in VIEWS
    if not (cause.unseen_beyond and set(view) <= BEYOND)
]


def judged(cause: Cause, view: tuple[str, ...]) -> Diagnosis:
    network = Network(*view)
    cause.script(network)
    return network.diagnose()


@pytest.mark.parametrize(("cause", "view"), EACH)
def test_nothing_wrong_is_said(cause: Cause, view: tuple[str, ...]) -> None:
    diagnosis = judged(cause, view)
    for target in diagnosis.targets:
        assert target.verdict.theory in {None, cause.truth}
        fallen = [item for item in target.judged if item.standing is Standing.ELIMINATED]
        kills = [[fact.kind.id for fact in item.against] for item in fallen if item.theory == cause.truth]
        assert kills == []
        if target.verdict.ruling is Ruling.OPEN:
            assert UNEXPLAINED in target.verdict.possible
    if cause.truth == "healthy":
        assert diagnosis.verdict.ruling in {Ruling.HEALTHY, Ruling.UNDETERMINED}
    else:
        assert diagnosis.verdict.ruling is not Ruling.HEALTHY


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if cause.truth in CATALOGUE], ids=lambda cause: cause.name)
def test_a_cause_that_the_catalogue_does_not_know_is_never_confirmed_as_another(cause: Cause) -> None:
    with without(cause.truth):
        diagnosis = judged(cause, ("client", *FIREWALL, "server"))
    assert diagnosis.verdict.ruling in {Ruling.OPEN, Ruling.UNDETERMINED}


def test_the_scripts_cover_the_catalogue_and_most_of_the_contract() -> None:
    truths = {cause.truth for cause in CAUSES}
    assert truths >= CATALOGUE
    assert len(truths) >= 25
