//! Any bytes through pass one: the same rows come out whatever pieces the bytes come in, and all can be handed over.

use super::input::{LARGE, merged, odd};
use _kernel::captures::connection_table::Table;
use _kernel::captures::pass_one::{Survey, survey};
use _kernel::captures::record::Records;

/// Panics where that is not so.
pub fn check(data: &[u8]) {
    let odd = odd(data);
    assert_eq!(told(&[data], LARGE, LARGE), told(&[data], 1 + odd % 997, 1 + odd % 611));
    let (first, second) = data.split_at(odd % (data.len() + 1));
    told(&[first, second], LARGE, LARGE);
}

/// What pass one says of `files`.
fn told(files: &[&[u8]], piece: usize, chunk: usize) -> (Vec<u8>, String) {
    let merged = merged(files, piece, chunk, false);
    let Survey { tally, table, .. } =
        survey(merged, Table::default(), |_, _| Ok(())).expect("nobody stops it, and no source breaks");
    assert!(tally.tcp_packets + tally.other_ip_packets <= tally.packets * MOST_IN_A_FRAME);
    let mut records = Records::default();
    for row in table.rows() {
        records.push(row, 1, table.texts());
    }
    let side = (
        records.addresses.values(),
        records.histories.values(),
        records.names.values(),
    );
    let said = format!(
        "{side:?} {:?} {:?} {:?} {:?}",
        tally.problems, tally.layers, tally.times, tally.link_types
    );
    (records.data, said)
}

/// A wireless frame may hold several packets.
const MOST_IN_A_FRAME: u64 = 1000;
