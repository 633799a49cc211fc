//! Random programs for differential tests: one seed, one program, always the same.
//!
//! Every program is one verified component that provides `App` with `int run(int seed)`, and ends
//! by construction: functions only call later ones, loops have constant bounds, arrays are cut
//! when they grow, and a budget in the object's state stops call trees. Faults are frequent and
//! mostly caught. A hash in the state is fed with values, texts, exceptions and their traces, and
//! is the result, so that two implementations that agree on it agree on what the program did.

mod function;
mod insts;
mod random;

use crate::component::{
    Component, Dialect, Field, Interface, Method, NativeImport, Param, Provide, Record, Require,
    SourceInfo, SwapClass,
};
use crate::faults::{EXCEPTION, EXCEPTION_FIELDS, MUTEX};
use crate::function::Function;
use crate::ty::{FieldId, FuncId, IfaceId, RecordId, Ty};
use function::Builder;
use random::Random;

/// Functions that any other may call: they feed the hash.
const DIGEST_TEXT: FuncId = FuncId(1);
const DIGEST_INTS: FuncId = FuncId(2);
const INIT: FuncId = FuncId(3);
/// The first of the random functions.
const FIRST: u32 = 4;

const EXCEPTION_ID: RecordId = RecordId(0);
const MUTEX_ID: RecordId = RecordId(1);
const NODE: RecordId = RecordId(2);
/// Extends the node.
const LEAF: RecordId = RecordId(3);

const HASH: FieldId = FieldId(0);
const BUDGET: FieldId = FieldId(1);
/// Function calls that one run may make.
const CALLS: i64 = 400;

/// A function's parameters and result, decided before its body.
struct Signature {
    params: Vec<Ty>,
    ret: Option<Ty>,
}

/// What the bodies of functions are made from.
struct Plan {
    random: Random,
    signatures: Vec<Signature>,
    node: Vec<Field>,
    state: Vec<Field>,
    strings: usize,
    /// Whether instructions may be used that need the whole runtime.
    whole: bool,
}

/// The program of a seed.
pub fn program(seed: u64) -> Component {
    component(seed, true)
}

/// One without decimals, wide integers and whatever goes all the way down through data: for tests
/// that have no runtime.
pub fn simple_program(seed: u64) -> Component {
    component(seed, false)
}

fn component(seed: u64, whole: bool) -> Component {
    let mut random = Random::new(seed);
    let functions = FIRST as usize + 1 + random.below(5);
    let mut plan = Plan {
        signatures: signatures(&mut random, functions),
        random,
        node: node_fields(),
        state: state_fields(),
        strings: STRINGS.len(),
        whole,
    };
    let functions = (0..functions)
        .map(|i| function(&mut plan, FuncId(i as u32)))
        .collect();
    Component {
        name: format!("Generated.s{seed}"),
        records: records(&plan),
        interfaces: vec![app()],
        provides: vec![Provide {
            iface: IfaceId(0),
            methods: vec![FuncId(0)],
            constructor: None,
            init: Some(INIT),
            active: None,
            inactive: None,
            destroy: None,
            object_fns: [None; 4],
            sinks: Vec::new(),
            super_object: None,
            fields: plan.state,
        }],
        requires: Vec::<Require>::new(),
        natives: Vec::<NativeImport>::new(),
        strings: STRINGS.iter().map(|s| s.as_bytes().to_vec()).collect(),
        functions,
        statics: statics(),
        statics_init: None,
        swap_class: SwapClass::Pinned,
        dialect: Dialect::Em,
        source: SourceInfo {
            path: format!("Generated.s{seed}.em"),
            hash: [0; 32],
        },
    }
}

const STRINGS: &[&str] = &[
    "",
    "a",
    "null",
    "bounds",
    "read-only",
    "text with a few words",
    "1234567890",
    "\u{e9}\n",
];

/// A static field of each type.
fn statics() -> Vec<Field> {
    let field = |(at, ty)| Field {
        name: format!("s{at}"),
        ty,
    };
    types().into_iter().enumerate().map(field).collect()
}

