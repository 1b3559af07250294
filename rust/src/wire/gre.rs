//! Generic Routing Encapsulation in all its dialects: RFC 2784, RFC 2890, NVGRE, PPTP's, and ERSPAN inside of it.

use crate::wire::bytes::{array_at, u16_at, u32_at};
use crate::wire::layer::{BRIDGED, IPV4, Layer, NOTHING_KNOWN, PPP, name, numbered};

const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const ACKNOWLEDGEMENT: u16 = 0x0080;
const VERSION: u16 = 0x0007;

const ERSPAN_II: u16 = 0x88BE;
const ERSPAN_III: u16 = 0x22EB;
const ERSPAN_SUBHEADER: u8 = 1;

/// A GRE header: flags and version, the EtherType of what follows, and the fields that the flags announce.
#[must_use]
pub fn gre(data: &[u8], offset: usize) -> Option<Layer> {
    let [f0, f1, p0, p1] = array_at::<4>(data, offset)?;
    let (flags, protocol) = (u16::from_be_bytes([f0, f1]), u16::from_be_bytes([p0, p1]));
    if flags & VERSION == 1 {
        return pptp(data, offset, flags, protocol);
    }
    // RFC 2784 section 2.3 has receivers discard them, but for what RFC 2890 gave back a meaning.
    if flags & (VERSION | ROUTING) != 0 {
        return None;
    }
    let mut at = offset + if flags & CHECKSUM != 0 { 8 } else { 4 };
    let mut word = name("gre");
    if flags & KEY != 0 {
        word = numbered("gre", u32_at(data, at)?);
        at += 4;
    }
    if flags & SEQUENCE != 0 {
        at += 4;
    }
    if at > data.len() {
        return None;
    }
    match protocol {
        ERSPAN_II if flags & SEQUENCE == 0 => Some(Layer::named(BRIDGED, at, name("erspan"))),
        ERSPAN_II => erspan_2(data, at),
        ERSPAN_III => erspan_3(data, at),
        _ => Some(Layer::named(protocol, at, word)),
    }
}

/// Version 1: the key holds a length and the call; no payload without a sequence number (RFC 2637 section 4.1).
fn pptp(data: &[u8], offset: usize, flags: u16, protocol: u16) -> Option<Layer> {
    let [_, _, _, _, _, _, call @ .., _, _, _, _] = array_at::<12>(data, offset)?;
    if protocol != PPP || flags & KEY == 0 || flags & SEQUENCE == 0 {
        return None;
    }
    let start = offset + if flags & ACKNOWLEDGEMENT != 0 { 16 } else { 12 };
    Some(Layer::named(PPP, start, numbered("pptp", u16::from_be_bytes(call))))
}

/// A mirrored frame behind 8 bytes (draft-foschiano-erspan section 4.2).
fn erspan_2(data: &[u8], at: usize) -> Option<Layer> {
    array_at::<8>(data, at)?;
    erspan(data, at, BRIDGED, 8)
}

/// A mirrored frame or packet behind 12 bytes, or 20 with a subheader (draft-foschiano-erspan section 4.3).
fn erspan_3(data: &[u8], at: usize) -> Option<Layer> {
    let [.., kinds, options] = array_at::<12>(data, at)?;
    let protocol = match kinds >> 2 & 0x1F {
        0 => BRIDGED,
        2 => IPV4,
        _ => NOTHING_KNOWN,
    };
    erspan(
        data,
        at,
        protocol,
        if options & ERSPAN_SUBHEADER != 0 { 20 } else { 12 },
    )
}

fn erspan(data: &[u8], at: usize, protocol: u16, size: usize) -> Option<Layer> {
    let session = u16_at(data, at + 2)? & 0x03FF;
    Some(Layer::named(protocol, at + size, numbered("erspan", session)))
}
