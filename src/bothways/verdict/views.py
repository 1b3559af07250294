"""What an investigator may have of a case, and the questions that he can answer from it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bothways.facts.acceptance import CLIENT_DATA_ACKED, SERVER_TOOK_ACK, SYN_ACK_REPEATS
from bothways.facts.age_at_death import AGE_AT_DEATH
from bothways.facts.answer_number import ANSWER_ACKNOWLEDGES, CLIENT_RESETS_ANSWER
from bothways.facts.answerer import ANSWERED_BY, SYN_ACK_WINDOW
from bothways.facts.answers import APPLICATION_ANSWER, TLS_PROGRESS
from bothways.facts.catalogue import FACTS
from bothways.facts.challenge_ack import CHALLENGE_ACK
from bothways.facts.checksums import CHECKSUM_AT_SERVER
from bothways.facts.client_presence import CLIENT_PRESENCE
from bothways.facts.closing import WHO_CLOSED
from bothways.facts.contrast import SIZE_CONTRAST
from bothways.facts.fact import Kind
from bothways.facts.fate_by_port import FATE_BY_PORT
from bothways.facts.firewall_rules import DROP_RULE
from bothways.facts.firewall_state import FIREWALL_STATE
from bothways.facts.health import HEALTH
from bothways.facts.icmp_errors import ICMP_BACK, ICMP_SENDER, ICMP_THERE, Said
from bothways.facts.loss import LOSS_BACK, LOSS_THERE
from bothways.facts.opening import ANSWER_TO_SYN
from bothways.facts.opening_on_path import OPENING_ON_PATH
from bothways.facts.outstanding import OUTSTANDING
from bothways.facts.reach import ACK_FATE, PLACE_OF_LOSS, SEEN_AT_SERVER
from bothways.facts.receive_window import RECEIVE_WINDOW
from bothways.facts.replies import SERVER_BYTES_MISSING, SERVER_SENT_PAYLOAD, SERVER_WINDOW
from bothways.facts.reply_arrival import REPLY_AT_CLIENT, REPLY_RETURNED
from bothways.facts.reply_rules import REPLY_RULE
from bothways.facts.resets import RESET_MOMENT, RESET_SENDER, Moment
from bothways.facts.rewriting import SACK_BLOCKS, SEQUENCE_REWRITTEN
from bothways.facts.server_answer import SERVER_ANSWER
from bothways.facts.state_counters import STATE_TABLE
from bothways.facts.stuck import STUCK_CONTENT, STUCK_SIZE
from bothways.facts.syn_repeats import SYN_REPEATS
from bothways.facts.timestamps import TIMESTAMPS
from bothways.facts.tuple_reuse import TUPLE_REUSE
from bothways.facts.window_arithmetic import WINDOW_ARITHMETIC
from bothways.facts.worked_before import WORKED_BEFORE


class View(StrEnum):
    """What somebody may have."""

    CLIENT = "client"
    """The client's capture alone."""

    SERVER = "server"
    BOTH = "both"
    """The captures of both ends."""

    FIREWALL = "firewall"
    """What the firewall's administrator has: captures on both its sides, state, rules."""

    WHOLE = "whole"
    """Everything that could be had."""


_ANY_CAPTURE = frozenset(
    {
        HEALTH,
        ANSWER_TO_SYN,
        SYN_ACK_REPEATS,
        CLIENT_DATA_ACKED,
        OUTSTANDING,
        STUCK_SIZE,
        STUCK_CONTENT,
        RESET_MOMENT,
        SERVER_BYTES_MISSING,
        RECEIVE_WINDOW,
        WINDOW_ARITHMETIC,
        APPLICATION_ANSWER,
        TLS_PROGRESS,
        WHO_CLOSED,
        CLIENT_PRESENCE,
        TIMESTAMPS,
        CHALLENGE_ACK,
        TUPLE_REUSE,
        FATE_BY_PORT,
        WORKED_BEFORE,
        AGE_AT_DEATH,
    }
)
"""What one conversation shows wherever it is captured."""

_CLIENT = _ANY_CAPTURE | {
    REPLY_AT_CLIENT,
    SERVER_SENT_PAYLOAD,
    SERVER_WINDOW,
    SYN_ACK_WINDOW,
    ANSWER_ACKNOWLEDGES,
    CLIENT_RESETS_ANSWER,
    ICMP_THERE,
}

_SERVER = _ANY_CAPTURE | {
    SERVER_ANSWER,
    SERVER_TOOK_ACK,
    SYN_REPEATS,
    SEEN_AT_SERVER,
    ANSWERED_BY,
    CHECKSUM_AT_SERVER,
    REPLY_RETURNED,
    ICMP_BACK,
}

_BOTH = (
    _CLIENT
    | _SERVER
    | {
        ACK_FATE,
        PLACE_OF_LOSS,
        SIZE_CONTRAST,
        RESET_SENDER,
        LOSS_THERE,
        LOSS_BACK,
        SEQUENCE_REWRITTEN,
        SACK_BLOCKS,
        ICMP_SENDER,
    }
)

_FIREWALL = (_CLIENT - {REPLY_AT_CLIENT, ICMP_THERE, SERVER_WINDOW}) | {
    FIREWALL_STATE,
    DROP_RULE,
    REPLY_RULE,
    STATE_TABLE,
    OPENING_ON_PATH,
    SEQUENCE_REWRITTEN,
}

KINDS_IN_VIEW: Mapping[View, frozenset[Kind]] = MappingProxyType(
    {
        View.CLIENT: _CLIENT,
        View.SERVER: _SERVER,
        View.BOTH: _BOTH,
        View.FIREWALL: _FIREWALL,
        View.WHOLE: frozenset(kind for kind, _ in FACTS),
    }
)
"""Kinds that the evidence of a view answers as a rule, wherever the question arises. What depends on a control, on
other clients or on a second attempt is left out: an investigator may not have it."""

ARISES_UNLESS: Mapping[Kind, tuple[Kind, StrEnum]] = MappingProxyType(
    {RESET_SENDER: (RESET_MOMENT, Moment.NONE), ICMP_SENDER: (ICMP_THERE, Said.NONE)}
)
"""Questions that do not arise where another one has that answer."""
