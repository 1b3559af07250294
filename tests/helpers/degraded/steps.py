"""All steps by the names that the table uses."""

from collections.abc import Callable

from tests.helpers.degraded import clocks, company, copies, cutting, forms, losing, offload, reports, rewriting
from tests.helpers.degraded.taken import Evidence

Step = Callable[..., Evidence]

_ALL: tuple[Step, ...] = (
    *(cutting.snap, cutting.syn_only, cutting.syn_or_syn_ack, cutting.syn_fin_rst, cutting.payload_only),
    *(cutting.server_only, cutting.without_icmp, cutting.there_only, cutting.back_only, cutting.halves),
    *(cutting.late, cutting.late_by, cutting.stopped, cutting.truncated, cutting.missing),
    *(forms.any_v1, forms.any_v2, forms.tagged, forms.written, offload.offloaded),
    *(clocks.apart, clocks.drifting, clocks.stepped, clocks.never_set),
    *(losing.every_nth, losing.at_random, losing.burst),
    *(copies.twice, copies.routed_twice, copies.swapped, copies.by_interface),
    *(rewriting.source_nat, rewriting.destination_nat, rewriting.numbers_rewritten, rewriting.mss_clamped),
    *(rewriting.hops_reset, company.noisy, company.wrong_interface, company.scanned, reports.routers_silent),
)
STEPS = {step.__name__: step for step in _ALL}


def done(evidence: Evidence, steps: tuple[tuple[object, ...], ...]) -> Evidence:
    """*evidence* after *steps*, each a name and its arguments; a table as the last one holds named arguments."""
    for name, *arguments in steps:
        last = arguments[-1] if arguments else None
        named, plain = (last, arguments[:-1]) if isinstance(last, dict) else ({}, arguments)
        evidence = STEPS[str(name)](evidence, *plain, **named)
    return evidence
