//! Counts what one end of a connection sent.

use crate::captures::copies::Copies;
use crate::captures::decoded::{Content, Layers, Said, flags};
use crate::captures::history::{History, Letter};
use crate::captures::row::{Rare, Way, count, known};
use crate::captures::sequence_space::{SequenceSpace, Showing};
use crate::captures::texts::Texts;
use crate::captures::tracked::{self, Extra, Tracked};
use crate::wire::sequence::{distance, later};

/// What all ways of a capture share.
#[derive(Debug, Default)]
pub struct Shared {
    pub copies: Copies,
    pub texts: Texts,
}

impl Shared {
    /// The number of what carried a segment, 0 where nothing did.
    #[inline]
    fn layers_number(&mut self, segment: &Tracked, extra: &Extra) -> u32 {
        if extra.layers.is_empty() {
            self.texts.vlan_number(segment.vlan)
        } else {
            self.texts.layers_number(&extra.layers)
        }
    }

    /// Whether what carried a segment has that number.
    #[inline]
    fn is_carried_by(&mut self, number: u32, segment: &Tracked, extra: &Extra) -> bool {
        if extra.layers.is_empty() {
            self.texts.vlan_number(segment.vlan) == number
        } else {
            self.texts.is_layers(number, &extra.layers)
        }
    }

    #[cold]
    fn layers(&mut self, segment: &Tracked, extra: &Extra) -> Layers {
        if !extra.layers.is_empty() {
            return extra.layers.clone();
        }
        let number = self.texts.vlan_number(segment.vlan);
        self.texts.layers_of(number).cloned().unwrap_or_default()
    }
}

/// A connection's history as one end writes it.
pub struct Pen<'a> {
    pub history: &'a mut History,
    /// The end is the opener.
    pub opens: bool,
}

impl Pen<'_> {
    fn write(&mut self, letter: Letter) {
        self.history.extend(letter, self.opens);
    }
}

impl Way {
    /// Takes in a segment of this way, and writes its letters.
    pub fn count(&mut self, segment: &Tracked, extra: &Extra, shared: &mut Shared, pen: &mut Pen<'_>) {
        if self.is_copy(segment, extra, shared) {
            count(&mut self.rarely().duplicates);
            return;
        }
        let stamp = &segment.stamp;
        if self.packets == 0 {
            self.first = stamp.at;
            self.first_number = stamp.number;
            self.layers = shared.layers_number(segment, extra);
        }
        count(&mut self.packets);
        self.last = stamp.at;
        if segment.flags & flags::RST != 0 {
            self.count_reset(segment);
            pen.write(Letter::Reset);
            return;
        }
        self.note_ttl(segment.ttl, !self.has(known::ORDINARY));
        self.known |= known::ORDINARY;
        if segment.flags & flags::ACK != 0 {
            self.note_ack(segment.ack);
        }
        if let (Some(name), 0) = (&extra.name, self.name) {
            self.name = shared.texts.name_number(name);
        }
        if segment.flags & flags::SYN != 0 {
            self.count_syn(segment, pen);
        } else {
            self.note_window(segment);
            self.count_ordinary(segment, pen);
        }
    }

    /// Counts the bytes below `acked`, the other end's highest acknowledgement, that this way never showed.
    pub fn settle(&mut self, acked: Option<u32>) {
        let Some(acked) = acked.filter(|_| self.has(known::SPACE)) else {
            return;
        };
        let missed = self
            .space
            .unseen_below(self.rare.as_ref().map_or(&[], |rare| &rare.holes), acked);
        if missed != 0 || self.rare.is_some() {
            self.rarely().missed = missed;
        }
    }

    #[inline]
    fn is_copy(&mut self, segment: &Tracked, extra: &Extra, shared: &mut Shared) -> bool {
        let sight = shared.copies.see(segment);
        let carried = self.is_regrouped(segment, extra, shared);
        if sight.fell != 0 {
            let rare = self.rarely();
            rare.falls = rare.falls.max(sight.fell);
            rare.fell_to = Some(rare.fell_to.map_or(segment.ttl, |ttl| ttl.min(segment.ttl)));
        }
        sight.copy || (carried && !sight.again)
    }

