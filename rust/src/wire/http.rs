//! HTTP/1 at the start of a payload: a request and the host that it names, a response and its status (RFC 9112).

use crate::wire::names::escaped;

const RESPONSE: &[u8] = b"HTTP/1.";

/// Where the status code stands: behind `HTTP/1.1 `.
const STATUS_AT: usize = 9;

/// Bytes in which the Host field is looked for.
const LONGEST_HEAD: usize = 65_536;

/// Whether a payload begins with a request line (RFC 9112 section 3), as far as its method tells.
#[inline]
#[must_use]
pub fn is_request(payload: &[u8]) -> bool {
    match payload.first() {
        Some(b'G') => payload.starts_with(b"GET "),
        Some(b'H') => payload.starts_with(b"HEAD "),
        Some(b'P') => [&b"POST "[..], b"PUT ", b"PATCH "]
            .iter()
            .any(|method| payload.starts_with(method)),
        Some(b'D') => payload.starts_with(b"DELETE "),
        Some(b'C') => payload.starts_with(b"CONNECT "),
        Some(b'O') => payload.starts_with(b"OPTIONS "),
        Some(b'T') => payload.starts_with(b"TRACE "),
        _ => false,
    }
}

/// Whether a payload begins with a status line (RFC 9112 section 4).
#[inline]
#[must_use]
pub fn is_response(payload: &[u8]) -> bool {
    payload.starts_with(RESPONSE)
}

/// The status code of a response; None where the payload is none, or ends before the code does.
#[must_use]
pub fn status(payload: &[u8]) -> Option<u16> {
    if !is_response(payload) {
        return None;
    }
    match payload.get(STATUS_AT - 1..)? {
        &[b' ', hundreds @ b'1'..=b'5', tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => {
            let digit = |byte: u8| u16::from(byte & 0x0f);
            Some(digit(hundreds) * 100 + digit(tens) * 10 + digit(ones))
        }
        _ => None,
    }
}

/// The host that a request is for, without its port, escaped.
///
/// None where the payload is no request, has no Host field, or ends before the field's line does.
#[must_use]
pub fn host(payload: &[u8]) -> Option<Box<str>> {
    if !is_request(payload) {
        return None;
    }
    let head = payload.get(..LONGEST_HEAD).unwrap_or(payload);
    let mut lines = head.split(|&byte| byte == b'\n');
    // The last piece is a line that has not ended: it may hold half a name.
    lines.next_back();
    for line in lines.skip(1) {
        if line.iter().all(|&byte| byte == b'\r') {
            return None; // the head is over
        }
        if let Some((name, value)) = line.split_at_checked(5) {
            if name.eq_ignore_ascii_case(b"host:") {
                return Some(escaped(without_port(stripped(value)))).filter(|host| !host.is_empty());
            }
        }
    }
    None
}

/// Without blanks, tabs and carriage returns on both sides.
fn stripped(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r', rest @ ..] | [rest @ .., b' ' | b'\t' | b'\r'] = value {
        value = rest;
    }
    value
}

/// `Host = uri-host [ ":" port ]` (RFC 9110 section 7.2); colons inside brackets belong to an IPv6 address.
fn without_port(value: &[u8]) -> &[u8] {
    let Some(colon) = value.iter().rposition(|&byte| byte == b':') else {
        return value;
    };
    match value.split_at_checked(colon) {
        Some((name, [_, port @ ..])) if port.iter().all(u8::is_ascii_digit) => name,
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::{host, status};

    fn host_of(line: &str) -> Option<Box<str>> {
        host(format!("GET / HTTP/1.1\r\n{line}\r\n\r\n").as_bytes())
    }

    #[test]
    fn a_port_is_no_part_of_the_host() {
        assert_eq!(
            host_of("hOST:\t www.example.net:8080 ").as_deref(),
            Some("www.example.net")
        );
        assert_eq!(host_of("Host: [2001:db8::1]").as_deref(), Some("[2001:db8::1]"));
        assert_eq!(host_of("Host: a:b:").as_deref(), Some("a:b"));
        assert_eq!(host_of("Host: :80"), None);
    }

    #[test]
    fn a_line_that_has_not_ended_names_no_host() {
        assert_eq!(host(b"GET / HTTP/1.1\r\nHost: www.exam"), None);
        assert_eq!(host(b"GET / HTTP/1.1\nHost: www\n").as_deref(), Some("www"));
    }

    #[test]
    fn behind_the_head_no_host_is_looked_for() {
        assert_eq!(host(b"POST / HTTP/1.1\r\n\r\nHost: www\r\n"), None);
    }

    #[test]
    fn a_status_has_three_digits_behind_a_blank() {
        assert_eq!(status(b"HTTP/1.1 503"), Some(503));
        assert_eq!(status(b"HTTP/1.1 50"), None);
        assert_eq!(status(b"HTTP/1.1 603 "), None);
        assert_eq!(status(b"HTTP/1.1\t200"), None);
    }
}
