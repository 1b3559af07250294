//! Which sequence numbers one way of a connection has shown, and where it left holes.

use crate::wire::sequence::{LARGEST_WINDOW, before, distance};

/// Holes remembered per way.
const MOST_HOLES: usize = 8;

/// Nanoseconds: a packet that took another queue or link arrives within this time.
const REORDERED_WITHIN: i64 = 3_000_000;

/// What a segment's sequence numbers were to an observer who had seen the segments before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    New,
    /// All of them had been shown.
    Repeated,
    /// They filled a hole that had stood for 3 ms or more.
    Refilled,
    /// They filled a hole that had just appeared.
    Reordered,
}

/// Numbers that were passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    start: u32,
    /// The number after the last.
    stop: u32,
    since: i64,
}

/// The space from the lowest to the highest number that a way has shown.
///
/// The holes in it, which most ways never have, are kept by the way and lent to each call.
#[derive(Clone, Copy, Debug, Default)]
pub struct SequenceSpace {
    /// The number after the highest one shown.
    pub end: u32,
    lowest: u32,
}

impl SequenceSpace {
    #[must_use]
    pub fn new(start: u32) -> Self {
        Self {
            end: start,
            lowest: start,
        }
    }

    /// Takes in a segment that begins where what was shown ends, where there is no hole; None where it does not.
    ///
    /// It is what almost every segment does; `show` does the same and all the rest.
    pub fn show_next(&mut self, seq: u32, count: u64) -> Option<Showing> {
        if seq != self.end || count >= 1 << 31 {
            return None;
        }
        if count == 0 {
            return Some(Showing::New);
        }
        self.end = seq.wrapping_add(count as u32);
        if distance(self.lowest, self.end) > LARGEST_WINDOW {
            self.lowest = self.end.wrapping_sub(LARGEST_WINDOW as u32);
        }
        Some(Showing::New)
    }

    /// Takes in a segment that occupies `count` numbers from `seq` on, seen at `at`.
    pub fn show(&mut self, holes: &mut Vec<Hole>, seq: u32, count: u64, at: i64) -> Showing {
        let stop = seq.wrapping_add(count as u32);
        let filled = if holes.is_empty() || count == 0 {
            None
        } else {
            fill(holes, seq, stop, at)
        };
        let ahead = distance(self.end, stop);
        if before(self.end, seq) {
            self.open(holes, seq, at);
        }
        if ahead > 0 {
            self.end = stop;
            self.forget(holes);
        }
        if let Some(showing) = filled {
            return showing;
        }
        if ahead > 0 || count == 0 {
            return Showing::New;
        }
        if before(seq, self.lowest) {
            self.lower(holes, seq, stop, at);
            return Showing::New;
        }
        Showing::Repeated
    }

    /// How many numbers below `acked` were never shown: what holes hold, and what lies beyond the end.
    #[must_use]
    pub fn unseen_below(&self, holes: &[Hole], acked: u32) -> u64 {
        let beyond = distance(self.end, acked);
        if beyond > LARGEST_WINDOW {
            return 0;
        }
        let held = holes.iter().map(|hole| {
            let stop = if before(hole.stop, acked) { hole.stop } else { acked };
            distance(hole.start, stop).max(0)
        });
        (held.sum::<i64>() + beyond.max(0)).unsigned_abs()
    }

    fn open(&mut self, holes: &mut Vec<Hole>, seq: u32, at: i64) {
        if holes.len() == MOST_HOLES {
            self.lowest = holes.remove(0).stop;
        }
        holes.push(Hole {
            start: self.end,
            stop: seq,
            since: at,
        });
    }

    /// Takes in a segment from before all that was shown.
    fn lower(&mut self, holes: &mut Vec<Hole>, seq: u32, stop: u32, at: i64) {
        if before(stop, self.lowest) && holes.len() < MOST_HOLES {
            holes.push(Hole {
                start: stop,
                stop: self.lowest,
                since: at,
            });
        }
        self.lowest = seq;
    }

    /// Lets go of what lies further back than any window reaches.
    fn forget(&mut self, holes: &mut Vec<Hole>) {
        if distance(self.lowest, self.end) > LARGEST_WINDOW {
            self.lowest = self.end.wrapping_sub(LARGEST_WINDOW as u32);
            holes.retain(|hole| !before(hole.start, self.lowest));
        }
    }
}

/// Takes a segment's numbers out of the holes; None where it met none.
fn fill(holes: &mut Vec<Hole>, seq: u32, stop: u32, at: i64) -> Option<Showing> {
    let mut oldest: Option<i64> = None;
    let mut left = Vec::with_capacity(2 * MOST_HOLES);
    for hole in holes.iter() {
        if !(before(seq, hole.stop) && before(hole.start, stop)) {
            left.push(*hole);
            continue;
        }
        oldest = Some(oldest.map_or(hole.since, |since| since.min(hole.since)));
        if before(hole.start, seq) {
            left.push(Hole { stop: seq, ..*hole });
        }
        if before(stop, hole.stop) {
            left.push(Hole { start: stop, ..*hole });
        }
    }
    let since = oldest?;
    left.drain(..left.len().saturating_sub(MOST_HOLES));
    *holes = left;
    let soon = at.saturating_sub(since) < REORDERED_WITHIN;
    Some(if soon { Showing::Reordered } else { Showing::Refilled })
}
