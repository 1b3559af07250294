//! What pass one keeps of one connection (`bothways.evidence.capture.ConnectionRow`), in one piece of memory.
//!
//! Most connections need nothing else. What few of them show, holes, repeats, copies, statuses, lies in a part of its
//! own that a way gets when it needs one, and texts are numbers of `Interned` values.
//!
//! Counters of 32 bits saturate: a connection of more packets of a kind shows the largest number, and never a small one.
//! Bytes are counted with 64.

use crate::captures::decoded::Content;
use crate::captures::ends::Ends;
use crate::captures::history::History;
use crate::captures::regrouped::Regrouped;
use crate::captures::sequence_space::{Hole, SequenceSpace};
use crate::wire::address::Address;

/// Which values of a way were seen; the bits of `Way::known`.
pub mod known {
    pub const ISN: u16 = 1;
    pub const ACK: u16 = 1 << 1;
    pub const SPACE: u16 = 1 << 2;
    pub const ADVANCED: u16 = 1 << 3;
    pub const MSS: u16 = 1 << 4;
    pub const TIMESTAMPS: u16 = 1 << 5;
    pub const IP_ID: u16 = 1 << 6;
    pub const TURNS_AWAY: u16 = 1 << 7;
    pub const SEALED_ALERT: u16 = 1 << 8;
    pub const CIPHERED: u16 = 1 << 9;
    /// It showed a packet that was not a RST.
    pub const ORDINARY: u16 = 1 << 10;
}

/// One connection as one observer saw it.
///
/// The order of its parts keeps what one packet touches together: 48 bytes, the 128 of its way, and the 64 from the
/// history on. Large pieces of memory begin 16 bytes behind a cache line's edge, so each of these lies in lines of its
/// own.
#[derive(Debug)]
#[repr(C)]
pub struct Row {
    pub ends: Ends,
    /// Number of its last packet.
    pub last_number: u64,
    /// What the opener sent.
    pub sent: Way,
    /// What the other end sent.
    pub received: Way,
    pub history: History,
    pub first_number: u64,
    /// Its own number, from 0 in order of appearance.
    pub number: u32,
    pub part: u32,
    pub first_frame: u64,
    /// Of its ends, by which the table finds it.
    pub hash: u64,
    /// Number of the last packet of an earlier connection between the same ports; 0 where there was none.
    pub after: u64,
    /// It is the latest one between its ports.
    pub latest: bool,
    /// Its ports are those of a connection that was let go.
    pub again: bool,
}

/// One way of it: the columns of `WayCounters`, and what must be remembered to count rightly.
#[derive(Debug, Default)]
#[repr(C)]
pub struct Way {
    /// What most ways never need.
    pub rare: Option<Box<Rare>>,
    pub last: i64,
    pub advanced: i64,
    pub payload: u64,
    pub packets: u32,
    pub data: u32,
    pub bare_acks: u32,
    pub largest: u32,
    pub space: SequenceSpace,
    pub acked: u32,
    /// Number of what carried it, among the capture's texts.
    pub layers: u32,
    pub first: i64,
    pub first_number: u64,
    /// Which of its values are known, and what is true of it: bits of `known`.
    pub known: u16,
    pub ttl: u8,
    pub ttl_lowest: u8,
    pub ttl_highest: u8,
    pub opening: Content,
    pub mss: u16,
    pub syns: u32,
    pub syn_acks: u32,
    pub fins: u32,
    pub resets: u32,
    /// Its initial sequence number; until that is known, the number of the first packet that was not a RST.
    pub start: u32,
    pub first_ack: u32,
    pub ts_value: u32,
    pub ts_echo: u32,
    /// Number of its name, likewise.
    pub name: u32,
    pub ip_id: u16,
}

/// What few ways show.
#[derive(Debug, Default)]
pub struct Rare {
    pub holes: Vec<Hole>,
    /// Statuses of HTTP, each with how often it came.
    pub statuses: Vec<(u16, u32)>,
    pub regrouped: Option<Box<Regrouped>>,
    pub missed: u64,
    pub stuck_until: Option<i64>,
    pub shut_since: Option<i64>,
    pub repeated: u32,
    pub stuck: u32,
    pub refilled: u32,
    pub reordered: u32,
    pub duplicates: u32,
    pub falls: u32,
    pub zero_windows: u32,
    pub shut: u32,
    pub icmp_errors: u32,
    pub expired_at: Option<Address>,
    pub fell_to: Option<u8>,
    pub alert: Option<u8>,
}

/// Counts one more, and never begins anew.
pub fn count(counter: &mut u32) {
    *counter = counter.saturating_add(1);
}

impl Row {
    /// Reads a little of each of its cache lines, so that they come together.
    #[must_use]
    pub fn touch(&self) -> u64 {
        let ways = self.sent.payload ^ self.received.payload;
        let others = self.sent.first_number ^ self.received.first_number;
        self.last_number ^ ways ^ others ^ self.first_number
    }
}

impl Way {
    /// Whether a value is known, or something true.
    #[must_use]
    pub fn has(&self, what: u16) -> bool {
        self.known & what != 0
    }

    /// The rare part, made where it was not needed before.
    pub fn rarely(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    #[must_use]
    pub fn isn(&self) -> Option<u32> {
        self.has(known::ISN).then_some(self.start)
    }

    /// Sequence number of the first packet that was not a RST, as long as no SYN tells the initial one.
    #[must_use]
    pub fn first_seq(&self) -> Option<u32> {
        (self.has(known::SPACE) && !self.has(known::ISN)).then_some(self.start)
    }

    #[must_use]
    pub fn first_ack(&self) -> Option<u32> {
        self.has(known::ACK).then_some(self.first_ack)
    }

    #[must_use]
    pub fn acked(&self) -> Option<u32> {
        self.has(known::ACK).then_some(self.acked)
    }

    #[must_use]
    pub fn end(&self) -> Option<u32> {
        self.has(known::SPACE).then_some(self.space.end)
    }
}

#[cfg(test)]
mod tests {
    use super::Row;

    #[test]
    fn a_connection_costs_six_cache_lines() {
        assert_eq!(size_of::<Row>(), 384);
    }
}
