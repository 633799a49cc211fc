//! The end of objects: destructors, each on a thread of its own, and the end of the program.

use super::machine::{Machine, OnReturn, Turn};
use super::natives::Natives;
use super::value::new_object;

impl Machine {
    /// Gives every dead object with a destructor a thread that runs it; says whether there are any.
    pub(super) fn start_destructors(&mut self) -> bool {
        if self.ledger.dead.borrow().is_empty() {
            return false;
        }
        let dead = std::mem::take(&mut *self.ledger.dead.borrow_mut());
        for dead in dead {
            let provide = &self.components[dead.code.component].provides[dead.code.provide];
            let func = provide
                .destroy
                .expect("only objects with a destructor wait for it");
            let object = new_object(
                &self.ledger,
                (dead.site, dead.owner),
                dead.code,
                dead.state,
                true,
            );
            let frame = self.frame(&object, func, Vec::new(), OnReturn::Result(None));
            drop(object);
            self.start(vec![frame]);
            self.threads
                .back_mut()
                .expect("it was just started")
                .is_destructor = true;
        }
        true
    }

    pub(super) fn finish(&mut self, host: &mut dyn Natives) {
        for object in self.threads.iter().filter_map(|t| t.sinks_of.as_ref()) {
            object.events.forget();
        }
        self.threads.retain(|thread| thread.is_destructor);
        self.swaps.clear();
        self.root = None;
        // What the program held is destroyed while its destructors can still call others.
        self.run_destructors(host);
        for site in 0..self.sites.len() {
            for version in 0..self.sites[site].versions.len() {
                let version = &mut self.sites[site].versions[version];
                let slots = std::mem::take(&mut version.slots);
                let statics = version.statics.take();
                drop((slots, statics));
            }
        }
        self.run_destructors(host);
        self.strings.clear();
        self.arrays.clear();
    }

    /// Runs destructors, and those of what dies by it, to their ends.
    fn run_destructors(&mut self, host: &mut dyn Natives) {
        self.start_destructors();
        while let Some(mut thread) = self.threads.pop_front() {
            while self.turn(&mut thread, host) == Turn::Slice {}
            drop(thread);
            self.start_destructors();
        }
    }
}
