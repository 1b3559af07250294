//! Puts the fragments of datagrams together, within bounds (RFC 791 section 3.2, RFC 8200 section 4.5).
//!
//! A datagram is cited at the frame that completed it. Of one that stays incomplete its first fragment is given out in
//! the end, with the headers that it holds.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::captures::datagram::{Datagram, Taken};
use crate::captures::decoded::Layers;
use crate::captures::found::{Found, OwnedFound};
use crate::wire::address::{Address, Family};
use crate::wire::ip::Fragment;

/// Datagrams that may wait for fragments at a time.
const MOST_OPEN: usize = 256;

/// Nanoseconds from a datagram's first fragment in the capture to its last.
const LONGEST_WAIT: u64 = 1_000_000_000;

/// What fragments of one datagram have in common: addresses and identification, in IPv4 the protocol, and what carried
/// them, as a mirrored copy that came through another tunnel is another datagram.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    source: Address,
    destination: Address,
    protocol: Option<u8>,
    identification: u32,
    layers: Layers,
}

impl Key {
    fn of(found: &Found<'_>, part: &Fragment) -> Self {
        Self {
            source: found.ip.source,
            destination: found.ip.destination,
            protocol: (found.ip.source.family() == Family::V4).then_some(part.protocol),
            identification: part.identification,
            layers: found.layers.clone(),
        }
    }
}

/// The datagrams of one capture that are not complete yet.
#[derive(Debug, Default)]
pub struct Fragments {
    /// By the order in which they began to wait.
    open: BTreeMap<u64, (Key, Datagram)>,
    places: HashMap<Key, u64>,
    next: u64,
    /// Datagrams of which not all fragments were seen.
    pub given_up: u64,
    /// Datagrams that were refused because their fragments overlap.
    pub overlapping: u64,
    first_ones: Vec<OwnedFound>,
}

impl Fragments {
    /// Whether no datagram waits.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Take in a fragment; gives the whole datagram if this was the last one that it lacked.
    pub fn add<'a>(&mut self, found: &Found<'a>, part: &Fragment) -> Option<Found<'a>> {
        let key = Key::of(found, part);
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                if self.open.len() >= MOST_OPEN {
                    self.give_up_oldest();
                }
                self.wait(key, Datagram::since(found.packet.stamp.at))
            }
        };
        let (_, datagram) = self.open.get_mut(&place)?;
        match datagram.take(found, part) {
            Taken::Overlapping => {
                self.overlapping += 1;
                None
            }
            Taken::Waiting => None,
            Taken::Whole(data, ip) => {
                let (key, datagram) = self.open.remove(&place)?;
                self.places.remove(&key);
                let (first, copy) = datagram.into_parts();
                if let Some(copy) = copy {
                    self.wait(key, copy);
                }
                let OwnedFound {
                    link_source,
                    layers,
                    partial,
                    ..
                } = first?;
                Some(Found {
                    packet: found.packet,
                    data: Cow::Owned(data),
                    ip,
                    link_source,
                    layers,
                    partial,
                })
            }
        }
    }

    /// Give up what has waited too long at `now`.
    pub fn expire(&mut self, now: i64) {
        while let Some(oldest) = self.open.first_entry() {
            if oldest.get().1.since.abs_diff(now) <= LONGEST_WAIT {
                return;
            }
            self.give_up_oldest();
        }
    }

    /// Give up everything, as at the end of a capture.
    pub fn give_up_all(&mut self) {
        while !self.open.is_empty() {
            self.give_up_oldest();
        }
    }

    /// The first fragments of what was given up since the last call.
    pub fn take_first_ones(&mut self) -> Vec<OwnedFound> {
        std::mem::take(&mut self.first_ones)
    }

    fn wait(&mut self, key: Key, datagram: Datagram) -> u64 {
        let place = self.next;
        self.next += 1;
        self.places.insert(key.clone(), place);
        self.open.insert(place, (key, datagram));
        place
    }

    fn give_up_oldest(&mut self) {
        let Some((_, (key, datagram))) = self.open.pop_first() else {
            return;
        };
        self.places.remove(&key);
        if datagram.refused || datagram.is_copy {
            return;
        }
        self.given_up += 1;
        let first = datagram.into_parts().0.map(OwnedFound::alone);
        self.first_ones.extend(first);
    }
}

#[cfg(test)]
mod tests {
    use crate::captures::decode::Decoder;
    use crate::captures::decoded::{Decoded, Other, Segment};
    use crate::captures::raw_packet::{RawPacket, Stamp};

    const RAW_IP: u32 = 101;
    const ETHERNET: u32 = 1;
    const WAIT: i64 = 1_000_000_000;

    /// Part of a datagram of TCP with a header of 20 bytes and 20 of payload; offset and length in units of eight.
    fn part(identification: u8, offset: u8, length: u8) -> Vec<u8> {
        let mut tcp = [0; 40];
        tcp[1] = identification;
        tcp[12] = 0x50;
        let (start, end) = (usize::from(offset) * 8, usize::from(offset + length) * 8);
        let more = if end < tcp.len() { 0x20 } else { 0 };
        let mut packet = vec![
            0x45,
            0,
            0,
            20 + length * 8,
            0,
            identification,
            more,
            offset,
            64,
            6,
            0,
            0,
        ];
        packet.extend([10, 0, 0, 1, 10, 0, 0, 2]);
        packet.extend_from_slice(&tcp[start..end]);
        packet
    }

