"""Texts as strangers send them: samples cut, spliced, repeated, with noise in between; and any text at all."""

from collections.abc import Sequence

from hypothesis import strategies as st


@st.composite
def _mangled(draw: st.DrawFn, samples: Sequence[str]) -> str:
    text = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        to = draw(st.integers(at, min(len(text), at + 200)))
        piece = draw(st.one_of(st.text(max_size=12), st.sampled_from(samples), st.just(text[at:to] * 3), st.just("")))
        text = text[:at] + piece + text[to:]
    return text


def mangled(*samples: str) -> st.SearchStrategy[str]:
    """Samples that something has happened to, or text that never was a report."""
    return st.one_of(_mangled(samples), st.text())
