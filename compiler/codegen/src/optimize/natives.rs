//! Natives that are one machine instruction. The component still has to be granted what it imports.

use em_ir::{Component, Function, Inst, NativeId, UnOp};

/// The operation that does what a native does.
fn operation(component: &Component, native: NativeId) -> Option<UnOp> {
    let import = component.natives.get(native.index())?;
    match (import.module.as_str(), import.function.name.as_str()) {
        ("host.Float", "sqrt") => Some(UnOp::Sqrt),
        _ => None,
    }
}

/// Replaces calls of such natives.
pub(super) fn replace(component: &Component, function: &mut Function) {
    for inst in function.blocks.iter_mut().flat_map(|b| &mut b.insts) {
        let Inst::CallNative { dst, native, args } = inst else {
            continue;
        };
        if let (Some(op), Some(dst), [a]) = (operation(component, *native), *dst, &args[..]) {
            *inst = Inst::Un { op, dst, a: *a };
        }
    }
}
