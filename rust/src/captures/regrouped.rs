//! The same bytes inside and outside of a tunnel, cut differently (`bothways.evidence.regrouped`).

use std::collections::VecDeque;

use crate::captures::decoded::Layers;
use crate::captures::tracked::{Tracked, known};
use crate::wire::sequence::distance;

/// Nanoseconds within which packets are cut and joined.
const SAME_MOMENT: u64 = 1_000_000;

/// Pieces remembered of a way at most.
const MOST_PIECES: usize = 48;

/// A memory that held a burst gives back what it does not need.
const ROOMY: usize = 8;

/// The bytes that one segment carried.
#[derive(Clone, Debug)]
struct Span {
    start: u32,
    end: u32,
    ack: u32,
    timestamps: Option<(u32, u32)>,
    layers: Layers,
    at: i64,
}

/// The data that one way showed in the last moment, since it was first seen in a second carrier.
#[derive(Debug, Default)]
pub struct Regrouped {
    spans: VecDeque<Span>,
}

impl Regrouped {
    /// Tells whether all of a segment's bytes were just seen in another carrier than `layers`, and remembers it.
    pub fn saw(&mut self, segment: &Tracked, layers: &Layers) -> bool {
        if segment.payload == 0 {
            return false;
        }
        let at = segment.stamp.at;
        while self
            .spans
            .front()
            .is_some_and(|span| span.at.abs_diff(at) > SAME_MOMENT)
        {
            self.spans.pop_front();
        }
        let span = Span {
            start: segment.seq,
            end: segment.seq.wrapping_add(segment.payload),
            ack: segment.ack,
            timestamps: segment.has(known::TIMESTAMPS).then_some(segment.timestamps),
            layers: layers.clone(),
            at,
        };
        let found = self.covers(&span);
        if self.spans.len() == MOST_PIECES {
            self.spans.pop_front();
        }
        if self.spans.is_empty() && self.spans.capacity() > ROOMY {
            self.spans = VecDeque::new();
        }
        self.spans.push_back(span);
        found
    }

    /// Whether one earlier span holds all of `span`, or several that begin and end where it does.
    fn covers(&self, span: &Span) -> bool {
        let (mut begins, mut ends) = (false, false);
        for other in &self.spans {
            let alike = other.ack == span.ack && other.timestamps == span.timestamps;
            if !alike || other.at.abs_diff(span.at) > SAME_MOMENT || other.layers == span.layers {
                continue;
            }
            if distance(other.start, span.start) >= 0 && distance(span.end, other.end) >= 0 {
                return true;
            }
            begins |= other.start == span.start;
            ends |= other.end == span.end;
        }
        begins && ends
    }
}
