//! Thunks: how the runtime calls compiled code with arguments in memory, as `em_abi::Thunk`.

use crate::CodegenError;
use crate::declarations::Declarations;
use crate::emit::{Region, build};
use crate::linker::Linker;
use cranelift::prelude::*;
use cranelift_module::FuncId;
use em_ir::Function;

/// What a thunk calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Callee {
    /// A method entry, which makes its own in-flight record.
    Entry(FuncId),
    /// A private body that a green thread begins with: the thread's first record was made when it
    /// was started, and is what the thunk is given.
    Body(FuncId),
}

/// Signature of all thunks.
pub(crate) fn signature(declarations: &Declarations) -> Signature {
    declarations.signature([types::I64; 5], [types::I64])
}

/// Compiles a thunk.
pub(crate) fn compile(
    linker: &mut Linker<'_>,
    id: FuncId,
    function: &Function,
    callee: Callee,
) -> Result<(), CodegenError> {
    let signature = signature(linker);
    build(linker, id, &function.name, signature, |mut e, params| {
        let &[context, frame, this, args, result] = params else {
            unreachable!("a thunk has five parameters")
        };
        let (Callee::Entry(code) | Callee::Body(code)) = callee;
        let mut values = vec![context, frame, this];
        for (i, ty) in function.locals[..function.params as usize]
            .iter()
            .enumerate()
        {
            let word = e.load(Region::Scratch, types::I64, args, 8 * i as i32);
            values.push(e.narrow(word, ty));
        }
        let results = e.call(code, &values);
        match (&function.ret, callee) {
            // Nobody takes what a thread returns. With an exception the value is null.
            (Some(ty), Callee::Body(_)) if ty.is_ref() => e.release(context, results[0], false),
            (Some(ty), _) => {
                let word = e.widen(results[0], ty);
                e.store(Region::Scratch, word, result, 0);
            }
            (None, _) => {}
        }
        let exception = results[results.len() - 1];
        e.b.ins().return_(&[exception]);
        e.finish();
    })
}
