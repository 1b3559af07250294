//! What the reading thread hands to the tracking one: a run of segments, and where the few other things stand in it.

use crate::captures::decoded::{IcmpError, Segment};

/// Segments of a batch: their rows fit into a core's second cache together.
const SEGMENTS: usize = 1024;

/// Where in the capture's files something was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub part: u32,
    pub offset: u64,
}

/// A segment with the hash of its connection.
pub struct Tracked {
    pub hash: u64,
    pub segment: Segment,
}

/// What may be refused, so that its place must be known.
pub enum Rare {
    Error(Box<IcmpError>, Place),
    /// The first fragment of a packet that stayed incomplete.
    First(Box<Segment>, Place),
}

/// A run of what packets showed, in order.
#[derive(Default)]
pub struct Batch {
    pub segments: Vec<Tracked>,
    /// Each with the number of segments that come before it.
    pub rare: Vec<(usize, Rare)>,
}

impl Batch {
    pub fn push(&mut self, hash: u64, segment: Segment) {
        if self.segments.capacity() == 0 {
            self.segments.reserve_exact(SEGMENTS);
        }
        self.segments.push(Tracked { hash, segment });
    }

    pub fn push_rare(&mut self, rare: Rare) {
        self.rare.push((self.segments.len(), rare));
    }

    #[must_use]
    pub fn is_full(&self) -> bool {
        self.segments.len() + self.rare.len() >= SEGMENTS
    }

    /// Empty it, and keep its memory.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.rare.clear();
    }
}
