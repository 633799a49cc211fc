//! Images whose bodies are changed as bytes; the hash in the header is made new, so that decoder
//! and verifier have to find out.

use crate::dice::Dice;
use crate::stock::Stock;

/// Where the body of an image begins: magic, version, hash.
const BODY_AT: usize = 4 + 2 + 32;
/// Images above this many bytes are mostly left to later draws.
const LARGE: usize = 6 << 10;

/// A changed image: in which program, in which place, and its bytes.
pub(crate) struct Changed {
    pub(crate) program: usize,
    pub(crate) place: usize,
    pub(crate) bytes: Vec<u8>,
}

/// Draws which component is changed, small ones rather than large ones.
pub(crate) fn draw<'a>(dice: &mut Dice, stock: &'a Stock) -> (usize, usize, &'a [u8]) {
    loop {
        let program = dice.below(stock.programs.len());
        let images = &stock.programs[program].images;
        let place = match dice.chance(60) {
            true => 0,
            false => dice.below(images.len()),
        };
        let bytes = &images[place][..];
        if bytes.len() < LARGE || dice.chance(10) {
            return (program, place, bytes);
        }
    }
}

/// A case: one to three changes.
pub(crate) fn change(dice: &mut Dice, stock: &Stock) -> Changed {
    let (program, place, image) = draw(dice, stock);
    let mut body = image[BODY_AT..].to_vec();
    let changes = [1, 1, 1, 2, 3][dice.below(5)];
    for _ in 0..changes {
        step(dice, stock, &mut body);
    }
    Changed {
        program,
        place,
        bytes: sealed(&image[..BODY_AT], &body),
    }
}

fn step(dice: &mut Dice, stock: &Stock, body: &mut Vec<u8>) {
    let at = dice.below(body.len());
    let end = at + dice.below(16.min(body.len() - at).max(1));
    match dice.below(20) {
        0..=9 => {
            if let Some(byte) = body.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        10..=12 => {
            if let Some(byte) = body.get_mut(at) {
                *byte = [0, 1, 2, 0x7f, 0x80, 0xff, dice.bits() as u8][dice.below(7)];
            }
        }
        13 => body.truncate(at),
        14 => drop(body.drain(at..end)),
        15 => {
            let copy = body[at..end].to_vec();
            let to = dice.below(body.len());
            body.splice(to..to, copy);
        }
        16 => {
            let (_, _, other) = draw(dice, stock);
            let from = BODY_AT + dice.below(other.len() - BODY_AT);
            let length = dice.below(64.min(other.len() - from).max(1));
            body.splice(at..end, other[from..from + length].iter().copied());
        }
        17 => body.insert(at, dice.bits() as u8),
        // The same place in another image: tables of two components in one.
        18 => {
            let (_, _, other) = draw(dice, stock);
            if let Some(rest) = other.get(BODY_AT + at..) {
                body.truncate(at);
                body.extend_from_slice(rest);
            }
        }
        _ => {
            let to = dice.below(body.len().max(1));
            if at < body.len() && to < body.len() {
                body.swap(at, to);
            }
        }
    }
}

/// The image of a body, with its right hash.
fn sealed(header: &[u8], body: &[u8]) -> Vec<u8> {
    let mut image = header[..BODY_AT - 32].to_vec();
    image.extend_from_slice(blake3::hash(body).as_bytes());
    image.extend_from_slice(body);
    image
}
