//! The Point-to-Point Protocol, on serial lines and on Ethernet, and Cisco's way of framing the former.

use crate::captures::decoded::Hidden;
use crate::wire::bytes::{array_at, byte_at, starts_with_at, u16_at};
use crate::wire::layer::{IPV4, IPV6, Layer, MPLS, NOTHING_KNOWN, PPP, Protocol, numbered};

/// Address and control (RFC 1662 section 3.1), which peers may agree to leave out.
const ALL_STATIONS: [u8; 2] = [0xFF, 0x03];

const PPPOE_VERSION_AND_TYPE: u8 = 0x11;
const PPPOE_SESSION_DATA: u8 = 0x00;
const PPPOE_LENGTH: usize = 6;

/// Address and control if they are there, then the protocol, in one byte where peers agreed to compress it.
///
/// An odd first byte is the whole number (RFC 1661 section 2).
#[must_use]
pub fn ppp(data: &[u8], offset: usize) -> Option<Layer> {
    let offset = if starts_with_at(data, offset, &ALL_STATIONS) {
        offset + 2
    } else {
        offset
    };
    let first = byte_at(data, offset)?;
    let (number, start) = if first & 1 == 1 {
        (u16::from(first), offset + 1)
    } else {
        (u16_at(data, offset)?, offset + 2)
    };
    Some(Layer::plain(protocol(number), start))
}

/// What PPP's numbers stand for.
fn protocol(number: u16) -> Protocol {
    match number {
        0x0021 => IPV4.into(),                 // RFC 1332
        0x0057 => IPV6.into(),                 // RFC 5072
        0x0281 | 0x0283 => MPLS.into(),        // RFC 3032 section 4.3
        0x00FD | 0x0053 => Hidden::Ppp.into(), // RFC 1962, RFC 1968
        _ => NOTHING_KNOWN.into(),
    }
}

/// Cisco HDLC's address for one station, and for all of them.
fn is_cisco(first: u8) -> bool {
    matches!(first, 0x0F | 0x8F)
}

/// A serial line's frame, whose first byte tells the two framings apart.
#[must_use]
pub fn ppp_or_cisco(data: &[u8], offset: usize) -> Option<Layer> {
    if byte_at(data, offset).is_some_and(is_cisco) {
        cisco(data, offset)
    } else {
        ppp(data, offset)
    }
}

/// Cisco HDLC: address, a zero, then an EtherType (RFC 1547 section 4.3.1).
#[must_use]
pub fn cisco(data: &[u8], offset: usize) -> Option<Layer> {
    let [first, _, protocol @ ..] = array_at::<4>(data, offset)?;
    is_cisco(first).then(|| Layer::plain(u16::from_be_bytes(protocol), offset + 4))
}

/// A PPPoE header of the session stage: version and type, code, session, length (RFC 2516 section 4).
#[must_use]
pub fn pppoe(data: &[u8], offset: usize) -> Option<Layer> {
    let [version_and_type, code, s0, s1, _, _] = array_at::<PPPOE_LENGTH>(data, offset)?;
    if version_and_type != PPPOE_VERSION_AND_TYPE || code != PPPOE_SESSION_DATA {
        return None;
    }
    Some(Layer::named(
        PPP,
        offset + PPPOE_LENGTH,
        numbered("pppoe", u16::from_be_bytes([s0, s1])),
    ))
}
