//! One image in the place of a component of a program: it is refused, or it runs natively and
//! interpreted to the same end, within limits.

use crate::stock::Stocked;
use em_adaptation::composition::Composition;
use em_adaptation::repository::Known;
use em_ir::image::{self, ImageError};
use em_ir::interpret::{self, Outcome};
use em_ir::{Component, Inst};
use em_runtime::library::Loading;
use em_runtime::world::{Simulation, World};
use em_runtime::{
    Exit, How, Isolate, Limits, LoadError, Options, Policy, Preempt, Types, Unit, Usage,
};
use em_tests::interpreted;
use em_tests::native::{Deaf, Ended};
use em_tests::program::Program;
use std::collections::HashMap;
use std::future::poll_fn;
use std::num::NonZero;
use std::rc::Rc;
use std::sync::Arc;

/// Memory that a case may have.
const MEMORY_BYTES: u64 = 192 << 10;
/// Back-edges and calls that the interpreter may take.
const FUEL: u64 = 40_000;
/// Back-edges and calls of a time slice.
const SLICE: u64 = 10_000;
/// Turns natively: far more than what the fuel is enough for, so that only what does not end by
/// itself is stopped.
const TURNS: u64 = 60;
/// What an exception is called that comes from a limit, which the two sides reach at different
/// times.
const LIMITS: [&str; 2] = ["out-of-memory", "stack-overflow"];

/// Of so many images that differ in what only traces show, one is run.
const TRACES: u64 = 8;

/// Natives that give what depends on when it is asked.
const TIMED: [&str; 3] = ["host.Clock", "host.Net", "TimerLib"];

const DIFFERENCE: &str = "a difference";
const WAITS_NATIVELY: &str = "waits natively";
const WAITS_INTERPRETED: &str = "waits interpreted";

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Decoder or verifier refuse the image.
    Refused,
    /// The loader, or the assembly, refuses the component.
    Unfit,
    /// It is the component that it was made from, but perhaps for what only traces show.
    Same,
    /// It ran to the same end on both sides.
    Ran,
    /// It was ended by a limit on one side at least, waits for ever, or does things in an
    /// order that is left open.
    Bounded,
}

/// What is wrong with a case: the kind is the same for what has one cause.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) kind: String,
    pub(crate) text: String,
}

impl Finding {
    /// Whether the two sides may end so if they do things in another order.
    fn is_of_order(&self) -> bool {
        [DIFFERENCE, WAITS_NATIVELY, WAITS_INTERPRETED].contains(&self.kind.as_str())
    }
}

fn finding(kind: &str, text: impl Into<String>) -> Finding {
    Finding {
        kind: kind.to_owned(),
        text: text.into(),
    }
}

/// Runs cases; what the programs have in common is compiled once.
pub(crate) struct Court {
    types: Arc<Types>,
    units: HashMap<[u8; 32], Arc<Unit>>,
}

enum Natively {
    Ended(Ended, Usage),
    Stopped,
    Waits,
}

impl Court {
    pub(crate) fn new() -> Court {
        Court {
            types: Arc::new(Types::default()),
            units: HashMap::new(),
        }
    }

    /// Judges the image in the place of a component. `before_run` is told when it is accepted.
    pub(crate) fn judge(
        &mut self,
        program: &Stocked,
        place: usize,
        bytes: &[u8],
        before_run: &mut dyn FnMut(),
    ) -> Result<Verdict, Finding> {
        let component = match image::decode(bytes) {
            Ok(component) => component,
            Err(ImageError::HashMismatch) => return Err(finding("hash", "it was not made new")),
            Err(_) => return Ok(Verdict::Refused),
        };
        let original = &program.components[place];
        let some = hash_of(bytes).is_multiple_of(TRACES);
        if component == *original.component || !some && runs_alike(&component, original) {
            return Ok(Verdict::Same);
        }
        before_run();
        let hash = image::content_hash(bytes);
        let known = Known {
            component: Arc::new(component),
            hash,
            path: "case".into(),
        };
        let Some(changed) = program.with(place, known) else {
            return Ok(Verdict::Unfit);
        };
        self.run(&changed, hash, program)
    }

