//! What a fuzzer's bytes are made into: files that arrive in pieces.

use _kernel::captures::merged::Merged;
use _kernel::captures::part::Part;
use _kernel::captures::source::Chunks;

/// Bytes: more than most inputs have.
pub const LARGE: usize = 1 << 14;

/// A number that depends on all of `data`. Captures themselves are seeds, so that choices are taken from what they hold.
pub fn odd(data: &[u8]) -> usize {
    data.iter().fold(17, |sum: usize, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
    })
}

/// `files` that arrive in pieces of `piece` bytes and are asked for in such of `chunk`.
pub fn merged(files: &[&[u8]], piece: usize, chunk: usize, consecutive: bool) -> Merged {
    let parts = files.iter().map(|file| {
        let chunks = Chunks::of(file.chunks(piece));
        Part::new(None, Box::new(move || Ok(Box::new(chunks))))
    });
    Merged::new(parts.collect(), consecutive).in_chunks(chunk)
}
