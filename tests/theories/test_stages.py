"""How far a connection gets, by its drawing."""

import pytest
from msgspec.structs import replace

from bothways.theories.catalogue import THEORIES
from bothways.theories.ladder import Ladder, Rung, Upright, back, there, to_middle
from bothways.theories.stages import Stage, stage_of

SYN, SYN_ACK, ACK, DATA = there("SYN"), back("SYN+ACK"), there("ACK"), there("data")
MIDDLE, SERVER = Upright.MIDDLE, Upright.SERVER


@pytest.mark.parametrize(
    ("rungs", "stage"),
    [
        ([there("SYN", dropped=MIDDLE)], Stage.SYN),
        ([SYN, back("RST+ACK")], Stage.SYN),
        ([there("SYN (odd)", dropped=MIDDLE), SYN, SYN_ACK], Stage.SYN),
        ([SYN, back("SYN+ACK", dropped=MIDDLE)], Stage.SYN),
        ([SYN, back("SYN+ACK", dropped=Upright.CLIENT)], Stage.SYN),
        ([SYN, SYN_ACK, there("ACK", dropped=SERVER)], Stage.HANDSHAKE),
        ([SYN, SYN_ACK, there("SYN (again)")], Stage.HANDSHAKE),
        ([to_middle("SYN"), back("SYN+ACK", start=MIDDLE), to_middle("ACK")], Stage.HANDSHAKE),
        ([SYN, SYN_ACK, ACK, there("data", dropped=MIDDLE)], Stage.DATA),
        ([SYN, SYN_ACK, ACK, DATA, back("data", dropped=MIDDLE)], Stage.DATA),
        ([SYN, SYN_ACK, ACK, DATA, back("ACK")], Stage.TAKEN),
    ],
)
def test_the_drawing_tells_how_far_it_gets(rungs: list[Rung], stage: Stage) -> None:
    theory = replace(THEORIES[0], ladder=Ladder(middle="filter", rungs=tuple(rungs)))
    assert stage_of(theory) is stage


def test_without_a_drawing_it_is_not_known() -> None:
    assert stage_of(replace(THEORIES[0], ladder=None)) is Stage.ANYWHERE
