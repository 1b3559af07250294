//! Puts the fragments of datagrams together, within bounds (RFC 791 section 3.2, RFC 8200 section 4.5).
//!
//! A datagram is cited at the frame that completed it. Of one that stays incomplete its first fragment is given out in
//! the end, with the headers that it holds.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::captures::datagram::{Datagram, Taken};
use crate::captures::decoded::Layers;
use crate::captures::found::{Found, OwnedFound};
use crate::wire::address::Address;
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
            protocol: matches!(found.ip.source, Address::V4(_)).then_some(part.protocol),
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
