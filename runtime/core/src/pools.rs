//! Memory of an isolate by size, and who is charged for it.
//!
//! Small blocks come from lists of free ones, one for each size, that compiled code takes from as
//! well; large ones come from the process's allocator. Lists are filled from slabs. A slab all of
//! whose blocks are free goes back when more slabs are wanted, looked for each time that their
//! number has doubled, so that memory of one size does not stay bound after it was needed.

use em_abi::{Memory, POOL_BYTES_MAX, POOL_CLASSES, Usage, pool_bytes, pool_class};
use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};
use std::cell::{Cell, RefCell};

#[cfg(test)]
mod tests;

/// Size of a slab.
const SLAB_BYTES: usize = 64 << 10;
/// Bytes that a list is filled with at once.
const FILL_BYTES: usize = 2 << 10;
/// Number of slabs at which free ones are first looked for.
const SLABS_LOOK: usize = 32;
/// Most that a limit can say.
const LIMIT_MAX: u64 = 1 << 62;

/// Memory of one isolate.
pub(crate) struct Pools {
    /// What compiled code knows of it.
    memory: *mut Memory,
    accounts: RefCell<Vec<Usage>>,
    slabs: RefCell<Vec<*mut u8>>,
    /// The part of the last slab that no block has been made of yet.
    rest: Cell<(*mut u8, usize)>,
    /// Number of slabs at which free ones are looked for.
    look_at: Cell<usize>,
}

/// Whether blocks of so many bytes come from lists.
fn is_small(bytes: usize) -> bool {
    bytes <= POOL_BYTES_MAX
}

fn slab_layout() -> Layout {
    Layout::from_size_align(SLAB_BYTES, 16).expect("a constant layout")
}

/// Layout of a large block.
fn large(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes, 8).ok()
}

impl Pools {
    /// # Safety
    /// `memory` outlives this, and is only used by the thread that uses this.
    pub(crate) unsafe fn new(limit_bytes: u64, memory: *mut Memory) -> Pools {
        let pools = Pools {
            memory,
            accounts: RefCell::default(),
            slabs: RefCell::default(),
            rest: Cell::new((std::ptr::null_mut(), 0)),
            look_at: Cell::new(SLABS_LOOK),
        };
        // SAFETY: by contract.
        unsafe { (*memory).left = limit_bytes.min(LIMIT_MAX) as i64 };
        pools.open(0);
        pools
    }

    /// Allows to take more bytes than before, or less.
    pub(crate) fn allow(&self, more: i64) {
        // SAFETY: by the contract of `new`.
        unsafe { (*self.memory).left += more };
    }

    /// What each account uses.
    pub(crate) fn accounts(&self) -> Vec<Usage> {
        self.accounts.borrow().clone()
    }

    /// Makes an entry for an account, and for those before it.
    pub(crate) fn open(&self, account: u32) {
        let mut accounts = self.accounts.borrow_mut();
        if account as usize >= accounts.len() {
            accounts.resize(account as usize + 1, Usage::default());
        }
        // The entries may be elsewhere now. They are written to through this address alone.
        // SAFETY: by the contract of `new`.
        unsafe { (*self.memory).usage = accounts.as_mut_ptr() };
    }

    /// Counts bytes and blocks as used unless there may not be so many.
    fn charge(&self, bytes: usize, blocks: u64, account: u32) -> Option<()> {
        let bytes = i64::try_from(bytes).ok()?;
        // SAFETY: by the contract of `new`; accounts in use have entries.
        unsafe {
            let left = (*self.memory).left.checked_sub(bytes)?;
            if left < 0 {
                return None;
            }
            (*self.memory).left = left;
            let usage = (*self.memory).usage.add(account as usize);
            (*usage).bytes += bytes as u64;
            (*usage).blocks += blocks;
        }
        Some(())
    }

    /// Takes back what [`charge`](Pools::charge) did.
    fn discharge(&self, bytes: usize, blocks: u64, account: u32) {
        // SAFETY: as in `charge`.
        unsafe {
            (*self.memory).left += bytes as i64;
            let usage = (*self.memory).usage.add(account as usize);
            (*usage).bytes -= bytes as u64;
            (*usage).blocks -= blocks;
        }
    }

    /// Takes `bytes` bytes, zeroed if that is asked for, or `None` if the limit or the machine says
    /// no.
    pub(crate) fn take(&self, bytes: usize, account: u32, zeroed: bool) -> Option<*mut u8> {
        self.charge(bytes, 1, account)?;
        let block = self.obtain(bytes, zeroed);
        if block.is_none() {
            self.discharge(bytes, 1, account);
        }
        block
    }

    /// Gives back what [`take`](Pools::take) returned for the same size and account.
    ///
    /// # Safety
    /// `block` came from `take(bytes, account)` and is not used any more.
    pub(crate) unsafe fn give_back(&self, block: *mut u8, bytes: usize, account: u32) {
        self.discharge(bytes, 1, account);
        // SAFETY: by contract.
        unsafe { self.put_back(block, bytes) };
    }

    /// Makes a block larger; it may move. What is added is of no value.
    ///
    /// # Safety
    /// `block` came from `take(have, account)`, and `want` is not less than `have`.
    pub(crate) unsafe fn grow(
        &self,
        block: *mut u8,
        have: usize,
        want: usize,
        account: u32,
    ) -> Option<*mut u8> {
        self.charge(want - have, 0, account)?;
        // SAFETY: by contract.
        let grown = unsafe { self.resize(block, have, want) };
        if grown.is_none() {
            self.discharge(want - have, 0, account);
        }
        grown
    }

