"""What was measured, for people and for programs."""

import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.large.peers import CAT, DIAGNOSE, PASS_ONE
from bench.large.rounds import Timed

DIAGNOSIS_AIM, MEMORY_AIM, GROWTH_AIM = 3.0, 300e6, 1.1
"""The whole diagnosis in pass ones; bytes; memory for four times the data of as many connections."""

FULL, LARGE = "1", "4"
"""Captures that the aims are about."""


def machine() -> str:
    """What it was measured on."""
    models = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{len(models) or os.cpu_count()} x {models[0] if models else platform.machine()}, Linux {platform.release()}, "
        f"Python {platform.python_version()}; load before: {busy}"
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def table(measured: Sequence[Timed]) -> Iterator[str]:
    """A row for each reader and capture; how many times longer than pass one and than cat it takes."""
    yield (
        f"{'capture':9} {'reader':14} {'seconds':>9} {'cpu s':>9} {'runs':>4} {'Mpacket/s':>10} "
        f"{'GB/s':>7} {'peak MB':>8} {'x pass one':>10} {'x cat':>8}"
    )
    for one in measured:
        ratios = "".join(
            f" {one.median / base.median:{width}.2f}" if base else " " * (width + 1)
            for base, width in ((_of(measured, PASS_ONE, one.capture), 10), (_of(measured, CAT, one.capture), 8))
        )
        size = one.size * one.whole / one.packets
        scaled = "  scaled" if one.packets < one.whole else ""
        yield (
            f"{one.capture:9} {one.peer.name:14} {one.median:9.2f} {one.cpu:9.2f} {len(one.runs):4} "
            f"{one.rate / 1e6:10.3f} {size / one.median / 1e9:7.3f} {one.peak / 1e6:8.0f}{ratios}{scaled}"
        )
        if one.call is not None:
            yield (
                f"{'':9} {'  the call':14} {one.call:9.2f} {'':9} {len(one.called):4} "
                f"{one.whole / one.call / 1e6:10.3f} {size / one.call / 1e9:7.3f}"
            )


def _of(measured: Sequence[Timed], name: str, capture: str) -> Timed | None:
    return next((one for one in measured if one.peer.name == name and one.capture == capture), None)


def aims(measured: Sequence[Timed]) -> Iterator[str]:
    """What is asked of bothways, and what came out."""
    own = _of(measured, PASS_ONE, FULL)
    for one in measured:
        if own is not None and one.capture == FULL and one.peer.aim is not None:
            call, process = (one.median / seconds for seconds in (own.call or own.median, own.median))
            yield (
                f"pass one in speeds of {one.peer.name}, at least {one.peer.aim:g}: {call:.2f}, "
                f"{_word(call >= one.peer.aim)}; with the start of Python {process:.2f}, "
                f"{_word(process >= one.peer.aim)}"
            )
    whole = _of(measured, DIAGNOSE, FULL)
    if own is not None and whole is not None:
        process, call = (whole.median / seconds for seconds in (own.median, own.call or own.median))
        yield (
            f"diagnosis in pass ones, at most {DIAGNOSIS_AIM:g}: {process:.2f}, {_word(process <= DIAGNOSIS_AIM)}; in "
            f"calls of it {call:.2f}, {_word(call <= DIAGNOSIS_AIM)}"
        )
    for name in (PASS_ONE, DIAGNOSE):
        yield from _memory(_of(measured, name, FULL), _of(measured, name, LARGE))


def _memory(full: Timed | None, large: Timed | None) -> Iterator[str]:
    if full is None:
        return
    name = full.peer.name
    small = _word(full.peak < MEMORY_AIM)
    yield f"peak memory of {name}, less than {MEMORY_AIM / 1e6:.0f} MB: {full.peak / 1e6:.0f}, {small}"
    if large is not None:
        grown = large.peak / full.peak
        yield f"the same for 4 GB, at most {GROWTH_AIM:g} times: {grown:.2f}, {_word(grown <= GROWTH_AIM)}"


def _word(met: bool) -> str:  # noqa: FBT001 - it is all that there is to say
    return "met" if met else "MISSED"


def document(measured: Sequence[Timed], wrong: dict[str, list[str]], skipped: dict[str, str]) -> dict[str, Any]:
    """The same for a program."""
    return {
        "machine": machine(),
        "measured": [
            {
                "capture": one.capture,
                "reader": one.peer.name,
                "called_as": one.peer.says,
                "packets": one.packets,
                "packets_of_capture": one.whole,
                "bytes": one.size,
                "seconds": [round(run.seconds, 4) for run in one.runs],
                "cpu_seconds": [round(run.cpu, 4) for run in one.runs],
                "seconds_of_the_call": [round(seconds, 4) for seconds in one.called],
                "median_scaled": round(one.median, 4),
                "peak_bytes": one.peak,
            }
            for one in measured
        ],
        "aims": list(aims(measured)),
        "wrong": wrong,
        "skipped": skipped,
    }
