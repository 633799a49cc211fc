//! Trap twins: what the vtable entries of a replaced code version point to.
//!
//! A twin has its method's signature. It asks the runtime which code to run for the object, which
//! may migrate the object first, and calls that with the very arguments it was called with.

use crate::CodegenError;
use crate::emit::build;
use crate::linker::Linker;
use cranelift::prelude::*;
use cranelift_module::FuncId;
use em_abi::Intrinsic;

/// Compiles the twin of vtable entry `entry`, whose signature is `signature`.
pub(crate) fn compile(
    linker: &mut Linker<'_>,
    id: FuncId,
    name: &str,
    signature: Signature,
    entry: usize,
) -> Result<(), CodegenError> {
    build(linker, id, name, signature.clone(), |mut e, params| {
        let index = e.word(entry as i64);
        let code = e.runtime(Intrinsic::Trap, &[params[0], params[1], params[2], index])[0];
        let results = e.call_code(signature, code, params);
        e.b.ins().return_(&results);
        e.finish();
    })
}
