//! Loops over arrays do the same compiled and interpreted, wherever they begin and end: in bounds,
//! a little or far beyond, over null and over what may not be written.

use crate::differential::{compiled, interpreted, spent};
use em_codegen::Preempt;
use em_ir::{Component, text, verify};

/// Where loops begin and end; the array has six elements.
const FROM: &[i64] = &[i64::MIN, -1, 0, 1, 3, 5, 6, i64::MAX - 1];
const TO: &[i64] = &[i64::MIN + 1, -1, 0, 1, 2, 4, 5, 6, 7, i64::MAX];

/// `from` is v0, `to` v1, the array v2, a sum v3; the test is v4.
const TESTS: &[(&str, &str)] = &[
    ("cmp lt v4 v0 v1", "b4 b9"),
    ("cmp le v4 v0 v1", "b4 b9"),
    ("cmp gt v4 v1 v0", "b4 b9"),
    ("cmp ge v4 v0 v1", "b9 b4"),
    ("array.len v5 v2\n cmp lt v4 v0 v5", "b4 b9"),
    (
        "const.int v5 2\n bin sub v5 v1 v5\n cmp lt v4 v0 v5",
        "b4 b9",
    ),
    ("const.int v5 0\n cmp ge v4 v0 v5", "b4 b9"),
    ("cmp ne v4 v0 v1", "b4 b9"),
];

/// What a round changes, in the blocks b6 and b7; it ends in b8.
const STEPS: &[&str] = &[
    "const.int v5 1\n bin add v0 v0 v5\n jump b8\n b7:\n jump b8",
    "const.int v5 3\n bin add v5 v5 v0\n copy v0 v5\n jump b8\n b7:\n jump b8",
    "const.int v5 1\n bin sub v0 v0 v5\n jump b8\n b7:\n jump b8",
    "const.int v5 1\n bin add v0 v0 v5\n bin sub v1 v1 v5\n jump b8\n b7:\n jump b8",
    "const.int v5 1\n bin add v0 v0 v5\n cmp lt v4 v3 v5\n branch v4 b7 b8\n b7:\n \
     bin add v0 v0 v5\n jump b8",
];

/// What a round does with the array, in the blocks b4 and b5.
const ROUNDS: &[&str] = &[
    "elem.get v6 v2 v0 @41\n bin add v3 v3 v6\n jump b5\n b5:\n jump b6",
    "const.int v5 1\n bin add v7 v0 v5\n elem.get v6 v2 v7 @42\n elem.set v2 v0 v6 @43\n \
     bin add v3 v3 v6\n jump b5\n b5:\n jump b6",
    "elem.get v6 v2 v0 @44\n const.int v5 -1\n bin add v7 v1 v5\n elem.set v2 v7 v6 @45\n \
     bin sub v3 v6 v3\n jump b5\n b5:\n jump b6",
    "elem.get v6 v2 v0 @46\n bin add v3 v3 v6\n const.int v5 12\n cmp gt v4 v3 v5\n \
     branch v4 b9 b5\n b5:\n elem.get v6 v2 v1 @47\n bin add v3 v3 v6\n jump b6",
    "copy v7 v0\n const.int v5 4\n bin sub v7 v7 v5\n elem.set v2 v7 v3 @48\n \
     elem.get v6 v2 v0 @49\n bin add v3 v6 v3\n jump b5\n b5:\n jump b6",
];

/// A function that fills an array, or has none, and goes through it.
fn program(test: (&str, &str), step: &str, round: &str, is_null: bool) -> Component {
    let array = if is_null {
        "const.null v2"
    } else {
        "const.int v5 6\n array.new v2 v5"
    };
    let source = format!(
        "component T stateless
         source \"T.em\" {}
         record r0 lang.Exception {{
           kind: char[]
           message: char[]
           trace: char[]
         }}
         interface i0 T {{
           method run(from: i64, to: i64): i64
         }}
         provide i0 {{
           method f0
         }}
         function f0 \"T:run\" provide 0 params 2 : i64 {{
           v0: i64
           v1: i64
           v2: i64[]
           v3: i64
           v4: bool
           v5: i64
           v6: i64
           v7: i64
           b0:
             {array}
             const.int v3 0 @10
             copy v7 v3
             jump b1
           b1:
             array.len v5 v2 @11
             cmp lt v4 v7 v5
             branch v4 b2 b3
           b2:
             bin mul v6 v7 v7 @12
             elem.set v2 v7 v6
             const.int v5 1
             bin add v7 v7 v5
             jump b1
           b3:
             {} @20
             branch v4 {}
           b4:
             {round}
           b6:
             {step}
           b8:
             jump b3
           b9:
             return v3 @60
         }}",
        "0".repeat(64),
        test.0,
        test.1
    );
    let component = text::parse(&source).unwrap_or_else(|error| panic!("{error:?}\n{source}"));
    verify::verify(&component).unwrap();
    component
}

