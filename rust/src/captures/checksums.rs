//! Whether a segment's checksum is right, as far as its frame was kept whole.

use crate::captures::decoded::Segment;
use crate::captures::raw_packet::RawPacket;
use crate::wire::bytes::u16_at;
use crate::wire::checksum::internet_checksum;
use crate::wire::ip::{IpHeader, TCP, parse_ip};
use crate::wire::link::{is_wireless, parse_link};

/// Offset of the checksum in a TCP header (RFC 9293 section 3.1).
const FIELD: usize = 16;

/// What a segment's checksum says (`bothways.evidence.segment.Checksum`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Checksum {
    Good = 0,
    Bad = 1,
    /// The sum of the pseudo-header alone: the network card was to do the rest.
    Unfinished = 2,
}

/// Judge the checksum of `segment`, which `packet` showed.
///
/// None for what a tunnel carried, for fragments, for frames of a radio, and where the snap length cut the segment.
#[must_use]
pub fn checksum_of(packet: &RawPacket<'_>, segment: &Segment) -> Option<Checksum> {
    if is_wireless(packet.link_type) || segment.partial {
        return None;
    }
    let link = parse_link(packet.link_type, packet.data)?;
    let ip = parse_ip(packet.data, link.offset, u64::from(packet.wire_length))?;
    if ip.protocol != TCP || ip.fragment.is_some() || ip.lengthless {
        return None;
    }
    let data = ip.content(packet.data);
    if (data.len() as u64) < ip.length {
        return None;
    }
    let before = pseudo_header(&ip);
    if internet_checksum(data, before) == 0 {
        return Some(Checksum::Good);
    }
    // What the card is left to complete is the sum, not its complement.
    let unfinished = u16_at(data, FIELD) == Some(!internet_checksum(&[], before));
    Some(if unfinished {
        Checksum::Unfinished
    } else {
        Checksum::Bad
    })
}

/// Sum of the words of the pseudo-header (RFC 9293 section 3.1; RFC 8200 section 8.1), not folded.
fn pseudo_header(ip: &IpHeader) -> u32 {
    let mut sum = u32::from(TCP);
    for address in [&ip.source, &ip.destination] {
        for pair in address.bytes().chunks_exact(2) {
            sum += u32::from(u16_at(pair, 0).unwrap_or_default());
        }
    }
    // A whole packet that was kept is far shorter than 2^32 bytes.
    let length = u32::try_from(ip.length).unwrap_or(u32::MAX);
    sum + (length >> 16) + (length & 0xffff)
}