    /// Runs a program as it is: what is not equal on both sides makes no stock.
    pub(crate) fn is_sound(&mut self, program: &Stocked) -> bool {
        let known = program.components[0].clone();
        let unchanged = program.with(0, known);
        let verdict = unchanged.map(|changed| self.run(&changed, [0; 32], program));
        matches!(verdict, Some(Ok(Verdict::Ran)))
    }

    fn run(
        &mut self,
        program: &Program,
        changed: [u8; 32],
        given: &Stocked,
    ) -> Result<Verdict, Finding> {
        let Ok(composition) = program.composition(&[]) else {
            return Ok(Verdict::Unfit);
        };
        let loaded = self.load(program, &composition, changed)?;
        let Some(natively) = loaded.then(|| self.natively(program, &composition, given)) else {
            return Ok(Verdict::Unfit);
        };
        self.units.remove(&changed);
        let Some(natively) = natively? else {
            return Ok(Verdict::Unfit);
        };
        let options = interpret::Options {
            fuel: Some(FUEL),
            slice: SLICE,
            memory: MEMORY_BYTES as usize,
            ..interpret::Options::default()
        };
        let (args, input) = (&given.args, &given.input);
        let interpreted = interpreted::run_within(program, &composition, args, input, (1, options))
            .map_err(|why| finding("the interpreter refuses", why))?;
        match compare(natively, interpreted) {
            Err(found) if found.is_of_order() && is_open(program, &composition) => {
                Ok(Verdict::Bounded)
            }
            verdict => verdict,
        }
    }

