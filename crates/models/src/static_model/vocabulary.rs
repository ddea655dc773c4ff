//! Finds the pieces of a word: greedy longest match over the vocabulary, as WordPiece does.
//!
//! One open-addressed table holds both the pieces that begin a word and those that continue one; it is
//! built at load in about a millisecond and compares against the bytes of the model's file.

use super::package::PackageError;

/// No piece is longer, so that all prefix hashes of one fit on the stack.
const PIECE_BYTES_MAX: usize = 32;
const CONTINUING_PREFIX: &str = "##";
/// Marks a slot as free; no token has this id.
const FREE: u16 = u16::MAX;

/// Where in a word a piece stands. It seeds the hash and is a bit of the tag, so that the same bytes in
/// the other place never match.
#[derive(Clone, Copy)]
enum Place {
    Beginning = 0,
    Continuing = 1,
}

#[derive(Clone, Copy)]
struct Slot {
    id: u16,
    /// The place and bits of the hash that the slot's number does not use: almost every false match
    /// ends here.
    tag: u16,
}

/// The pieces of all words.
pub(super) struct Vocabulary {
    slots: Vec<Slot>,
    /// Hashes are shifted by this much to give a slot's number.
    shift: u32,
    pieces: Vec<&'static [u8]>,
}

impl Vocabulary {
    pub(super) fn new(tokens: &[&'static str]) -> Result<Self, PackageError> {
        let slot_count = (tokens.len() * 2).next_power_of_two();
        let mut vocabulary = Self {
            slots: vec![Slot { id: FREE, tag: 0 }; slot_count],
            shift: u64::BITS - slot_count.trailing_zeros(),
            pieces: Vec::with_capacity(tokens.len()),
        };
        for (id, token) in tokens.iter().enumerate() {
            let (place, piece) = match token.strip_prefix(CONTINUING_PREFIX) {
                Some(piece) if !piece.is_empty() => (Place::Continuing, piece),
                _ => (Place::Beginning, *token),
            };
            if piece.len() > PIECE_BYTES_MAX {
                return Err(PackageError::Damaged("a token of its vocabulary is too long"));
            }
            vocabulary.pieces.push(piece.as_bytes());
            vocabulary.insert(id as u16, place, piece.as_bytes());
        }
        Ok(vocabulary)
    }

    fn insert(&mut self, id: u16, place: Place, piece: &[u8]) {
        let hash = piece.iter().fold(place as u64, step);
        let mut index = self.index(hash);
        while self.slots[index].id != FREE {
            index = (index + 1) & (self.slots.len() - 1);
        }
        self.slots[index] = Slot { id, tag: tag(hash, place) };
    }

    /// Appends the ids of a word's pieces, or returns false and appends nothing where it has none.
    pub(super) fn append_pieces(&self, word: &[u8], ids: &mut Vec<u16>) -> bool {
        let before = ids.len();
        let mut rest = word;
        let mut place = Place::Beginning;
        while !rest.is_empty() {
            let Some((id, length)) = self.longest(rest, place) else {
                ids.truncate(before);
                return false;
            };
            ids.push(id);
            rest = &rest[length..];
            place = Place::Continuing;
        }
        true
    }

    /// The longest piece that the bytes begin with.
    ///
    /// Pieces and words are both UTF-8, so a match of bytes cannot end inside a character.
    fn longest(&self, bytes: &[u8], place: Place) -> Option<(u16, usize)> {
        let mut hashes = [0; PIECE_BYTES_MAX];
        let mut hash = place as u64;
        for (byte, prefix_hash) in bytes.iter().zip(&mut hashes) {
            hash = step(hash, byte);
            *prefix_hash = hash;
        }
        let longest = bytes.len().min(PIECE_BYTES_MAX);
        (1..=longest).rev().find_map(|length| {
            let id = self.find(hashes[length - 1], place, &bytes[..length])?;
            Some((id, length))
        })
    }

    fn find(&self, hash: u64, place: Place, piece: &[u8]) -> Option<u16> {
        let mut index = self.index(hash);
        loop {
            let slot = self.slots[index];
            if slot.id == FREE {
                return None;
            }
            if slot.tag == tag(hash, place) && self.pieces[usize::from(slot.id)] == piece {
                return Some(slot.id);
            }
            index = (index + 1) & (self.slots.len() - 1);
        }
    }

    fn index(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }
}

/// Adds one byte to a hash. The vocabulary is fixed, so nobody can crowd a slot.
fn step(hash: u64, byte: &u8) -> u64 {
    (hash.rotate_left(5) ^ u64::from(*byte)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn tag(hash: u64, place: Place) -> u16 {
    ((hash >> 24) as u16) << 1 | place as u16
}
