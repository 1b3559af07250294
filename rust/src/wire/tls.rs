//! TLS at the start of a payload: is it TLS, is it a `ClientHello`, which server does it name, does it break off.

use crate::captures::decoded::Said;
use crate::wire::names::escaped;

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
const HEARTBEAT: u8 = 24;

const CLIENT_HELLO: u8 = 1;
const FATAL: u8 = 2;

/// Bytes of an encrypted alert, with a tag of 16 bytes or of 8 (RFC 8446 sections 5.2 and B.4).
const SEALED_ALERTS: [usize; 2] = [2 + 1 + 16, 2 + 1 + 8];

const SERVER_NAME: usize = 0;
const HOST_NAME: u8 = 0;

/// Where the session id's length stands: record header, handshake header, version and random (RFC 8446 section 4.1.2).
const SESSION_ID: usize = 5 + 4 + 2 + 32;

/// Whether a payload begins with the header of a TLS record (RFC 8446 section 5.1), SSL 3.0 to TLS 1.3.
#[inline]
#[must_use]
pub fn is_record(payload: &[u8]) -> bool {
    matches!(payload, [CHANGE_CIPHER_SPEC..=HEARTBEAT, 3, 0..=4, _, _, ..])
}

/// Whether a payload begins with a record that begins with a `ClientHello` (RFC 8446 section 4.1.2).
#[inline]
#[must_use]
pub fn is_client_hello(payload: &[u8]) -> bool {
    matches!(payload, [HANDSHAKE, 3, 0..=4, _, _, CLIENT_HELLO, ..])
}

/// The name that a `ClientHello` asks for (RFC 6066 section 3), escaped.
///
/// None where the payload is none, names no server, or ends before the whole name.
#[must_use]
pub fn server_name(payload: &[u8]) -> Option<Box<str>> {
    if !is_client_hello(payload) {
        return None;
    }
    let rest = payload.get(SESSION_ID..)?;
    let &[session_id, ref rest @ ..] = rest else {
        return None;
    };
    let &[c0, c1, ref rest @ ..] = rest.get(usize::from(session_id)..)? else {
        return None;
    };
    let &[compressions, ref rest @ ..] = rest.get(two(c0, c1)..)? else {
        return None;
    };
    let &[e0, e1, ref rest @ ..] = rest.get(usize::from(compressions)..)? else {
        return None;
    };
    from_extensions(rest, two(e0, e1))
}

fn two(high: u8, low: u8) -> usize {
    usize::from(u16::from_be_bytes([high, low]))
}

/// The name in the extensions, which are the first `length` of the bytes that there are.
fn from_extensions(mut rest: &[u8], mut length: usize) -> Option<Box<str>> {
    while let &[k0, k1, l0, l1, ref content @ ..] = rest {
        length = length.checked_sub(4)?;
        let size = two(l0, l1);
        if two(k0, k1) == SERVER_NAME {
            // The extension is taken as long as it says, even beyond the end of them all.
            return from_list(content.get(..size).unwrap_or(content).get(2..)?);
        }
        length = length.checked_sub(size)?;
        rest = content.get(size..)?;
    }
    None
}

/// The first host name of a `ServerNameList`, as far as there is one.
fn from_list(mut list: &[u8]) -> Option<Box<str>> {
    while let &[kind, l0, l1, ref names @ ..] = list {
        let length = two(l0, l1);
        if kind == HOST_NAME {
            return names.get(..length).filter(|name| !name.is_empty()).map(escaped);
        }
        list = names.get(length..)?;
    }
    None
}

/// What the records that begin in a payload say of the service: a fatal alert that can be read (RFC 8446 section 6);
/// one encrypted record as short as an alert, perhaps behind a change of cipher; or that their sender encrypts.
///
/// The payload begins with a record. The last one may go on in the next segment.
#[must_use]
pub fn said(payload: &[u8]) -> Option<Said> {
    let (mut count, mut changed, mut behind_change, mut data) = (0_usize, None, false, None);
    let mut rest = payload;
    while is_record(rest) {
        let &[kind, _, _, l0, l1, ref content @ ..] = rest else {
            break;
        };
        let (content, behind) = content.split_at_checked(two(l0, l1)).unwrap_or((content, &[]));
        if let (ALERT, &[FATAL, description]) = (kind, content) {
            return Some(Said::Alert(description));
        }
        behind_change |= changed.is_some();
        if kind == CHANGE_CIPHER_SPEC && changed.is_none() {
            changed = Some(count);
        }
        if kind == APPLICATION_DATA {
            data = Some(content.len());
        }
        count += 1;
        rest = behind;
    }
    let alone = if changed == Some(0) { count == 2 } else { count == 1 };
    match data {
        Some(length) if alone && SEALED_ALERTS.contains(&length) => Some(Said::SealedAlert),
        Some(_) => Some(Said::Ciphered),
        None if behind_change => Some(Said::Ciphered),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{said, server_name};
    use crate::captures::decoded::Said;

    fn record(kind: u8, content: &[u8]) -> Vec<u8> {
        let mut record = vec![kind, 3, 3, 0, u8::try_from(content.len()).expect("short")];
        record.extend_from_slice(content);
        record
    }

    fn hello(extensions: &[u8]) -> Vec<u8> {
        let mut hello = vec![22, 3, 1, 1, 0, 1, 0, 1, 0];
        hello.extend([3; 34]);
        hello.extend([
            1,
            9,
            0,
            2,
            9,
            9,
            1,
            0,
            0,
            u8::try_from(extensions.len()).expect("short"),
        ]);
        hello.extend_from_slice(extensions);
        hello
    }

    #[test]
    fn a_name_is_given_only_whole() {
        let whole = hello(b"\0\x17\0\0\0\0\0\x08\0\x06\0\0\x03a.b");
        assert_eq!(server_name(&whole).as_deref(), Some("a.b"));
        for kept in 0..whole.len() {
            assert_eq!(server_name(&whole[..kept]), None);
        }
    }

    #[test]
    fn an_extension_may_say_that_it_goes_beyond_them_all() {
        let mut long = hello(b"\0\0\0\x08");
        long.extend_from_slice(b"\0\x06\0\0\x03a.b");
        assert_eq!(server_name(&long).as_deref(), Some("a.b"));
    }

    #[test]
    fn what_records_say() {
        let change = record(20, &[1]);
        assert_eq!(said(&record(21, &[2, 40])), Some(Said::Alert(40)));
        assert_eq!(said(&record(21, &[1, 0])), None);
        assert_eq!(said(&record(23, &[0; 19])), Some(Said::SealedAlert));
        assert_eq!(
            said(&[change.clone(), record(23, &[0; 11])].concat()),
            Some(Said::SealedAlert)
        );
        assert_eq!(said(&record(23, &[0; 20])), Some(Said::Ciphered));
        assert_eq!(
            said(&[record(23, &[0; 19]), change.clone()].concat()),
            Some(Said::Ciphered)
        );
        assert_eq!(
            said(&[change.clone(), record(22, &[0; 40])].concat()),
            Some(Said::Ciphered)
        );
        assert_eq!(said(&[record(22, &[2]), change.clone()].concat()), None);
        assert_eq!(
            said(&[change, record(23, &[0; 20]), record(21, &[2, 10])].concat()),
            Some(Said::Alert(10))
        );
    }
}
