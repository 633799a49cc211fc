//! Bounds on what a component may contain, so that a hostile image costs bounded time and memory.
//!
//! Each is far above what a person writes in one component and far below what would hurt a host.

/// Bytes of a component image.
pub const IMAGE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of a name or path; traces and diagnostics print them.
pub const NAME_BYTES: usize = 255;
/// Bytes of the source path.
pub const SOURCE_PATH_BYTES: usize = 4096;
/// Record types.
pub const RECORDS: usize = 4096;
/// Fields of one record or of one object's state; field offsets stay small immediates.
pub const FIELDS: usize = 1024;
/// Interfaces mentioned.
pub const INTERFACES: usize = 1024;
/// Methods of one interface; each takes a place in every vtable.
pub const METHODS: usize = 256;
/// Provided interfaces.
pub const PROVIDES: usize = 64;
/// Required interfaces; each takes a slot per site.
pub const REQUIRES: usize = 256;
/// Imported natives.
pub const NATIVES: usize = 1024;
/// Constant strings.
pub const STRINGS: usize = 65_536;
/// Bytes of all constant strings together.
pub const STRING_BYTES: usize = 2 * 1024 * 1024;
/// Functions.
pub const FUNCTIONS: usize = 4096;
/// Parameters of a function; a call passes them in registers and on the caller's stack.
pub const PARAMS: usize = 32;
/// Locals of one function; they bound its stack frame.
pub const LOCALS: usize = 4096;
/// Blocks of one function.
pub const BLOCKS: usize = 16_384;
/// Instructions of one function; code generation is worse than linear in it.
pub const INSTS: usize = 65_536;
/// Records or interfaces that one extends, directly or not; conversions walk them.
pub const BASES: usize = 16;
/// Records times entries and members of all records and interfaces: the time that it takes to tell
/// the records of a component apart from those of others.
pub const RECORD_WORK: usize = 8 * 1024 * 1024;
/// Parts of one concatenation.
pub const PARTS: usize = 4096;
/// Nesting of array types, as in `int[][]` (2).
pub const ARRAY_NESTING: usize = 16;
/// Locals of all functions together.
pub const TOTAL_LOCALS: usize = 262_144;
/// Instructions and blocks of all functions together.
pub const TOTAL_INSTS: usize = 524_288;
/// Fields, methods and parameters of all records and interfaces together.
pub const TOTAL_MEMBERS: usize = 65_536;
/// Events that wait for the sinks of one object; further ones are not delivered to it.
pub const WAITING_EVENTS: usize = 4096;
/// From this many on an emitter's turn ends, so that the sinks can catch up.
pub const CROWDED_EVENTS: usize = 1024;
/// Errors that verification reports before it gives up.
pub const ERRORS: usize = 64;
