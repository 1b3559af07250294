//! What the reading thread hands to the tracking one: a run of segments, and where the few other things stand in it.

use crate::captures::decoded::IcmpError;
use crate::captures::tracked::{Extra, Tracked};

/// Segments of a batch: their rows fit into a core's second cache together.
const SEGMENTS: usize = 512;

/// Where in the capture's files something was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub part: u32,
    pub offset: u64,
}

/// What may be refused, so that its place must be known.
pub enum Rare {
    Error(Box<IcmpError>, Place),
    /// The first fragment of a packet that stayed incomplete.
    First(Box<(Tracked, Extra)>, Place),
}

/// A run of what packets showed, in order.
///
/// Its segments stay where they are when it is emptied, and the next ones are written over them.
#[derive(Default)]
pub struct Batch {
    slots: Vec<Tracked>,
    filled: usize,
    extras: Vec<Extra>,
    /// Each with the number of segments that come before it.
    pub rare: Vec<(usize, Rare)>,
}

impl Batch {
    /// Offers the place of the next segment, with what the others have further, and takes it for one of the batch if
    /// `fill` says so.
    #[inline]
    pub fn offer(&mut self, fill: impl FnOnce(&mut Tracked, &mut Extras) -> bool) {
        if self.filled == self.slots.len() {
            self.grow();
        }
        if let Some(slot) = self.slots.get_mut(self.filled) {
            self.filled += usize::from(fill(slot, &mut Extras(&mut self.extras)));
        }
    }

    /// One more segment.
    pub fn push(&mut self, (tracked, extra): (Tracked, Extra)) {
        self.offer(|slot, extras| {
            *slot = tracked;
            slot.extra = extras.number(extra);
            true
        });
    }

    #[cold]
    fn grow(&mut self) {
        self.slots.resize(self.slots.len() + SEGMENTS, Tracked::default());
    }

    /// Its segments, in order.
    #[must_use]
    pub fn segments(&self) -> &[Tracked] {
        self.slots.get(..self.filled).unwrap_or_default()
    }

    /// What a segment has further.
    #[inline]
    #[must_use]
    pub fn extra(&self, tracked: &Tracked) -> &Extra {
        const NOTHING: &Extra = &Extra::NOTHING;
        match (tracked.extra as usize).checked_sub(1) {
            None => NOTHING,
            Some(place) => self.extras.get(place).unwrap_or(NOTHING),
        }
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
        self.extras.clear();
        self.rare.clear();
    }
}

/// What the segments of a batch have further.
pub struct Extras<'a>(&'a mut Vec<Extra>);

impl Extras<'_> {
    /// The number under which a segment finds it: 0 for nothing.
    #[inline]
    pub fn number(&mut self, extra: Extra) -> u32 {
        if extra.name.is_none() && extra.layers.is_empty() {
            return 0;
        }
        self.0.push(extra);
        u32::try_from(self.0.len()).unwrap_or(0)
    }
}