    #[inline]
    fn is_regrouped(&mut self, segment: &Tracked, extra: &Extra, shared: &mut Shared) -> bool {
        let alone = self.rare.as_ref().is_none_or(|rare| rare.regrouped.is_none());
        if alone && (self.packets == 0 || shared.is_carried_by(self.layers, segment, extra)) {
            return false;
        }
        let layers = shared.layers(segment, extra);
        self.rarely().regrouped.get_or_insert_default().saw(segment, &layers)
    }

    fn count_reset(&mut self, segment: &Tracked) {
        count(&mut self.resets);
        if !self.has(known::ORDINARY) {
            self.note_ttl(segment.ttl, self.resets == 1);
        }
    }

    /// A RST's TTL counts only where nothing else was seen: a device on the path may have sent it.
    fn note_ttl(&mut self, ttl: u8, after_resets_only: bool) {
        if after_resets_only {
            (self.ttl, self.ttl_lowest, self.ttl_highest) = (ttl, ttl, ttl);
        } else if ttl < self.ttl_lowest {
            self.ttl_lowest = ttl;
        } else if ttl > self.ttl_highest {
            self.ttl_highest = ttl;
        }
    }

    fn note_ack(&mut self, ack: u32) {
        if self.has(known::ACK) {
            self.acked = later(self.acked, ack);
        } else {
            self.known |= known::ACK;
            (self.first_ack, self.acked) = (ack, ack);
        }
    }

    fn count_syn(&mut self, segment: &Tracked, pen: &mut Pen<'_>) {
        let answers = segment.flags & flags::ACK != 0;
        count(if answers { &mut self.syn_acks } else { &mut self.syns });
        if !self.has(known::ISN) {
            self.note_opening(segment);
        }
        if segment.payload != 0 {
            self.count_payload(segment.payload);
        }
        let fin = segment.flags & flags::FIN != 0;
        if segment.seq == self.start {
            // Another one belongs to another sequence space: a rewriting or second sender.
            self.show(segment, 1 + u64::from(segment.payload) + u64::from(fin), false);
        }
        pen.write(if answers { Letter::SynAck } else { Letter::Syn });
        if segment.payload != 0 {
            pen.write(Letter::Data);
        }
        self.count_fin(fin, pen);
    }

    fn note_opening(&mut self, segment: &Tracked) {
        self.known |= known::ISN;
        self.start = segment.seq;
        if segment.has(tracked::known::MSS) {
            self.known |= known::MSS;
            self.mss = segment.mss;
        }
        if segment.has(tracked::known::TIMESTAMPS) {
            self.known |= known::TIMESTAMPS;
            (self.ts_value, self.ts_echo) = segment.timestamps;
        }
        if segment.has(tracked::known::IP_ID) {
            self.known |= known::IP_ID;
            self.ip_id = segment.ip_id;
        }
    }

    fn count_ordinary(&mut self, segment: &Tracked, pen: &mut Pen<'_>) {
        let payload = segment.payload;
        let fin = segment.flags & flags::FIN != 0;
        let keepalive = payload == 1 && !fin && self.end().is_some_and(|end| distance(segment.seq, end) == 1);
        let showing = self.show(segment, u64::from(payload) + u64::from(fin), keepalive);
        if payload == 0 {
            if fin {
                self.count_fin(fin, pen);
            } else if segment.flags & flags::ACK != 0 {
                count(&mut self.bare_acks);
                pen.write(Letter::Ack);
            }
            return;
        }
        if self.opening == Content::Nothing {
            self.opening = segment.content;
            self.known &= !known::TURNS_AWAY;
            if segment.said == Some(Said::TurnsAway) {
                self.known |= known::TURNS_AWAY;
            }
        }
        self.count_payload(payload);
        if let Some(said) = segment.said {
            if showing != Showing::Repeated {
                self.note_word(said);
            }
        }
        pen.write(if showing != Showing::Repeated || keepalive {
            Letter::Data
        } else {
            Letter::Repeated
        });
        self.count_fin(fin, pen);
    }

