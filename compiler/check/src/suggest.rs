//! "Did you mean": the closest of the names that would have been right.

/// The candidate that is spelled most like `written`, if any is close enough to be a slip.
pub(crate) fn closest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    // One letter that differs says nothing about a name of one letter.
    let limit = match written.chars().count() {
        0 | 1 => 0,
        length => (length / 3).max(1),
    };
    let scored = candidates
        .into_iter()
        .filter(|c| *c != written)
        .map(|candidate| {
            let folded = candidate.eq_ignore_ascii_case(written);
            let distance = strsim::damerau_levenshtein(written, candidate);
            (if folded { 0 } else { distance }, candidate)
        });
    let best = scored.filter(|(distance, _)| *distance <= limit).min()?;
    Some(best.1.to_string())
}

/// `did you mean …?` for the closest candidate.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    closest(written, candidates).map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let names = ["println", "print", "Output"];
        assert_eq!(closest("printn", names), Some("print".to_string()));
        assert_eq!(closest("prinltn", names), Some("println".to_string()));
        assert_eq!(closest("output", names), Some("Output".to_string()));
        assert_eq!(closest("close", names), None);
        assert_eq!(closest("i", ["j"]), None);
    }
}