    type Shown = (Decoded, Segment);

    fn seen(decoder: &mut Decoder, frame: u64, at: i64, link_type: u32, data: &[u8]) -> Shown {
        let wire_length = u32::try_from(data.len()).unwrap();
        let stamp = Stamp {
            frame,
            number: frame,
            at,
            part: 0,
        };
        let packet = RawPacket {
            stamp,
            link_type,
            data,
            wire_length,
            offset: 24,
        };
        let mut segment = Segment::default();
        (decoder.decode(&packet, &mut segment), segment)
    }

    fn segment((decoded, segment): &Shown) -> &Segment {
        assert_eq!(*decoded, Decoded::Segment);
        segment
    }

    fn tagged(vlan: u8, packet: &[u8]) -> Vec<u8> {
        [&[2; 12][..], &[0x81, 0, 0, vlan, 8, 0], packet].concat()
    }

    #[test]
    fn a_datagram_is_cited_at_the_frame_that_completed_it() {
        let mut decoder = Decoder::default();
        for (frame, offset) in [(1, 3), (2, 0)] {
            let (decoded, _) = seen(&mut decoder, frame, 0, RAW_IP, &part(7, offset, 2));
            assert_eq!(decoded, Decoded::Other(Other::Fragment));
        }
        let decoded = seen(&mut decoder, 3, WAIT, RAW_IP, &part(7, 2, 1));
        let whole = segment(&decoded);
        assert_eq!((whole.stamp.frame, whole.payload, whole.partial), (3, 20, false));
        assert_eq!(
            (decoder.fragments, decoder.unfinished(), decoder.overlapping()),
            (3, 0, 0)
        );
        assert!(decoder.finish().is_empty());
    }

    #[test]
    fn what_waited_too_long_is_given_up_whatever_the_clock_says() {
        for (since, now) in [
            (0, WAIT + 1),
            (0, -WAIT - 1),
            (i64::MIN, i64::MAX),
            (i64::MAX, i64::MIN),
        ] {
            let mut decoder = Decoder::default();
            seen(&mut decoder, 1, since, RAW_IP, &part(7, 0, 3));
            assert!(!decoder.has_further());
            seen(&mut decoder, 2, now, RAW_IP, &[]);
            let further = decoder.take_further();
            let [late] = further.as_slice() else {
                panic!("{further:?}")
            };
            assert_eq!(late.decoded, Decoded::Segment);
            assert_eq!((late.packet.stamp.frame, late.segment.partial), (1, true));
            assert_eq!(decoder.unfinished(), 1);
        }
    }

    #[test]
    fn only_so_many_wait_and_the_oldest_goes() {
        let mut decoder = Decoder::default();
        for tag in 0..2 {
            for identification in 0..=255 {
                seen(&mut decoder, 1, 0, ETHERNET, &tagged(tag, &part(identification, 0, 1)));
            }
            assert_eq!(decoder.unfinished(), u64::from(tag) * 256);
        }
        assert_eq!(decoder.finish().len(), 512);
    }

    #[test]
    fn a_copy_in_another_vlan_is_another_datagram() {
        let mut decoder = Decoder::default();
        for vlan in [1, 2] {
            seen(&mut decoder, 1, 0, ETHERNET, &tagged(vlan, &part(7, 0, 3)));
        }
        for vlan in [2, 1] {
            let decoded = seen(&mut decoder, 2, 0, ETHERNET, &tagged(vlan, &part(7, 3, 2)));
            assert_eq!(&*segment(&decoded).layers.words()[0].identifier, vlan.to_string());
        }
    }

    #[test]
    fn a_copy_of_the_same_kind_runs_beside_and_is_not_counted() {
        let mut decoder = Decoder::default();
        for offset in [0, 0, 3, 3] {
            let decoded = seen(
                &mut decoder,
                1,
                0,
                RAW_IP,
                &part(7, offset, if offset == 0 { 3 } else { 2 }),
            );
            assert_eq!(decoded.0 == Decoded::Segment, offset == 3);
        }
        seen(&mut decoder, 1, 0, RAW_IP, &part(8, 0, 3));
        seen(&mut decoder, 1, 0, RAW_IP, &part(8, 0, 3));
        assert_eq!((decoder.finish().len(), decoder.unfinished()), (1, 1));
    }

    #[test]
    fn an_overlap_refuses_the_datagram_and_what_comes_of_it_later() {
        let mut decoder = Decoder::default();
        for (offset, length) in [(0, 3), (2, 2), (3, 2), (0, 3)] {
            let decoded = seen(&mut decoder, 1, 0, RAW_IP, &part(7, offset, length));
            assert_eq!(decoded.0, Decoded::Other(Other::Fragment));
        }
        assert_eq!(
            (decoder.overlapping(), decoder.finish().len(), decoder.unfinished()),
            (1, 0, 0)
        );
    }
}
