//! Stacks of green threads: some thousand with a guard page each, more in slabs.
//!
//! The kernel's limit on mappings allows some 32,000 guarded stacks, so that those beyond a number
//! come out of slabs, with a guard at each slab's end. Compiled code checks its stack itself, and
//! leaves what the runtime's functions need; the guard pages are for mistakes in those.

use corosensei::stack::{DefaultStack, Stack, StackPointer};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Virtual size of a stack. Only touched pages take memory.
pub(crate) const STACK_BYTES: usize = 512 * 1024;
/// Stacks kept for reuse; more than this give their memory back to the system.
const POOL_STACKS: usize = 1024;
/// Stacks alive at once that have a guard page each.
const GUARDED_MAX: usize = 8192;
/// Stacks of a slab, without the part of the first that is its guard.
const SLAB_STACKS: usize = 64;
/// Size of a guard.
const GUARD_BYTES: usize = 64 * 1024;

/// A stack.
pub(crate) enum FiberStack {
    /// With a guard page of its own.
    Guarded(DefaultStack),
    /// One of a slab.
    Plain(PlainStack),
}

/// A stack of a slab.
pub(crate) struct PlainStack {
    base: usize,
    slabs: Rc<Slabs>,
}

// SAFETY: the area between limit and base is writable and used by nothing else while the stack
// lives. Instead of by a guard page, an overflow is kept out by the checks of compiled code and the
// reserve below them.
unsafe impl Stack for FiberStack {
    fn base(&self) -> StackPointer {
        match self {
            FiberStack::Guarded(stack) => stack.base(),
            FiberStack::Plain(stack) => address(stack.base),
        }
    }

    fn limit(&self) -> StackPointer {
        match self {
            FiberStack::Guarded(stack) => stack.limit(),
            FiberStack::Plain(stack) => address(stack.base - STACK_BYTES),
        }
    }
}

fn address(address: usize) -> StackPointer {
    StackPointer::new(address).expect("nothing is mapped at null")
}

impl Drop for PlainStack {
    fn drop(&mut self) {
        let start = (self.base - STACK_BYTES) as *mut libc::c_void;
        // SAFETY: the area is mapped and nothing in it is in use. If the system refuses, its memory
        // stays until it is used again.
        unsafe { libc::madvise(start, STACK_BYTES, libc::MADV_DONTNEED) };
        self.slabs.free.borrow_mut().push(self.base);
    }
}

/// Areas that stacks are taken from. They stay mapped as long as a stack of theirs may be in use.
#[derive(Default)]
struct Slabs {
    starts: RefCell<Vec<*mut libc::c_void>>,
    /// Bases of stacks that are free.
    free: RefCell<Vec<usize>>,
}

const SLAB_BYTES: usize = GUARD_BYTES + SLAB_STACKS * STACK_BYTES;

impl Slabs {
    /// Maps one more slab. False if the system has no memory for it.
    fn add(&self) -> bool {
        let (access, flags) = (
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
        );
        // SAFETY: a fresh mapping; what is done to it stays inside.
        let start = unsafe {
            let start = libc::mmap(std::ptr::null_mut(), SLAB_BYTES, access, flags, -1, 0);
            if start == libc::MAP_FAILED {
                return false;
            }
            // One touched page must not take a huge one. Older kernels may not know how.
            libc::madvise(start, SLAB_BYTES, libc::MADV_NOHUGEPAGE);
            if libc::mprotect(start, GUARD_BYTES, libc::PROT_NONE) != 0 {
                libc::munmap(start, SLAB_BYTES);
                return false;
            }
            start
        };
        self.starts.borrow_mut().push(start);
        let first = start as usize + GUARD_BYTES;
        let bases = (1..=SLAB_STACKS).rev().map(|i| first + i * STACK_BYTES);
        self.free.borrow_mut().extend(bases);
        true
    }
}

impl Drop for Slabs {
    fn drop(&mut self) {
        for start in self.starts.take() {
            // SAFETY: mapped in `add`; no stack is left.
            unsafe { libc::munmap(start, SLAB_BYTES) };
        }
    }
}

/// Where stacks come from, and those of ended fibers.
#[derive(Default)]
pub(crate) struct StackPool {
    free: RefCell<Vec<FiberStack>>,
    /// Stacks with guard pages, in use or not.
    guarded: Cell<usize>,
    slabs: Rc<Slabs>,
}

impl StackPool {
    /// A stack, or `None` when the system has no memory for one.
    pub(crate) fn take(&self) -> Option<FiberStack> {
        if let Some(stack) = self.free.borrow_mut().pop() {
            return Some(stack);
        }
        if self.guarded.get() < GUARDED_MAX
            && let Ok(stack) = DefaultStack::new(STACK_BYTES)
        {
            self.guarded.set(self.guarded.get() + 1);
            return Some(FiberStack::Guarded(stack));
        }
        self.plain().map(FiberStack::Plain)
    }

    fn plain(&self) -> Option<PlainStack> {
        if self.slabs.free.borrow().is_empty() && !self.slabs.add() {
            return None;
        }
        let base = self.slabs.free.borrow_mut().pop()?;
        Some(PlainStack {
            base,
            slabs: self.slabs.clone(),
        })
    }

    pub(crate) fn give_back(&self, stack: FiberStack) {
        let mut free = self.free.borrow_mut();
        if free.len() < POOL_STACKS {
            free.push(stack);
        } else if let FiberStack::Guarded(_) = stack {
            self.guarded.set(self.guarded.get() - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(stack: &FiberStack, fill: u8) {
        for at in [stack.base().get() - 1, stack.base().get() - 4096] {
            // SAFETY: inside of the stack, which nobody uses.
            unsafe { (at as *mut u8).write(fill) };
        }
    }

    #[test]
    fn stacks_of_slabs_are_apart_and_come_back_empty() {
        let pool = StackPool::default();
        let take = || FiberStack::Plain(pool.plain().unwrap());
        let stacks: Vec<FiberStack> = (0..3 * SLAB_STACKS).map(|_| take()).collect();
        let mut bases: Vec<usize> = stacks.iter().map(|stack| stack.base().get()).collect();
        stacks.iter().for_each(|stack| touch(stack, 7));
        bases.sort_unstable();
        assert!(bases.windows(2).all(|two| two[1] - two[0] >= STACK_BYTES));
        assert_eq!(pool.slabs.starts.borrow().len(), 3);
        drop(stacks);
        let again = take();
        assert!(bases.contains(&again.base().get()));
        // SAFETY: inside of the stack.
        assert_eq!(unsafe { *((again.base().get() - 1) as *const u8) }, 0);
        assert_eq!(pool.slabs.starts.borrow().len(), 3);
    }

    #[test]
    fn a_slab_outlives_its_pool_while_a_stack_is_in_use() {
        let pool = StackPool::default();
        let stack = FiberStack::Plain(pool.plain().unwrap());
        drop(pool);
        touch(&stack, 1);
    }
}
