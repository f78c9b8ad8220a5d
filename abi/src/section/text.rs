//! Which names and doc texts a section may have: text that can be printed as it stands.

/// Where a name has a byte that it may not have, if it does: letters, digits and `_` only, and no
/// digit first unless `digit_first` (fields of tuples are named by their number).
pub(super) const fn wrong_in_name(name: &[u8], digit_first: bool) -> Option<usize> {
    let mut at = 0;
    while at < name.len() {
        let fits = match name[at] {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => true,
            b'0'..=b'9' => at > 0 || digit_first,
            _ => false,
        };
        if !fits {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Where a doc text is not UTF-8, has a control character (other than a line feed or a tab) or a
/// mark that turns the direction of text, if it does. A terminal can not be steered by a doc text.
pub(super) const fn wrong_in_docs(docs: &[u8]) -> Option<usize> {
    if let Err(error) = core::str::from_utf8(docs) {
        return Some(error.valid_up_to());
    }
    let mut at = 0;
    while at < docs.len() {
        let wrong = match docs[at] {
            b'\n' | b'\t' => false,
            0..=0x1F | 0x7F => true,
            // U+0080 to U+009F; UTF-8, so a byte follows.
            0xC2 => docs[at + 1] < 0xA0,
            // U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069; two bytes follow.
            0xE2 => match docs[at + 1] {
                0x80 => matches!(docs[at + 2], 0x8E | 0x8F | 0xAA..=0xAE),
                0x81 => matches!(docs[at + 2], 0xA6..=0xA9),
                _ => false,
            },
            _ => false,
        };
        if wrong {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Whether `left` is before `right` in byte order, as a number: negative, zero or positive.
pub(crate) const fn compare(left: &[u8], right: &[u8]) -> i8 {
    let mut at = 0;
    while at < left.len() && at < right.len() {
        if left[at] != right[at] {
            return if left[at] < right[at] { -1 } else { 1 };
        }
        at += 1;
    }
    if left.len() == right.len() {
        0
    } else if left.len() < right.len() {
        -1
    } else {
        1
    }
}

/// Whether both are the same bytes; eight at a time, because a hostile table of types is compared
/// with itself.
pub(crate) const fn equal(mut left: &[u8], mut right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    while let (Some((one, left_rest)), Some((other, right_rest))) =
        (left.split_first_chunk::<8>(), right.split_first_chunk::<8>())
    {
        if u64::from_le_bytes(*one) != u64::from_le_bytes(*other) {
            return false;
        }
        left = left_rest;
        right = right_rest;
    }
    compare(left, right) == 0
}
