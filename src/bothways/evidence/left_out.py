"""Connections that a capture shows and of which no rows were kept, as there were too many."""

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What was left out, in the order in which it is let go."""

    ONE_PACKET = "of which one packet was seen"
    """As a flood of SYNs leaves them."""

    WORKED = "that worked"
    ONLY_SYN = "that got no further than SYN and SYN+ACK"
    """The opener sent nothing but one SYN, or nothing but SYN+ACKs are in view: as a flood leaves them where the server
    answers."""

    OTHER = "of other kinds"


class LeftOut(Struct, frozen=True, kw_only=True):
    """The connections of one kind that were left out."""

    kind: Kind
    connections: int
    packets: int
    """Their packets, copies not counted."""


class Crowd(Struct, frozen=True, kw_only=True):
    """More connections than are held."""

    most: int
    """So many are held at a time."""

    left_out: tuple[LeftOut, ...]
    """In the order of `Kind`; at least one."""

    def __str__(self) -> str:
        """The sentence: `more than 400,000 connections: 9,600,000 of which one packet was seen were left out`."""
        listed = ", ".join(f"{one.connections:,} {one.kind}" for one in self.left_out)
        return f"more than {self.most:,} connections: {listed} were left out"
