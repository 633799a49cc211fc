//! `host.Perception`: metrics and events on their way to the learner.

use super::done;
use crate::native::{Call, NativeFn, NativeModule, NativeTy, Outcome, Value};

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Perception",
    functions: &[
        NativeFn {
            name: "metric",
            params: &[NativeTy::Text, NativeTy::Float, NativeTy::Bool],
            ret: None,
            run: metric,
        },
        NativeFn {
            name: "happened",
            params: &[NativeTy::Text, NativeTy::Float],
            ret: None,
            run: event,
        },
    ],
};

fn metric(call: &mut Call<'_>) -> Outcome {
    done(|| {
        call.perception
            .metric(call.bytes(0)?, call.float(1)?, call.bool(2)?);
        Ok(Value::Unit)
    })
}

fn event(call: &mut Call<'_>) -> Outcome {
    done(|| {
        call.perception.event(call.bytes(0)?, call.float(1)?);
        Ok(Value::Unit)
    })
}
