"""A target's subject has the traces that went to it, and beside them those of everything else."""

from bothways.diagnosis.by_address import ByAddress
from bothways.evidence.case import Case
from bothways.evidence.endpoint import Endpoint
from bothways.evidence.probing import ProbeLog, Sends
from tests.helpers.checked import CONTROL, SERVER, trace


def test_traces_are_sorted_by_address_and_port_and_datagrams_by_address() -> None:
    udp = trace(sends=Sends.UDP, destination=Endpoint(SERVER.address, 33434))
    other_port = trace(destination=Endpoint(SERVER.address, 80))
    log = ProbeLog(file="check.jsonl", traces=(trace(), trace(destination=CONTROL), udp, other_port))
    mine, others = ByAddress(Case(files=(), probes=(log,))).probes(SERVER)
    assert [one.traces for one in mine] == [(trace(), udp)]
    assert [one.traces for one in others] == [(trace(destination=CONTROL), other_port)]


def test_a_log_without_a_trace_to_the_target_is_left_out() -> None:
    log = ProbeLog(file="check.jsonl", traces=(trace(),))
    mine, others = ByAddress(Case(files=(), probes=(log,))).probes(CONTROL)
    assert (mine, others) == ((), (log,))
