//! Which connection does a packet belong to: the ends tell, and a new SYN where ports are used again.

use std::hint::black_box;

use hashbrown::HashTable;

use crate::captures::decoded::{IcmpError, flags};
use crate::captures::ends::Ends;
use crate::captures::eviction::{Eviction, MOST_ROWS};
use crate::captures::history::{History, Letter};
use crate::captures::keys::{KeyMaker, Keys};
use crate::captures::row::{Row, Way, count};
use crate::captures::texts::Texts;
use crate::captures::tracked::{Extra, Tracked, known};
use crate::captures::way_track::{Pen, Shared};

/// Nanoseconds: an error that stands in the file ahead of what it quotes was written a moment late.
const SWAPPED_WITHIN: u64 = 1_000_000_000;

/// Errors that wait for what they quote.
const MOST_EARLY: usize = 1000;

/// An error about a packet that was not seen yet.
#[derive(Debug)]
struct Early {
    error: IcmpError,
    ends: Ends,
    hash: u64,
    number: u64,
}

/// Where the row of a segment may be.
pub type Guess = Option<u32>;

/// The connections of one capture, in order of first appearance.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Row>,
    /// Places of the latest connections, by the hash of their ends.
    places: HashTable<u32>,
    keys: KeyMaker,
    shared: Shared,
    early: HashTable<Early>,
    /// Connections met so far.
    met: u32,
    eviction: Eviction,
    /// Errors that turned out to be about a connection whose first packet came after them.
    pub adopted: u64,
}

impl Default for Table {
    fn default() -> Self {
        Self::holding(MOST_ROWS)
    }
}

impl Table {
    /// One that holds so many connections at a time (`eviction`).
    #[must_use]
    pub fn holding(most: usize) -> Self {
        Self {
            rows: Vec::new(),
            places: HashTable::new(),
            keys: KeyMaker::default(),
            shared: Shared::default(),
            early: HashTable::new(),
            met: 0,
            eviction: Eviction::new(most),
            adopted: 0,
        }
    }

    /// How connections and packets are found here; a copy of it may compute hashes elsewhere.
    #[must_use]
    pub fn keys(&self) -> KeyMaker {
        self.keys
    }

    /// Brings what `add` will look at into the cache: memory answers for a whole batch in the time that one packet waits.
    /// Gives the place of its row, as far as that can be told without waiting.
    #[inline]
    pub fn touch(&self, keys: Keys) -> Guess {
        self.shared.copies.touch(keys.packet);
        let found = self.places.find(keys.connection, |_| true);
        let place = *found?;
        black_box(self.rows.get(place as usize).map(Row::touch));
        Some(place)
    }

    /// Counts a segment for its connection, a new one if need be; `guess` is what `touch` told.
    ///
    /// Segments come in the order of their numbers, but for a first fragment that waited in vain for the others: false
    /// where that belongs to an earlier use of its ports.
    pub fn add(&mut self, segment: &Tracked, extra: &Extra, guess: Guess) -> bool {
        let known = match guess.map(|place| place as usize) {
            Some(place) if self.is_at(place, &segment.ends) => Some(place),
            _ => self.find(segment.keys.connection, &segment.ends),
        };
        let place = match known.and_then(|place| Some((place, self.rows.get(place)?))) {
            Some((place, row)) if segment.has(known::PARTIAL) || !opens_another(row, segment) => place,
            _ => self.open(segment, known),
        };
        let Some(row) = self.rows.get_mut(place) else {
            return false;
        };
        let number = segment.stamp.number;
        if number < row.first_number {
            if number <= row.after {
                return false;
            }
            row.first_number = number;
            row.first_frame = segment.stamp.frame;
            row.part = segment.stamp.part;
        }
        row.last_number = row.last_number.max(number);
        let opens = row.ends.is_opened_by(&segment.ends);
        let own = if opens { &mut row.sent } else { &mut row.received };
        let history = &mut row.history;
        own.count(segment, extra, &mut self.shared, &mut Pen { history, opens });
        if !self.early.is_empty() {
            self.adopt(place, segment);
        }
        true
    }

    /// Counts an ICMP error for the way that it quotes.
    ///
    /// False where no packet of that connection was seen before: it may still come.
    pub fn add_error(&mut self, error: &IcmpError, number: u64) -> bool {
        let ends = Ends::of(&error.source, &error.destination);
        let hash = self.keys.pairs().of(&ends);
        let known = self.find(hash, &ends);
        if let Some(row) = known.and_then(|place| self.rows.get_mut(place)) {
            if number >= row.first_number {
                count_error(row, error, &ends, number);
                return true;
            }
        }
        let waits = self.early.find(hash, |early| early.ends == ends).is_some();
        if self.early.len() < MOST_EARLY && !waits {
            self.early.insert_unique(
                hash,
                Early {
                    error: error.clone(),
                    ends,
                    hash,
                    number,
                },
                |early| early.hash,
            );
        }
        false
    }

    /// Counts what was never seen of each connection, now that all its packets were.
    pub fn settle(&mut self) {
        for row in self.rows.iter_mut().filter(|row| row.latest) {
            settle(row);
        }
    }

    /// The connections so far.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many are held, and what was let go.
    #[must_use]
    pub fn eviction(&self) -> &Eviction {
        &self.eviction
    }

