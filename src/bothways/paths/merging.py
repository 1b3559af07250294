"""The replies of many runs at one distance, put together: one for each responder, as far as that is certain.

One report names a router, another gives its address. That both mean one router is certain where a third one prints
both, and as good as certain where reports that agree elsewhere know one responder each at this distance. Otherwise they
stay two replies, and so does one name with two addresses.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import fields

from bothways.evidence.path_report import HopReply
from bothways.evidence.quoted_probe import QuotedProbe

LEAST_ALIKE = 3
"""Distances at which a report of names and one of addresses must answer, each with one responder and silent at the
same others, before they are taken for one way though nothing is the same in them: fewer are alike by chance."""

Key = tuple[str | None, str | None]
"""Name in lower case (RFC 4343), and address: what a report gives of a responder."""

_Value = TypeVar("_Value", bound=Hashable)


def key_of(reply: HopReply) -> Key:
    """What is compared."""
    return (reply.name.casefold() if reply.name else None, reply.address)


def responders(keys: Iterable[Key]) -> dict[Key, Key]:
    """For each of the *keys* at one distance the responder that it means: itself, or the one with name and address."""
    known = set(keys)
    if len(known) == 1:
        return {key: key for key in known}
    whole = [key for key in known if None not in key]
    by_name, by_address = Counter(name for name, _ in whole), Counter(address for _, address in whole)
    means = {key: key for key in known}
    for name, address in whole:
        if by_name[name] == 1 and (name, None) in known:
            means[name, None] = (name, address)
        if by_address[address] == 1 and (None, address) in known:
            means[None, address] = (name, address)
    return means


class _Place(Struct, frozen=True, kw_only=True):
    """One distance: which runs, by number, have which responders."""

    runs: Mapping[Key, frozenset[int]]

    @property
    def halves(self) -> tuple[Key, Key] | None:
        """A name and an address that no run shows side by side, if that is all there is here."""
        if len(self.runs) != 2:
            return None
        named, numbered = sorted(self.runs, key=lambda key: key[1] is not None)
        apart = not self.runs[named] & self.runs[numbered]
        return (named, numbered) if named[1] is None and numbered[0] is None and apart else None


def meanings(runs: Sequence[Mapping[int, Sequence[Key]]]) -> dict[int, dict[Key, Key]]:
    """For each distance what each key means, by all *runs* of a way: each tells the keys at each of its distances."""
    keys: dict[int, set[Key]] = {}
    for run in runs:
        for index, here in run.items():
            keys.setdefault(index, set()).update(here)
    means = {index: responders(here) for index, here in keys.items()}
    places = _places(runs, means)
    for index, (named, numbered) in _joined(places, runs):
        one = (named[0], numbered[1])
        means[index] = dict.fromkeys(means[index], one)
    return means


def _places(runs: Sequence[Mapping[int, Sequence[Key]]], means: Mapping[int, Mapping[Key, Key]]) -> dict[int, _Place]:
    seen: dict[int, dict[Key, set[int]]] = {}
    for number, run in enumerate(runs):
        for index, here in run.items():
            for key in here:
                seen.setdefault(index, {}).setdefault(means[index][key], set()).add(number)
    return {
        index: _Place(runs={key: frozenset(numbers) for key, numbers in seen[index].items()}) for index in sorted(seen)
    }


def _joined(
    places: Mapping[int, _Place], runs: Sequence[Mapping[int, Sequence[Key]]]
) -> list[tuple[int, tuple[Key, Key]]]:
    """Distances where a name and an address mean one responder, and which."""
    halves = {index: pair for index, place in places.items() if (pair := place.halves)}
    if halves and len(halves) == len(places):
        return list(halves.items()) if _are_alike(runs) else []
    order = list(places)
    return [
        (index, pair)
        for at, index in enumerate(order)
        if (pair := halves.get(index))
        and any(
            _agree(places, halves, side, pair, places[index]) for side in (order[at + 1 :], list(reversed(order[:at])))
        )
    ]


def _agree(
    places: Mapping[int, _Place],
    halves: Mapping[int, tuple[Key, Key]],
    side: Sequence[int],
    pair: tuple[Key, Key],
    at: _Place,
) -> bool:
    """Whether the nearest distance on one side that both kinds of reports can tell shows them the same responder."""
    place = next((places[index] for index in side if index not in halves), None)
    if place is None or len(place.runs) != 1:
        return False
    (seen,) = place.runs.values()
    return all(seen & at.runs[half] for half in pair)


def _are_alike(runs: Sequence[Mapping[int, Sequence[Key]]]) -> bool:
    """Whether all *runs* answer at the same distances, enough of them."""
    shapes = {frozenset(index for index, here in run.items() if here) for run in runs}
    return len(shapes) == 1 and len(next(iter(shapes))) >= LEAST_ALIKE


def united(replies: Sequence[HopReply], means: Mapping[Key, Key]) -> tuple[HopReply, ...]:
    """One reply for each responder at a distance, with all that any of *replies*, in the order of the runs, has."""
    members: dict[Key, list[HopReply]] = {}
    for reply in replies:
        members.setdefault(means[key_of(reply)], []).append(reply)
    return tuple(_one(group) for group in members.values())


def _one(group: Sequence[HopReply]) -> HopReply:
    if len(group) == 1:
        return group[0]
    return HopReply(
        name=next((one.name for one in group if one.name), None),
        address=next((one.address for one in group if one.address), None),
        marks=tuple(dict.fromkeys(mark for one in group for mark in one.marks)),
        round_trips=tuple(trip for one in group for trip in one.round_trips),
        back=_usual(one.back for one in group),
        reply_ttl=_usual(one.reply_ttl for one in group),
        quoted=_quoted([one.quoted for one in group if one.quoted is not None]),
        labels=_usual(one.labels or None for one in group) or (),
        networks=tuple(sorted({number for one in group for number in one.networks})),
    )


def _usual(values: Iterable[_Value | None]) -> _Value | None:
    """What most say; None where nobody does, or as many say something else."""
    told = [one for one in values if one is not None]
    if len(set(told)) <= 1:
        return told[0] if told else None
    (first, most), (_, next_most) = Counter(told).most_common(2)
    return first if most > next_most else None


def _quoted(probes: Sequence[QuotedProbe]) -> QuotedProbe | None:
    """Field by field what all quotations show alike."""
    if not probes:
        return None
    values = {field.name: {getattr(one, field.name) for one in probes} - {None} for field in fields(QuotedProbe)}
    return QuotedProbe(**{name: shown.pop() for name, shown in values.items() if len(shown) == 1})
