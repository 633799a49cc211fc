//! Blocks don't overlap and keep what is in them; what is counted is what is live; memory of one
//! size is there for another one later.

use super::*;

/// Pools with memory of their own.
struct Rig {
    pools: Pools,
    memory: *mut Memory,
}

impl Rig {
    fn new(limit: u64) -> Rig {
        let memory = Box::into_raw(Box::new(Memory {
            left: 0,
            usage: std::ptr::null_mut(),
            free: [std::ptr::null_mut(); POOL_CLASSES],
        }));
        // SAFETY: the memory is freed after the pools.
        let pools = unsafe { Pools::new(limit, memory) };
        pools.open(2);
        Rig { pools, memory }
    }

    fn used(&self, account: usize) -> (u64, u64) {
        let usage = self.pools.accounts()[account];
        (usage.bytes, usage.blocks)
    }

    fn left(&self) -> i64 {
        // SAFETY: it is ours.
        unsafe { (*self.memory).left }
    }

    fn slabs(&self) -> usize {
        self.pools.slabs.borrow().len()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        // SAFETY: made in `new`; the pools don't look at it when they are dropped.
        drop(unsafe { Box::from_raw(self.memory) });
    }
}

/// A block, its size, account and the byte that fills it.
type Held = (*mut u8, usize, u32, u8);

fn check(held: &Held) {
    let (block, bytes, _, fill) = *held;
    for at in 0..bytes {
        // SAFETY: the block is live and has been filled.
        assert_eq!(unsafe { *block.add(at) }, fill, "byte {at} of {bytes}");
    }
}

#[test]
fn blocks_are_zeroed_and_apart_and_counted() {
    let rig = Rig::new(1 << 30);
    let mut held: Vec<Held> = Vec::new();
    let mut seed = 1_u64;
    let mut bytes_live = [0_u64; 3];
    for round in 0..4000_u64 {
        seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let pick = (seed >> 33) as usize;
        if pick % 5 < 3 || held.is_empty() {
            let (bytes, account) = (1 + pick / 5 % 700, (pick % 3) as u32);
            let block = rig.pools.take(bytes, account, true).unwrap();
            check(&(block, bytes, account, 0));
            let fill = round as u8;
            // SAFETY: fresh and of this size.
            unsafe { block.write_bytes(fill, bytes) };
            bytes_live[account as usize] += bytes as u64;
            held.push((block, bytes, account, fill));
        } else if pick % 5 == 3 {
            let at = pick / 5 % held.len();
            let (block, bytes, account, fill) = held[at];
            let more = bytes + pick % 90;
            // SAFETY: live, of this size and account.
            let grown = unsafe { rig.pools.grow(block, bytes, more, account) }.unwrap();
            check(&(grown, bytes, account, fill));
            // SAFETY: it is of the new size now.
            unsafe { grown.write_bytes(fill, more) };
            bytes_live[account as usize] += (more - bytes) as u64;
            held[at] = (grown, more, account, fill);
        } else {
            let held = held.swap_remove(pick / 5 % held.len());
            check(&held);
            // SAFETY: live, of this size and account.
            unsafe { rig.pools.give_back(held.0, held.1, held.2) };
            bytes_live[held.2 as usize] -= held.1 as u64;
        }
    }
    for account in 0..3 {
        let blocks = held.iter().filter(|held| held.2 == account).count() as u64;
        assert_eq!(
            rig.used(account as usize),
            (bytes_live[account as usize], blocks)
        );
    }
    for held in held {
        check(&held);
        // SAFETY: live, of this size and account.
        unsafe { rig.pools.give_back(held.0, held.1, held.2) };
    }
    assert_eq!(rig.left(), 1 << 30);
}

#[test]
fn the_limit_is_exact() {
    let rig = Rig::new(100);
    let first = rig.pools.take(60, 1, true).unwrap();
    assert!(rig.pools.take(41, 1, true).is_none());
    assert_eq!((rig.used(1), rig.left()), ((60, 1), 40));
    rig.pools.allow(1);
    let second = rig.pools.take(41, 2, true).unwrap();
    rig.pools.allow(-1);
    assert_eq!(rig.left(), -1);
    assert!(rig.pools.take(0, 1, true).is_none());
    // SAFETY: live, of these sizes and accounts.
    unsafe {
        assert!(rig.pools.grow(first, 60, 61, 1).is_none());
        rig.pools.give_back(first, 60, 1);
        rig.pools.give_back(second, 41, 2);
    }
    assert_eq!(
        (rig.used(1), rig.used(2), rig.left()),
        ((0, 0), (0, 0), 100)
    );
}

#[test]
fn memory_of_one_size_serves_another() {
    let rig = Rig::new(1 << 30);
    let mut most = 0;
    for bytes in [40, 64, 200, 512, 24] {
        let count = 8 * SLABS_LOOK * SLAB_BYTES / bytes;
        let blocks: Vec<_> = (0..count)
            .map(|_| rig.pools.take(bytes, 0, false).unwrap())
            .collect();
        most = most.max(rig.slabs());
        for block in blocks {
            // SAFETY: live, of this size and account.
            unsafe { rig.pools.give_back(block, bytes, 0) };
        }
    }
    assert!(most < 20 * SLABS_LOOK, "{most} slabs");
}
