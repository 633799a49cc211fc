//! Switching between stacks: the instructions that Rust has no words for.
//!
//! A suspended stack is known by its stack pointer alone: the registers that a called function has
//! to keep are on top of it, and the address where it goes on. Any suspended stack can be switched
//! to from any other, so green threads hand the processor on among themselves; a return address is
//! left by `ret`, which the processor predicts rightly when both suspended at the same place.

use crate::stacks::FiberStack;
use corosensei::stack::Stack;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What a new stack runs first; must never return.
pub(crate) type Begin = unsafe extern "C" fn(argument: *const u8) -> !;

#[cfg(target_arch = "x86_64")]
mod machine {
    use super::Begin;
    use std::arch::naked_asm;

    /// Words of a suspended stack: r15, r14, r13, r12, rbx, rbp, and the address to return to.
    const SAVED: usize = 7;

    /// Suspends the running stack, whose pointer goes to `from`, and goes on with another.
    ///
    /// # Safety
    /// `to` is what was stored when that stack was suspended, or what [`prepare`] gave, and it has
    /// not been switched to since.
    #[unsafe(naked)]
    pub(crate) unsafe extern "C" fn switch(from: *mut *mut u8, to: *mut u8) {
        naked_asm!(
            "push rbp",
            "push rbx",
            "push r12",
            "push r13",
            "push r14",
            "push r15",
            "mov [rdi], rsp",
            "mov rsp, rsi",
            "pop r15",
            "pop r14",
            "pop r13",
            "pop r12",
            "pop rbx",
            "pop rbp",
            "ret",
        )
    }

    /// Where a new stack begins: calls rbp with rbx. Nothing is above it for a debugger to find.
    #[unsafe(naked)]
    unsafe extern "C" fn start() {
        naked_asm!(
            "mov rdi, rbx",
            "mov rax, rbp",
            "xor ebp, ebp",
            "call rax",
            "ud2",
        )
    }

    /// Makes a stack, which ends at `base`, one that begins with `begin(argument)`.
    ///
    /// # Safety
    /// Below `base`, which is a multiple of 16, is room that nobody else uses.
    pub(crate) unsafe fn prepare(base: usize, begin: Begin, argument: *const u8) -> *mut u8 {
        let words: [usize; SAVED] = [
            0,
            0,
            0,
            0,
            argument as usize,
            begin as *const () as usize,
            start as *const () as usize,
        ];
        // What is above them keeps the stack aligned at the call in `start`.
        let at = (base - 16 - size_of_val(&words)) as *mut [usize; SAVED];
        // SAFETY: by contract.
        unsafe { at.write(words) };
        at.cast()
    }

    /// Calls `f(argument)` on a stack whose pointer is `stack`, below what is in use there.
    ///
    /// # Safety
    /// That stack is suspended and has room; `f` does not unwind.
    #[unsafe(naked)]
    pub(crate) unsafe extern "C" fn call(
        stack: *mut u8,
        argument: *mut u8,
        f: unsafe extern "C" fn(*mut u8),
    ) {
        naked_asm!(
            "push rbp",
            "mov rbp, rsp",
            "mov rsp, rdi",
            "and rsp, -16",
            "mov rdi, rsi",
            "call rdx",
            "mov rsp, rbp",
            "pop rbp",
            "ret",
        )
    }
}

#[cfg(target_arch = "aarch64")]
mod machine {
    use super::Begin;
    use std::arch::naked_asm;

    /// Words of a suspended stack: x19 to x30, then d8 to d15.
    const SAVED: usize = 20;

    /// Suspends the running stack, whose pointer goes to `from`, and goes on with another.
    ///
    /// # Safety
    /// `to` is what was stored when that stack was suspended, or what [`prepare`] gave, and it has
    /// not been switched to since.
    #[unsafe(naked)]
    pub(crate) unsafe extern "C" fn switch(from: *mut *mut u8, to: *mut u8) {
        naked_asm!(
            "sub sp, sp, #160",
            "stp x19, x20, [sp]",
            "stp x21, x22, [sp, #16]",
            "stp x23, x24, [sp, #32]",
            "stp x25, x26, [sp, #48]",
            "stp x27, x28, [sp, #64]",
            "stp x29, x30, [sp, #80]",
            "stp d8, d9, [sp, #96]",
            "stp d10, d11, [sp, #112]",
            "stp d12, d13, [sp, #128]",
            "stp d14, d15, [sp, #144]",
            "mov x9, sp",
            "str x9, [x0]",
            "mov sp, x1",
            "ldp x19, x20, [sp]",
            "ldp x21, x22, [sp, #16]",
            "ldp x23, x24, [sp, #32]",
            "ldp x25, x26, [sp, #48]",
            "ldp x27, x28, [sp, #64]",
            "ldp x29, x30, [sp, #80]",
            "ldp d8, d9, [sp, #96]",
            "ldp d10, d11, [sp, #112]",
            "ldp d12, d13, [sp, #128]",
            "ldp d14, d15, [sp, #144]",
            "add sp, sp, #160",
            "ret",
        )
    }

    /// Where a new stack begins: calls x20 with x19. Nothing is above it for a debugger to find.
    #[unsafe(naked)]
    unsafe extern "C" fn start() {
        naked_asm!("mov x0, x19", "mov x29, xzr", "blr x20", "brk #1")
    }

