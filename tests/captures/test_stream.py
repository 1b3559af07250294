from hypothesis import given
from hypothesis import strategies as st

from bothways.captures.stream import ByteStream

chunks = st.lists(st.binary(max_size=9), max_size=12)


@given(chunks, st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=20))
def test_pieces_do_not_depend_on_chunks(parts: list[bytes], steps: list[tuple[bool, int]]) -> None:
    whole = b"".join(parts)
    stream = ByteStream(parts)
    at = 0
    for taking, count in steps:
        expected = whole[at : at + count]
        at += len(expected)
        if taking:
            assert stream.take(count) == expected
        else:
            assert stream.skip(count) == len(expected)
        assert stream.offset == at
