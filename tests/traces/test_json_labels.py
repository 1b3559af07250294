"""Label stacks as scamper, Atlas, Trippy and dublin-traceroute spell them."""

import pytest

from bothways.evidence.quoted_probe import Label
from bothways.traces.json_labels import labels
from bothways.traces.labels import MOST_LABELS

STACK = (Label(value=24015, traffic_class=4, bottom=False, ttl=1), Label(value=16, traffic_class=0, bottom=True, ttl=2))


@pytest.mark.parametrize(
    ("label", "exp", "bottom", "ttl"),
    [
        ("mpls_label", "mpls_exp", "mpls_s", "mpls_ttl"),
        ("label", "exp", "s", "ttl"),
        ("label", "exp", "bos", "ttl"),
        ("label", "experimental", "bottom_of_stack", "ttl"),
    ],
)
def test_every_spelling_is_the_same_stack(label: str, exp: str, bottom: str, ttl: str) -> None:
    assert labels([{label: 24015, exp: 4, bottom: 0, ttl: 1}, {label: "16", exp: 0, bottom: True, ttl: 2}]) == STACK


def test_what_is_not_told_is_not_zero_and_what_is_no_label_is_left_out() -> None:
    assert labels([{"label": 7}, {"label": 1 << 20}, {"ttl": 3}, 9]) == (Label(value=7),)
    assert len(labels([{"label": 7}] * 99)) == MOST_LABELS
