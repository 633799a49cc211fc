//! `host.Console`: the standard streams.

use super::{attempt, done};
use crate::native::{Call, NativeFault, NativeFn, NativeModule, NativeTy, Outcome, Value};

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Console",
    functions: &[
        NativeFn {
            name: "print",
            params: &[NativeTy::Text],
            ret: None,
            run: print,
        },
        NativeFn {
            name: "error",
            params: &[NativeTy::Text],
            ret: None,
            run: error,
        },
        NativeFn {
            name: "readLine",
            params: &[],
            ret: Some(NativeTy::Text),
            run: read_line,
        },
    ],
};

fn print(call: &mut Call<'_>) -> Outcome {
    done(|| {
        call.world
            .console()
            .print(call.bytes(0)?)
            .map_err(|reason| {
                NativeFault::io(format!("cannot write to standard output: {reason}"))
            })?;
        Ok(Value::Unit)
    })
}

fn error(call: &mut Call<'_>) -> Outcome {
    done(|| {
        call.world
            .console()
            .print_error(call.bytes(0)?)
            .map_err(|reason| {
                NativeFault::io(format!("cannot write to standard error: {reason}"))
            })?;
        Ok(Value::Unit)
    })
}

fn read_line(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        Ok(call.world.console().read_line().outcome(|line| match line {
            Ok(Some(line)) => Ok(Value::Bytes(line)),
            Ok(None) => Ok(Value::Null),
            Err(reason) => Err(NativeFault::io(format!(
                "cannot read standard input: {reason}"
            ))),
        }))
    })
}
