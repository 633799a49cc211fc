//! The protocol of swaps as a small executable specification: explored in full for small bounds,
//! and compared with what the runtime does.
//!
//! An object is of a version; a call that is in it runs that version. It moves to the newest one of
//! its site when no call is in it, and a call that arrives at a quiet object after a swap runs no
//! older one, unless the object was seen in use since the swap, which counts for a while after.
//! While an object is held, only calls of chains that are inside enter it.

use crate::rig::System;
use em_runtime::world::World;
use em_runtime::{Isolate, Job, Preempt};
use std::collections::{HashMap, HashSet, VecDeque};

/// Where an object is, in what version, and how often it has been called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Object {
    site: usize,
    version: u8,
    is_held: bool,
    /// A call was found in it after its site was swapped.
    is_seen: bool,
    calls: u8,
}

/// The calls that a thread is in, with the version that each began in; where it wants to go, with
/// the newest version when it arrived; and how many steps of its script it has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Thread {
    stack: Vec<(usize, u8)>,
    waits: Option<(usize, u8)>,
    at: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Model {
    newest: Vec<u8>,
    objects: Vec<Object>,
    threads: Vec<Thread>,
    swaps_left: u8,
}

impl Model {
    fn new(sites: usize, at_sites: &[usize], threads: usize, swaps: u8) -> Model {
        let object = |site: &usize| Object {
            site: *site,
            version: 0,
            is_held: false,
            is_seen: false,
            calls: 0,
        };
        Model {
            newest: vec![0; sites],
            objects: at_sites.iter().map(object).collect(),
            threads: vec![Thread::default(); threads],
            swaps_left: swaps,
        }
    }

    fn newest_of(&self, object: usize) -> u8 {
        self.newest[self.objects[object].site]
    }

    fn is_inside(&self, thread: usize, object: usize) -> bool {
        self.threads[thread].stack.iter().any(|(o, _)| *o == object)
    }

    fn is_busy(&self, object: usize) -> bool {
        (0..self.threads.len()).any(|thread| self.is_inside(thread, object))
    }

    fn swap(&self, site: usize) -> Option<Model> {
        let mut next = self.clone();
        next.swaps_left = next.swaps_left.checked_sub(1)?;
        next.newest[site] += 1;
        Some(next)
    }

    fn arrive(&self, thread: usize, object: usize) -> Option<Model> {
        let mut next = self.clone();
        let newest = self.newest_of(object);
        let waits = &mut next.threads[thread].waits;
        waits.replace((object, newest)).is_none().then_some(next)
    }

    /// A call that has arrived begins.
    fn enter(&self, thread: usize) -> Option<Model> {
        let (object, since) = self.threads[thread].waits?;
        let there = &self.objects[object];
        let passes = !there.is_held || self.is_inside(thread, object);
        let new_enough = self.is_busy(object) || there.is_seen || there.version >= since;
        (passes && new_enough).then(|| {
            let mut next = self.clone();
            next.objects[object].calls += 1;
            next.threads[thread].waits = None;
            next.threads[thread].stack.push((object, there.version));
            next
        })
    }

    fn leave(&self, thread: usize) -> Option<Model> {
        let mut next = self.clone();
        let waits = self.threads[thread].waits.is_some();
        let left = next.threads[thread].stack.pop();
        (left.is_some() && !waits).then_some(next)
    }

    /// An object moves, at a call's arrival or by the sweep.
    fn move_on(&self, object: usize) -> Option<Model> {
        let newest = self.newest_of(object);
        let may = self.objects[object].version != newest && !self.is_busy(object);
        may.then(|| {
            let mut next = self.clone();
            next.objects[object].version = newest;
            next.objects[object].is_held = false;
            next.objects[object].is_seen = false;
            next
        })
    }

    /// A call that reaches the trap, or the sweep, finds out that an object is in use.
    fn look(&self, object: usize) -> Option<Model> {
        let is_old = self.objects[object].version != self.newest_of(object);
        let mut next = self.clone();
        let was = std::mem::replace(&mut next.objects[object].is_seen, true);
        (is_old && !was && self.is_busy(object)).then_some(next)
    }

    fn hold(&self, object: usize) -> Option<Model> {
        let is_old = self.objects[object].version != self.newest_of(object);
        let mut next = self.clone();
        let was = std::mem::replace(&mut next.objects[object].is_held, true);
        (is_old && !was && self.is_busy(object)).then_some(next)
    }

