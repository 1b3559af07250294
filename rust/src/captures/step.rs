//! What a walk over a capture file comes by.

use crate::captures::troubles::Problem;

/// A packet without its data, which are the stream's last piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Number in the file, from 1.
    pub frame: u64,
    /// Nanoseconds since 1970, by the observer's clock.
    pub at: i64,
    pub link_type: u32,
    /// Bytes that it had on the wire by the file's word, never fewer than were kept.
    pub wire_length: u32,
    /// Where its record starts in the file, bytes.
    pub offset: u64,
}

/// The next thing in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Packet(Record),
    Problem(Problem),
    End,
}
