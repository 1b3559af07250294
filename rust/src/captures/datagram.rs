//! The fragments of one datagram that were seen (`_Datagram` of `bothways.captures.fragments`).

use std::collections::BTreeMap;

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
    /// End and kept bytes by their start; none overlap.
    pieces: BTreeMap<u64, (u64, Box<[u8]>)>,
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
            pieces: BTreeMap::new(),
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
            self.pieces.clear();
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
        if self
            .pieces
            .get(&start)
            .is_some_and(|piece| (piece.0, &*piece.1) == (end, kept))
        {
            self.note_copy(found, part);
            return true;
        }
        if !self.has_room(start, end, !part.more) {
            return false;
        }
        self.pieces.insert(start, (end, kept.into()));
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
    fn has_room(&self, start: u64, end: u64, last: bool) -> bool {
        let mut before = self.pieces.range(..start);
        if before.next_back().is_some_and(|(_, (before, _))| *before > start) {
            return false;
        }
        let mut behind = self.pieces.range(start..);
        if behind.next().is_some_and(|(behind, _)| last || *behind < end) {
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
        for (start, (end, kept)) in &self.pieces {
            data.extend_from_slice(kept);
            if (kept.len() as u64) < end - start {
                break;
            }
        }
        let ip = reassembled(&first.ip, protocol, &data, self.seen);
        Some(Taken::Whole(data, ip))
    }
}
