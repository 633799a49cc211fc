//! `host.Zlib`: gzip.
//!
//! Packed data may come from the network: unpacking stops at the caller's limit however much a few
//! bytes claim to become. Long data are worked on in steps with turns for others in between.

use super::attempt;
use crate::native::{
    Call, NativeFault, NativeFn, NativeModule, NativeResult, NativeTy, Outcome, Value,
};
use crate::world::World;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{Cursor, Read, Write};
use std::rc::Rc;

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Zlib",
    functions: &[
        NativeFn {
            name: "gzip",
            params: &[NativeTy::Text, NativeTy::Int],
            ret: Some(NativeTy::Text),
            run: gzip,
        },
        NativeFn {
            name: "gunzip",
            params: &[NativeTy::Text, NativeTy::Int],
            ret: Some(NativeTy::Text),
            run: gunzip,
        },
    ],
};

/// Uncompressed bytes that are worked on before others have their turn: a few milliseconds.
const STEP_BYTES: usize = 256 << 10;

fn gzip(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let data = call.bytes(0)?;
        let level = call.int(1)?.clamp(1, 9).unsigned_abs() as u32;
        let room = Vec::with_capacity(data.len() / 3 + 64);
        let mut encoder = GzEncoder::new(room, Compression::new(level));
        let (first, rest) = data.split_at(data.len().min(STEP_BYTES));
        encoder.write_all(first).map_err(cannot_pack)?;
        if rest.is_empty() {
            return Ok(Outcome::Done(packed(encoder)));
        }
        let (rest, world) = (rest.to_vec(), Rc::clone(call.world));
        Ok(Outcome::Wait(Box::pin(async move {
            for step in rest.chunks(STEP_BYTES) {
                world.sleep_us(0).await;
                encoder.write_all(step).map_err(cannot_pack)?;
            }
            packed(encoder)
        })))
    })
}

fn packed(encoder: GzEncoder<Vec<u8>>) -> NativeResult {
    encoder.finish().map(Value::Bytes).map_err(cannot_pack)
}

fn cannot_pack(error: std::io::Error) -> NativeFault {
    NativeFault::io(format!("cannot gzip: {error}"))
}

fn gunzip(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let max = usize::try_from(call.int(1)?).unwrap_or(0);
        let mut unpacking = Unpacking::new(call.bytes(0)?, max);
        if unpacking.step().map_err(cannot_unpack)? {
            return Ok(Outcome::Done(Ok(Value::Bytes(unpacking.content))));
        }
        Ok(Outcome::Wait(Box::pin(unpack_slowly(
            unpacking,
            Rc::clone(call.world),
        ))))
    })
}

async fn unpack_slowly(mut unpacking: Unpacking, world: Rc<dyn World>) -> NativeResult {
    loop {
        world.sleep_us(0).await;
        if unpacking.step().map_err(cannot_unpack)? {
            return Ok(Value::Bytes(unpacking.content));
        }
    }
}

fn cannot_unpack(reason: String) -> NativeFault {
    NativeFault::io(format!("cannot gunzip: {reason}"))
}

/// Packed data on the way to their content.
struct Unpacking {
    member: GzDecoder<Cursor<Vec<u8>>>,
    content: Vec<u8>,
    max: usize,
}

impl Unpacking {
    fn new(data: &[u8], max: usize) -> Unpacking {
        Unpacking {
            member: GzDecoder::new(Cursor::new(data.to_vec())),
            content: Vec::new(),
            max,
        }
    }

    /// Unpacks some more; true at the end of the last member.
    fn step(&mut self) -> Result<bool, String> {
        // One byte beyond the limit tells too long from just fitting.
        let budget = (self.max - self.content.len())
            .saturating_add(1)
            .min(STEP_BYTES);
        let read = (&mut self.member)
            .take(budget as u64)
            .read_to_end(&mut self.content)
            .map_err(|error| damage(&error))?;
        if self.content.len() > self.max {
            return Err(format!("the content is longer than {} bytes", self.max));
        }
        if read == budget {
            return Ok(false);
        }
        let rest = self.member.get_ref();
        let ended = rest.position() >= rest.get_ref().len() as u64;
        if !ended {
            self.member = GzDecoder::new(std::mem::take(self.member.get_mut()));
        }
        Ok(ended)
    }
}

fn damage(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::UnexpectedEof {
        "the data are truncated".into()
    } else {
        format!("the data are damaged ({error})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(data: &[u8], level: u32) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(data: &[u8], max: usize) -> Result<Vec<u8>, String> {
        let mut unpacking = Unpacking::new(data, max);
        while !unpacking.step()? {}
        Ok(unpacking.content)
    }

    fn sample() -> Vec<u8> {
        (0..50_000u32).flat_map(|n| (n / 7).to_le_bytes()).collect()
    }

    #[test]
    fn gunzip_undoes_gzip_at_every_level() {
        for level in 1..=9 {
            let packed = pack(&sample(), level);
            assert!(packed.len() < sample().len() / 2);
            assert_eq!(unpack(&packed, 1 << 20).unwrap(), sample());
        }
        let empty = pack(b"", 1);
        assert_eq!(unpack(&empty, 0).unwrap(), b"");
    }

    #[test]
    fn all_members_are_unpacked() {
        let mut packed = pack(b"one ", 1);
        packed.extend(pack(b"two", 9));
        assert_eq!(unpack(&packed, 7).unwrap(), b"one two");
        assert!(
            unpack(&packed, 6)
                .unwrap_err()
                .contains("longer than 6 bytes")
        );
        assert!(
            unpack(&packed, 4)
                .unwrap_err()
                .contains("longer than 4 bytes")
        );
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = pack(&vec![0; 64 << 20], 9);
        assert!(bomb.len() < 100_000);
        assert!(
            unpack(&bomb, 1000)
                .unwrap_err()
                .contains("longer than 1000 bytes")
        );
        let unlimited = unpack(&bomb, usize::MAX).unwrap();
        assert_eq!(unlimited.len(), 64 << 20);
    }

    #[test]
    fn damage_is_an_error_wherever_it_is() {
        let content = b"The quick brown fox jumps over the lazy dog".repeat(20);
        let packed = pack(&content, 6);
        for length in 0..packed.len() {
            assert!(
                unpack(&packed[..length], 1 << 20).is_err(),
                "cut at {length}"
            );
        }
        for at in 0..packed.len() {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x5a;
            // Name, time and system in the header are not covered by the checksum.
            if let Ok(unpacked) = unpack(&damaged, 1 << 20) {
                assert!(at < 10, "flip at {at}");
                assert_eq!(unpacked, content);
            }
        }
        for rubbish in [&b"\0"[..], b"x", b"\x1f\x8b", b"rubbish behind the member"] {
            let mut longer = packed.clone();
            longer.extend(rubbish);
            assert!(unpack(&longer, 1 << 20).is_err());
        }
        assert!(unpack(b"", 10).is_err());
        assert!(unpack(b"<html>", 10).is_err());
    }
}
