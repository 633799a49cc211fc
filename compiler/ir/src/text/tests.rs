//! Printing and parsing are inverse, and parsing survives whatever it is given.

use super::*;
use crate::sample::sample;

#[test]
fn sample_reads_back() {
    let component = sample();
    let text = print(&component);
    assert_eq!(parse(&text).as_ref(), Ok(&component), "{text}");
}

#[test]
fn tables_have_a_word_for_every_value() {
    for op in [BinOp::Add, BinOp::Shr] {
        assert_eq!(value_of(BIN_OPS, word_of(BIN_OPS, &op)), Some(op));
    }
    assert_eq!(
        (BIN_OPS.len(), CMP_OPS.len(), UN_OPS.len(), TYPES.len()),
        (10, 6, 4, 20)
    );
}

#[test]
fn names_that_are_no_words_are_quoted() {
    let mut component = sample();
    component.name = "strange \"näme\"\\\n\u{7}".into();
    component.provides[0].fields[0].name.clear();
    component.interfaces[0].methods[0].params[0].name = "store".into();
    component.interfaces[0].methods[0].params[0].store = true;
    let text = print(&component);
    assert_eq!(parse(&text).as_ref(), Ok(&component), "{text}");
}

#[test]
fn errors_name_the_line() {
    let text = print(&sample());
    let broken = text.replacen("const.int v2", "const.in v2", 1);
    let line = broken
        .lines()
        .position(|l| l.contains("const.in v2"))
        .expect("it is there")
        + 1;
    let message = "there is no instruction `const.in`".into();
    assert_eq!(
        parse(&broken),
        Err(ParseError {
            line: line as u32,
            message
        })
    );
    let error = parse("component A stateless\nsource \"A.em\" 00").expect_err("a short hash");
    assert_eq!(error.line, 2);
    assert!(parse("").is_err());
}

#[test]
fn damaged_text_is_refused_or_read_without_panic() {
    let text = print(&sample());
    let mut refused = 0;
    for at in 0..text.len() {
        let cut = parse(&text[..at]);
        refused += usize::from(cut.is_err());
        let mut damaged = text.clone().into_bytes();
        damaged[at] = b"x\" {}:1"[at % 7];
        let damaged = String::from_utf8(damaged).expect("the text form is ASCII");
        let _ = parse(&damaged).map(|component| crate::verify(&component));
    }
    assert!(refused > text.len() / 2, "{refused}");
}
