//! Functions that need no frame of their own.
//!
//! Cranelift gives every function on x86-64 a frame pointer. Saving and restoring it goes through
//! memory, and a chain of calls of small functions waits for that. A function that calls nothing is
//! never in a chain of frames that somebody walks, so it does without if it keeps nothing there.

use cranelift::codegen::CompiledCode;
use cranelift::codegen::ir::{Function, Opcode};
use cranelift::codegen::isa::TargetIsa;
use cranelift::prelude::types;

/// `push rbp; mov rbp, rsp`
const BEGIN: &[u8] = &[0x55, 0x48, 0x89, 0xe5];
/// `mov rsp, rbp; pop rbp; ret`
const END: &[u8] = &[0x48, 0x89, 0xec, 0x5d, 0xc3];
/// `ret`
const RETURN: u8 = 0xc3;
/// Integers that are passed, and that are returned, in registers.
const PASSED: usize = 6;
const RETURNED: usize = 2;

/// The code without its frame; none if it needs one. Only its one end is changed, so nothing else
/// may be that or look like it.
pub(crate) fn without_frame(
    isa: &dyn TargetIsa,
    function: &Function,
    compiled: &CompiledCode,
) -> Option<Vec<u8>> {
    let buffer = &compiled.buffer;
    let middle = buffer.data().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let alike = middle.windows(END.len()).any(|part| part == END);
    let bare = buffer.relocs().is_empty() && buffer.traps().is_empty();
    let frame = buffer.frame_layout()?;
    let fits = isa.name() == "x64" && bare && !alike && frame.frame_to_fp_offset == 0;
    (fits && keeps_nothing(function)).then(|| [middle, &[RETURN]].concat())
}

/// Whether a function calls nothing, and neither it nor its caller puts anything on the stack.
fn keeps_nothing(function: &Function) -> bool {
    let integers = |values: &[cranelift::prelude::AbiParam]| {
        let integer = values.iter().filter(|value| value.value_type != types::F64);
        integer.count()
    };
    let signature = &function.signature;
    // With fewer than that of both kinds together, those of each kind fit.
    let registers = signature.params.len() <= PASSED && integers(&signature.returns) <= RETURNED;
    let blocks = function.layout.blocks();
    let mut insts = blocks.flat_map(|block| function.layout.block_insts(block));
    let plain = insts.all(|inst| {
        let opcode = function.dfg.insts[inst].opcode();
        let stack = matches!(
            opcode,
            Opcode::GetStackPointer | Opcode::GetFramePointer | Opcode::GetReturnAddress
        );
        !opcode.is_call() && !stack
    });
    registers && plain && function.sized_stack_slots.is_empty()
}
