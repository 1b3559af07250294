//! Any bytes through the readers of capture files: they give the same whatever pieces the bytes come in, offsets grow,
//! and nothing that they give is larger than what they were given.

use super::input::{LARGE, merged, odd};
use _kernel::captures::file_facts::FileFacts;
use _kernel::captures::merged::Item;
use _kernel::captures::raw_packet::{LARGEST_PACKET, Stamp};
use _kernel::captures::troubles::Problem;

/// One thing that came of a capture.
#[derive(Debug, PartialEq)]
enum Told {
    Packet(Stamp, u32, u32, u64, Vec<u8>),
    Problem(Problem),
    Part(u64, Option<(i64, i64)>, Vec<u32>, String),
}

/// Panics where that is not so.
pub fn check(data: &[u8]) {
    let odd = odd(data);
    let whole = read(&[data], LARGE, LARGE, true);
    assert_eq!(whole, read(&[data], 1 + odd % 97, 1 + odd % 61, true));
    let (first, second) = data.split_at(odd % (data.len() + 1));
    for consecutive in [true, false] {
        let parts = read(&[first, second], LARGE, LARGE, consecutive);
        assert_eq!(parts, read(&[first, second], 1 + odd % 51, 1 + odd % 301, consecutive));
    }
}

/// Everything that comes of `files`.
fn read(files: &[&[u8]], piece: usize, chunk: usize, consecutive: bool) -> Vec<Told> {
    let mut merged = merged(files, piece, chunk, consecutive);
    let mut offsets = vec![None; files.len()];
    let mut told = Vec::new();
    while let Some(item) = merged.next_item().expect("no source breaks") {
        told.push(match item {
            Item::Packet(packet) => {
                let part = packet.stamp.part as usize;
                assert!(offsets[part].is_none_or(|before| before < packet.offset));
                assert!(packet.offset < files[part].len() as u64);
                assert!(packet.data.len() <= LARGEST_PACKET as usize && packet.data.len() <= files[part].len());
                assert!(packet.data.len() <= packet.wire_length as usize);
                offsets[part] = Some(packet.offset);
                Told::Packet(
                    packet.stamp,
                    packet.link_type,
                    packet.wire_length,
                    packet.offset,
                    packet.data.to_vec(),
                )
            }
            Item::Problem(problem) => {
                let length = problem.part.map_or(0, |part| files[part as usize].len() as u64);
                assert!(problem.offset.is_none_or(|offset| offset <= length));
                Told::Problem(problem)
            }
        });
    }
    told.extend(merged.into_parts().into_iter().map(|part| {
        let link_types = part.met.link_types.into_iter().collect();
        Told::Part(part.met.packets, part.met.times, link_types, said(&part.facts))
    }));
    told
}

fn said(facts: &FileFacts) -> String {
    let FileFacts {
        formats,
        snap_length,
        dropped,
        ended_early,
        names,
        filters,
    } = facts;
    format!(
        "{formats:?} {snap_length:?} {dropped:?} {ended_early} {:?} {filters:?}",
        names.entries()
    )
}
