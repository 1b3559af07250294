"""Kinds, theories and facts small enough to weigh by hand, for tests of the weighing itself."""

from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from bothways.facts.catalogue import FACTS
from bothways.facts.fact import Fact, Kind
from bothways.theories.theory import Expect, Proof, Theory, expect, proof


class Reply(StrEnum):
    """An answer to each of the kinds below."""

    YES = "yes"
    NO = "no"


ARRIVES = Kind(id="arrives", asks="Does it arrive?", family="reach", answers=Reply)
REACHES = Kind(id="reaches", asks="Does it reach?", family="reach", answers=Reply)
COUNTS = Kind(id="counts", asks="Does it count?", family="state", answers=Reply)
TTL = Kind(id="ttl", asks="Do the TTLs agree?", family="ttl", answers=Reply, decisive=False)
WAITS = Kind(id="waits", asks="Does it wait?", family="time", answers=Reply)
LASTS = Kind(id="lasts", asks="Does it last?", family="age", answers=Reply)
KINDS = (ARRIVES, REACHES, COUNTS, TTL, WAITS, LASTS)


def theory(name: str, *, proofs: tuple[Proof, ...] = (), **yes: Expect) -> Theory:
    """*yes* says for each kind how its answer `yes` is expected; `no` is expected the other way round."""
    by_id = {kind.id: kind for kind in KINDS}
    return Theory(
        id=name,
        title=name,
        claim=name,
        mend=name,
        expects=tuple(expect(by_id[kind], {Reply.YES: word, Reply.NO: _OPPOSITE[word]}) for kind, word in yes.items()),
        proofs=proofs,
    )


_OPPOSITE = {
    Expect.ALWAYS: Expect.NEVER,
    Expect.USUALLY: Expect.RARELY,
    Expect.EVEN: Expect.EVEN,
    Expect.RARELY: Expect.USUALLY,
    Expect.NEVER: Expect.ALWAYS,
}


def fact(kind: Kind, answer: Reply = Reply.YES, **more: Any) -> Fact:
    return Fact(kind=kind, answer=answer, says="measured", **more)


A, U, E, R, N = Expect.ALWAYS, Expect.USUALLY, Expect.EVEN, Expect.RARELY, Expect.NEVER

# Ids of the catalogue, because the priors are looked up by id.
FIRST = theory(
    "asymmetric-bypass",
    arrives=N,
    counts=A,
    waits=A,
    lasts=A,
    proofs=(proof((ARRIVES, Reply.NO), (COUNTS, Reply.YES)),),
)
SECOND = theory("established-outbound-drop", arrives=N, counts=R, proofs=(proof((COUNTS, Reply.NO)),))
THIRD = theory("accept-queue-overflow", arrives=A, proofs=(proof((ARRIVES, Reply.YES)),))
ALL = (FIRST, SECOND, THIRD)

SHOWN = (fact(ARRIVES, Reply.NO), fact(COUNTS), fact(WAITS), fact(LASTS))
"""Everything that the first theory expects."""

MEASURED = st.lists(
    st.sampled_from(FACTS).flatmap(
        lambda item: st.builds(
            Fact, kind=st.just(item[0]), answer=st.sampled_from(list(item[0].answers)), sure=st.booleans()
        )
    ),
    max_size=12,
    unique_by=lambda measured: measured.kind.id,
)
"""Any answers to some of the kinds that are really measured, by sure observers or not."""
