//! Damaged, truncated and hostile images.

use super::*;
use crate::sample::sample;
use crate::ty::Ty;

/// Gives a changed body the hash that it ought to have.
fn rehash(image: &mut [u8]) {
    let hash = blake3::hash(&image[BODY_AT..]);
    image[HASH_AT..BODY_AT].copy_from_slice(hash.as_bytes());
}

#[test]
fn image_reads_back() {
    let component = sample();
    let image = encode(&component);
    assert_eq!(decode(&image).as_ref(), Ok(&component));
    assert_eq!(encode(&component), image, "one component has one image");
}

#[test]
fn every_changed_byte_is_refused() {
    let image = encode(&sample());
    for at in 0..image.len() {
        for flip in [1, 0x80, 0xff] {
            let mut damaged = image.clone();
            damaged[at] ^= flip;
            let error = decode(&damaged).expect_err("damage goes unnoticed");
            match at {
                0..VERSION_AT => assert_eq!(error, ImageError::NotAnImage),
                VERSION_AT..HASH_AT => assert!(matches!(error, ImageError::Version(_))),
                _ => assert_eq!(error, ImageError::HashMismatch),
            }
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    let image = encode(&sample());
    for length in 0..image.len() {
        let error = decode(&image[..length]).expect_err("a missing end goes unnoticed");
        let expected = if length < BODY_AT {
            ImageError::Truncated
        } else {
            ImageError::HashMismatch
        };
        assert_eq!(error, expected);
    }
}

#[test]
fn bytes_after_the_component_are_refused() {
    let mut image = encode(&sample());
    image.push(0);
    assert_eq!(decode(&image), Err(ImageError::HashMismatch));
    rehash(&mut image);
    assert!(matches!(decode(&image), Err(ImageError::Malformed(_))));
}

#[test]
fn too_large_an_image_is_refused_before_it_is_read() {
    let mut image = encode(&sample());
    image.resize(limits::IMAGE_BYTES + 1, 0);
    assert_eq!(
        decode(&image),
        Err(ImageError::TooLarge(limits::IMAGE_BYTES + 1))
    );
}

#[test]
fn deeply_nested_types_do_not_exhaust_the_stack() {
    let mut component = sample();
    for _ in 0..=limits::ARRAY_NESTING {
        let ty = &mut component.functions[0].locals[2];
        *ty = Ty::Array(Box::new(ty.clone()));
    }
    assert!(matches!(
        decode(&encode(&component)),
        Err(ImageError::Malformed(_))
    ));
}

/// With a right hash, arbitrary bytes are refused or give a component that verifies; they never
/// panic. Set `EM_MUTATIONS` and `EM_SEED` for a longer or another run.
#[test]
fn mutated_bodies_are_refused_or_verified() {
    let setting = |name: &str, default| match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => default,
    };
    let (rounds, mut random) = (setting("EM_MUTATIONS", 20_000), setting("EM_SEED", 1) | 1);
    let mut next = move |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    let image = encode(&sample());
    let (mut refused, mut verified) = (0, 0);
    for _ in 0..rounds {
        let mut hostile = image.clone();
        for _ in 0..=next(4) {
            let at = BODY_AT + next(hostile.len() - BODY_AT);
            match next(4) {
                0 => hostile[at] = next(256) as u8,
                1 => hostile[at] = next(16) as u8,
                2 => hostile.insert(at, next(256) as u8),
                _ => drop(hostile.remove(at)),
            }
        }
        rehash(&mut hostile);
        match decode(&hostile) {
            Ok(component) => {
                assert_eq!(verify(&component), Ok(()));
                verified += 1;
            }
            Err(ImageError::Malformed(_) | ImageError::Invalid(_)) => refused += 1,
            Err(other) => panic!("unexpected: {other}"),
        }
    }
    assert!(
        refused > rounds / 4 && verified > 0,
        "{refused} refused, {verified} verified"
    );
}