    fn give_up_hold(&self, object: usize) -> Option<Model> {
        let mut next = self.clone();
        std::mem::take(&mut next.objects[object].is_held).then_some(next)
    }

    /// What must hold at any time: all calls in an object run what the object is of.
    fn check(&self) {
        for (object, version) in self.threads.iter().flat_map(|t| &t.stack) {
            assert_eq!(self.objects[*object].version, *version, "{self:?}");
        }
    }

    /// All states that one step leads to. A script's `Some` calls an object, `None` returns.
    fn steps(&self, scripts: &[&[Option<usize>]]) -> Vec<Model> {
        let mut next: Vec<Model> = Vec::new();
        next.extend((0..self.newest.len()).filter_map(|site| self.swap(site)));
        for object in 0..self.objects.len() {
            next.extend(self.move_on(object));
            next.extend(self.look(object));
            next.extend(self.hold(object));
            next.extend(self.give_up_hold(object));
        }
        for (thread, script) in scripts.iter().enumerate() {
            next.extend(self.enter(thread));
            let stepped = match script.get(self.threads[thread].at) {
                Some(Some(object)) => self.arrive(thread, *object),
                Some(None) => self.leave(thread),
                None => None,
            };
            next.extend(stepped.map(|mut next| {
                next.threads[thread].at += 1;
                next
            }));
        }
        next
    }
}

/// Two sites, three objects, three threads of which two come back to where they are, two swaps, in
/// every order.
#[test]
fn every_order_of_small_systems() {
    let scripts: [&[Option<usize>]; 3] = [
        &[Some(0), Some(2), Some(0), None, None, None],
        &[Some(1), None, Some(0), None],
        &[Some(2), Some(1), None, None],
    ];
    let first = Model::new(2, &[0, 0, 1], 3, 2);
    let mut numbers: HashMap<Model, usize> = HashMap::from([(first.clone(), 0)]);
    let (mut work, mut before) = (VecDeque::from([first]), vec![Vec::new()]);
    let mut ends = Vec::new();
    while let Some(state) = work.pop_front() {
        state.check();
        let number = numbers[&state];
        let steps = state.steps(&scripts);
        if steps.is_empty() {
            let calls: Vec<u8> = state.objects.iter().map(|o| o.calls).collect();
            assert_eq!(calls, [3, 2, 2], "a call was lost or ran twice: {state:?}");
            let moved = (0..3).all(|o| state.objects[o].version == state.newest_of(o));
            assert!(moved && state.swaps_left == 0, "{state:?}");
            ends.push(number);
        }
        for next in steps {
            let known = numbers.len();
            let to = *numbers.entry(next.clone()).or_insert(known);
            if to == known {
                before.push(Vec::new());
                work.push_back(next);
            }
            before[to].push(number);
        }
    }
    // From each state there is a way to an end: nothing waits for ever.
    let mut ending: HashSet<usize> = ends.iter().copied().collect();
    while let Some(state) = ends.pop() {
        ends.extend(before[state].iter().filter(|from| ending.insert(**from)));
    }
    eprintln!("{} states", numbers.len());
    assert_eq!(ending.len(), numbers.len());
    assert!(numbers.len() > 10_000);
}

/// Where the runtime may be, given what it has said: the model, and which threads have said that
/// their innermost call has begun, or that it is about to end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    model: Model,
    begun: Vec<usize>,
    ending: Vec<bool>,
}

impl Place {
    /// All places that unsaid steps lead to: objects move, calls begin and end.
    fn unsaid(places: HashSet<Place>) -> HashSet<Place> {
        let mut all = places.clone();
        let mut work: Vec<Place> = places.into_iter().collect();
        while let Some(place) = work.pop() {
            let with = |model: Model| Place {
                model,
                ..place.clone()
            };
            let model = &place.model;
            let objects = 0..model.objects.len();
            let of_each = |o| [model.move_on(o), model.look(o)].into_iter().flatten();
            let mut next: Vec<Place> = objects.flat_map(of_each).map(with).collect();
            for thread in 0..model.threads.len() {
                next.extend(model.enter(thread).map(with));
                if place.ending[thread] {
                    let mut after = with(model.leave(thread).expect("it is in a call"));
                    after.ending[thread] = false;
                    after.begun[thread] -= 1;
                    next.push(after);
                }
            }
            work.extend(next.into_iter().filter(|place| all.insert(place.clone())));
        }
        all
    }

