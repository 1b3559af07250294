//! What the fuzzer asks of every input holds of every capture of the project. Inputs that once failed are among them.

use std::fs::{read, read_dir};
use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
mod checks;

/// Bytes. What is larger shows nothing that smaller ones do not.
const LARGEST: usize = 100_000;

#[test]
fn each_capture_is_read_alike_in_any_pieces() {
    over_captures(checks::containers::check);
}

#[test]
fn each_capture_has_the_same_rows_in_any_pieces() {
    over_captures(checks::pass_one::check);
}

#[test]
fn pass_two_finds_in_each_capture_what_pass_one_counted() {
    over_captures(checks::pass_two::check);
}

fn over_captures(check: fn(&[u8])) {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read: usize = ["tests", "examples"]
        .map(|folder| below(&top.join(folder), check))
        .iter()
        .sum();
    assert!(read > 100, "only {read} captures were found");
}

/// How many captures below a folder were checked.
fn below(folder: &Path, check: fn(&[u8])) -> usize {
    let entries = read_dir(folder).expect("the project's folders can be listed");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    paths
        .map(|path| {
            if path.is_dir() {
                below(&path, check)
            } else {
                usize::from(checked(&path, check))
            }
        })
        .sum()
}

/// Whether a file is a capture, and was checked.
fn checked(path: &Path, check: fn(&[u8])) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    if !matches!(ending, Some("pcap" | "pcapng")) {
        return false;
    }
    let data = read(path).expect("the project's files can be read");
    if data.len() > LARGEST {
        return false;
    }
    eprintln!("{}", path.display());
    check(&data);
    true
}
