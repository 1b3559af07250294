//! Of many connections that went alike a sample stands for all (`bothways.captures.thinning`).

use std::collections::HashMap;

use crate::captures::decoded::Content;
use crate::captures::row::{Rare, Row, Way, known};
use crate::captures::seed::Seed;
use crate::wire::address::{Address, Endpoint, Family};
use crate::wire::sequence::distance;

/// Of each group so many are kept from the first on.
const ALL_KEPT: u64 = 8;

/// And of every doubling of their number 2 to the power of this, evenly spread.
const KEPT_BITS: u32 = 2;

/// No host sends with an initial TTL this low.
const HOSTS_TTL: u8 = 32;

/// Statuses of HTTP from here on are errors.
const ERROR: u16 = 400;

/// Bytes of a fatal alert of TLS: an answer as short may be a refusal.
const ALERT: u64 = 7;

/// Sequence numbers beside those of the payload.
const SYN_AND_FIN: u64 = 2;

/// Which rows went alike.
#[derive(PartialEq, Eq, Hash)]
enum Group {
    Lone {
        other: Endpoint,
        measures_path: bool,
    },
    Plain {
        other: Endpoint,
        /// The first bytes of the opener's address, and how many it has.
        network: (Family, u64),
        name: u32,
        layers: (u32, u32),
        mss: (Option<u16>, Option<u16>),
        letters: (u64, u8),
    },
}

/// Where in the rows the kept ones lie, in their order, and for how many each stands; all of up to `many`.
#[must_use]
pub fn thinned(rows: &[Row], many: usize) -> Vec<(usize, u64)> {
    if rows.len() <= many {
        return (0..rows.len()).map(|place| (place, 1)).collect();
    }
    let mut kept: Vec<(usize, u64)> = Vec::new();
    // How many of a group came so far, and where the last one that was kept lies among those kept.
    let mut groups: HashMap<Group, (u64, usize), Seed> = HashMap::default();
    for (place, row) in rows.iter().enumerate() {
        if let Some(group) = group_of(row) {
            let (index, last) = groups.entry(group).or_insert((0, 0));
            let keeps = is_kept(*index);
            *index += 1;
            if !keeps {
                if let Some((_, stands_for)) = kept.get_mut(*last) {
                    *stands_for += 1;
                }
                continue;
            }
            *last = kept.len();
        }
        kept.push((place, 1));
    }
    kept
}

/// Whether the sample holds the member of a group that came after `index` others.
fn is_kept(index: u64) -> bool {
    index < ALL_KEPT || index % (1 << (index.ilog2() - KEPT_BITS)) == 0
}

fn group_of(row: &Row) -> Option<Group> {
    if is_lone_syn(row) {
        return Some(Group::Lone {
            other: row.ends.other(),
            measures_path: row.sent.ttl < HOSTS_TTL,
        });
    }
    went_plainly(row).then(|| Group::Plain {
        other: row.ends.other(),
        network: network_of(&row.ends.opener().address),
        name: row.sent.name,
        layers: (row.sent.layers, row.received.layers),
        mss: (mss(&row.sent), mss(&row.received)),
        letters: row.history.kinds(),
    })
}

fn mss(way: &Way) -> Option<u16> {
    way.has(known::MSS).then_some(way.mss)
}

/// A /24 of IPv4, a /64 of IPv6.
fn network_of(address: &Address) -> (Family, u64) {
    let [high, low] = address.words();
    match address.family() {
        Family::V4 => (Family::V4, low >> 8),
        Family::V6 => (Family::V6, high),
    }
}

/// Whether one SYN is all that was seen of it.
fn is_lone_syn(row: &Row) -> bool {
    let copied = row.sent.rare.as_ref().is_some_and(|rare| rare.duplicates != 0);
    row.history.is_lone_syn() && row.sent.packets == 1 && !copied && row.received.packets == 0
}

/// Whether it worked, and nothing in it needs a second look.
#[must_use]
pub fn went_plainly(row: &Row) -> bool {
    let (sent, received) = (&row.sent, &row.received);
    (sent.syns, sent.syn_acks, sent.fins) == (1, 0, 1)
        && (received.syns, received.syn_acks, received.fins) == (0, 1, 1)
        && row.history.opens_plainly()
        && is_undisturbed(sent, received)
        && is_undisturbed(received, sent)
        && sent.first <= received.first
        && sent.ttl >= HOSTS_TTL
        && (!matches!(received.opening, Content::Nothing | Content::CutOff) || received.payload > ALERT)
}

/// Whether all that the way sent was shown once, in order, and acknowledged by `peer`, and nobody refused.
fn is_undisturbed(way: &Way, peer: &Way) -> bool {
    let (Some(isn), Some(end), Some(acked)) = (way.isn(), way.end(), peer.acked()) else {
        return false;
    };
    let shown = u64::try_from(distance(isn, end)).ok();
    way.data > 0
        && end == acked
        && shown == way.payload.checked_add(SYN_AND_FIN)
        && way.ttl_lowest == way.ttl_highest
        && way.resets == 0
        && !way.has(known::TURNS_AWAY | known::SEALED_ALERT)
        && way.rare.as_deref().is_none_or(is_quiet)
}

fn is_quiet(rare: &Rare) -> bool {
    rare.repeated == 0
        && rare.refilled == 0
        && rare.reordered == 0
        && rare.missed == 0
        && rare.duplicates == 0
        && rare.falls == 0
        && rare.zero_windows == 0
        && rare.icmp_errors == 0
        && rare.alert.is_none()
        && rare.statuses.iter().all(|(status, _)| *status < ERROR)
}

#[cfg(test)]
mod tests {
    use super::is_kept;

    #[test]
    fn of_every_doubling_four_are_kept() {
        for doubling in 3..20 {
            let kept = (1u64 << doubling..1 << (doubling + 1)).filter(|index| is_kept(*index));
            assert_eq!(kept.count(), 4);
        }
        assert!((0..8).all(is_kept));
    }
}