    /// Takes a step that was said; none if it can't be taken here.
    fn said(&self, words: &[&str]) -> Option<Place> {
        let mut next = self.clone();
        if words[0] == "swap" {
            next.model = self.model.swap(0)?;
            return Some(next);
        }
        let thread: usize = words[1].parse().ok()?;
        let object: usize = words[2].parse().ok()?;
        let calls = &self.model.threads[thread];
        let (said, depth) = (self.begun[thread], calls.stack.len());
        if self.ending[thread] {
            return None;
        }
        if words[0] == "c" {
            next.model = self
                .model
                .arrive(thread, object)
                .filter(|_| said == depth)?;
            return Some(next);
        }
        // The versions take turns.
        let runs = ["a", "b"][calls.stack.last()?.1 as usize % 2];
        let is_there = calls.stack.last()?.0 == object && runs == words[3];
        match words[0] {
            "b" if is_there && said + 1 == depth => next.begun[thread] += 1,
            "e" if is_there && said == depth => next.ending[thread] = true,
            _ => return None,
        }
        Some(next)
    }
}

/// A run with swaps at some times, and turns given to others at some points; what it said.
fn trace(system: &System, seed: u64) -> String {
    let mut random = seed;
    let mut below = move |limit: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695);
        (random >> 33) % limit
    };
    let run = system.start("Traced=a", seed);
    let plans = [system.plan("Traced=b"), system.plan("Traced=a")];
    let pauses: Vec<u64> = (0..2 + below(3)).map(|_| 1 + below(400)).collect();
    let (host, ports) = (run.sim.host.clone(), run.sim.isolate.ports());
    run.sim.host.spawn(async move {
        for (pause_us, plan) in pauses.into_iter().zip(plans.iter().cycle().cloned()) {
            host.sleep_us(pause_us).await;
            // The job comes before the next turn of a green thread.
            host.console().print(b"swap\n").expect("it is kept");
            ports.send(Box::new(move |isolate| crate::rig::apply(isolate, &plan)));
        }
    });
    let mut at = 0;
    let stops = (0..below(8)).map(|_| {
        at += 1 + below(400);
        let nothing: Job = Box::new(|_: &Isolate| {});
        (at, nothing)
    });
    run.sim.isolate.watch_points(stops.collect());
    run.output()
}

/// What the runtime does in random schedules is what the model allows, step by step.
#[test]
fn the_runtime_does_what_the_model_allows() {
    let system = System::of("traced", "main", Preempt::Each);
    let seeds = if em_tests::is_long() { 3_000 } else { 150 };
    let (mut steps, mut old) = (0, 0);
    for seed in 1..=seeds {
        let text = trace(&system, seed);
        let first = Place {
            model: Model::new(1, &[0, 0, 0], 3, u8::MAX),
            begun: vec![0; 3],
            ending: vec![false; 3],
        };
        let mut places = HashSet::from([first]);
        for (number, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split(' ').collect();
            if words[0] == "n" {
                assert_eq!(line, "n 18", "seed {seed}");
                continue;
            }
            let next = Place::unsaid(places);
            places = next.iter().filter_map(|place| place.said(&words)).collect();
            assert!(
                !places.is_empty(),
                "seed {seed}: line {number} `{line}` of\n{text}"
            );
            places.iter().for_each(|place| place.model.check());
            steps += 1;
            old += u64::from(places.iter().any(|place| is_behind(&place.model)));
        }
    }
    eprintln!("{steps} steps, in {old} of them an object in use was of an older version");
    assert!(old > 0);
}

fn is_behind(model: &Model) -> bool {
    (0..model.objects.len())
        .any(|o| model.is_busy(o) && model.objects[o].version != model.newest[0])
}

/// The comparison notices what the model does not allow.
#[test]
fn a_call_on_old_code_of_a_quiet_object_is_noticed() {
    let place = Place {
        model: Model::new(1, &[0], 1, 1),
        begun: vec![0],
        ending: vec![false],
    };
    let mut places = HashSet::from([place]);
    for line in ["swap", "c 0 0", "b 0 0 a"] {
        let words: Vec<&str> = line.split(' ').collect();
        let next = Place::unsaid(places);
        places = next.iter().filter_map(|place| place.said(&words)).collect();
        assert_eq!(places.is_empty(), line == "b 0 0 a");
    }
}
