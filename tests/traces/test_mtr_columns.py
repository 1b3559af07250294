"""Figures are what their column says (mtr(8), option `--order`)."""

from bothways.traces.mtr_columns import statistics


def test_loss_may_follow_from_what_was_received_or_dropped() -> None:
    assert statistics(("Snt", "Rcv"), ("10", "9")).loss == 0.1
    assert statistics(("Snt", "Drop"), ("10", "5")).loss == 0.5
    assert statistics(("Loss%",), ("12.5%",)).loss == 0.125


def test_what_is_not_printed_is_unknown() -> None:
    found = statistics(("Last", "Avg"), ("1.0", "1.0"))
    assert (found.sent, found.loss, found.round_trips) == (None, None, ())


def test_impossible_shares_are_unknown() -> None:
    assert statistics(("Loss%",), ("250%",)).loss is None
    assert statistics(("Snt", "Rcv"), ("10", "90")).loss is None
