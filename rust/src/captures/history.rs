//! The history string of a connection, after Zeek's conn.log, four bits a letter.

/// Repeats of S and H that stand in a row.
const MOST_REPEATS: usize = 8;

/// Letters from which on an ordinary transfer adds no more.
const LONG: usize = 64;

/// Letters at which nothing is added any more.
const LONGEST: usize = 128;

/// Bytes of the letters that most histories never outgrow, and of the others.
const FEW: usize = 16;
const MORE: usize = LONGEST / 2 - FEW;

/// The letters by their codes; eight further are the same of the other end.
const LETTERS: &[u8; 16] = b"SHADFRTUshadfrtu";

/// What happened, as in `ConnectionRow.history`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Letter {
    Syn = 0,
    SynAck = 1,
    Ack = 2,
    Data = 3,
    Fin = 4,
    Reset = 5,
    Repeated = 6,
    Unreachable = 7,
}

impl Letter {
    fn each_counts(self) -> bool {
        matches!(self, Letter::Syn | Letter::SynAck)
    }

    fn is_ordinary(self) -> bool {
        matches!(self, Letter::Ack | Letter::Data | Letter::Repeated)
    }
}

/// The letters so far.
#[derive(Clone, Debug, Default)]
pub struct History {
    few: [u8; FEW],
    more: Option<Box<[u8; MORE]>>,
    length: u8,
    last: Option<u8>,
}

impl History {
    /// Takes in one more letter, of the opener's end or the other, where the rules let it stand.
    #[inline]
    pub fn extend(&mut self, letter: Letter, opens: bool) {
        let code = letter as u8 + if opens { 0 } else { 8 };
        // What an ordinary transfer writes again and again ends here.
        if letter.is_ordinary() && (usize::from(self.length) >= LONG || self.last == Some(code)) {
            return;
        }
        self.write(letter, code);
    }

    fn write(&mut self, letter: Letter, code: u8) {
        let length = usize::from(self.length);
        let repeats = if letter.each_counts() { MOST_REPEATS } else { 1 };
        let repeated = length >= repeats && (length - repeats..length).all(|place| self.code(place) == code);
        if repeated || length >= LONGEST {
            return;
        }
        let half = code << (4 * (length % 2));
        if let Some(byte) = self.few.get_mut(length / 2) {
            *byte |= half;
        } else if let Some(byte) = self
            .more
            .get_or_insert_with(|| Box::new([0; MORE]))
            .get_mut(length / 2 - FEW)
        {
            *byte |= half;
        }
        self.length += 1;
        self.last = Some(code);
    }

    fn code(&self, place: usize) -> u8 {
        let byte = match self.few.get(place / 2) {
            Some(byte) => *byte,
            None => self
                .more
                .as_ref()
                .and_then(|more| more.get(place / 2 - FEW))
                .copied()
                .unwrap_or_default(),
        };
        byte >> (4 * (place % 2)) & 0x0F
    }

    /// The letters in their order, capitals of the opener.
    pub fn letters(&self) -> impl Iterator<Item = u8> {
        (0..usize::from(self.length))
            .map(|place| LETTERS.get(usize::from(self.code(place))).copied().unwrap_or_default())
    }

    /// Whether the first two letters are a SYN and the other end's SYN+ACK.
    #[must_use]
    pub fn opens_plainly(&self) -> bool {
        self.length >= 2 && self.code(0) == Letter::Syn as u8 && self.code(1) == Letter::SynAck as u8 + 8
    }

    /// Whether a SYN of the opener is all of it.
    #[must_use]
    pub fn is_lone_syn(&self) -> bool {
        self.length == 1 && self.code(0) == Letter::Syn as u8
    }

    /// The different letters in the order of their first appearance, four bits each, with their count.
    #[must_use]
    pub fn kinds(&self) -> (u64, u8) {
        let (mut met, mut kinds, mut count) = (0u16, 0u64, 0u8);
        for place in 0..usize::from(self.length) {
            let code = self.code(place);
            if met & 1 << code == 0 {
                met |= 1 << code;
                kinds |= u64::from(code) << (4 * count);
                count += 1;
            }
        }
        (kinds, count)
    }

    /// How many letters there are.
    #[must_use]
    pub fn length(&self) -> usize {
        usize::from(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::{History, Letter};

    fn text(history: &History) -> String {
        history.letters().map(char::from).collect()
    }

    #[test]
    fn letters_of_both_ends_stand_in_their_order() {
        let mut history = History::default();
        for (letter, opens) in [
            (Letter::Syn, true),
            (Letter::Syn, true),
            (Letter::SynAck, false),
            (Letter::Ack, true),
            (Letter::Ack, true),
        ] {
            history.extend(letter, opens);
        }
        assert_eq!(text(&history), "SShA");
        assert!(!history.opens_plainly());
        assert_eq!(history.kinds(), (0x290, 3));
    }

    #[test]
    fn only_what_tells_more_grows_behind_the_letters_of_a_long_transfer() {
        let mut history = History::default();
        for _ in 0..100 {
            history.extend(Letter::Data, true);
            history.extend(Letter::Ack, false);
        }
        assert_eq!(history.length(), 64);
        for _ in 0..100 {
            history.extend(Letter::Fin, true);
            history.extend(Letter::Reset, false);
        }
        assert_eq!(text(&history), "Da".repeat(32) + &"Fr".repeat(32));
    }
}
