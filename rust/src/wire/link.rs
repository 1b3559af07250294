//! The link layer: where in a frame does the IP header start, and who sent it on this link.
//!
//! Numbers of link types are those of capture files (<https://www.tcpdump.org/linktypes.html>).

use crate::captures::decoded::Layers;
use crate::wire::address::Mac;
use crate::wire::bytes::{array_at, byte_at};
use crate::wire::carriers::written;
use crate::wire::chain::follow;
use crate::wire::ethernet::ETHERNET_LENGTH;
use crate::wire::layer::{IPV4, IPV6, Name, PPP, PPPOE_SESSION, Protocol, by_version};
use crate::wire::monitor::{Monitored, avs, ppi, prism, radiotap};
use crate::wire::ppp::{cisco, ppp_or_cisco};
use crate::wire::wifi::frames;
use crate::wire::wrapped::{nflog, of_family, pktap};

pub const ETHERNET: u32 = 1;
const COOKED_V1: u32 = 113;
const COOKED_V2: u32 = 276;
const WIFI: u32 = 105;
const PRISM: u32 = 119;
const RADIOTAP: u32 = 127;
const AVS: u32 = 163;
const PPI: u32 = 192;
const PKTAP: u32 = 258;

const MAC_LENGTH: u16 = 6;

/// What the link layer says about a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkHeader {
    /// What follows; a number below 0x0600 is an IEEE 802.3 length, so nothing of the Internet's.
    pub protocol: Protocol,
    /// Bytes from the start of the frame to the network header; may lie beyond what was kept.
    pub offset: usize,
    /// The sender on this link; `None` where the link type carries none.
    pub source: Option<Mac>,
    /// Tags, labels and sessions between the link's own header and the network header, outermost first.
    pub layers: Layers,
}

/// What the link's own header says: what follows it, where, and who sent the frame.
#[derive(Clone, Copy, Debug)]
pub struct OwnHeader {
    pub protocol: Protocol,
    pub offset: usize,
    pub source: Option<Mac>,
}

impl OwnHeader {
    fn without_source(protocol: impl Into<Protocol>, offset: usize) -> Self {
        Self {
            protocol: protocol.into(),
            offset,
            source: None,
        }
    }

    /// The header as it would be if it said itself what follows all further ones of the link layer, whose names are
    /// added to `names`.
    pub fn behind(self, data: &[u8], names: &mut Vec<Name>) -> Option<Self> {
        let (protocol, offset) = follow(self.protocol, data, self.offset, names)?;
        Some(Self {
            protocol,
            offset,
            ..self
        })
    }

    /// The header as it stands, with what is known to have carried the packet.
    pub fn within(self, layers: Layers) -> LinkHeader {
        LinkHeader {
            protocol: self.protocol,
            offset: self.offset,
            source: self.source,
            layers,
        }
    }
}

/// Whether frames of this link type may hold several packets.
#[must_use]
pub fn is_wireless(link_type: u32) -> bool {
    matches!(link_type, WIFI | PRISM | RADIOTAP | AVS | PPI)
}

/// Whether this module understands a link type.
#[must_use]
pub fn is_known(link_type: u32) -> bool {
    is_wireless(link_type)
        || matches!(
            link_type,
            0 | ETHERNET | 9 | 12 | 14 | 50 | 51 | 101 | 104 | 108 | COOKED_V1
        )
        || matches!(link_type, 166 | 204 | 228 | 229 | 239 | PKTAP | COOKED_V2)
}

/// The headers of a frame before its first packet's network header.
///
/// `None` where the link type is not understood, the frame carries nothing, its headers make no sense or it was cut
/// before its network header.
#[must_use]
pub fn parse_link(link_type: u32, data: &[u8]) -> Option<LinkHeader> {
    if is_wireless(link_type) {
        return parse_wireless(link_type, data).into_iter().next();
    }
    if link_type == PKTAP {
        let (inner, start) = pktap(data)?;
        return wrapped(inner, data, start);
    }
    followed(own_header(link_type, data)?, data)
}

/// Who a frame is for on this link; `None` for all links but Ethernet.
#[must_use]
pub fn link_receiver(link_type: u32, data: &[u8]) -> Option<Mac> {
    let header = array_at::<ETHERNET_LENGTH>(data, 0)?;
    (link_type == ETHERNET).then(|| Mac::of(&header))
}

/// The headers of all packets of a frame of 802.11, which may be an aggregate of several.
#[must_use]
pub fn parse_wireless(link_type: u32, data: &[u8]) -> Vec<LinkHeader> {
    let monitored = match link_type {
        PRISM => prism(data),
        RADIOTAP => radiotap(data),
        AVS => avs(data),
        PPI => ppi(data),
        _ => Some(Monitored::at(0)),
    };
    let Some(monitored) = monitored else { return Vec::new() };
    if let Some(inner) = monitored.link_type.filter(|inner| *inner != WIFI) {
        return wrapped(inner, data, monitored.start).into_iter().collect();
    }
    let found = frames(data, monitored.start, monitored.padded).into_iter();
    let own = found.map(|frame| OwnHeader {
        protocol: frame.protocol,
        offset: frame.offset,
        source: Some(frame.source),
    });
    own.filter_map(|own| followed(own, data)).collect()
}

fn followed(own: OwnHeader, data: &[u8]) -> Option<LinkHeader> {
    let mut names = Vec::new();
    let last = own.behind(data, &mut names)?;
    Some(last.within(Layers::of(written(&names, None).collect())))
}

