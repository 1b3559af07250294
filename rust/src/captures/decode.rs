//! The packets of one capture file to what they show of TCP: the innermost connection, whatever carries it.

use std::borrow::Cow;

use crate::captures::decoded::{Decoded, Other, Segment};
use crate::captures::found::Found;
use crate::captures::fragments::Fragments;
use crate::captures::icmp_report::icmp_report;
use crate::captures::raw_packet::{OwnedPacket, RawPacket};
use crate::captures::tcp_segment::tcp_segment;
use crate::wire::address::{Endpoint, Family};
use crate::wire::inside::{MOST_TUNNELS, Within};
use crate::wire::ip::{ICMP, ICMPV6, TCP, parse_ip};
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
    further: Vec<Late>,
}

/// What came to light later than its packet, which is cited for it.
#[derive(Debug)]
pub struct Late {
    pub packet: OwnedPacket,
    pub decoded: Decoded,
    /// The segment, where it is one.
    pub segment: Segment,
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

    /// Whether a packet that is no fragment may be read without it: no others wait for their time to pass.
    #[inline]
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Read what a packet shows of TCP, a segment into `into`, which is meaningless otherwise; see `take_further` for what
    /// else came to light with it.
    #[inline]
    pub fn decode(&mut self, packet: &RawPacket<'_>, into: &mut Segment) -> Decoded {
        if !self.waiting.is_empty() {
            self.waiting.expire(packet.stamp.at);
            self.take_first_ones();
        }
        if is_wireless(packet.link_type) {
            return self.wireless(packet, into);
        }
        match self.links.parse_link(packet.link_type, packet.data) {
            Some(link) => self.network(packet, link, into),
            None => Decoded::Other(Other::NotIp),
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
        self.decode(packet, &mut Segment::default());
    }

    /// The ends of a packet of TCP, where they can be told without decoding all of it: None of other packets, and of
    /// those that may bring more to light.
    #[inline]
    pub fn ends_of(&mut self, packet: &RawPacket<'_>) -> Option<(Endpoint, Endpoint)> {
        if is_wireless(packet.link_type) || !self.waiting.is_empty() {
            return None;
        }
        let link = self.links.parse_link(packet.link_type, packet.data)?;
        if !link.protocol.is_ip() {
            return None;
        }
        let ip = parse_ip(packet.data, link.offset, u64::from(packet.wire_length))?;
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
    pub fn take_further(&mut self) -> Vec<Late> {
        std::mem::take(&mut self.further)
    }

    /// The same at the end of the capture: no more fragments will come.
    pub fn finish(&mut self) -> Vec<Late> {
        self.waiting.give_up_all();
        self.take_first_ones();
        self.take_further()
    }

    fn take_first_ones(&mut self) {
        for first in self.waiting.take_first_ones() {
            let mut segment = Segment::default();
            let decoded = self.innermost(first.borrowed(), &mut segment);
            let packet = first.into_packet();
            self.further.push(Late {
                packet,
                decoded,
                segment,
            });
        }
    }

    #[cold]
    fn wireless(&mut self, packet: &RawPacket<'_>, into: &mut Segment) -> Decoded {
        let mut headers = parse_wireless(packet.link_type, packet.data).into_iter();
        let Some(first) = headers.next() else {
            return Decoded::Other(Other::NotIp);
        };
        let decoded = self.network(packet, first, into);
        let mut owned = None;
        for header in headers {
            let mut segment = Segment::default();
            let decoded = self.network(packet, header, &mut segment);
            let packet = owned.get_or_insert_with(|| OwnedPacket::of(packet)).clone();
            self.further.push(Late {
                packet,
                decoded,
                segment,
            });
        }
        decoded
    }

    #[inline]
    fn network(&mut self, packet: &RawPacket<'_>, link: LinkHeader, into: &mut Segment) -> Decoded {
        if let Protocol::Hidden(hidden) = link.protocol {
            return Decoded::Hidden(hidden);
        }
        if !link.protocol.is_ip() {
            return Decoded::Other(Other::NotIp);
        }
        let Some(ip) = parse_ip(packet.data, link.offset, u64::from(packet.wire_length)) else {
            return Decoded::Other(Other::NotIp);
        };
        if ip.protocol == TCP && ip.fragment.is_none() {
            return tcp_segment(packet.stamp, packet.data, &ip, link.source, link.layers, false, into);
        }
        let found = Found {
            packet: *packet,
            data: Cow::Borrowed(packet.data),
            ip,
            link_source: link.source,
            layers: link.layers,
            partial: false,
        };
        self.innermost(found, into)
    }

    /// Follow tunnels, and put fragments together where they lead.
    fn innermost(&mut self, mut found: Found<'_>, into: &mut Segment) -> Decoded {
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
                return tcp_segment(
                    stamp,
                    &found.data,
                    &ip,
                    found.link_source,
                    found.layers,
                    found.partial,
                    into,
                );
            }
            if ip.protocol == if ip.source.family() == Family::V4 { ICMP } else { ICMPV6 } {
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
