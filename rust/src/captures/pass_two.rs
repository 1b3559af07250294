//! Pass two: walk a capture again and keep the packets of the chosen connections.

use std::collections::HashMap;

use crate::captures::checksums::{Checksum, checksum_of};
use crate::captures::decode::Decoder;
use crate::captures::decoded::{Decoded, IcmpError, Segment};
use crate::captures::merged::{Item, Merged};
use crate::captures::raw_packet::RawPacket;
use crate::captures::source::Broken;
use crate::captures::uses::Uses;
use crate::wire::address::{Endpoint, Mac};
use crate::wire::link::link_receiver;

/// Packets after which the caller is asked whether to go on.
const LOOKS_EVERY: u32 = 16_384;

/// A connection whose packets are wanted (`bothways.evidence.capture.Chosen`).
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    pub opener: Endpoint,
    pub other: Endpoint,
    pub first_number: u64,
    pub last_number: u64,
}

/// A segment with what costs too much to find for packets that nobody wants.
#[derive(Clone, Debug)]
pub struct Whole {
    pub segment: Segment,
    pub checksum: Option<Checksum>,
    pub link_receiver: Option<Mac>,
}

/// An error, and the source in its quote where a translator forgot to translate that back.
#[derive(Clone, Debug)]
pub struct Told {
    pub error: IcmpError,
    pub translated: Option<Endpoint>,
}

/// What was kept of one chosen connection, in the capture's order.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub segments: Vec<Whole>,
    pub errors: Vec<Told>,
}

type Pair = (Endpoint, Endpoint);

/// Both ends of a connection in an order that does not depend on who sent a packet.
fn pair(one: Endpoint, other: Endpoint) -> Pair {
    if one <= other { (one, other) } else { (other, one) }
}

/// Walk a capture once more and keep the packets of `chosen`, with the errors that quote them, in the order of `chosen`.
///
/// `look` is told every few MiB which part is read, and how many bytes of it were.
///
/// # Errors
///
/// What `look` or a source said.
pub fn extract(
    mut merged: Merged,
    chosen: &[Choice],
    mut look: impl FnMut(u32, u64) -> Result<(), Broken>,
) -> Result<Vec<Kept>, Broken> {
    let mut wanted = Wanted::of(chosen);
    let mut decoder = Decoder::default();
    let first = chosen.iter().map(|choice| choice.first_number).min().unwrap_or(1);
    let last = chosen.iter().map(|choice| choice.last_number).max().unwrap_or(0);
    let mut segment = Segment::default();
    let mut unlooked = 0;
    while let Some(item) = merged.next_item()? {
        let Item::Packet(packet) = item else { continue }; // pass one reported it
        if packet.stamp.number > last {
            break;
        }
        if packet.stamp.number < first {
            decoder.look_through(&packet);
        } else if decoder
            .ends_of(&packet)
            .is_none_or(|(one, other)| wanted.has(one, other))
        {
            let decoded = decoder.decode(&packet, &mut segment);
            wanted.offer(&packet, decoded, &segment);
        }
        for late in decoder.take_further() {
            wanted.offer(&late.packet.borrowed(), late.decoded, &late.segment);
        }
        unlooked += 1;
        if unlooked == LOOKS_EVERY {
            unlooked = 0;
            let (part, bytes) = merged.position();
            look(part, bytes)?;
        }
    }
    let (part, bytes) = merged.position();
    look(part, bytes)?;
    for late in decoder.finish() {
        wanted.offer(&late.packet.borrowed(), late.decoded, &late.segment);
    }
    Ok(wanted.into_kept())
}

/// The chosen connections by their ends.
struct Wanted {
    kept: Vec<Kept>,
    uses: HashMap<Pair, Uses>,
    ports: Box<[u64; PORT_WORDS]>,
}

const PORT_WORDS: usize = 1024;

/// A bit for the ports of a connection, the same for both ways: most packets are told apart by it alone.
fn port_bit(one: Endpoint, other: Endpoint) -> (usize, u64) {
    let mixed = one.port ^ other.port;
    (usize::from(mixed >> 6), 1 << (mixed & 63))
}

impl Wanted {
    fn of(chosen: &[Choice]) -> Self {
        let mut uses: HashMap<Pair, Uses> = HashMap::new();
        let mut ports = Box::new([0; PORT_WORDS]);
        for (place, choice) in chosen.iter().enumerate() {
            let between = uses.entry(pair(choice.opener, choice.other)).or_default();
            between.push(choice.first_number, choice.last_number, place);
            let (word, bit) = port_bit(choice.opener, choice.other);
            if let Some(word) = ports.get_mut(word) {
                *word |= bit;
            }
        }
        uses.values_mut().for_each(Uses::sort);
        Self {
            kept: vec![Kept::default(); chosen.len()],
            uses,
            ports,
        }
    }

    fn has(&self, one: Endpoint, other: Endpoint) -> bool {
        let (word, bit) = port_bit(one, other);
        self.ports.get(word).is_some_and(|word| word & bit != 0) && self.uses.contains_key(&pair(one, other))
    }

    /// Keep what a packet shows for every chosen connection that it belongs to.
    fn offer(&mut self, packet: &RawPacket<'_>, decoded: Decoded, segment: &Segment) {
        match decoded {
            Decoded::Segment => {
                let places = self.places_of(segment.source, segment.destination, packet.stamp.number);
                if places.is_empty() {
                    return;
                }
                let whole = Whole {
                    checksum: checksum_of(packet, segment),
                    link_receiver: link_receiver(packet.link_type, packet.data),
                    segment: segment.clone(),
                };
                self.keep(&places, |kept| kept.segments.push(whole.clone()));
            }
            Decoded::Error(error) => self.offer_error(*error, packet.stamp.number),
            Decoded::Hidden(_) | Decoded::Other(_) => {}
        }
    }

    fn offer_error(&mut self, error: IcmpError, number: u64) {
        let told = if self.has(error.source, error.destination) {
            Told {
                error,
                translated: None,
            }
        } else {
            as_its_host_knows(error)
        };
        let places = self.places_of(told.error.source, told.error.destination, number);
        self.keep(&places, |kept| kept.errors.push(told.clone()));
    }

    fn places_of(&self, one: Endpoint, other: Endpoint, number: u64) -> Vec<usize> {
        let uses = self.uses.get(&pair(one, other));
        uses.map(|uses| uses.around(number).collect()).unwrap_or_default()
    }

    fn keep(&mut self, places: &[usize], mut with: impl FnMut(&mut Kept)) {
        for place in places {
            if let Some(kept) = self.kept.get_mut(*place) {
                with(kept);
            }
        }
    }

    /// First fragments that waited in vain came late: they go where they belong.
    fn into_kept(mut self) -> Vec<Kept> {
        for kept in &mut self.kept {
            kept.segments.sort_by_key(|whole| whole.segment.stamp.number);
        }
        self.kept
    }
}

/// An error whose quote a translator forgot to translate back (RFC 5508 section 4.2), if it kept the port.
fn as_its_host_knows(error: IcmpError) -> Told {
    let source = Endpoint {
        address: error.receiver,
        port: error.source.port,
    };
    Told {
        translated: Some(error.source),
        error: IcmpError { source, ..error },
    }
}
