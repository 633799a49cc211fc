//! Selectors: which member of a type is meant, as one number.
//!
//! The low 16 bits are the member's position; above them are 24 bits of a hash of its name and 24
//! of the path that declares it. A number below 65536 is a position alone. So a selector is a
//! scalar: it costs nothing to make, is equal to others of the same member whichever component
//! made them, and outlives every swap. A record of another version of its type is searched by the
//! hashes.

/// Bits of a position.
const INDEX_BITS: u32 = 16;
/// Bits of a hash.
const HASH_BITS: u32 = 24;

/// The selector of member `name`, which is number `index` of `owner`, the path of the type or
/// interface that declares it.
pub fn selector(owner: &str, name: &str, index: usize) -> i64 {
    let (owner, name) = (hash(owner), hash(name));
    let index = u64::try_from(index).unwrap_or(u64::MAX) & ((1 << INDEX_BITS) - 1);
    let whole = (owner << HASH_BITS | name) << INDEX_BITS | index;
    whole as i64
}

/// The position in a selector.
pub fn selector_index(selector: i64) -> usize {
    (selector & ((1 << INDEX_BITS) - 1)) as usize
}

/// Whether a selector is a position alone, of any type.
pub fn is_at(selector: i64) -> bool {
    hashes(selector) == 0
}

/// The hashes of owner and name.
pub(super) fn hashes(selector: i64) -> u64 {
    selector as u64 >> INDEX_BITS
}

/// The hash of the name.
pub(super) fn name_hash(selector: i64) -> u64 {
    hashes(selector) & ((1 << HASH_BITS) - 1)
}

/// Never 0, so that no selector of a member is a position alone.
fn hash(text: &str) -> u64 {
    let bytes = blake3::hash(text.as_bytes());
    let [a, b, c, ..] = bytes.as_bytes();
    u64::from_le_bytes([*a, *b, *c, 0, 0, 0, 0, 0]).max(1)
}
