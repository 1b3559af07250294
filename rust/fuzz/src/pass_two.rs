//! Any bytes through both passes: the second finds for each connection exactly the packets that the first counted.

use super::input::{LARGE, merged, odd};
use _kernel::captures::connection_table::Table;
use _kernel::captures::packet_record::{Record, Tables, error, segment};
use _kernel::captures::pass_one::survey;
use _kernel::captures::pass_two::{Choice, extract};
use _kernel::captures::row::Way;

/// Panics where that is not so.
pub fn check(data: &[u8]) {
    let (first, second) = data.split_at(odd(data) % (data.len() + 1));
    let files: &[&[u8]] = if odd(data) % 2 == 0 { &[data] } else { &[first, second] };
    let surveyed = survey(merged(files, LARGE, LARGE, true), Table::default(), |_, _| Ok(())).expect("nothing breaks");
    let rows = surveyed.table.rows();
    let chosen: Vec<_> = rows
        .iter()
        .map(|row| Choice {
            opener: row.ends.opener(),
            other: row.ends.other(),
            first_number: row.first_number,
            last_number: row.last_number,
        })
        .collect();
    let kept =
        extract(merged(files, LARGE, 1 + odd(data) % 611, true), &chosen, |_, _| Ok(())).expect("nothing breaks");
    let mut tables = Tables::default();
    for (row, kept) in rows.iter().zip(&kept) {
        let rarely = |of: fn(&Way) -> u64| of(&row.sent) + of(&row.received);
        let segments =
            rarely(|way| u64::from(way.packets) + way.rare.as_ref().map_or(0, |rare| rare.duplicates.into()));
        let errors = rarely(|way| way.rare.as_ref().map_or(0, |rare| rare.icmp_errors.into()));
        assert_eq!(
            (kept.segments.len() as u64, kept.errors.len() as u64),
            (segments, errors)
        );
        let (mut segment_records, mut error_records) = (Record::default(), Record::default());
        for whole in &kept.segments {
            segment(&mut segment_records, whole, &mut tables);
        }
        for told in &kept.errors {
            error(&mut error_records, told);
        }
    }
}
