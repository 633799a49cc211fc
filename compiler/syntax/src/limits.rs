//! Hard limits of the parser, each with its reason.

/// Largest source text in bytes. Spans are 32-bit, and no person writes a larger file.
pub const SOURCE_BYTES_MAX: usize = 16 << 20;

/// Deepest nesting of brackets, operators and statements. Later stages walk the tree recursively;
/// this many levels fit into the 2 MiB stack of a thread with room to spare, and the longest
/// `else if` chains and concatenations that people write stay below it.
pub const NESTING_MAX: u32 = 200;
