//! `host.Random`: the randomness of the isolate's world.

use super::done;
use crate::native::{Call, NativeFn, NativeModule, NativeTy, Outcome, Value};

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Random",
    functions: &[NativeFn {
        name: "next",
        params: &[],
        ret: Some(NativeTy::Int),
        run: next,
    }],
};

fn next(call: &mut Call<'_>) -> Outcome {
    done(|| Ok(Value::Int(call.world.random().cast_signed())))
}
