import re

import pytest

from bothways.captures import _kernel
from bothways.captures.troubles import Trouble
from bothways.evidence.problem import Problem


@pytest.mark.parametrize("trouble", Trouble)
def test_a_sentence_takes_its_numbers_in_order_and_no_surplus_ones(trouble: Trouble) -> None:
    places = [int(place) for place in re.findall(r"\{(\d)\}", trouble)]
    assert places == list(range(len(places)))
    says = trouble.problem(901, 902, 903).says
    assert "{" not in says
    assert [number for number in ("901", "902", "903") if number in says] == ["901", "902", "903"][: len(places)]


def test_a_problem_has_its_place() -> None:
    said = Trouble.ENDS_IN_PACKET.problem(7, 3, 60, offset=12, file="a.pcap")
    says = "the capture ends within packet 7: 3 of 60 bytes are there; it was left out"
    assert said == Problem(says=says, offset=12, file="a.pcap")


def test_a_link_type_is_called_by_its_name() -> None:
    assert Trouble.UNKNOWN_LINK.problem(147).says.startswith("link type 147 is not understood")


def test_the_kernel_knows_the_same_kinds_of_trouble() -> None:
    assert [trouble.name for trouble in Trouble] == _kernel.TROUBLES
