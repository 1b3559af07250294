"""What a server says first, where it speaks first: does it turn the client away at the door?"""

import re

_REPLY = re.compile(rb"[45]\d\d[ -]")
"""`554 No SMTP service here` (RFC 5321 section 3.1), `421 Service not available` of FTP (RFC 959 section 5.4),
`400` and `502` of NNTP (RFC 3977 section 5.1.1)."""

_BYE = (b"* BYE", b"-ERR", b"Exceeded MaxStartups", b"Not allowed at this time")
"""IMAP (RFC 9051 section 7.1.5), POP3 (RFC 1939 section 3), and OpenSSH's server, which has too many or
too bad visitors (sshd.c)."""

_MYSQL_ERROR = 0xFF
"""First byte of an ERR_Packet, behind three of its length and one of its number, which is 0 in a greeting (MySQL
Internals Manual, "Generic Response Packets")."""


def turns_away(payload: bytes) -> bool:
    """Whether the first words of a server that speaks first refuse the service."""
    if _REPLY.match(payload) or payload.startswith(_BYE):
        return True
    whole = int.from_bytes(payload[:3], "little") == len(payload) - 4
    return len(payload) > 4 and whole and payload[3] == 0 and payload[4] == _MYSQL_ERROR
