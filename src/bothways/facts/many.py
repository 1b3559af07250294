"""What many connections to one target tell together: how many share a failure, since when, and by what they differ."""

from collections.abc import Sequence
from enum import StrEnum

from bothways.connections.daily import daily
from bothways.connections.differences import Difference, Form
from bothways.connections.exchange import Exchange
from bothways.connections.outcome import Outcome
from bothways.connections.traits import Trait
from bothways.evidence.citation import Citation
from bothways.facts.fact import Fact, Kind, unknown
from bothways.facts.split_words import told
from bothways.facts.subject import Subject
from bothways.units import SECOND, Instant

ENOUGH = 3
"""Failures from which "all fail" says more than one unlucky connection."""

TO_TELL = 10
"""Failed and working connections, of each, from which a trait that divides them would show: among ten and ten, one that
divides them wholly comes about by chance once in 184,756 times, and a hundred splits are looked at."""


class Share(StrEnum):
    """How many connections to the target share the failure."""

    ALL = "all"
    A_PART = "a-part"


class Pattern(StrEnum):
    """When connections to the target fail."""

    ALWAYS = "always"
    """None worked while it was watched."""
    SINCE_A_MOMENT = "since-a-moment"
    """They worked before, and it was still so at the end."""
    UNTIL_A_MOMENT = "until-a-moment"
    """They work since."""
    FOR_A_WHILE = "for-a-while"
    DAILY = "daily"
    """On several days, at the same time of day, and hardly at others."""
    INTERMITTENT = "intermittent"
    """Others worked in between, and time does not tell which."""


class DiffersBy(StrEnum):
    """What tells the failed connections from the working ones."""

    SOURCE_PORT = "source-port"
    CLIENT = "client"
    SIZE = "size"
    TIME = "time"
    OTHER_TRAIT = "other-trait"
    """Its age when it died, the TTLs with which its packets arrive, the options of its SYN."""
    NOTHING = "nothing"
    """There are enough of both to tell, and no trait that was looked at does."""


SHARE_OF_CONNECTIONS = Kind(
    id="share-of-connections",
    asks="Do all connections to the target share the failure?",
    family="share-of-connections",
    answers=Share,
    decisive=False,
)
TIME_PATTERN = Kind(
    id="time-pattern", asks="When do connections fail?", family="time-pattern", answers=Pattern, decisive=False
)
DIFFERS_BY = Kind(
    id="differs-by",
    asks="By what do the failed connections differ from those that work?",
    family="differs-by",
    answers=DiffersBy,
    decisive=False,
)

_ANSWERS = {
    Trait.CLIENT: DiffersBy.CLIENT,
    Trait.SOURCE_PORT: DiffersBy.SOURCE_PORT,
    Trait.TIME: DiffersBy.TIME,
    Trait.SIZE: DiffersBy.SIZE,
    Trait.REPLY_SIZE: DiffersBy.SIZE,
    Trait.AGE: DiffersBy.OTHER_TRAIT,
    Trait.WAY_BACK: DiffersBy.OTHER_TRAIT,
    Trait.WAY_THERE: DiffersBy.OTHER_TRAIT,
    Trait.OPTIONS: DiffersBy.OTHER_TRAIT,
}
_PATTERNS = {
    Form.AT_LEAST: Pattern.SINCE_A_MOMENT,
    Form.BELOW: Pattern.UNTIL_A_MOMENT,
    Form.WITHIN: Pattern.FOR_A_WHILE,
}


def share_of_connections(subject: Subject) -> Fact:
    """Whether every connection to the target shares the failure, or only a part."""
    failing, judged = subject.failures, subject.crowd.size
    if not failing:
        return unknown(SHARE_OF_CONNECTIONS, "no capture shows a connection that fails", moot=True)
    worked = subject.crowd.counts[Outcome.WORKED]
    if worked:
        says = f"{failing} of {judged} connections to this target share the failure, and {worked} worked"
        return Fact(kind=SHARE_OF_CONNECTIONS, answer=Share.A_PART, says=says, cites=_cites(subject))
    if failing < judged:
        return unknown(SHARE_OF_CONNECTIONS, "the other connections to this target fail or end otherwise")
    if subject.unseen:
        return unknown(SHARE_OF_CONNECTIONS, "more connections to this target went on out of view")
    if failing < ENOUGH:
        return unknown(SHARE_OF_CONNECTIONS, "too few connections to this target were tried")
    says = f"all {failing} connections to this target share the failure"
    return Fact(kind=SHARE_OF_CONNECTIONS, answer=Share.ALL, says=says, cites=_cites(subject))


