//! The fragments of one datagram that were seen (`_Datagram` of `bothways.captures.fragments`).

use crate::captures::found::{Found, OwnedFound};
use crate::wire::bytes::kept_at;
use crate::wire::ip::{Fragment, IpHeader, at_most, reassembled};

const LONGEST_DATAGRAM: u64 = 65_535;

/// What became of a datagram with one fragment more.
#[derive(Debug)]
pub enum Taken {
    /// It lacks some still, or takes none any more.
    Waiting,
    /// It has just been refused.
    Overlapping,
    /// It lacks none: its bytes, and the header that it had.
    Whole(Vec<u8>, IpHeader),
}

/// Start, end and kept bytes of a fragment.
type Piece = (u64, u64, Box<[u8]>);

#[derive(Debug)]
pub struct Datagram {
    /// When the first fragment of it in the capture came, nanoseconds since 1970.
    pub since: i64,
    /// A mirrored copy, the first fragments of which came beside another.
    pub is_copy: bool,
    /// Its fragments overlap, and it takes nothing more.
    pub refused: bool,
    /// The fragment with the headers.
    first: Option<OwnedFound>,
    /// Fragments that came twice: of a mirrored copy, whose last one is still to come.
    copy: Option<Box<Datagram>>,
    /// In order of their starts; none overlap.
    pieces: Vec<Piece>,
    seen: u64,
    total: Option<u64>,
}

impl Datagram {
    #[must_use]
    pub fn since(since: i64) -> Self {
        Self {
            since,
            is_copy: false,
            refused: false,
            first: None,
            copy: None,
            pieces: Vec::new(),
            seen: 0,
            total: None,
        }
    }

    /// Take in a fragment.
    pub fn take(&mut self, found: &Found<'_>, part: &Fragment) -> Taken {
        if self.refused {
            return Taken::Waiting;
        }
        if !self.fit(found, part) {
            // Forget everything, and take nothing more (RFC 5722 section 4).
            (self.refused, self.first, self.copy) = (true, None, None);
            self.pieces = Vec::new();
            return Taken::Overlapping;
        }
        self.whole().unwrap_or(Taken::Waiting)
    }

    /// The fragment with the headers, and the copy that waits beside it.
    #[must_use]
    pub fn into_parts(self) -> (Option<OwnedFound>, Option<Datagram>) {
        (self.first, self.copy.map(|copy| *copy))
    }

    /// Put a fragment in its place; false where it overlaps others. An exact duplicate need not count as overlapping
    /// (RFC 8200 section 4.5).
    fn fit(&mut self, found: &Found<'_>, part: &Fragment) -> bool {
        let (start, end) = (
            u64::from(part.offset),
            u64::from(part.offset).saturating_add(part.length),
        );
        if end > LONGEST_DATAGRAM || (part.more && part.length % 8 != 0) || part.length == 0 {
            return true; // the fragment "must be discarded" (RFC 8200 section 4.5), not the datagram
        }
        let kept = kept_at(&found.data, part.start, at_most(part.length));
        let at = match self
            .pieces
            .binary_search_by(|(s, e, data)| (*s, *e, &**data).cmp(&(start, end, kept)))
        {
            Ok(_) => {
                self.note_copy(found, part);
                return true;
            }
            Err(at) => at,
        };
        if !self.has_room(start, end, at, !part.more) {
            return false;
        }
        self.pieces.insert(at, (start, end, kept.into()));
        self.seen += part.length;
        if !part.more {
            self.total = Some(end);
        }
        if start == 0 {
            self.first = Some(OwnedFound::of(found));
        }
        true
    }

    fn note_copy(&mut self, found: &Found<'_>, part: &Fragment) {
        if !self.is_copy {
            let fresh = || {
                Box::new(Datagram {
                    is_copy: true,
                    ..Datagram::since(found.packet.stamp.at)
                })
            };
            self.copy.get_or_insert_with(fresh).fit(found, part);
        }
    }

    /// Whether a piece lies between its neighbours, and within the datagram's length if that is known.
    fn has_room(&self, start: u64, end: u64, at: usize, last: bool) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.pieces.get(before));
        if before.is_some_and(|piece| piece.1 > start) {
            return false;
        }
        if self.pieces.get(at).is_some_and(|piece| last || piece.0 < end) {
            return false;
        }
        self.total.is_none_or(|total| !last && end <= total)
    }

    /// The datagram, if nothing lacks; of what the snap length cut off nothing stands behind the cut.
    fn whole(&self) -> Option<Taken> {
        let first = self.first.as_ref()?;
        let protocol = first.ip.fragment?.protocol;
        if Some(self.seen) != self.total {
            return None;
        }
        let mut data = Vec::new();
        for (start, end, kept) in &self.pieces {
            data.extend_from_slice(kept);
            if (kept.len() as u64) < end - start {
                break;
            }
        }
        let ip = reassembled(&first.ip, protocol, &data, self.seen);
        Some(Taken::Whole(data, ip))
    }
}
