//! The times of a capture's packets in the order of the file: from when to when, and what its clock did meanwhile.

/// Nanoseconds; what is less is disorder between interfaces, not a clock that was set back.
const SECOND: i128 = 1_000_000_000;

/// Told the time of each packet, in the order of the file. Spans are nanoseconds and may exceed 64 bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    pub first: Option<i64>,
    pub last: Option<i64>,
    pub r#final: Option<i64>,
    pub steps_back: u64,
    pub furthest_back: i128,
    pub disordered: u64,
    pub longest_silence: i128,
    pub silent_from: Option<i64>,
}

impl Timeline {
    /// Take in the next packet's time.
    #[inline]
    pub fn pass_by(&mut self, at: i64) {
        let (Some(first), Some(last), Some(before)) = (self.first, self.last, self.r#final) else {
            (self.first, self.last, self.r#final) = (Some(at), Some(at), Some(at));
            return;
        };
        let span = at.abs_diff(before).into();
        if at < before {
            self.go_back(span);
        } else if self.silent_from.is_none() || span > self.longest_silence {
            (self.longest_silence, self.silent_from) = (span, Some(before));
        }
        // Packets of several interfaces may stand slightly out of order in a file.
        self.first = Some(first.min(at));
        self.last = Some(last.max(at));
        self.r#final = Some(at);
    }

    fn go_back(&mut self, span: i128) {
        if span < SECOND {
            self.disordered += 1;
            return;
        }
        self.steps_back += 1;
        self.furthest_back = self.furthest_back.max(span);
    }
}
