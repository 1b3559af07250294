//! What is let go where a capture shows more connections than memory holds (`bothways.captures.eviction`).

use std::collections::VecDeque;

use hashbrown::HashTable;

use crate::captures::row::Row;
use crate::captures::thinning::went_plainly;

/// Connections held at a time.
pub const MOST_ROWS: usize = 400_000;

/// One of so many rows goes at once.
const SHARE: usize = 4;

/// Pairs of ends that were let go are remembered, so many times as many as rows.
const REMEMBERED: usize = 2;

/// What was left out, in the order in which it is let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    OnePacket = 0,
    Worked = 1,
    OnlySyn = 2,
    Other = 3,
}

/// Who goes first, by kind: of the older half of the rows, and of the newer one.
const RANKS: [(u8, u8); 4] = [(0, 3), (1, 1), (2, 4), (5, 5)];

/// Chooses what is let go, and counts it.
#[derive(Debug)]
pub struct Eviction {
    most: usize,
    /// Hashes of the pairs of ends that were let go, in that order.
    gone: VecDeque<u64>,
    is_gone: HashTable<u64>,
    /// Connections and packets by `Kind`.
    left_out: [(u64, u64); 4],
}

impl Eviction {
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most,
            gone: VecDeque::new(),
            is_gone: HashTable::new(),
            left_out: [(0, 0); 4],
        }
    }

    /// So many rows are held.
    #[must_use]
    pub fn most(&self) -> usize {
        self.most
    }

    /// Connections and packets that were left out, in the order of `Kind`.
    #[must_use]
    pub fn left_out(&self) -> [(u64, u64); 4] {
        self.left_out
    }

    /// Whether a connection between ends with this hash was let go.
    #[must_use]
    pub fn let_go(&self, hash: u64) -> bool {
        self.is_gone.find(hash, |gone| *gone == hash).is_some()
    }

    /// Takes those rows away that are let go now. They are in order of appearance and settled, and stay in order.
    pub fn make_room(&mut self, rows: &mut Vec<Row>) {
        let newer = rows.len() / 2;
        let kinds: Vec<Kind> = rows.iter().map(kind).collect();
        let ranks: Vec<u8> = kinds
            .iter()
            .enumerate()
            .map(|(place, kind)| rank(*kind, place >= newer))
            .collect();
        let mut quotas = quotas(&ranks, (rows.len() / SHARE).max(1));
        let mut judged = ranks.iter().zip(&kinds);
        rows.retain(|row| {
            let Some((rank, kind)) = judged.next() else { return true };
            let Some(quota) = quotas.get_mut(usize::from(*rank)).filter(|quota| **quota > 0) else {
                return true;
            };
            *quota -= 1;
            self.leave_out(row, *kind);
            false
        });
    }

    fn leave_out(&mut self, row: &Row, kind: Kind) {
        if let Some((connections, packets)) = self.left_out.get_mut(kind as usize) {
            *connections += 1;
            *packets += u64::from(row.sent.packets) + u64::from(row.received.packets);
        }
        if self.let_go(row.hash) {
            return;
        }
        self.is_gone.insert_unique(row.hash, row.hash, |hash| *hash);
        self.gone.push_back(row.hash);
        if self.gone.len() > self.most.saturating_mul(REMEMBERED) {
            if let Some(Ok(entry)) = self
                .gone
                .pop_front()
                .map(|hash| self.is_gone.find_entry(hash, |gone| *gone == hash))
            {
                entry.remove();
            }
        }
    }
}

/// How many go of each rank.
fn quotas(ranks: &[u8], going: usize) -> [usize; 6] {
    let mut there = [0usize; 6];
    for rank in ranks {
        if let Some(count) = there.get_mut(usize::from(*rank)) {
            *count += 1;
        }
    }
    let mut left = going;
    there.map(|count| {
        let taken = count.min(left);
        left -= taken;
        taken
    })
}

fn rank(kind: Kind, newer: bool) -> u8 {
    let (old, new) = RANKS.get(kind as usize).copied().unwrap_or((5, 5));
    if newer { new } else { old }
}

fn kind(row: &Row) -> Kind {
    let quoted = |way: &crate::captures::row::Way| way.rare.as_ref().is_some_and(|rare| rare.icmp_errors != 0);
    if quoted(&row.sent) || quoted(&row.received) {
        return Kind::Other;
    }
    if row.sent.packets == 1 && row.received.packets == 0 && !row.again {
        return Kind::OnePacket;
    }
    let unanswered = row.sent.packets == row.sent.syn_acks && row.received.packets == 0;
    if unanswered || (row.sent.packets == 1 && row.sent.syns == 1) {
        return Kind::OnlySyn;
    }
    if went_plainly(row) { Kind::Worked } else { Kind::Other }
}
