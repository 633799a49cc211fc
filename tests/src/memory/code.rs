//! A component is replaced again and again by one that was loaded just now, so that the machine
//! would fill up with code if that of replaced ones stayed.
//!
//! 2,000 swaps in the short form, as many as `EM_SWAPS` says in the long one.

use crate::{alone, assert_empty};
use em_adaptation::constraints::{Rule, RuleKind};
use em_runtime::{Exit, LiveCode, Plan, live_code};
use em_tests::native::{Loaded, Sim};
use em_tests::program::Program;
use em_tests::{number, root};
use std::rc::Rc;

/// Swaps of the short form.
const SWAPS: u64 = 2_000;
/// Swaps until the process has what it keeps for good.
const WARM_UP: u64 = 500;
/// What a process may grow by for other reasons than code: one page per swap would be twice that in
/// the short form, and a hundred times in the long one.
const SLACK_BYTES: u64 = 3 << 20;
/// Units that may still be in use, by objects that have not moved and by what waits to be freed.
const UNITS: u64 = 24;

/// Memory of the process that is in RAM.
fn resident_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("this is Linux");
    let pages = text
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok());
    pages.expect("statm has a number of resident pages") * 4096
}

/// One plan after the other, each with a unit of its own for the variant whose turn it is.
struct Plans {
    loaded: Rc<Loaded>,
    compositions: [em_adaptation::composition::Composition; 2],
    made: u64,
}

impl Plans {
    fn next(&mut self) -> Plan {
        self.made += 1;
        let composition = &self.compositions[self.made as usize % 2];
        self.loaded.plan_with_new(composition, "Thing", self.made)
    }
}

#[test]
fn replaced_code_is_given_back() {
    let _alone = alone();
    let folder = root().join("tests/suite/memory/renewed");
    let program = Program::of_folder(&folder, &folder.join("main.em"));
    let program = program.unwrap_or_else(|e| panic!("{e}"));
    let composition = |variant: &str| {
        let rule = Rule::parse(RuleKind::Pin, &format!("Thing={variant}")).expect("SITE=VARIANT");
        program
            .composition(&[rule])
            .unwrap_or_else(|e| panic!("{e}"))
    };
    let loaded = Loaded::new(&program);
    let compositions = [composition("a"), composition("b")];
    let sim = Sim::new(&loaded, 1);
    sim.simulation.set_time_limit_us(u64::MAX / 2);
    sim.start(&compositions[0], &[])
        .unwrap_or_else(|e| panic!("{e}"));
    let mut plans = Plans {
        loaded,
        compositions,
        made: 0,
    };
    let task = sim.host.spawn(sim.isolate.clone().run());
    let mut warm: Option<(u64, LiveCode)> = None;
    let (mut units_most, swaps) = (0, number("EM_SWAPS").unwrap_or(SWAPS));
    for done in 1..=swaps {
        let flip = sim.isolate.apply(&plans.next());
        assert!(flip.is_ok(), "{flip:?}");
        sim.simulation.run_for(30);
        let code = live_code();
        if done == WARM_UP {
            warm = Some((resident_bytes(), code));
        }
        units_most = units_most.max(code.units);
    }
    let (resident, code) = (resident_bytes(), live_code());
    let moved = sim.isolate.swap_status().moved;
    let (resident_before, code_before) = warm.expect("there are more swaps than that");
    eprintln!(
        "{swaps} swaps, {moved} moves: resident {} KiB at {WARM_UP}, {} KiB at the end; \
         {code_before:?}, {code:?}, at most {units_most} units",
        resident_before >> 10,
        resident >> 10
    );
    assert!(moved >= swaps, "{moved} moves in {swaps} swaps");
    assert!(
        units_most <= code_before.units + UNITS,
        "{units_most} units"
    );
    assert!(resident < resident_before + SLACK_BYTES);
    sim.isolate.stop();
    let exit = sim.simulation.run_until(&task);
    assert_eq!(exit.ok(), Some(Exit::Stopped));
    assert_empty(&sim.isolate, "the program");
}
