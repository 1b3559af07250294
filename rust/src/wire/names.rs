//! Names that strangers put on the wire, made safe to print.

use std::fmt::Write;

/// Characters of a name that are kept: no host name is longer (RFC 1035 section 2.3.4).
pub const LONGEST_NAME: usize = 255;

/// Printable ASCII as it is; every other byte, and the backslash, as `\xNN`; at most `LONGEST_NAME` characters.
#[must_use]
pub fn escaped(raw: &[u8]) -> Box<str> {
    let mut text = String::with_capacity(raw.len().min(LONGEST_NAME));
    for &byte in raw {
        let plain = (0x20..0x7f).contains(&byte) && byte != b'\\';
        if text.len() + if plain { 1 } else { 4 } > LONGEST_NAME {
            break;
        }
        if plain {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.into_boxed_str()
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_cannot_be_printed_is_escaped() {
        assert_eq!(&*escaped(b"a\\b\x7f\xff\n"), "a\\x5cb\\x7f\\xff\\x0a");
    }

    #[test]
    fn an_escape_that_has_no_room_ends_the_name() {
        let mut raw = [b'a'; 300];
        raw[252] = 0;
        assert_eq!(escaped(&raw).len(), 252);
        raw[252] = b'a';
        assert_eq!(escaped(&raw).len(), 255);
    }
}
