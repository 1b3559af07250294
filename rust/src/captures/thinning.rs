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
const KEPT_BITS: u32 = 1;

/// No host sends with an initial TTL this low.
const HOSTS_TTL: u8 = 32;

/// Statuses of HTTP from here on are errors.
const ERROR: u16 = 400;

/// Nanoseconds; no longer is the server silent before a client ends a connection that went well.
const SOON: i64 = 1_000_000_000;

/// Bytes of a fatal alert of TLS: an answer as short may be a refusal.
const ALERT: u64 = 7;

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
    let mut groups: HashMap<Group, Sampled, Seed> = HashMap::default();
    for (place, row) in rows.iter().enumerate() {
        let Some(group) = group_of(row) else {
            kept.push((place, 1));
            continue;
        };
        let sampled = groups.entry(group).or_default();
        let nearer = sampled.passed / 2;
        let last = kept.get_mut(sampled.last).map(|(_, stands_for)| stands_for);
        if is_kept(sampled.count) {
            if let Some(last) = last {
                *last -= nearer;
            }
            (sampled.passed, sampled.last) = (0, kept.len());
            kept.push((place, 1 + nearer));
        } else {
            sampled.passed += 1;
            if let Some(last) = last {
                *last += 1;
            }
        }
        sampled.count += 1;
    }
    kept
}

/// What was seen of a group.
#[derive(Default)]
struct Sampled {
    /// How many came so far.
    count: u64,
    /// How many of them since the last one that was kept.
    passed: u64,
    /// Where that one lies among those kept.
    last: usize,
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
        && (received.syns, received.syn_acks, received.resets) == (0, 1, 0)
        && row.history.opens_plainly()
        && is_undisturbed(sent)
        && is_undisturbed(received)
        && is_closed(sent, received)
        && sent.first <= received.first
        && sent.ttl >= HOSTS_TTL
        && (!matches!(received.opening, Content::Nothing | Content::CutOff) || received.payload > ALERT)
}

/// Whether all that the way sent was shown once and in order, and nobody refused.
fn is_undisturbed(way: &Way) -> bool {
    let (Some(isn), Some(end)) = (way.isn(), way.end()) else {
        return false;
    };
    let shown = u64::try_from(distance(isn, end)).ok();
    way.data > 0
        && shown == way.payload.checked_add(1 + u64::from(way.fins)) // the SYN uses up a number, too
        && way.ttl_lowest == way.ttl_highest
        && !way.has(known::TURNS_AWAY | known::SEALED_ALERT)
        && way.rare.as_deref().is_none_or(is_quiet)
}

/// Whether all was acknowledged, and both ends closed; or the client did, and soon reset what it was done with.
fn is_closed(sent: &Way, received: &Way) -> bool {
    let (Some(sent_end), Some(received_end)) = (sent.end(), received.end()) else {
        return false;
    };
    let (Some(sent_acked), Some(received_acked)) = (sent.acked(), received.acked()) else {
        return false;
    };
    let left_open = (distance(received_acked, sent_end), distance(sent_acked, received_end));
    if sent.resets == 0 {
        return left_open == (0, 0) && received.fins == 1;
    }
    // FINs may stay without an acknowledgement then.
    matches!(left_open.0, 0 | 1)
        && (left_open.1 == 0 || left_open.1 == i64::from(received.fins))
        && is_soon_over(sent, received)
}

/// Whether the server closed, too, or spoke up to the end: else the client may have waited for more in vain.
fn is_soon_over(sent: &Way, received: &Way) -> bool {
    match received.fins {
        0 => sent.last.saturating_sub(received.last) < SOON,
        fins => fins == 1,
    }
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
    fn of_every_doubling_two_are_kept() {
        for doubling in 3..20 {
            let kept = (1u64 << doubling..1 << (doubling + 1)).filter(|index| is_kept(*index));
            assert_eq!(kept.count(), 2);
        }
        assert!((0..8).all(is_kept));
    }
}
