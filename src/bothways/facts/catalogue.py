"""The explicit list of all kinds of facts and of what measures them. A new fact is one file and one line here."""

from collections.abc import Callable

from bothways.facts import (
    acceptance,
    age_at_death,
    challenge_ack,
    checksums,
    comparison,
    contrast,
    distance,
    encapsulation,
    firewall_log,
    firewall_rules,
    firewall_state,
    health,
    host_counters,
    host_rules,
    icmp_errors,
    loops,
    many,
    one_way_routers,
    opening,
    opening_on_path,
    outstanding,
    reach,
    replies,
    reply_arrival,
    reply_rules,
    resets,
    rewriting,
    server_answer,
    sockets,
    state_counters,
    stuck,
    syn_repeats,
    tuple_reuse,
    vlans,
    ways,
    worked_before,
)
from bothways.facts.fact import Fact, Kind
from bothways.facts.subject import Subject

Measure = Callable[[Subject], Fact]

FACTS: tuple[tuple[Kind, Measure], ...] = (
    (health.HEALTH, health.health),
    (opening.ANSWER_TO_SYN, opening.answer_to_syn),
    (syn_repeats.SYN_REPEATS, syn_repeats.syn_repeats),
    (server_answer.SERVER_ANSWER, server_answer.server_answer),
    (reply_arrival.REPLY_AT_CLIENT, reply_arrival.reply_at_client),
    (reply_arrival.REPLY_RETURNED, reply_arrival.reply_returned),
    (acceptance.SERVER_TOOK_ACK, acceptance.server_took_ack),
    (acceptance.SYN_ACK_REPEATS, acceptance.syn_ack_repeats),
    (acceptance.CLIENT_DATA_ACKED, acceptance.client_data_acked),
    (reach.SEEN_AT_SERVER, reach.seen_at_server),
    (reach.ACK_FATE, reach.ack_fate),
    (reach.PLACE_OF_LOSS, reach.place_of_loss),
    (outstanding.OUTSTANDING, outstanding.outstanding),
    (stuck.STUCK_SIZE, stuck.stuck_size),
    (contrast.SIZE_CONTRAST, contrast.size_contrast),
    (stuck.STUCK_CONTENT, stuck.stuck_content),
    (resets.RESET_MOMENT, resets.reset_moment),
    (resets.RESET_SENDER, resets.reset_sender),
    (replies.SERVER_BYTES_MISSING, replies.server_bytes_missing),
    (replies.SERVER_SENT_PAYLOAD, replies.server_payload_arrived),
    (replies.SERVER_WINDOW, replies.server_window),
    (firewall_state.FIREWALL_STATE, firewall_state.firewall_state),
    (firewall_rules.DROP_RULE, firewall_rules.drop_rule),
    (reply_rules.REPLY_RULE, reply_rules.reply_rule),
    (ways.FIREWALL_ON_WAYS, ways.firewall_on_ways),
    (ways.TRACE_THERE, ways.trace_there),
    (loops.LOOP, loops.loop),
    (icmp_errors.ICMP_THERE, icmp_errors.icmp_there),
    (icmp_errors.ICMP_BACK, icmp_errors.icmp_back),
    (icmp_errors.ICMP_SENDER, icmp_errors.icmp_sender),
    (comparison.SAME_NAME_ELSEWHERE, comparison.same_name_elsewhere),
    (comparison.SAME_ADDRESS_OTHERWISE, comparison.same_address_otherwise),
    (comparison.SIBLINGS, comparison.siblings),
    (rewriting.ADDRESSES_REWRITTEN, rewriting.addresses_rewritten),
    (rewriting.SEQUENCE_REWRITTEN, rewriting.sequence_rewritten),
    (rewriting.MSS_REWRITTEN, rewriting.mss_rewritten),
    (rewriting.OPTIONS_REWRITTEN, rewriting.options_rewritten),
    (rewriting.SACK_BLOCKS, rewriting.sack_blocks),
    (distance.ROUTERS_EACH_WAY, distance.routers_each_way),
    (sockets.SERVER_SOCKET, sockets.server_socket),
    (sockets.ACCEPT_QUEUE, sockets.accept_queue),
    (host_counters.LISTEN_OVERFLOWS, host_counters.listen_overflows),
    (host_counters.SERVER_DISCARDS, host_counters.server_discards),
    (host_counters.CLIENT_DISCARDS, host_counters.client_discards),
    (host_counters.REPEATS_AT_CLIENT, host_counters.repeats_at_client),
    (host_rules.SERVER_RULE, host_rules.server_rule),
    (host_rules.CLIENT_RULE, host_rules.client_rule),
    (checksums.CHECKSUM_AT_SERVER, checksums.checksum_at_server),
    (checksums.CHECKSUM_AT_CLIENT, checksums.checksum_at_client),
    (state_counters.INVALID_COUNTED, state_counters.invalid_counted),
    (state_counters.STATE_TABLE, state_counters.state_table),
    (firewall_log.LOGGED_DROPS, firewall_log.logged_drops),
    (encapsulation.CARRIED_IN, encapsulation.carried_in),
    (vlans.VLANS_REWRITTEN, vlans.vlans_rewritten),
    (many.SHARE_OF_CONNECTIONS, many.share_of_connections),
    (many.TIME_PATTERN, many.time_pattern),
    (many.DIFFERS_BY, many.differs_by),
    (opening_on_path.OPENING_ON_PATH, opening_on_path.opening_on_path),
    (one_way_routers.ONE_WAY_ROUTERS, one_way_routers.one_way_routers),
    (worked_before.WORKED_BEFORE, worked_before.worked_before),
    (age_at_death.AGE_AT_DEATH, age_at_death.age_at_death),
    (challenge_ack.CHALLENGE_ACK, challenge_ack.challenge_ack),
    (tuple_reuse.TUPLE_REUSE, tuple_reuse.tuple_reuse),
)


_BY_ID = {kind.id: kind for kind, _ in FACTS}


def kind_called(name: str) -> Kind | None:
    """The kind whose id is *name*; None where there is none."""
    return _BY_ID.get(name)


def measure(subject: Subject) -> tuple[Fact, ...]:
    """Answer every kind for *subject*, in the order of the list; what cannot be told is there as unknown."""
    return tuple(function(subject) for _, function in FACTS)
