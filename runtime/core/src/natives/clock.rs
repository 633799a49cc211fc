//! `host.Clock`: the time of the isolate's world; and `TimerLib`, by which Dana's timer waits.

use super::{attempt, done};
use crate::native::{Call, NativeFn, NativeModule, NativeTy, Outcome, Value};

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Clock",
    functions: &[
        NativeFn {
            name: "wallMs",
            params: &[],
            ret: Some(NativeTy::Int),
            run: wall_ms,
        },
        NativeFn {
            name: "monotonicUs",
            params: &[],
            ret: Some(NativeTy::Int),
            run: monotonic_us,
        },
        NativeFn {
            name: "sleepUs",
            params: &[NativeTy::Int],
            ret: None,
            run: sleep_us,
        },
    ],
};

pub(super) static DANA_TIMER: NativeModule = NativeModule {
    path: "TimerLib",
    functions: &[NativeFn {
        name: "sleep",
        params: &[NativeTy::Word],
        ret: None,
        run: |call| attempt(|| Ok(sleep(call, (call.int(0)? as u64).saturating_mul(1000)))),
    }],
};

fn wall_ms(call: &mut Call<'_>) -> Outcome {
    done(|| Ok(Value::Int(call.world.wall_ms())))
}

fn monotonic_us(call: &mut Call<'_>) -> Outcome {
    done(|| Ok(Value::Int(call.world.monotonic_us())))
}

fn sleep_us(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let us = u64::try_from(call.int(0)?).unwrap_or(0);
        Ok(sleep(call, us))
    })
}

fn sleep(call: &Call<'_>, us: u64) -> Outcome {
    if us == 0 {
        return Outcome::Yield;
    }
    let wait = call.world.sleep_us(us);
    Outcome::Wait(Box::pin(async move {
        wait.await;
        Ok(Value::Unit)
    }))
}
