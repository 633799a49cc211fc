//! Hard limits of the parser, each with its reason.

/// Largest source text in bytes. Spans are 32-bit, and no person writes a larger file.
pub const SOURCE_BYTES_MAX: usize = 16 << 20;

/// Deepest nesting of brackets, operators and statements. Later stages walk the tree recursively;
/// this many levels fit into the 2 MiB stack of a thread with room to spare, and the longest
/// `else if` chains and concatenations that people write stay below it.
pub const NESTING_MAX: u32 = 200;

/// Diagnostics of one file after which the parser gives up: so many have a common cause, such as a
/// file that is no Em source at all, and each costs time.
pub const DIAGNOSTICS_MAX: usize = 1000;

/// How many tokens before an error are searched for the bracket that it is in.
pub const BRACKET_SEARCH_MAX: usize = 10_000;

/// Longer words are not compared with the keywords for a misspelling.
pub const MISSPELLED_BYTES_MAX: usize = 16;
