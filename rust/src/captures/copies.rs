//! Copies: packets that an observer saw twice, as on a mirror port or on two interfaces of one machine.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashTable;

use crate::captures::decoded::Segment;
use crate::captures::seed::Seed;

/// Packets remembered at a time.
const MOST_REMEMBERED: usize = 65_536;

/// Nanoseconds within which a copy follows the one before.
const COPY_WITHIN: u64 = 100_000_000;

/// The same for packets that carry nothing by which a retransmission would differ from a copy.
const TWIN_WITHIN: u64 = 1_000_000;

/// No place in the memory.
const NOWHERE: u32 = u32::MAX;

/// What a packet was to an observer who had seen the packets of the last moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// It was seen before, within 100 ms.
    pub again: bool,
    /// It is a copy of that, and was not sent again.
    pub copy: bool,
    /// How often in a row it came by with a lower TTL than the time before.
    pub fell: u32,
}

/// A packet as it was seen last, between the one seen before it and the one after it.
#[derive(Clone, Copy, Debug)]
struct Last {
    identity: u64,
    at: i64,
    older: u32,
    newer: u32,
    fell: u32,
    ttl: u8,
}

/// The packets of the last moment, of all connections, in the order in which they were seen last.
///
/// A packet is known by 64 bits of a hash with the run's random seed: two different ones look alike once in 2^48 moments
/// at most, and nobody can make them. A place that becomes free is used next, so that the memory stays in the cache.
#[derive(Debug)]
pub struct Copies {
    hasher: Seed,
    places: HashTable<u32>,
    seen: Vec<Last>,
    free: Vec<u32>,
    oldest: u32,
    newest: u32,
}

impl Default for Copies {
    fn default() -> Self {
        Self {
            hasher: Seed::default(),
            places: HashTable::new(),
            seen: Vec::new(),
            free: Vec::new(),
            oldest: NOWHERE,
            newest: NOWHERE,
        }
    }
}

impl Copies {
    /// Tells whether a segment of `way`, a number for each way of each connection, is a copy of a recent one.
    pub fn see(&mut self, way: u64, segment: &Segment) -> Sight {
        let at = segment.stamp.at;
        self.forget(at);
        let identity = self.identity(way, segment);
        let (known, sight) = match self.find(identity) {
            None => (NOWHERE, Sight::default()),
            Some((place, last)) => (place, compared(last, segment)),
        };
        let now = Last {
            identity,
            at,
            older: self.newest,
            newer: NOWHERE,
            fell: sight.fell,
            ttl: segment.ttl,
        };
        if known == NOWHERE {
            self.remember(now);
        } else {
            self.unlink(known);
            self.link(
                known,
                Last {
                    older: self.newest,
                    ..now
                },
            );
        }
        sight
    }

    fn find(&self, identity: u64) -> Option<(u32, Last)> {
        let place = *self
            .places
            .find(identity, |place| self.identity_at(*place) == identity)?;
        Some((place, *self.seen.get(place as usize)?))
    }

    fn identity_at(&self, place: u32) -> u64 {
        self.seen.get(place as usize).map_or(0, |last| last.identity)
    }

    fn identity(&self, way: u64, segment: &Segment) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        let options = &segment.options;
        let head = u64::from(segment.window) << 48
            | u64::from(segment.ip_id.unwrap_or_default()) << 32
            | u64::from(segment.flags) << 8
            | u64::from(segment.ip_id.is_some()) << 1
            | u64::from(options.timestamps.is_some());
        hasher.write_u64(way);
        hasher.write_u64(u64::from(segment.seq) << 32 | u64::from(segment.ack));
        hasher.write_u64(head);
        let (value, echo) = options.timestamps.unwrap_or_default();
        hasher.write_u64(u64::from(value) << 32 | u64::from(echo));
        hasher.write_u32(segment.payload);
        if let Some(blocks) = &options.sack_blocks {
            for (left, right) in blocks.as_slice() {
                hasher.write_u64(u64::from(*left) << 32 | u64::from(*right));
            }
        }
        hasher.finish()
    }

    fn remember(&mut self, last: Last) {
        let place = self.free.pop().unwrap_or_else(|| {
            self.seen.push(last);
            (self.seen.len() - 1) as u32
        });
        self.link(place, last);
        let seen = &self.seen;
        let identity_of = |place: &u32| seen.get(*place as usize).map_or(0, |last| last.identity);
        self.places.insert_unique(last.identity, place, identity_of);
    }

    /// Puts what was seen just now behind all others.
    fn link(&mut self, place: u32, last: Last) {
        match self.seen.get_mut(self.newest as usize) {
            Some(before) => before.newer = place,
            None => self.oldest = place,
        }
        if let Some(kept) = self.seen.get_mut(place as usize) {
            *kept = last;
        }
        self.newest = place;
    }

    fn unlink(&mut self, place: u32) {
        let Some(Last { older, newer, .. }) = self.seen.get(place as usize).copied() else {
            return;
        };
        match self.seen.get_mut(older as usize) {
            Some(before) => before.newer = newer,
            None => self.oldest = newer,
        }
        match self.seen.get_mut(newer as usize) {
            Some(behind) => behind.older = older,
            None => self.newest = older,
        }
    }

    /// Lets go of the oldest until it is near, and one of no more than there is room for.
    fn forget(&mut self, now: i64) {
        while let Some(last) = self.seen.get(self.oldest as usize).copied() {
            if self.places.len() <= MOST_REMEMBERED && last.at.abs_diff(now) <= COPY_WITHIN {
                return;
            }
            let place = self.oldest;
            self.unlink(place);
            if let Ok(entry) = self.places.find_entry(last.identity, |known| *known == place) {
                entry.remove();
            }
            self.free.push(place);
        }
    }
}

fn compared(last: Last, segment: &Segment) -> Sight {
    let apart = last.at.abs_diff(segment.stamp.at);
    if apart > COPY_WITHIN {
        return Sight::default(); // The clock was set; what stands ahead of it in the memory is near.
    }
    let tells = segment.ip_id.unwrap_or_default() != 0 || segment.options.timestamps.is_some();
    let fell = if segment.ttl < last.ttl {
        last.fell.saturating_add(1)
    } else {
        0
    };
    Sight {
        again: true,
        copy: apart <= if tells { COPY_WITHIN } else { TWIN_WITHIN },
        fell,
    }
}