    /// # Safety
    /// As for [`grow`](Pools::grow).
    unsafe fn resize(&self, block: *mut u8, have: usize, want: usize) -> Option<*mut u8> {
        // SAFETY: by contract: the block has `have` bytes, a new one at least as many.
        unsafe {
            if is_small(want) && pool_class(have) == pool_class(want) {
                return Some(block);
            }
            if is_small(have) {
                let grown = self.obtain(want, false)?;
                grown.copy_from_nonoverlapping(block, have);
                self.put_back(block, have);
                return Some(grown);
            }
            let grown = realloc(block, large(have)?, large(want)?.size());
            Some(grown).filter(|grown| !grown.is_null())
        }
    }

    fn obtain(&self, bytes: usize, zeroed: bool) -> Option<*mut u8> {
        if !is_small(bytes) {
            let layout = large(bytes)?;
            // SAFETY: the size is not zero.
            let block = unsafe {
                match zeroed {
                    true => alloc_zeroed(layout),
                    false => alloc(layout),
                }
            };
            return Some(block).filter(|block| !block.is_null());
        }
        let class = pool_class(bytes.max(8));
        // SAFETY: by the contract of `new`; blocks in lists are of their list's size and free.
        unsafe {
            let list = &raw mut (*self.memory).free[class];
            if (*list).is_null() {
                self.fill(class)?;
            }
            let block = *list;
            *list = *block.cast::<*mut u8>();
            if zeroed {
                block.write_bytes(0, bytes.max(8));
            }
            Some(block)
        }
    }

    /// # Safety
    /// `block` came from `obtain(bytes)` and is not used any more.
    unsafe fn put_back(&self, block: *mut u8, bytes: usize) {
        if !is_small(bytes) {
            let layout = large(bytes).expect("it was valid when the block was made");
            // SAFETY: by contract.
            unsafe { dealloc(block, layout) };
            return;
        }
        // SAFETY: by contract: the block is ours, of its list's size.
        unsafe {
            let list = &raw mut (*self.memory).free[pool_class(bytes.max(8))];
            block.cast::<*mut u8>().write(*list);
            *list = block;
        }
    }

    /// Fills an empty list.
    fn fill(&self, class: usize) -> Option<()> {
        let bytes = pool_bytes(class);
        let (mut at, mut left) = self.rest.get();
        if left < bytes {
            if self.slabs.borrow().len() >= self.look_at.get() {
                self.reclaim();
                // SAFETY: by the contract of `new`.
                if !unsafe { (*self.memory).free[class] }.is_null() {
                    return Some(());
                }
            }
            if left > 0 {
                // SAFETY: this much is left of a slab; sizes of blocks are multiples of a step.
                unsafe { self.put_back(at, left) };
                self.rest.set((std::ptr::null_mut(), 0));
            }
            // SAFETY: the size is not zero.
            at = unsafe { alloc(slab_layout()) };
            if at.is_null() {
                return None;
            }
            left = SLAB_BYTES;
            self.slabs.borrow_mut().push(at);
        }
        let count = (FILL_BYTES.min(left) / bytes).max(1);
        // SAFETY: the blocks lie in what is left of the slab.
        unsafe {
            let mut next = std::ptr::null_mut();
            for i in (0..count).rev() {
                let block = at.add(i * bytes);
                block.cast::<*mut u8>().write(next);
                next = block;
            }
            (*self.memory).free[class] = next;
            self.rest.set((at.add(count * bytes), left - count * bytes));
        }
        Some(())
    }

    /// Gives slabs back that are free as a whole. The last one stays, as it may have a rest.
    fn reclaim(&self) {
        let mut slabs = self.slabs.borrow_mut();
        let last = slabs.pop();
        slabs.sort_unstable();
        // Bytes of each slab that are in a list.
        let mut free = vec![0; slabs.len()];
        let slab_of = |block: *mut u8| {
            let at = slabs
                .partition_point(|slab| *slab <= block)
                .checked_sub(1)?;
            ((block as usize) - (slabs[at] as usize) < SLAB_BYTES).then_some(at)
        };
        let unused = |at: usize, free: &[usize]| free[at] == SLAB_BYTES;
        for class in 1..POOL_CLASSES {
            self.visit(class, &mut |block| {
                if let Some(at) = slab_of(block) {
                    free[at] += pool_bytes(class);
                }
                true
            });
        }
        for class in 1..POOL_CLASSES {
            self.visit(class, &mut |block| {
                slab_of(block).is_none_or(|at| !unused(at, &free))
            });
        }
        let mut kept = Vec::new();
        for (at, slab) in slabs.iter().enumerate() {
            if unused(at, &free) {
                // SAFETY: nothing refers to any part of it.
                unsafe { dealloc(*slab, slab_layout()) };
            } else {
                kept.push(*slab);
            }
        }
        kept.extend(last);
        self.look_at.set(SLABS_LOOK.max(2 * kept.len()));
        *slabs = kept;
    }

    /// Shows each block of a list, and keeps those in it that are to be kept.
    fn visit(&self, class: usize, keep: &mut dyn FnMut(*mut u8) -> bool) {
        // SAFETY: by the contract of `new`; free blocks hold the next one's address.
        unsafe {
            let mut link = &raw mut (*self.memory).free[class];
            while !(*link).is_null() {
                let block = *link;
                if keep(block) {
                    link = block.cast();
                } else {
                    *link = *block.cast::<*mut u8>();
                }
            }
        }
    }
}

impl Drop for Pools {
    fn drop(&mut self) {
        // A leak is better than a block of nowhere.
        if self.accounts.get_mut().iter().any(|usage| usage.blocks > 0) {
            return;
        }
        for slab in self.slabs.take() {
            // SAFETY: made with this layout; no block in it is in use.
            unsafe { dealloc(slab, slab_layout()) };
        }
    }
}
