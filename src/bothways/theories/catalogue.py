"""The explicit list of all theories. A new cause is one file and one line here."""

from bothways.theories import (
    accept_queue_overflow,
    application_refused,
    application_silent,
    asymmetric_bypass,
    asymmetric_reply_through_firewall,
    client_gone_or_spoofed,
    client_refuses_reply,
    destination_blocked,
    destination_unreachable,
    established_outbound_drop,
    firewall_pair_unsynchronised,
    host_refuses_ack,
    mtu_black_hole,
    port_closed,
    receive_window_closed,
    reply_lost,
    routing_loop,
    server_ignores_syn,
    sni_filtered,
    source_blocked,
    state_expired,
)
from bothways.theories.theory import Theory

THEORIES: tuple[Theory, ...] = (
    mtu_black_hole.THEORY,
    sni_filtered.THEORY,
    destination_blocked.THEORY,
    source_blocked.THEORY,
    destination_unreachable.THEORY,
    routing_loop.THEORY,
    established_outbound_drop.THEORY,
    asymmetric_bypass.THEORY,
    asymmetric_reply_through_firewall.THEORY,
    firewall_pair_unsynchronised.THEORY,
    accept_queue_overflow.THEORY,
    host_refuses_ack.THEORY,
    server_ignores_syn.THEORY,
    reply_lost.THEORY,
    client_refuses_reply.THEORY,
    port_closed.THEORY,
    application_silent.THEORY,
    state_expired.THEORY,
    application_refused.THEORY,
    receive_window_closed.THEORY,
    client_gone_or_spoofed.THEORY,
)

UNEXPLAINED = "unexplained"
"""Id of what takes part in every weighing without expecting anything: a cause that this catalogue does not know."""
