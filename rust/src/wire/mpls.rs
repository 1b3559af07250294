//! MPLS: a stack of labels, and nothing that says what lies under it (RFC 3032).

use crate::wire::bytes::{byte_at, u16_at, u32_at};
use crate::wire::ethernet::is_vlan_tag;
use crate::wire::layer::{BRIDGED, IPV4, IPV6, Identifier, Layer, MPLS, Name, PPPOE_SESSION, by_version};

/// The bound keeps a stranger's frame from leading far: three or four are in use.
const MOST_LABELS: usize = 16;
const BOTTOM_OF_STACK: u32 = 0x100;
const CONTROL_WORD: usize = 4;
const PLAIN_IPV4: u8 = 0x45;

/// Step over a stack of labels: 20 bits, 3 of class, one that says the last, and a TTL (RFC 3032 section 2.1).
#[must_use]
pub fn mpls(data: &[u8], offset: usize) -> Option<Layer> {
    let mut labels = [0; MOST_LABELS];
    let mut at = offset;
    for place in 0..MOST_LABELS {
        let entry = u32_at(data, at)?;
        at += 4;
        *labels.get_mut(place)? = entry >> 12;
        if entry & BOTTOM_OF_STACK != 0 {
            let (protocol, start) = under(data, at);
            let identifier = Identifier::Labels(labels.get(..=place)?.into());
            return Some(Layer::named(
                protocol,
                start,
                Name {
                    kind: "mpls",
                    identifier,
                },
            ));
        }
    }
    None
}

/// What lies under the stack, by its first bits: 4 and 6 are IP's versions, 0 is a control word's (RFC 4928).
///
/// A bridged frame may come without a control word, and its first bits are those of an address, thus any.
fn under(data: &[u8], offset: usize) -> (u16, usize) {
    let first = byte_at(data, offset).unwrap_or(0);
    if first == PLAIN_IPV4 {
        // As an address of Ethernet it would stand for a group.
        return (IPV4, offset);
    }
    // A tag makes a frame as much longer as a control word does: without one its tag would be taken for an address.
    if is_bridged(data, offset) {
        return (BRIDGED, offset);
    }
    if first >> 4 == 0 && is_bridged(data, offset + CONTROL_WORD) {
        return (BRIDGED, offset + CONTROL_WORD);
    }
    (by_version(first), offset)
}

/// Whether an Ethernet frame with something of the Internet's in it seems to start here.
fn is_bridged(data: &[u8], offset: usize) -> bool {
    let version = byte_at(data, offset + 14).map(|first| first >> 4);
    match u16_at(data, offset + 12) {
        Some(IPV4) => version == Some(4),
        Some(IPV6) => version == Some(6),
        Some(protocol) => is_vlan_tag(protocol) || matches!(protocol, MPLS | PPPOE_SESSION),
        None => false,
    }
}