    /// Loads what the composition has; whether all of it may be.
    fn load(
        &mut self,
        program: &Program,
        composition: &Composition,
        changed: [u8; 32],
    ) -> Result<bool, Finding> {
        for site in composition.sites.iter().rev() {
            let known = program.repository.get(site.known);
            if self.units.contains_key(&known.hash) {
                continue;
            }
            // Only the changed one is compiled for this composition: the others are kept.
            let likely = match known.hash == changed {
                true => composition.likely(site, &|known| {
                    let hash = program.repository.get(known).hash;
                    self.units.get(&hash).cloned()
                }),
                false => Vec::new(),
            };
            let component = (*known.component).clone();
            let how = How {
                types: &self.types,
                policy: &Policy::All,
                options: &OPTIONS,
                cache: None,
                threads: NonZero::new(1),
            };
            match Unit::load_among(component, known.hash, &how, &likely) {
                Ok(unit) => drop(self.units.insert(known.hash, Arc::new(unit))),
                Err(LoadError::Codegen { error, .. }) => {
                    return Err(finding("code can't be made", error.to_string()));
                }
                Err(LoadError::Verify { errors, .. }) => {
                    return Err(finding("verified twice", format!("{errors:?}")));
                }
                Err(_) => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Runs natively; none if it can't be wired or is no program.
    fn natively(
        &self,
        program: &Program,
        composition: &Composition,
        given: &Stocked,
    ) -> Result<Option<Natively>, Finding> {
        let main = &program.repository.get(program.main).component;
        let iface = &main.interfaces[main.provides[0].iface.index()];
        if iface
            .methods
            .first()
            .is_none_or(|method| method.name != "main")
        {
            return Ok(None);
        }
        let simulation = Simulation::new(1);
        let host = simulation.host("host");
        host.add_input(given.input.as_bytes());
        let world: Rc<dyn World> = host.clone();
        let limits = Limits {
            memory_bytes: MEMORY_BYTES,
        };
        let isolate = Isolate::new(self.types.clone(), world, Rc::new(Deaf), limits);
        isolate.allow_loading(Loading {
            library: Rc::new(program.library()),
            policy: Policy::All,
            options: OPTIONS,
            cache: None,
        });
        let unit = |known: usize| self.units[&program.repository.get(known).hash].clone();
        if isolate.start(&composition.plan(unit), &given.args).is_err() {
            return Ok(None);
        }
        let (mut run, stopped, mut turns) = (isolate.clone().run(), isolate.clone(), 0);
        let task = host.spawn(poll_fn(move |cx| {
            turns += 1;
            if turns == TURNS {
                stopped.stop();
            }
            run.as_mut().poll(cx)
        }));
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ok(Some(match simulation.run_until(&task) {
            Ok(Exit::Stopped) => Natively::Stopped,
            Ok(exit) => {
                let (output, errors) = (host.take_output(), host.take_errors());
                let ended = Ended {
                    exit,
                    output: text(output),
                    errors: text(errors),
                };
                Natively::Ended(ended, isolate.usage())
            }
            Err(_) => Natively::Waits,
        }))
    }
}

const OPTIONS: Options = Options {
    preempt: Preempt::Fuel,
    optimize: true,
};

/// Whether two components differ in source lines and the source's path at most.
fn runs_alike(component: &Component, original: &Known) -> bool {
    let plain = |component: &Component| {
        let mut plain = component.clone();
        plain.source = original.component.source.clone();
        let blocks = plain.functions.iter_mut().flat_map(|f| &mut f.blocks);
        blocks.for_each(|block| block.lines.fill(0));
        plain
    };
    plain(component) == plain(&original.component)
}

/// A number that depends on all bytes of an image.
fn hash_of(image: &[u8]) -> u64 {
    let bytes = image.get(6..14).and_then(|bytes| bytes.try_into().ok());
    u64::from_le_bytes(bytes.unwrap_or_default())
}

/// Whether it is left open in what order things happen. Where something runs when objects die, that
/// is between the last use of a reference and the end of its local: what lowering makes says so
/// with `keep`, but a changed component need not. Where there are threads, others go on or don't
/// when the first one ends. Time, and how bytes arrive in pieces, depend on when who runs.
fn is_open(program: &Program, composition: &Composition) -> bool {
    let mut components = composition.sites.iter().map(|site| {
        let known = program.repository.get(site.known);
        &known.component
    });
    let spawns = |component: &Component| {
        let blocks = component.functions.iter().flat_map(|f| &f.blocks);
        let mut insts = blocks.flat_map(|block| &block.insts);
        insts.any(|inst| matches!(inst, Inst::Spawn { .. }))
    };
    components.any(|component| {
        let mut provides = component.provides.iter();
        let mut natives = component.natives.iter();
        provides.any(|provide| provide.destroy.is_some())
            || spawns(component)
            || natives.any(|native| TIMED.contains(&native.module.as_str()))
    })
}

fn compare(
    natively: Natively,
    interpreted: Result<(Ended, usize), Outcome>,
) -> Result<Verdict, Finding> {
    let (natively, usage) = match natively {
        Natively::Stopped => return Ok(Verdict::Bounded),
        Natively::Waits => {
            return match interpreted {
                Ok((ended, _)) if !is_limited(&ended) => {
                    Err(finding(WAITS_NATIVELY, format!("interpreted {ended:?}")))
                }
                _ => Ok(Verdict::Bounded),
            };
        }
        Natively::Ended(natively, usage) => (natively, usage),
    };
    let (interpreted, left) = match interpreted {
        Ok(ended) => ended,
        Err(Outcome::OutOfFuel) => return Ok(Verdict::Bounded),
        Err(_) if is_limited(&natively) => return Ok(Verdict::Bounded),
        Err(other) => {
            let text = format!("interpreted {other:?}, natively {natively:?}");
            return Err(finding(WAITS_INTERPRETED, text));
        }
    };
    if is_limited(&natively) || is_limited(&interpreted) {
        return Ok(Verdict::Bounded);
    }
    if natively != interpreted {
        let text = format!("natively    {natively:?}\ninterpreted {interpreted:?}");
        return Err(finding(DIFFERENCE, text));
    }
    match left == 0 && usage.blocks > 0 {
        true => Err(finding("memory is left", format!("{usage:?}"))),
        false => Ok(Verdict::Ran),
    }
}

fn is_limited(ended: &Ended) -> bool {
    let Ended {
        exit,
        output,
        errors,
    } = ended;
    let said = match exit {
        Exit::Uncaught(exception) => exception.kind.as_str(),
        _ => "",
    };
    let mut kinds = LIMITS.iter();
    kinds.any(|kind| said == *kind || output.contains(kind) || errors.contains(kind))
}
