//! What a server says first, where it speaks first: does it turn the client away at the door?

/// Whether the first words of a server that speaks first refuse the service: a reply of SMTP, FTP or NNTP of the 400s
/// or 500s, words of IMAP, POP3 and OpenSSH's server, or an error packet of MySQL.
#[inline]
#[must_use]
pub fn turns_away(payload: &[u8]) -> bool {
    let said = match payload {
        [b'4' | b'5', rest @ ..] => {
            matches!(rest, [b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..])
        }
        [b'*', ..] => payload.starts_with(b"* BYE"),
        [b'-', ..] => payload.starts_with(b"-ERR"),
        [b'E', ..] => payload.starts_with(b"Exceeded MaxStartups"),
        [b'N', ..] => payload.starts_with(b"Not allowed at this time"),
        _ => false,
    };
    said || is_mysql_error(payload)
}

/// An `ERR_Packet` as a greeting: three bytes of length, the number 0, and 0xff.
#[inline]
fn is_mysql_error(payload: &[u8]) -> bool {
    if let &[l0, l1, l2, 0, 0xff, ..] = payload {
        usize::try_from(u32::from_le_bytes([l0, l1, l2, 0])) == Ok(payload.len() - 4)
    } else {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::turns_away;

    #[test]
    fn a_reply_needs_all_three_digits_and_what_follows_them() {
        assert!(turns_away(b"554 No") && turns_away(b"421-"));
        assert!(!turns_away(b"554") && !turns_away(b"5x4 ") && !turns_away(b"354 "));
    }

    #[test]
    fn an_error_of_mysql_fills_its_segment() {
        assert!(turns_away(b"\x03\0\0\0\xff\x10\x04"));
        assert!(!turns_away(b"\x04\0\0\0\xff\x10\x04"));
    }
}
