//! The seeded stream of random numbers that policies draw from.
//!
//! A stream is a seed and a position in it, and that is all that is kept of one, so a restored
//! stream goes on exactly where it stopped. ChaCha8 because its output is fixed by its definition,
//! on every machine and in every version. Not for secrets.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A stream of random numbers, fixed by its seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Position", into = "Position")]
pub struct Stream {
    seed: u64,
    generator: ChaCha8Rng,
}

/// What is kept of a stream. The number of words drawn fits 64 bits for any run that can end.
#[derive(Serialize, Deserialize)]
struct Position {
    seed: u64,
    words: u64,
}

impl Stream {
    /// The stream of `seed`, at its start.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            generator: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    /// A number in [0, 1), uniform, with 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A number from the standard normal distribution (Box and Muller's transform; one of the two
    /// numbers it makes is dropped, so that the state stays a position).
    pub fn gaussian(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

impl From<Position> for Stream {
    fn from(position: Position) -> Self {
        let mut stream = Self::new(position.seed);
        stream.generator.set_word_pos(u128::from(position.words));
        stream
    }
}

impl From<Stream> for Position {
    fn from(stream: Stream) -> Self {
        Self {
            seed: stream.seed,
            words: stream.generator.get_word_pos() as u64,
        }
    }
}

/// A seed for one part of a run, from the run's seed and the part's name.
///
/// Each part draws from a stream of its own, so what one part draws does not move another's.
#[must_use]
pub fn derive_seed(seed: u64, part: &str) -> u64 {
    // FNV-1a over the name, then the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast
    // splittable pseudorandom number generators") so that near seeds give unrelated ones.
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for byte in part.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_stream_goes_on_where_it_stopped() {
        let mut stream = Stream::new(7);
        for _ in 0..37 {
            stream.gaussian();
        }
        let kept = serde_json::to_string(&stream).unwrap();
        let mut restored: Stream = serde_json::from_str(&kept).unwrap();
        for _ in 0..100 {
            assert_eq!(stream.uniform().to_bits(), restored.uniform().to_bits());
        }
    }

    #[test]
    fn gaussian_numbers_have_mean_zero_and_variance_one() {
        let mut stream = Stream::new(1);
        let draws: Vec<f64> = (0..20_000).map(|_| stream.gaussian()).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }

    #[test]
    fn parts_of_a_run_get_seeds_of_their_own() {
        let seeds = ["E0", "E1", "E2", ""].map(|part| derive_seed(1, part));
        for (i, a) in seeds.iter().enumerate() {
            assert_ne!(*a, derive_seed(2, ["E0", "E1", "E2", ""][i]));
            assert!(seeds[i + 1..].iter().all(|b| a != b));
        }
    }
}
