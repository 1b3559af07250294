//! The packets of one capture file to what they show of TCP: the innermost connection, whatever carries it.

use std::borrow::Cow;

use crate::captures::decoded::{Decoded, Layers, Other};
use crate::captures::found::Found;
use crate::captures::fragments::Fragments;
use crate::captures::icmp_report::icmp_report;
use crate::captures::raw_packet::{OwnedPacket, RawPacket};
use crate::captures::tcp_segment::tcp_segment;
use crate::wire::address::{Address, Endpoint, Mac};
use crate::wire::bytes::byte_at;
use crate::wire::inside::{MOST_TUNNELS, Within};
use crate::wire::ip::{ICMP, ICMPV6, IpHeader, TCP, parse_ip, parse_v4, parse_v6};
use crate::wire::layer::Protocol;
use crate::wire::link::{LinkHeader, is_wireless, parse_wireless};
use crate::wire::link_reader::LinkReader;

/// Reads the packets of one capture in order; what one shows may depend on fragments before it.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Packets so far that were fragments.
    pub fragments: u64,
    links: LinkReader,
    waiting: Fragments,
    further: Vec<(OwnedPacket, Decoded)>,
}

impl Decoder {
    /// Datagrams so far of which not all fragments came.
    #[must_use]
    pub fn unfinished(&self) -> u64 {
        self.waiting.given_up
    }

    /// Datagrams so far that were refused because their fragments overlap.
    #[must_use]
    pub fn overlapping(&self) -> u64 {
        self.waiting.overlapping
    }

    /// Read what a packet shows of TCP; see `take_further` for what else came to light with it.
    ///
    /// Plain packets in plain frames take a straight way, on which nothing is put together in memory but the answer.
    #[inline]
    pub fn decode(&mut self, packet: &RawPacket<'_>) -> Decoded {
        if !self.waiting.is_empty() {
            self.expire(packet.stamp.at);
        }
        match self.links.plain(packet.link_type, packet.data) {
            Some((own, layers)) => self.network(packet, own.offset, own.source, layers),
            None => self.framed(packet),
        }
    }

    /// Take in a packet of which nothing is wanted but the fragments that it may bring.
    pub fn look_through(&mut self, packet: &RawPacket<'_>) {
        if !is_wireless(packet.link_type) && self.waiting.is_empty() {
            let link = self.links.parse_link(packet.link_type, packet.data);
            let ip = link.and_then(|link| parse_ip(packet.data, link.offset, u64::from(packet.wire_length)));
            if ip.is_some_and(|ip| ip.protocol == TCP && ip.fragment.is_none()) {
                return;
            }
        }
        self.decode(packet);
    }

    /// The ends of a packet of TCP, where they can be told without decoding all of it: None of other packets, and of
    /// those that may bring more to light.
    #[inline]
    pub fn ends_of(&mut self, packet: &RawPacket<'_>) -> Option<(Endpoint, Endpoint)> {
        if !self.waiting.is_empty() {
            return None;
        }
        let (own, _) = self.links.plain(packet.link_type, packet.data)?;
        let ip = parse_ip(packet.data, own.offset, u64::from(packet.wire_length))?;
        if ip.protocol != TCP || ip.fragment.is_some() {
            return None;
        }
        let [a, b, c, d] = *packet.data.get(ip.start..)?.first_chunk()?;
        let end = |address, port| Endpoint {
            address,
            port: u16::from_be_bytes(port),
        };
        Some((end(ip.source, [a, b]), end(ip.destination, [c, d])))
    }

    /// Whether `take_further` has anything to give.
    #[inline]
    #[must_use]
    pub fn has_further(&self) -> bool {
        !self.further.is_empty()
    }

    /// What came to light since the last call beside what `decode` gave, with the frames to cite: the other packets of
    /// an aggregate, and the first fragments of datagrams that stayed incomplete, which lie a second back.
    pub fn take_further(&mut self) -> Vec<(OwnedPacket, Decoded)> {
        std::mem::take(&mut self.further)
    }

    /// The same at the end of the capture: no more fragments will come.
    pub fn finish(&mut self) -> Vec<(OwnedPacket, Decoded)> {
        self.waiting.give_up_all();
        self.take_first_ones();
        self.take_further()
    }

    #[cold]
    fn expire(&mut self, now: i64) {
        self.waiting.expire(now);
        self.take_first_ones();
    }

    fn take_first_ones(&mut self) {
        for first in self.waiting.take_first_ones() {
            let decoded = self.innermost(first.borrowed());
            self.further.push((first.into_packet(), decoded));
        }
    }

    /// A packet in a frame of any kind.
    #[inline(never)]
    fn framed(&mut self, packet: &RawPacket<'_>) -> Decoded {
        if is_wireless(packet.link_type) {
            return self.wireless(packet);
        }
        match self.links.parse_link(packet.link_type, packet.data) {
            Some(link) => self.linked(packet, link),
            None => Decoded::Other(Other::NotIp),
        }
    }

    fn wireless(&mut self, packet: &RawPacket<'_>) -> Decoded {
        let mut headers = parse_wireless(packet.link_type, packet.data).into_iter();
        let Some(first) = headers.next() else {
            return Decoded::Other(Other::NotIp);
        };
        let decoded = self.linked(packet, first);
        let mut owned = None;
        for header in headers {
            let decoded = self.linked(packet, header);
            let packet = owned.get_or_insert_with(|| OwnedPacket::of(packet)).clone();
            self.further.push((packet, decoded));
        }
        decoded
    }