    fn note_window(&mut self, segment: &Tracked) {
        if segment.window == 0 {
            let rare = self.rarely();
            count(&mut rare.zero_windows);
            count(&mut rare.shut);
            rare.shut_since.get_or_insert(segment.stamp.at);
        } else if let Some(rare) = &mut self.rare {
            rare.shut = 0;
            rare.shut_since = None;
        }
    }

    /// Notes what a new segment says of the service.
    fn note_word(&mut self, said: Said) {
        match said {
            Said::Alert(code) => {
                self.rarely().alert.get_or_insert(code);
            }
            Said::SealedAlert if !self.has(known::CIPHERED) => self.known |= known::SEALED_ALERT,
            Said::SealedAlert | Said::Ciphered => self.known |= known::CIPHERED,
            Said::Status(code) if code >= 200 => self.rarely().note_status(code),
            Said::Status(_) | Said::TurnsAway => {}
        }
    }

    fn count_fin(&mut self, fin: bool, pen: &mut Pen<'_>) {
        if fin {
            count(&mut self.fins);
            pen.write(Letter::Fin);
        }
    }

    fn count_payload(&mut self, payload: u32) {
        count(&mut self.data);
        self.payload = self.payload.saturating_add(u64::from(payload));
        self.largest = self.largest.max(payload);
    }

    /// Notes a segment's sequence numbers and counts what they were to the observer.
    ///
    /// `anew`: showing them again is no repeat, as of a keepalive's one byte.
    fn show(&mut self, segment: &Tracked, numbers: u64, anew: bool) -> Showing {
        let at = segment.stamp.at;
        if !self.has(known::SPACE) {
            self.known |= known::SPACE;
            self.space = SequenceSpace::new(segment.seq);
            if !self.has(known::ISN) {
                self.start = segment.seq;
            }
        }
        let end = self.space.end;
        let showing = self.shown(segment.seq, numbers, at);
        if numbers != 0 && distance(end, segment.seq.wrapping_add(numbers as u32)) > 0 {
            if let Some(rare) = &mut self.rare {
                rare.stuck = 0;
                rare.stuck_until = None;
            }
            if segment.payload != 0 {
                self.known |= known::ADVANCED;
                self.advanced = at;
            }
        }
        match showing {
            Showing::Repeated if !anew => {
                let rare = self.rarely();
                count(&mut rare.repeated);
                count(&mut rare.stuck);
                rare.stuck_until = Some(at);
            }
            Showing::Refilled => count(&mut self.rarely().refilled),
            Showing::Reordered => count(&mut self.rarely().reordered),
            Showing::Repeated | Showing::New => {}
        }
        showing
    }

    fn shown(&mut self, seq: u32, numbers: u64, at: i64) -> Showing {
        if self.rare.as_ref().is_none_or(|rare| rare.holes.is_empty()) {
            if let Some(showing) = self.space.show_next(seq, numbers) {
                return showing;
            }
            // Most of what is not next repeats: only what leaves a hole needs the rare part.
            let mut holes = Vec::new();
            let showing = self.space.show(&mut holes, seq, numbers, at);
            if !holes.is_empty() {
                self.rarely().holes = holes;
            }
            return showing;
        }
        let Self { space, rare, .. } = self;
        space.show(&mut rare.get_or_insert_default().holes, seq, numbers, at)
    }
}

impl Rare {
    fn note_status(&mut self, code: u16) {
        match self.statuses.iter_mut().find(|(known, _)| *known == code) {
            Some((_, times)) => count(times),
            None => self.statuses.push((code, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Way;

    #[test]
    fn a_count_stops_at_the_largest_number() {
        let mut way = Way {
            data: u32::MAX,
            payload: u64::MAX,
            ..Way::default()
        };
        way.count_payload(1);
        assert_eq!((way.data, way.payload, way.largest), (u32::MAX, u64::MAX, 1));
    }
}
