//! Headers of IEEE 802: Ethernet, tags, LLC with SNAP, and the security tag of 802.1AE.

use crate::captures::decoded::Hidden;
use crate::wire::bytes::{array_at, byte_at, u16_at};
use crate::wire::layer::{IPV4, LLC, Layer, name, numbered};

pub const ETHERNET_LENGTH: usize = 14;

pub const MACSEC: u16 = 0x88E5;

/// Both access points and the control field of a header that an EtherType follows (RFC 1042).
const SNAP: [u8; 3] = [0xAA, 0xAA, 0x03];

/// Organisation codes behind which EtherTypes stand: RFC 1042's and 802.1H's.
const ETHERTYPE_OWNERS: [[u8; 3]; 2] = [[0, 0, 0], [0, 0, 0xF8]];

/// The access point that IEEE gave to IP, without SNAP.
const INTERNET_POINT: [u8; 3] = [0x06, 0x06, 0x03];

const VLAN_ID: u16 = 0x0FFF;
const SCI_PRESENT: u8 = 0x20;
const ENCRYPTED_OR_CHANGED: u8 = 0x0C;

/// 802.1Q, 802.1ad, and what switches used for stacked tags before 802.1ad.
#[inline]
#[must_use]
pub fn is_vlan_tag(ethertype: u16) -> bool {
    matches!(ethertype, 0x8100 | 0x88A8 | 0x9100)
}

/// A whole Ethernet frame inside of something else.
#[must_use]
pub fn ethernet(data: &[u8], offset: usize) -> Option<Layer> {
    let protocol = u16_at(data, offset.checked_add(ETHERNET_LENGTH - 2)?)?;
    Some(Layer::plain(protocol, offset + ETHERNET_LENGTH))
}

/// The VLAN that a tag names, and the EtherType behind it (IEEE 802.1Q clause 9); 0 says only a priority.
#[inline]
#[must_use]
pub fn tag(data: &[u8], offset: usize) -> Option<(u16, u16)> {
    let [high, low, rest @ ..] = array_at::<4>(data, offset)?;
    Some((u16::from_be_bytes([high, low]) & VLAN_ID, u16::from_be_bytes(rest)))
}

/// A tag: two bytes of control, then the next EtherType.
#[must_use]
pub fn vlan(data: &[u8], offset: usize) -> Option<Layer> {
    let (number, protocol) = tag(data, offset)?;
    let name = (number != 0).then(|| numbered("vlan", number));
    Some(Layer {
        protocol: protocol.into(),
        offset: offset + 4,
        name,
    })
}

/// IEEE 802.2: three bytes that say IP, or that an organisation code and an EtherType follow (RFC 1042).
#[must_use]
pub fn llc(data: &[u8], offset: usize) -> Option<Layer> {
    let head = array_at::<3>(data, offset)?;
    if head == INTERNET_POINT {
        return Some(Layer::plain(IPV4, offset + 3));
    }
    let owner = array_at::<3>(data, offset + 3)?;
    let protocol = u16_at(data, offset + 6)?;
    let known = head == SNAP && ETHERTYPE_OWNERS.contains(&owner) && protocol != LLC;
    known.then(|| Layer::plain(protocol, offset + 8))
}

/// The security tag of IEEE 802.1AE clause 9: six bytes and, if it says so, eight of the sender's identifier.
#[must_use]
pub fn macsec(data: &[u8], offset: usize) -> Option<Layer> {
    let control = byte_at(data, offset)?;
    if control & ENCRYPTED_OR_CHANGED != 0 {
        return Some(Layer::named(Hidden::Macsec, offset, name("macsec")));
    }
    let start = offset + if control & SCI_PRESENT != 0 { 14 } else { 6 };
    Some(Layer::named(u16_at(data, start)?, start + 2, name("macsec")))
}