/// All inputs that end: what never goes out of bounds would run for ages.
fn inputs(test: usize, round: usize) -> Vec<Vec<i64>> {
    let all = FROM
        .iter()
        .flat_map(|from| TO.iter().map(|to| vec![*from, *to]));
    all.filter(|input| test < 7 || round < 4 || input[0] > 0)
        .collect()
}

fn programs() -> impl Iterator<Item = (String, Component, Vec<Vec<i64>>)> {
    let cases = (0..TESTS.len()).flat_map(|test| (0..STEPS.len()).map(move |step| (test, step)));
    let cases = cases.flat_map(|(test, step)| (0..ROUNDS.len()).map(move |r| (test, step, r)));
    cases.map(|(test, step, round)| {
        let is_null = (test + step + round) % 9 == 8;
        let component = program(TESTS[test], STEPS[step], ROUNDS[round], is_null);
        let name = format!("test {test}, step {step}, round {round}, null {is_null}");
        (name, component, inputs(test, round))
    })
}

#[test]
fn loops_over_arrays_end_as_interpreted() {
    let (mut ended, mut thrown) = (0, 0);
    for (name, component, inputs) in programs() {
        let want: Vec<_> = inputs
            .iter()
            .map(|input| interpreted(&component, input))
            .collect();
        thrown += want.iter().filter(|(result, _)| result.is_err()).count();
        ended += want.iter().filter(|(result, _)| result.is_ok()).count();
        for preempt in [Preempt::Limit, Preempt::Fuel] {
            let got = compiled(&component, &inputs, preempt);
            for ((input, got), want) in inputs.iter().zip(&got).zip(&want) {
                assert_eq!(got, want, "{name}, {input:?}, {preempt:?}");
            }
        }
    }
    assert!(
        ended > 1000 && thrown > 1000,
        "{ended} ended, {thrown} thrown"
    );
}

#[test]
fn fast_loops_spend_the_fuel_of_plain_ones() {
    for (name, component, _) in programs() {
        for input in [[0, 5], [0, 9], [5, 0], [1, 2], [-1, 3]] {
            let (plain, fast) = (
                spent(&component, &input, false),
                spent(&component, &input, true),
            );
            assert_eq!(fast, plain, "{name}, {input:?}");
        }
    }
}

#[test]
fn what_may_not_be_written_is_not_written_in_a_fast_loop() {
    let source = format!(
        "component T stateless
         source \"T.em\" {}
         string s0 \"abcdef\"
         record r0 lang.Exception {{
           kind: char[]
           message: char[]
           trace: char[]
         }}
         interface i0 T {{
           method run(from: i64, to: i64): i64
         }}
         provide i0 {{
           method f0
         }}
         function f0 \"T:run\" provide 0 params 2 : i64 {{
           v0: i64
           v1: i64
           v2: char[]
           v3: bool
           v4: i64
           v5: char
           b0:
             const.str v2 s0 @1
             jump b1
           b1:
             cmp lt v3 v0 v1 @2
             branch v3 b2 b3
           b2:
             const.int v4 1 @3
             elem.get v5 v2 v0
             elem.set v2 v0 v5 @4
             bin add v0 v0 v4
             jump b1
           b3:
             return v0 @5
         }}",
        "0".repeat(64),
    );
    let component = text::parse(&source).unwrap_or_else(|error| panic!("{error:?}\n{source}"));
    let inputs = [vec![0, 6], vec![3, 3], vec![0, 7]];
    let want: Vec<_> = inputs
        .iter()
        .map(|input| interpreted(&component, input))
        .collect();
    assert_eq!(want[0].0.as_ref().unwrap_err().kind, "read-only");
    for preempt in [Preempt::Limit, Preempt::Fuel] {
        assert_eq!(compiled(&component, &inputs, preempt), want);
    }
}