    fn linked(&mut self, packet: &RawPacket<'_>, link: LinkHeader) -> Decoded {
        match link.protocol {
            Protocol::Hidden(hidden) => Decoded::Hidden(hidden),
            protocol if protocol.is_ip() => self.network(packet, link.offset, link.source, link.layers),
            Protocol::Ethertype(_) => Decoded::Other(Other::NotIp),
        }
    }

    /// The IP packet at an offset of a frame; each version by itself, as addresses of one length need not be moved.
    #[inline(always)]
    fn network(&mut self, packet: &RawPacket<'_>, offset: usize, source: Option<Mac>, layers: Layers) -> Decoded {
        let wire_length = u64::from(packet.wire_length);
        match byte_at(packet.data, offset).map(|first| first >> 4) {
            Some(4) => self.internet(packet, parse_v4(packet.data, offset, wire_length), source, layers),
            Some(6) => self.internet(packet, parse_v6(packet.data, offset, wire_length), source, layers),
            _ => Decoded::Other(Other::NotIp),
        }
    }

    #[inline(always)]
    fn internet(
        &mut self,
        packet: &RawPacket<'_>,
        ip: Option<IpHeader>,
        link_source: Option<Mac>,
        layers: Layers,
    ) -> Decoded {
        let Some(ip) = ip else {
            return Decoded::Other(Other::NotIp);
        };
        if ip.protocol == TCP && ip.fragment.is_none() {
            return tcp_segment(packet.stamp, packet.data, &ip, link_source, layers, false);
        }
        let data = Cow::Borrowed(packet.data);
        self.innermost(Found {
            packet: *packet,
            data,
            ip,
            link_source,
            layers,
            partial: false,
        })
    }

    /// Follow tunnels, and put fragments together where they lead.
    fn innermost(&mut self, mut found: Found<'_>) -> Decoded {
        for _ in 0..MOST_TUNNELS {
            if let (Some(part), false) = (found.ip.fragment, found.partial) {
                self.fragments += u64::from(matches!(found.data, Cow::Borrowed(_)));
                let Some(whole) = self.waiting.add(&found, &part) else {
                    return Decoded::Other(Other::Fragment);
                };
                found = whole;
            }
            let (stamp, ip) = (found.packet.stamp, found.ip);
            if ip.protocol == TCP {
                return tcp_segment(stamp, &found.data, &ip, found.link_source, found.layers, found.partial);
            }
            if ip.protocol
                == if matches!(ip.source, Address::V4(_)) {
                    ICMP
                } else {
                    ICMPV6
                }
            {
                return icmp_report(stamp, &found.data, &ip);
            }
            match self.links.inside(&ip, &found.data, &mut found.layers) {
                Within::Inside(ip) => found.ip = ip,
                Within::Hidden(hidden) => return Decoded::Hidden(hidden),
                Within::NoTunnel => return Decoded::Other(Other::Ip),
                Within::Cut => return Decoded::Other(Other::CutTunnel),
            }
        }
        Decoded::Other(Other::Ip)
    }
}

#[cfg(test)]
mod tests {
    use super::Decoder;
    use crate::captures::decoded::Decoded;
    use crate::captures::raw_packet::{RawPacket, Stamp};

    const WIFI: u32 = 105;

    /// A datagram of TCP with 20 bytes of payload.
    const DATAGRAM: [u8; 60] = {
        let mut packet = [0; 60];
        (packet[0], packet[3], packet[9], packet[32]) = (0x45, 60, 6, 0x50);
        packet
    };

    fn frame(link_type: u32, data: &[u8]) -> RawPacket<'_> {
        let stamp = Stamp {
            frame: 5,
            ..Stamp::default()
        };
        RawPacket {
            stamp,
            link_type,
            data,
            wire_length: 200,
            offset: 24,
        }
    }

    #[test]
    fn packets_of_an_aggregate_share_the_frame_that_is_cited() {
        let subframe = [&[2; 12][..], &[0, 68, 0xAA, 0xAA, 3, 0, 0, 0, 8, 0], &DATAGRAM, &[0, 0]].concat();
        let data = [&[0x88, 0][..], &[0; 22], &[0x80, 0], &subframe.repeat(3)].concat();
        let mut decoder = Decoder::default();
        let first = decoder.decode(&frame(WIFI, &data));
        assert!(decoder.has_further());
        let further = decoder.take_further();
        assert_eq!(further.len(), 2);
        for decoded in [&first, &further[0].1, &further[1].1] {
            assert!(matches!(decoded, Decoded::Segment(segment) if segment.stamp.frame == 5 && segment.payload == 20));
        }
        assert_eq!(further[0].0.data.as_ptr(), further[1].0.data.as_ptr());
    }

    #[test]
    fn ends_are_told_without_decoding_only_where_nothing_waits() {
        let mut decoder = Decoder::default();
        let Decoded::Segment(segment) = decoder.decode(&frame(101, &DATAGRAM)) else {
            panic!("no segment")
        };
        assert_eq!(
            decoder.ends_of(&frame(101, &DATAGRAM)),
            Some((segment.source, segment.destination))
        );
        let mut part = DATAGRAM;
        part[6] = 0x20;
        assert_eq!(decoder.ends_of(&frame(101, &part)), None);
        decoder.look_through(&frame(101, &part));
        assert_eq!((decoder.fragments, decoder.ends_of(&frame(101, &DATAGRAM))), (1, None));
    }
}