    /// Makes a stack, which ends at `base`, one that begins with `begin(argument)`.
    ///
    /// # Safety
    /// Below `base`, which is a multiple of 16, is room that nobody else uses.
    pub(crate) unsafe fn prepare(base: usize, begin: Begin, argument: *const u8) -> *mut u8 {
        let mut words = [0usize; SAVED];
        words[0] = argument as usize;
        words[1] = begin as *const () as usize;
        words[11] = start as *const () as usize;
        let at = (base - size_of_val(&words)) as *mut [usize; SAVED];
        // SAFETY: by contract.
        unsafe { at.write(words) };
        at.cast()
    }

    /// Calls `f(argument)` on a stack whose pointer is `stack`, below what is in use there.
    ///
    /// # Safety
    /// That stack is suspended and has room; `f` does not unwind.
    #[unsafe(naked)]
    pub(crate) unsafe extern "C" fn call(
        stack: *mut u8,
        argument: *mut u8,
        f: unsafe extern "C" fn(*mut u8),
    ) {
        naked_asm!(
            "stp x29, x30, [sp, #-16]!",
            "mov x29, sp",
            "mov sp, x0",
            "mov x0, x1",
            "blr x2",
            "mov sp, x29",
            "ldp x29, x30, [sp], #16",
            "ret",
        )
    }
}

pub(crate) use machine::switch;

/// Makes a fresh stack one that begins with `begin(argument)` when it is switched to.
pub(crate) fn prepare(stack: &FiberStack, begin: Begin, argument: *const u8) -> *mut u8 {
    // SAFETY: a stack's base is aligned, and below it is room that only its owner uses.
    unsafe { machine::prepare(stack.base().get(), begin, argument) }
}

/// Runs a closure on the suspended stack whose pointer is `stack`. A panic goes on here.
///
/// # Safety
/// That stack has room, and stays suspended meanwhile.
pub(crate) unsafe fn call_on<R, F: FnOnce() -> R>(stack: *mut u8, f: F) -> R {
    struct Job<F, R> {
        f: Option<F>,
        result: Option<std::thread::Result<R>>,
    }
    unsafe extern "C" fn run<F: FnOnce() -> R, R>(job: *mut u8) {
        // SAFETY: the job below, which waits for this.
        let job = unsafe { &mut *job.cast::<Job<F, R>>() };
        job.result = job.f.take().map(|f| catch_unwind(AssertUnwindSafe(f)));
    }
    let mut job = Job {
        f: Some(f),
        result: None,
    };
    // SAFETY: by contract; `run` does not unwind.
    unsafe { machine::call(stack, (&raw mut job).cast(), run::<F, R>) };
    match job.result.expect("it has run") {
        Ok(result) => result,
        Err(panic) => resume_unwind(panic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stacks::StackPool;
    use std::cell::Cell;

    /// Two stacks beside the test's own, and what they have done.
    struct Ring {
        main: Cell<*mut u8>,
        sp: [Cell<*mut u8>; 2],
        steps: Cell<u64>,
        exact: Cell<f64>,
    }

    unsafe extern "C" fn first(ring: *const u8) -> ! {
        // SAFETY: the test's ring, which outlives the stacks.
        unsafe { turn(&*ring.cast::<Ring>(), 0) }
    }

    unsafe extern "C" fn second(ring: *const u8) -> ! {
        // SAFETY: as above.
        unsafe { turn(&*ring.cast::<Ring>(), 1) }
    }

    unsafe fn turn(ring: &Ring, me: usize) -> ! {
        for i in 0.. {
            ring.steps.set(ring.steps.get() + 1);
            let half = std::hint::black_box(f64::from(i) / 2.0);
            let to = match i % 10 {
                9 if me == 1 => ring.main.get(),
                _ => ring.sp[1 - me].get(),
            };
            let from = ring.sp[me].as_ptr();
            // SAFETY: both were suspended last by a switch, or are new.
            unsafe { switch(from, to) };
            ring.exact.set(ring.exact.get() + half);
        }
        unreachable!()
    }

    #[test]
    fn stacks_switch_to_each_other_and_back() {
        let pool = StackPool::default();
        let stacks = [pool.take().unwrap(), pool.take().unwrap()];
        let ring = Ring {
            main: Cell::new(std::ptr::null_mut()),
            sp: Default::default(),
            steps: Cell::new(0),
            exact: Cell::new(0.0),
        };
        let argument = std::ptr::from_ref(&ring).cast();
        ring.sp[0].set(prepare(&stacks[0], first, argument));
        ring.sp[1].set(prepare(&stacks[1], second, argument));
        for round in 1..=3u64 {
            let to = ring.sp[0].get();
            // SAFETY: new, or suspended by a switch; it comes back by way of the second.
            unsafe { switch(ring.main.as_ptr(), to) };
            assert_eq!(ring.steps.get(), 20 * round);
        }
        assert!(ring.exact.get() > 0.0);
    }

    #[test]
    fn a_panic_on_another_stack_goes_on_at_home() {
        let pool = StackPool::default();
        let stack = pool.take().unwrap();
        let base = (stack.base().get() - 64) as *mut u8;
        // SAFETY: the stack is unused.
        let sum = unsafe { call_on(base, || std::hint::black_box(2) + 2) };
        assert_eq!(sum, 4);
        let caught = catch_unwind(|| {
            // SAFETY: as above.
            unsafe { call_on(base, || resume_unwind(Box::new("gone"))) }
        });
        assert_eq!(*caught.unwrap_err().downcast::<&str>().unwrap(), "gone");
    }
}
