"""MPLS labels and numbers of networks, as each program prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothways.evidence.quoted_probe import Label
from bothways.traces.labels import MOST_LABELS, labels_in, networks_in


def label(value: int, traffic_class: int | None, bottom: int | None, ttl: int | None) -> Label:
    return Label(value=value, traffic_class=traffic_class, bottom=None if bottom is None else bottom == 1, ttl=ttl)


@pytest.mark.parametrize(
    ("text", "stack"),
    [
        ("<MPLS:L=24001,E=2,S=0,T=1/L=16,E=0,S=1,T=255>", (label(24001, 2, 0, 1), label(16, 0, 1, 255))),
        ("[MPLS: Label 19 Exp 0]", (label(19, 0, None, None),)),
        ("[MPLS: Labels 577687/617891 Exp 5]", (label(577687, 5, None, None), label(617891, None, None, None))),
        ("MPLS Label=299856 CoS=0 TTL=1 S=1", (label(299856, 0, 1, 1),)),
        ("[MPLS: Lbl 24001 TC 0 S u TTL 1]", (label(24001, 0, None, 1),)),
        ("[MPLS: Lbl 24001 Exp 0 S \x01u TTL 1]", (label(24001, 0, 1, 1),)),
        ("[MPLS: Lbl 24001, TC 0, S 1, TTL 63]", (label(24001, 0, 1, 63),)),
        ("[Label=24001 E=0 TTL=1 S=0]", (label(24001, 0, 0, 1),)),
    ],
)
def test_every_form_says_the_same(text: str, stack: tuple[Label, ...]) -> None:
    assert labels_in(text) == stack


def test_what_no_label_can_be_is_left_out() -> None:
    assert labels_in("[MPLS: Label 1048576 Exp 0]") == ()
    assert labels_in("[MPLS: Lbl 1 TC 9 S 7 TTL 999]") == (label(1, None, None, None),)
    assert len(labels_in("[MPLS: " + "Lbl 1 " * 99)) == MOST_LABELS


def test_networks_are_told_once_and_without_nought() -> None:
    assert networks_in("[AS174/AS3356/AS174]") == (174, 3356)
    assert networks_in("[AS0]") == ()
    assert networks_in("[AS 4294967296]") == ()


@given(st.integers(0, (1 << 20) - 1), st.integers(0, 7), st.integers(0, 1), st.integers(0, 255))
def test_what_was_printed_is_read_back(value: int, traffic_class: int, bottom: int, ttl: int) -> None:
    text = f"<MPLS:L={value},E={traffic_class},S={bottom},T={ttl}>"
    assert labels_in(text) == (label(value, traffic_class, bottom, ttl),)