    /// The texts that their numbers stand for.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.shared.texts
    }

    /// Whether the latest row between these ends has that place.
    #[inline]
    fn is_at(&self, place: usize, ends: &Ends) -> bool {
        self.rows.get(place).is_some_and(|row| row.latest && row.ends.are(ends))
    }

    fn find(&self, hash: u64, ends: &Ends) -> Option<usize> {
        let is_it = |place: &u32| self.rows.get(*place as usize).is_some_and(|row| row.ends.are(ends));
        self.places.find(hash, is_it).map(|place| *place as usize)
    }

    /// A new row, in the place of the one that was the latest between these ends; gives its place.
    #[inline(never)]
    fn open(&mut self, segment: &Tracked, earlier: Option<usize>) -> usize {
        let hash = segment.keys.connection;
        let mut after = 0;
        if let Some(row) = earlier.and_then(|place| self.rows.get_mut(place)) {
            settle(row);
            after = row.last_number;
        }
        let mut earlier = earlier;
        if self.rows.len() >= self.eviction.most() {
            self.make_room();
            earlier = self.find(hash, &segment.ends);
        }
        let place = self.rows.len();
        let stamp = &segment.stamp;
        self.rows.push(Row {
            ends: segment.ends,
            history: History::default(),
            last_number: stamp.number,
            first_number: stamp.number,
            first_frame: stamp.frame,
            after,
            hash,
            number: self.met,
            part: stamp.part,
            sent: Way::default(),
            received: Way::default(),
            latest: true,
            again: self.eviction.let_go(hash),
        });
        self.met = self.met.wrapping_add(1);
        if let Some(row) = earlier.and_then(|place| self.rows.get_mut(place)) {
            row.latest = false;
        }
        let known = earlier.and_then(|earlier| {
            let earlier = u32::try_from(earlier).ok()?;
            self.places.find_mut(hash, |place| *place == earlier)
        });
        match (known, u32::try_from(place)) {
            (Some(known), Ok(place)) => *known = place,
            (None, Ok(place)) => {
                let rows = &self.rows;
                self.places.insert_unique(hash, place, |place| hash_at(rows, *place));
            }
            (_, Err(_)) => {}
        }
        place
    }

    /// Lets rows go, with the texts that only they bear.
    fn make_room(&mut self) {
        self.settle();
        self.eviction.make_room(&mut self.rows);
        let mut texts = Texts::default();
        for row in &mut self.rows {
            texts.adopt(&self.shared.texts, &mut row.sent);
            texts.adopt(&self.shared.texts, &mut row.received);
        }
        self.shared.texts = texts;
        self.places.clear();
        let rows = &self.rows;
        for (place, row) in (0..).zip(rows).filter(|(_, row)| row.latest) {
            self.places
                .insert_unique(row.hash, place, |place| hash_at(rows, *place));
        }
    }

    /// Counts an error that stands ahead of a segment, the first of its connection, and quotes it.
    fn adopt(&mut self, place: usize, segment: &Tracked) {
        let quotes = |early: &Early| early.ends == segment.ends;
        let Ok(entry) = self.early.find_entry(segment.keys.connection, quotes) else {
            return;
        };
        let (Early { error, number, .. }, _) = entry.remove();
        let Some(row) = self.rows.get_mut(place) else { return };
        let near = error.stamp.at.abs_diff(segment.stamp.at) <= SWAPPED_WITHIN;
        if near && error.seq.is_none_or(|seq| seq == segment.seq) && number > row.after {
            row.first_number = row.first_number.min(number);
            count_error(row, &error, &segment.ends, number);
            self.adopted += 1;
        }
    }
}

fn hash_at(rows: &[Row], place: u32) -> u64 {
    rows.get(place as usize).map_or(0, |row| row.hash)
}

fn count_error(row: &mut Row, error: &IcmpError, ends: &Ends, number: u64) {
    let opens = row.ends.is_opened_by(ends);
    let rare = if opens {
        row.sent.rarely()
    } else {
        row.received.rarely()
    };
    count(&mut rare.icmp_errors);
    if error.is_expiry() {
        rare.expired_at = Some(error.reporter);
    }
    row.last_number = row.last_number.max(number);
    row.history.extend(Letter::Unreachable, opens);
}

fn settle(row: &mut Row) {
    let (sent, received) = (row.sent.acked(), row.received.acked());
    row.sent.settle(received);
    row.received.settle(sent);
}

/// Whether a segment begins another connection between the same ports: a SYN with another initial sequence number does
/// (RFC 9293 section 3.4.1).
#[inline]
fn opens_another(row: &Row, segment: &Tracked) -> bool {
    let kind = segment.flags & (flags::SYN | flags::ACK | flags::RST);
    if kind & flags::SYN == 0 || kind & flags::RST != 0 {
        return false;
    }
    let (own, peer) = if row.ends.is_opened_by(&segment.ends) {
        (&row.sent, &row.received)
    } else {
        (&row.received, &row.sent)
    };
    if kind == flags::SYN {
        return !fits(own, peer, segment.seq);
    }
    // Where only the way back is seen, the SYN+ACK must tell: another number that answers another SYN.
    own.isn().is_some_and(|isn| isn != segment.seq) && peer.isn().is_none() && own.first_ack() != Some(segment.ack)
}

/// Whether a SYN can be the one that began this connection, seen late or again.
fn fits(own: &Way, peer: &Way, isn: u32) -> bool {
    if let Some(known) = own.isn() {
        return known == isn;
    }
    let first = isn.wrapping_add(1);
    own.first_seq().is_none_or(|seq| seq == first) && peer.first_ack().is_none_or(|ack| ack == first)
}