/// The headers of a frame of another link type inside a record, which holds no second record.
fn wrapped(link_type: u32, data: &[u8], start: usize) -> Option<LinkHeader> {
    if matches!(link_type, PPI | PKTAP) {
        return None;
    }
    let inner = parse_link(link_type, data.get(start..).unwrap_or_default())?;
    Some(LinkHeader {
        offset: inner.offset.saturating_add(start),
        ..inner
    })
}

/// The own header of every link type but a radio's and Apple's records.
#[inline]
#[must_use]
pub fn own_header(link_type: u32, data: &[u8]) -> Option<OwnHeader> {
    match link_type {
        ETHERNET => ethernet(data),
        COOKED_V1 => cooked_v1(data),
        COOKED_V2 => cooked_v2(data),
        12 | 14 | 101 => Some(OwnHeader::without_source(by_version(byte_at(data, 0)?), 0)),
        228 => Some(OwnHeader::without_source(IPV4, 0)),
        229 => Some(OwnHeader::without_source(IPV6, 0)),
        0 | 108 => family_first(data),
        9 => Some(OwnHeader::without_source(PPP, 0)),
        51 => Some(OwnHeader::without_source(PPPOE_SESSION, 0)),
        // The direction stands in the place of the address, and the control field behind it.
        166 => Some(OwnHeader::without_source(PPP, 2)),
        204 => Some(OwnHeader::without_source(PPP, 1)),
        50 => ppp_or_cisco(data, 0).map(|layer| OwnHeader::without_source(layer.protocol, layer.offset)),
        104 => cisco(data, 0).map(|layer| OwnHeader::without_source(layer.protocol, layer.offset)),
        239 => nflog(data).map(|packet| OwnHeader {
            protocol: packet.protocol.into(),
            offset: packet.start,
            source: packet.source,
        }),
        _ => None,
    }
}

#[inline]
fn ethernet(data: &[u8]) -> Option<OwnHeader> {
    let [_, _, _, _, _, _, source @ .., p0, p1] = array_at::<ETHERNET_LENGTH>(data, 0)?;
    let protocol = u16::from_be_bytes([p0, p1]).into();
    Some(OwnHeader {
        protocol,
        offset: ETHERNET_LENGTH,
        source: Some(Mac::of(&source)),
    })
}

fn cooked_v1(data: &[u8]) -> Option<OwnHeader> {
    let [_, _, _, _, l0, l1, source @ .., _, _, p0, p1] = array_at::<16>(data, 0)?;
    let protocol = u16::from_be_bytes([p0, p1]).into();
    let source = (u16::from_be_bytes([l0, l1]) == MAC_LENGTH).then(|| Mac::of(&source));
    Some(OwnHeader {
        protocol,
        offset: 16,
        source,
    })
}

fn cooked_v2(data: &[u8]) -> Option<OwnHeader> {
    let [p0, p1, _, _, _, _, _, _, _, _, _, length, source @ .., _, _] = array_at::<20>(data, 0)?;
    let protocol = u16::from_be_bytes([p0, p1]).into();
    let source = (u16::from(length) == MAC_LENGTH).then(|| Mac::of(&source));
    Some(OwnHeader {
        protocol,
        offset: 20,
        source,
    })
}

/// BSD loopback: four bytes of address family, in the byte order of the host (0) or of the network (108).
fn family_first(data: &[u8]) -> Option<OwnHeader> {
    let bytes = array_at(data, 0)?;
    let family = u32::from_le_bytes(bytes).min(u32::from_be_bytes(bytes));
    Some(OwnHeader::without_source(of_family(family), 4))
}

#[cfg(test)]
mod tests {
    use super::{LinkHeader, is_known, parse_link, parse_wireless};
    use crate::wire::layer::{IPV4, Protocol};

    const KNOWN: [u32; 23] = [
        0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163, 166, 192, 204, 228, 229, 239, 258, 276,
    ];

    #[test]
    fn what_is_not_known_is_not_read() {
        let frames = [[0u8; 64], [0xFF; 64], [0x45; 64]];
        for link_type in (0..300).filter(|link_type| !KNOWN.contains(link_type)) {
            assert!(!is_known(link_type));
            assert!(
                frames.iter().all(|data| parse_link(link_type, data).is_none()),
                "{link_type}"
            );
        }
        assert!(KNOWN.into_iter().all(is_known));
    }

    #[test]
    fn nothing_is_found_in_nothing_but_what_needs_no_header() {
        for link_type in KNOWN {
            let found = parse_link(link_type, &[]);
            assert_eq!(found.is_some(), matches!(link_type, 228 | 229), "{link_type}");
        }
    }

    #[test]
    fn a_record_may_say_that_its_packet_starts_beyond_its_end() {
        let record = [12, 0x10, 0, 0, 1, 0, 0, 0, 228, 0, 0, 0];
        assert_eq!(parse_link(258, &record), None);
        let record = [0, 0x10, 0, 0, 1, 0, 0, 0, 228, 0, 0, 0];
        let found = parse_link(258, &record).map(|LinkHeader { protocol, offset, .. }| (protocol, offset));
        assert_eq!(found, Some((Protocol::Ethertype(IPV4), 4096)));
    }

    #[test]
    fn a_record_holds_no_second_one() {
        let ppi = [0, 0, 8, 0, 192, 0, 0, 0];
        assert!(parse_wireless(192, &ppi.repeat(9)).is_empty());
    }
}
