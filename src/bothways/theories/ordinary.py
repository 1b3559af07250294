"""What connections show that fail for any other reason: how a theory expects the kinds that it says nothing about.

A counter that rose, a device that rewrites: such an observation is out of the ordinary, and a theory that does not
account for it has to explain it by chance. So it speaks for the theories that do account for it, and against all
others. What *is* ordinary speaks for nobody. Only kinds with an answer out of the ordinary stand here; of all others a
theory that does not care finds every answer equally likely. Nothing here is `never`: chance explains anything, rarely.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bothways.facts.fact import Kind
from bothways.facts.host_counters import SERVER_DISCARDS, Discarded
from bothways.facts.rewriting import SACK_BLOCKS, SEQUENCE_REWRITTEN, Blocks, Sequence
from bothways.facts.state_counters import STATE_TABLE, Room
from bothways.theories.theory import Expect, Expectation, expect

U, R = Expect.USUALLY, Expect.RARELY

_ORDINARY = (
    expect(SERVER_DISCARDS, {Discarded.NOTHING: U}, rest=R),
    expect(SEQUENCE_REWRITTEN, {Sequence.ONE_WAY: R}, rest=U),
    expect(SACK_BLOCKS, {Blocks.CONSISTENT: U}, rest=R),
    expect(STATE_TABLE, {Room.FREE: U}, rest=R),
)

ORDINARY: Mapping[Kind, Expectation] = MappingProxyType({expectation.kind: expectation for expectation in _ORDINARY})
