//! Any bytes through both passes: the second finds for each connection the packets that the first counted, and of those
//! that the first says that it left out perhaps some: it knows where each connection ends.

use super::input::{LARGE, merged, odd};
use _kernel::captures::connection_table::Table;
use _kernel::captures::packet_record::{Record, Tables, error, segment};
use _kernel::captures::pass_one::survey;
use _kernel::captures::pass_two::{Choice, extract};
use _kernel::captures::row::{Row, Way};
use _kernel::captures::troubles::{Problem, Trouble};

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
    let problems = &surveyed.tally.problems;
    let late = left_out(problems, &[Trouble::EarlierFragments, Trouble::OverlappingFragments]);
    // An error that came late is counted to the latest connection between its ports.
    let every_error =
        rows.iter().map(errors).sum::<u64>() + left_out(problems, &[Trouble::Orphans, Trouble::OverlappingFragments]);
    for (row, kept) in rows.iter().zip(&kept) {
        let both = |of: fn(&Way) -> u64| of(&row.sent) + of(&row.received);
        let segments = both(|way| u64::from(way.packets) + way.rare.as_ref().map_or(0, |rare| rare.duplicates.into()));
        let found = kept.segments.len() as u64;
        assert!(
            (segments..=segments + late).contains(&found),
            "{found} of {segments} segments"
        );
        let found = kept.errors.len() as u64;
        assert!(
            (errors(row)..=every_error).contains(&found),
            "{found} of {} errors",
            errors(row)
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

/// The errors that pass one counted for a connection.
fn errors(row: &Row) -> u64 {
    let of = |way: &Way| way.rare.as_ref().map_or(0, |rare| rare.icmp_errors.into());
    of(&row.sent) + of(&row.received)
}

/// How many packets pass one left out for the reasons `troubles`; any number where it does not list all that was wrong.
fn left_out(problems: &[Problem], troubles: &[Trouble]) -> u64 {
    if problems.iter().any(|problem| problem.trouble == Trouble::Further) {
        return u64::from(u32::MAX);
    }
    let listed = problems.iter().filter(|problem| troubles.contains(&problem.trouble));
    listed.map(|problem| problem.numbers[0]).sum()
}
