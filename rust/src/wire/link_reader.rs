//! The layers of many packets, which are much the same in most of them.

use crate::captures::decoded::Layers;
use crate::wire::carriers::{Carriers, written};
use crate::wire::ethernet::{is_vlan_tag, tag};
use crate::wire::inside::{Within, inside};
use crate::wire::ip::IpHeader;
use crate::wire::layer::{Name, Protocol, numbered};
use crate::wire::link::{LinkHeader, OwnHeader, own_header, parse_link};

/// What a VLAN's tag is called.
pub const VLAN: &str = "vlan";

/// How many VLANs there may be: identifiers have 12 bits (IEEE 802.1Q clause 9).
const VLANS: usize = 1 << 12;

/// Reads frames as `parse_link` does, and tunnels as `inside` does, with a memory for what they say in words.
#[derive(Debug, Default)]
pub struct LinkReader {
    /// What carries the packets of each VLAN, as far as it was met; without any until one is.
    vlans: Vec<Layers>,
    carriers: Carriers,
    /// Of the headers that are being read, kept for its memory.
    names: Vec<Name>,
}

impl LinkReader {
    /// `parse_link` with a memory.
    pub fn parse_link(&mut self, link_type: u32, data: &[u8]) -> Option<LinkHeader> {
        if let Some((own, layers)) = self.plain(link_type, data) {
            return Some(own.within(layers));
        }
        let Some(own) = own_header(link_type, data) else {
            return parse_link(link_type, data);
        };
        self.names.clear();
        let last = own.behind(data, &mut self.names)?;
        Some(last.within(self.carriers.layers(&Layers::default(), &self.names, None)))
    }

    /// The own header of a frame that carries IP behind one tag at most, as if it said itself what follows the tag, and
    /// what that says; `None` for all other frames.
    ///
    /// Nothing is written to memory in pieces and read again as a whole, which costs more than all else here.
    #[inline]
    pub fn plain(&mut self, link_type: u32, data: &[u8]) -> Option<(OwnHeader, Layers)> {
        let own = own_header(link_type, data)?;
        if own.protocol.is_ip() {
            return Some((own, Layers::default()));
        }
        if !matches!(own.protocol, Protocol::Ethertype(kind) if is_vlan_tag(kind)) {
            return None;
        }
        let (number, protocol) = tag(data, own.offset)?;
        let (protocol, offset) = (Protocol::Ethertype(protocol), own.offset + 4);
        let behind = OwnHeader {
            protocol,
            offset,
            ..own
        };
        protocol.is_ip().then(|| (behind, self.vlan(number)))
    }

    /// `inside` with a memory: `layers` carried the packet, and carry what is found in it afterwards.
    pub fn inside(&mut self, ip: &IpHeader, data: &[u8], layers: &mut Layers) -> Within {
        self.names.clear();
        let within = inside(ip, data, &mut self.names);
        if matches!(within, Within::Inside(_)) {
            *layers = self
                .carriers
                .layers(layers, &self.names, Some((ip.source, ip.destination)));
        }
        within
    }

    #[inline]
    fn vlan(&mut self, number: u16) -> Layers {
        match self.vlans.get(usize::from(number)) {
            Some(layers) if number == 0 || !layers.is_empty() => layers.clone(),
            _ => self.new_vlan(number),
        }
    }

    #[cold]
    fn new_vlan(&mut self, number: u16) -> Layers {
        if self.vlans.is_empty() {
            self.vlans.resize(VLANS, Layers::default());
        }
        match self.vlans.get_mut(usize::from(number)) {
            Some(layers) if number != 0 => {
                *layers = vlan(number);
                layers.clone()
            }
            _ => Layers::default(),
        }
    }
}

/// What one VLAN tag with that number tells.
#[must_use]
pub fn vlan(number: u16) -> Layers {
    Layers::of(written(&[numbered(VLAN, number)], None).collect())
}

#[cfg(test)]
mod tests {
    use super::LinkReader;
    use crate::wire::link::{ETHERNET, parse_link};

    fn frame(tags: &[[u8; 4]]) -> Vec<u8> {
        [&[2; 12], tags.as_flattened(), &[8, 0, 0x45], &[0; 30]].concat()
    }

    #[test]
    fn a_memory_changes_nothing() {
        let mut reader = LinkReader::default();
        let tags = [[0x81, 0, 0x10, 1], [0x88, 0xA8, 0x3F, 0xFF], [0x81, 0, 0xE0, 0]];
        for _ in 0..2 {
            for count in 0..=tags.len() {
                for first in 0..=count {
                    let data = frame(&tags[first..count]);
                    for end in 0..data.len() {
                        let cut = &data[..end];
                        assert_eq!(reader.parse_link(ETHERNET, cut), parse_link(ETHERNET, cut));
                    }
                }
            }
        }
    }

    #[test]
    fn packets_of_one_vlan_share_their_words() {
        let mut reader = LinkReader::default();
        let mut words = || reader.parse_link(ETHERNET, &frame(&[[0x81, 0, 0, 7]])).unwrap().layers;
        let (first, second) = (words(), words());
        assert_eq!(first.words().as_ptr(), second.words().as_ptr());
        assert_eq!(&*first.words()[0].identifier, "7");
    }
}
