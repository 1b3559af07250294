//! Pass two: walk a capture again and keep the packets of the chosen connections.

use std::collections::HashMap;

use crate::captures::checksums::{Checksum, checksum_of};
use crate::captures::decode::Decoder;
use crate::captures::decoded::{Decoded, IcmpError, Segment};
use crate::captures::merged::{Item, Merged};
use crate::captures::plain_ports::plain_ports;
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
    let mut walk = Walk::over(chosen);
    let mut unlooked = 0;
    loop {
        merged.run(|packet| {
            unlooked += 1;
            walk.pass(packet);
            unlooked < LOOKS_EVERY && !walk.over
        });
        if walk.over {
            break;
        }
        if unlooked < LOOKS_EVERY {
            unlooked += 1;
            match merged.next_item()? {
                Some(Item::Packet(packet)) => walk.pass(&packet),
                Some(Item::Problem(_)) => {} // pass one reported it
                None => break,
            }
        } else {
            unlooked = 0;
            let (part, bytes) = merged.position();
            look(part, bytes)?;
        }
    }
    let (part, bytes) = merged.position();
    look(part, bytes)?;
    for late in walk.decoder.finish() {
        walk.wanted.offer(&late.packet.borrowed(), late.decoded, &late.segment);
    }
    Ok(walk.wanted.into_kept())
}

/// What the walk needs for each packet.
struct Walk {
    wanted: Wanted,
    decoder: Decoder,
    segment: Segment,
    first: u64,
    last: u64,
    /// All that is wanted was passed by.
    over: bool,
}

impl Walk {
    fn over(chosen: &[Choice]) -> Self {
        Self {
            wanted: Wanted::of(chosen),
            decoder: Decoder::default(),
            segment: Segment::default(),
            first: chosen.iter().map(|choice| choice.first_number).min().unwrap_or(1),
            last: chosen.iter().map(|choice| choice.last_number).max().unwrap_or(0),
            over: false,
        }
    }

    /// Take the next packet.
    #[inline]
    fn pass(&mut self, packet: &RawPacket<'_>) {
        if packet.stamp.number > self.last {
            self.over = true;
            return;
        }
        let passed_over =
            self.decoder.is_idle() && plain_ports(packet).is_some_and(|[one, other]| !self.wanted.may_have(one, other));
        if !passed_over {
            self.look_at(packet);
        }
    }

    fn look_at(&mut self, packet: &RawPacket<'_>) {
        let Self {
            wanted,
            decoder,
            segment,
            ..
        } = self;
        if packet.stamp.number < self.first {
            decoder.look_through(packet);
        } else if decoder
            .ends_of(packet)
            .is_none_or(|(one, other)| wanted.has(one, other))
        {
            let decoded = decoder.decode(packet, segment);
            wanted.offer(packet, decoded, segment);
        }
        for late in decoder.take_further() {
            wanted.offer(&late.packet.borrowed(), late.decoded, &late.segment);
        }
    }
}

/// The chosen connections by their ends.
struct Wanted {
    kept: Vec<Kept>,
    uses: HashMap<Pair, Uses>,
    ports: Box<[u64; PORT_WORDS]>,
}

const PORT_WORDS: usize = 1024;

/// A bit for the ports of a connection, the same for both ways: most packets are told apart by it alone.
fn port_bit(one: u16, other: u16) -> (usize, u64) {
    let mixed = one ^ other;
    (usize::from(mixed >> 6), 1 << (mixed & 63))
}

impl Wanted {
    fn of(chosen: &[Choice]) -> Self {
        let mut uses: HashMap<Pair, Uses> = HashMap::new();
        let mut ports = Box::new([0; PORT_WORDS]);
        for (place, choice) in chosen.iter().enumerate() {
            let between = uses.entry(pair(choice.opener, choice.other)).or_default();
            between.push(choice.first_number, choice.last_number, place);
            let (word, bit) = port_bit(choice.opener.port, choice.other.port);
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

    /// Whether a connection between such ports is among them, as far as a glance tells.
    #[inline]
    fn may_have(&self, one: u16, other: u16) -> bool {
        let (word, bit) = port_bit(one, other);
        self.ports.get(word).is_some_and(|word| word & bit != 0)
    }

    fn has(&self, one: Endpoint, other: Endpoint) -> bool {
        self.may_have(one.port, other.port) && self.uses.contains_key(&pair(one, other))
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
