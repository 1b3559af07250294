//! What the reading thread hands to the tracking one: a run of segments, and where the few other things stand in it.

use crate::captures::decoded::{IcmpError, Segment};
use crate::captures::keys::Keys;

/// Segments of a batch: their rows fit into a core's second cache together.
const SEGMENTS: usize = 1024;

/// Where in the capture's files something was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub part: u32,
    pub offset: u64,
}

/// A segment with its hashes.
#[derive(Default)]
pub struct Tracked {
    pub keys: Keys,
    pub segment: Segment,
}

/// What may be refused, so that its place must be known.
pub enum Rare {
    Error(Box<IcmpError>, Place),
    /// The first fragment of a packet that stayed incomplete.
    First(Box<Segment>, Place),
}

/// A run of what packets showed, in order.
///
/// Its segments stay where they are when it is emptied, and the next ones are decoded over them: moving and dropping them
/// would take as long as decoding.
#[derive(Default)]
pub struct Batch {
    slots: Vec<Tracked>,
    filled: usize,
    /// Each with the number of segments that come before it.
    pub rare: Vec<(usize, Rare)>,
}

impl Batch {
    /// Offers the place of the next segment, and takes it for one of the batch if `fill` says so.
    #[inline]
    pub fn offer(&mut self, fill: impl FnOnce(&mut Tracked) -> bool) {
        if self.filled == self.slots.len() {
            self.slots.push(Tracked::default());
        }
        if self.slots.get_mut(self.filled).is_some_and(fill) {
            self.filled += 1;
        }
    }

    /// Its segments, in order.
    #[must_use]
    pub fn segments(&self) -> &[Tracked] {
        self.slots.get(..self.filled).unwrap_or_default()
    }

    pub fn push_rare(&mut self, rare: Rare) {
        self.rare.push((self.filled, rare));
    }

    #[inline]
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.filled + self.rare.len() >= SEGMENTS
    }

    /// Empty it, and keep its memory.
    pub fn clear(&mut self) {
        self.filled = 0;
        self.rare.clear();
    }
}
