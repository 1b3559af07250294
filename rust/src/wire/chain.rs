//! From the start of whatever a link or a tunnel carries to the IP header in it.

use crate::wire::ethernet::{MACSEC, ethernet, is_vlan_tag, llc, macsec, vlan};
use crate::wire::layer::{BRIDGED, IPV4, IPV6, LLC, Layer, MPLS, Name, PPP, PPPOE_SESSION, Protocol};
use crate::wire::mpls::mpls;
use crate::wire::ppp::{ppp, pppoe};

/// More than sensible frames have; the bound keeps a stranger's from leading far.
const MOST_HEADERS: usize = 12;

/// A lower number is a length, and LLC follows (IEEE 802.3 clause 3.2.6).
const FIRST_ETHERTYPE: u16 = 0x0600;

const MPLS_MULTICAST: u16 = 0x8848;

type Step = fn(&[u8], usize) -> Option<Layer>;

/// Step over headers of the link layer, from one of this protocol at an offset on.
///
/// Gives what the last of them carries and where; `None` where one of them makes no sense or was cut off. Adds to
/// `names` those of all of them, outermost first.
#[must_use]
pub fn follow(protocol: Protocol, data: &[u8], offset: usize, names: &mut Vec<Name>) -> Option<(Protocol, usize)> {
    let (mut protocol, mut offset) = (protocol, offset);
    for _ in 0..MOST_HEADERS {
        let Some(step) = step(protocol) else { break };
        let layer = step(data, offset)?;
        names.extend(layer.name);
        (protocol, offset) = (layer.protocol, layer.offset);
    }
    Some((protocol, offset))
}

/// How a header is read; `None` for IP's, for what is hidden, and for what is not known.
fn step(protocol: Protocol) -> Option<Step> {
    let Protocol::Ethertype(kind) = protocol else {
        return None;
    };
    Some(match kind {
        IPV4 | IPV6 => return None,
        LLC..FIRST_ETHERTYPE => llc,
        MPLS | MPLS_MULTICAST => mpls,
        PPPOE_SESSION => pppoe,
        PPP => ppp,
        BRIDGED => ethernet,
        MACSEC => macsec,
        _ if is_vlan_tag(kind) => vlan,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::follow;
    use crate::wire::layer::{IPV4, Protocol};

    const TAG: [u8; 4] = [0, 1, 0x81, 0];

    #[test]
    fn tags_without_end_lead_nowhere() {
        let mut names = Vec::new();
        let last = follow(Protocol::Ethertype(0x8100), &TAG.repeat(50), 0, &mut names);
        assert_eq!((last, names.len()), (Some((Protocol::Ethertype(0x8100), 48)), 12));
    }

    #[test]
    fn an_offset_beyond_everything_is_cut() {
        for kind in [0, 0x6558, 0x8100, 0x8847, 0x8848, 0x8864, 0x880B, 0x88E5] {
            assert_eq!(
                follow(Protocol::Ethertype(kind), &TAG, usize::MAX, &mut Vec::new()),
                None
            );
        }
        let beyond = follow(Protocol::Ethertype(IPV4), &TAG, usize::MAX, &mut Vec::new());
        assert_eq!(beyond, Some((Protocol::Ethertype(IPV4), usize::MAX)));
    }
}
