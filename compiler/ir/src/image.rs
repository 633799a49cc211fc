//! The component image (`.emo`): a component as bytes, portable and content-addressed.
//!
//! Layout: magic `EMO1`, format version (16 bits, little-endian), blake3 of the body, body
//! (postcard). Nothing of an image is believed: reading checks size, hash, form and then verifies
//! the component, so whatever comes out may run.

use crate::component::Component;
use crate::limits;
use crate::verify::{VerifyError, verify};

/// First bytes of every image.
pub const MAGIC: [u8; 4] = *b"EMO1";
/// Version of the body's form. Raised whenever an older reader would misread it.
pub const FORMAT_VERSION: u16 = 4;

const VERSION_AT: usize = MAGIC.len();
const HASH_AT: usize = VERSION_AT + 2;
const BODY_AT: usize = HASH_AT + 32;

/// Why bytes are not a component that may run.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ImageError {
    /// It ends within its header.
    #[error("the component image is truncated")]
    Truncated,
    /// It doesn't begin as an image does.
    #[error("this is not a component image")]
    NotAnImage,
    /// It exceeds [`limits::IMAGE_BYTES`].
    #[error("the component image has {0} bytes, more than {limit}", limit = limits::IMAGE_BYTES)]
    TooLarge(usize),
    /// It was written in a form that is not known here.
    #[error("the component image has format version {0}; this program reads {FORMAT_VERSION}")]
    Version(u16),
    /// Its body is damaged.
    #[error("the component image is damaged: its hash does not match")]
    HashMismatch,
    /// Its body is not the encoding of a component.
    #[error("the component image is malformed: {0}")]
    Malformed(String),
    /// The component in it must not run.
    #[error("the component image fails verification: {}", first(.0))]
    Invalid(Vec<VerifyError>),
}

fn first(errors: &[VerifyError]) -> String {
    match errors {
        [] => "no reason given".into(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
    }
}

/// Writes a component as an image.
pub fn encode(component: &Component) -> Vec<u8> {
    let body = postcard::to_stdvec(component).expect("a component has only encodable parts");
    let mut image = Vec::with_capacity(BODY_AT + body.len());
    image.extend_from_slice(&MAGIC);
    image.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    image.extend_from_slice(blake3::hash(&body).as_bytes());
    image.extend_from_slice(&body);
    image
}

/// Reads an image and verifies the component in it.
///
/// # Errors
/// Says what is wrong with the bytes; hostile ones get an error like any other.
pub fn decode(image: &[u8]) -> Result<Component, ImageError> {
    let known = MAGIC.len().min(image.len());
    if image[..known] != MAGIC[..known] {
        return Err(ImageError::NotAnImage);
    }
    if image.len() > limits::IMAGE_BYTES {
        return Err(ImageError::TooLarge(image.len()));
    }
    if image.len() < BODY_AT {
        return Err(ImageError::Truncated);
    }
    let version = u16::from_le_bytes([image[VERSION_AT], image[VERSION_AT + 1]]);
    if version != FORMAT_VERSION {
        return Err(ImageError::Version(version));
    }
    let body = &image[BODY_AT..];
    if blake3::hash(body).as_bytes()[..] != image[HASH_AT..BODY_AT] {
        return Err(ImageError::HashMismatch);
    }
    let (component, rest) = postcard::take_from_bytes::<Component>(body)
        .map_err(|error| ImageError::Malformed(error.to_string()))?;
    if !rest.is_empty() {
        return Err(ImageError::Malformed(format!(
            "{} bytes follow the component",
            rest.len()
        )));
    }
    verify(&component).map_err(ImageError::Invalid)?;
    Ok(component)
}

/// What a component is called by its content: the hash of its image.
pub fn content_hash(image: &[u8]) -> [u8; 32] {
    *blake3::hash(image).as_bytes()
}

#[cfg(test)]
mod tests;