/// Types of random locals, parameters and fields.
fn types() -> Vec<Ty> {
    let scalars = [
        Ty::Bool,
        Ty::Char,
        Ty::I8,
        Ty::I16,
        Ty::I32,
        Ty::I64,
        Ty::U8,
        Ty::U16,
        Ty::U32,
        Ty::U64,
        Ty::F64,
    ];
    let elements = [
        Ty::Char,
        Ty::I64,
        Ty::U8,
        Ty::F64,
        Ty::Bool,
        Ty::I16,
        Ty::U32,
        Ty::Record(NODE),
    ];
    let mut types = scalars.to_vec();
    types.extend(elements.map(|element| Ty::Array(Box::new(element))));
    types.push(Ty::Array(Box::new(Ty::string())));
    types.push(Ty::Record(NODE));
    types
}

fn field(name: &str, ty: Ty) -> Field {
    Field {
        name: name.into(),
        ty,
    }
}

fn node_fields() -> Vec<Field> {
    vec![
        field("key", Ty::I64),
        field("small", Ty::I8),
        field("flag", Ty::Bool),
        field("next", Ty::Record(NODE)),
        field("wide", Ty::U32),
        field("text", Ty::string()),
        field("ratio", Ty::F64),
        field("letter", Ty::Char),
        field("numbers", Ty::Array(Box::new(Ty::I64))),
    ]
}

/// Hash and budget, then one field of every type.
fn state_fields() -> Vec<Field> {
    let mut fields = vec![field("hash", Ty::I64), field("budget", Ty::I64)];
    let named = types().into_iter().enumerate();
    fields.extend(named.map(|(i, ty)| Field {
        name: format!("s{i}"),
        ty,
    }));
    fields
}

fn records(plan: &Plan) -> Vec<Record> {
    let exception = EXCEPTION_FIELDS
        .iter()
        .map(|name| field(name, Ty::string()))
        .collect();
    vec![
        Record {
            path: EXCEPTION.into(),
            base: None,
            fields: exception,
        },
        Record {
            path: MUTEX.into(),
            base: None,
            fields: Vec::new(),
        },
        Record {
            path: "Node".into(),
            base: None,
            fields: plan.node.clone(),
        },
        Record {
            path: "Leaf".into(),
            base: Some(NODE),
            fields: [plan.node.clone(), vec![field("more", Ty::string())]].concat(),
        },
    ]
}

fn app() -> Interface {
    let seed = Param {
        name: "seed".into(),
        ty: Ty::I64,
        store: false,
        opt: false,
    };
    Interface {
        path: "App".into(),
        variant: String::new(),
        base: None,
        constructor: None,
        methods: vec![Method {
            name: "run".into(),
            params: vec![seed],
            ret: Some(Ty::I64),
        }],
        transfer: Vec::new(),
        events: Vec::new(),
    }
}

fn signatures(random: &mut Random, functions: usize) -> Vec<Signature> {
    let types = types();
    let of = |params, ret| Signature { params, ret };
    let mut signatures = vec![
        of(vec![Ty::I64], Some(Ty::I64)),
        of(vec![Ty::string()], None),
        of(vec![Ty::Array(Box::new(Ty::I64))], None),
        of(Vec::new(), None),
    ];
    while signatures.len() < functions {
        let params = (0..random.below(6))
            .map(|_| random.pick(&types).clone())
            .collect();
        let ret = if random.chance(80) {
            Some(random.pick(&types).clone())
        } else {
            None
        };
        signatures.push(of(params, ret));
    }
    signatures
}

fn function(plan: &mut Plan, id: FuncId) -> Function {
    let builder = Builder::new(plan, id);
    match id {
        FuncId(0) => builder.run(),
        DIGEST_TEXT | DIGEST_INTS => builder.digest(),
        INIT => builder.init(),
        _ => builder.random_function(),
    }
}

#[cfg(test)]
mod tests;
