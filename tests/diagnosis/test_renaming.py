"""No verdict may hang on a name or an address: another campus with the same packets gets the same answer."""

import pytest

from bothways.diagnosis.diagnose import diagnose
from bothways.diagnosis.model import Diagnosis, TargetDiagnosis
from bothways.host.gather import gather
from bothways.host.hints import word
from tests.helpers.renamed import Renaming, rename_folder
from tests.helpers.repository import TOP

CAMPUS = TOP / "examples" / "campus"


def _other_name(old: str) -> str:
    """Another name of the same length: nothing firewall-like for the firewall, something firewall-like for a router.

    An interface keeps its own (`ae7`), by which the names of one router's interfaces are told to be one router's.
    """
    if "-fw-" in old:
        new = "meadow-lane-7.orchard.test"
    elif old.startswith("dist-"):
        new = "fw-old-2.orchard.test"
    else:
        interface, dot, rest = old.partition(".") if old.startswith("ae") else ("", "", old)
        new = interface + dot + rest.translate(str.maketrans("aeiounrst", "eioauxlpd"))
    return new[: len(old)].ljust(len(old), "x")


@pytest.fixture(scope="module")
def renaming() -> Renaming:
    return Renaming(CAMPUS, _other_name)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, renaming: Renaming) -> tuple[Diagnosis, Diagnosis]:
    folder = tmp_path_factory.mktemp("elsewhere") / "evidence"
    rename_folder(CAMPUS, folder, renaming)
    said = word([], [])
    return diagnose(gather([str(CAMPUS)], said=said)), diagnose(gather([str(folder)], said=said))


def test_every_host_and_address_changed(renaming: Renaming) -> None:
    assert len(renaming.there) > 20
    assert all(old != new for old, new in renaming.there.items())


def test_the_new_names_are_what_the_renamed_evidence_holds(both: tuple[Diagnosis, Diagnosis]) -> None:
    old, new = both
    assert old.targets[0].server.address != new.targets[0].server.address
    assert old.targets[0].name != new.targets[0].name


def test_the_verdict_is_the_same(both: tuple[Diagnosis, Diagnosis], renaming: Renaming) -> None:
    old, new = both
    assert [_told(target) for target in old.targets] == [
        tuple(_back(renaming, part) for part in _told(target)) for target in new.targets
    ]


def _back(renaming: Renaming, part: object) -> object:
    if isinstance(part, str):
        return renaming.original(part)
    if isinstance(part, tuple):
        return tuple(_back(renaming, item) for item in part)
    return part


def _told(target: TargetDiagnosis) -> tuple[object, ...]:
    """Everything that a target's diagnosis says, in plain values, but for the network, which is cut from an address."""
    where = target.verdict.where
    return (
        target.server.address,
        target.name,
        (target.seen, target.failed, target.censored),
        str(target.verdict.ruling),
        target.verdict.theory,
        target.verdict.possible,
        where and (str(where.way), where.last_seen, where.first_missing),
        where and tuple((hop.name, hop.address, hop.index) for hop in where.hops),
        tuple((item.theory, str(item.standing), round(item.probability, 12)) for item in target.judged),
        tuple(
            (fact.kind.id, str(fact.answer), fact.says, tuple(str(cite) for cite in fact.cites), fact.sure)
            for fact in target.facts
        ),
        target.inseparable,
    )
