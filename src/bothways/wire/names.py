"""Names that strangers put on the wire, made safe to print."""

LONGEST_NAME = 255
"""Characters of a name that are kept: no host name is longer (RFC 1035 section 2.3.4)."""


def escaped(raw: bytes) -> str:
    r"""Printable ASCII as it is; every other byte, and the backslash, as `\xNN`; at most `LONGEST_NAME` characters."""
    text = raw[: LONGEST_NAME + 1].decode("latin-1")
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text[:LONGEST_NAME]
    kept = ""
    for byte in raw[:LONGEST_NAME]:
        shown = chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"
        if len(kept) + len(shown) > LONGEST_NAME:
            break
        kept += shown
    return kept