def time_pattern(subject: Subject) -> Fact:
    """Since when, until when, or with what in between."""
    failing = subject.failing
    if not failing:
        return unknown(TIME_PATTERN, "no capture shows a connection that fails", moot=True)
    for difference in subject.differences:
        for split in (difference.split, *difference.alike):
            if split.trait is Trait.TIME and split.form in _PATTERNS:
                answer = _PATTERNS[split.form]
                return Fact(kind=TIME_PATTERN, answer=answer, says=told(difference), cites=_cites(subject))
    worked = subject.crowd.worked
    if not worked:
        if subject.failures < ENOUGH or subject.failures < subject.crowd.size or subject.unseen:
            return unknown(TIME_PATTERN, "too few connections to this target were tried, or seen to their end")
        says = f"no connection to this target worked, of {subject.failures}"
        return Fact(kind=TIME_PATTERN, answer=Pattern.ALWAYS, says=says, cites=_cites(subject))
    return _come_and_go(subject)


def _come_and_go(subject: Subject) -> Fact:
    """Neither since a moment nor until one: at a time of day, or now and then."""
    failing, worked = ([first for first, _ in _began(some)] for some in (subject.failing, subject.crowd.worked))
    counts = [count for _, count in _began(subject.crowd.worked)]
    between = _between(failing, worked, counts)
    if between < ENOUGH or subject.failures < ENOUGH:
        return unknown(TIME_PATTERN, "too few connections failed and worked to tell by time")
    often = daily(failing, worked, counts)
    if often is not None:
        says = (
            f"those that failed began between {_clock(often.begins)} and {_clock(often.ends)} UTC, on {often.days} "
            f"days, and {often.worked_within} of {sum(counts)} that worked"
        )
        return Fact(kind=TIME_PATTERN, answer=Pattern.DAILY, says=says, cites=_cites(subject))
    says = f"{between} connections worked between the first that failed and the last"
    return Fact(kind=TIME_PATTERN, answer=Pattern.INTERMITTENT, says=says, cites=_cites(subject))


def _clock(since_midnight: int) -> str:
    """`08:05`, rounded down."""
    minutes = since_midnight // (60 * SECOND)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _began(connections: Sequence[Exchange]) -> list[tuple[Instant, int]]:
    """When each began, and for how many it stands."""
    return [(first, item.stands_for) for item in connections if (first := item.seen[0].sides.first) is not None]


def _between(failed: Sequence[Instant], worked: Sequence[Instant], counts: Sequence[int]) -> int:
    """How many worked between the first that failed and the last."""
    if not failed:
        return 0
    first, last = min(failed), max(failed)
    return sum(count for moment, count in zip(worked, counts, strict=True) if first < moment < last)


def differs_by(subject: Subject) -> Fact:
    """By what the failed differ, where chance can hardly have done it."""
    if not subject.failing:
        return unknown(DIFFERS_BY, "no capture shows a connection that fails", moot=True)
    worked = subject.crowd.worked
    if not worked:
        return unknown(DIFFERS_BY, "no connection to this target worked, so there is nothing to compare with")
    if not subject.differences:
        count = subject.crowd.counts[Outcome.WORKED]
        if min(subject.failures, count) < TO_TELL:
            return unknown(DIFFERS_BY, "too few connections failed and worked to tell by what they differ")
        says = f"nothing that was looked at tells the {subject.failures} that failed from the {count} others"
        return Fact(kind=DIFFERS_BY, answer=DiffersBy.NOTHING, says=says, cites=_cites(subject))
    first = _foremost(subject.differences)
    if first.alike:
        return unknown(DIFFERS_BY, f"several traits tell them apart as well: {told(first)}")
    return Fact(kind=DIFFERS_BY, answer=_ANSWERS[first.split.trait], says=told(first), cites=_cites(subject))


def _foremost(found: Sequence[Difference]) -> Difference:
    """When it fails is told by `time_pattern`; what tells them apart besides says more of the cause."""
    return next((item for item in found if item.split.trait is not Trait.TIME), found[0])


def _cites(subject: Subject) -> tuple[Citation, ...]:
    return tuple(exchange.seen[0].begins for exchange in subject.exemplars)[:3]
