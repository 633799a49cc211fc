//! What the charts share: colours, text that is safe to draw, short names for compositions.
//!
//! Charts are SVG text and need no font here: the viewer sets it. Names come from programs and
//! files; the SVG backend escapes markup, and [`plain`] takes out what XML can't hold at all.

use std::collections::{BTreeMap, BTreeSet};

use plotters::style::RGBColor;

/// A chart that can't be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// There is nothing to show.
    #[error("there is nothing to draw: {0}")]
    Empty(&'static str),
    /// The drawing library refuses.
    #[error("the chart can't be drawn: {0}")]
    Draw(String),
}

/// The outcome of drawing, whatever its error type.
pub(crate) fn drawn<T, E: std::fmt::Display>(outcome: Result<T, E>) -> Result<T, ChartError> {
    outcome.map_err(|error| ChartError::Draw(error.to_string()))
}

pub(crate) const INK: RGBColor = RGBColor(40, 40, 46);
pub(crate) const FAINT: RGBColor = RGBColor(190, 190, 196);
pub(crate) const LINE: RGBColor = RGBColor(31, 78, 161);
pub(crate) const CHANGE: RGBColor = RGBColor(200, 60, 40);
pub(crate) const BEST: RGBColor = RGBColor(27, 140, 75);
pub(crate) const NEAR: RGBColor = RGBColor(140, 205, 160);

/// The colour of an environment: light, to lie behind lines.
pub(crate) fn band(index: usize) -> RGBColor {
    const BANDS: [RGBColor; 8] = [
        RGBColor(222, 235, 247),
        RGBColor(254, 230, 206),
        RGBColor(229, 245, 224),
        RGBColor(239, 228, 246),
        RGBColor(255, 247, 188),
        RGBColor(218, 240, 240),
        RGBColor(250, 222, 228),
        RGBColor(232, 232, 226),
    ];
    BANDS[index % BANDS.len()]
}

/// `text` without control characters and what else XML does not allow, and at most `most`
/// characters long, cut in the middle.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let allowed = |c: char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    let clean: Vec<char> = text
        .chars()
        .map(|c| if allowed(c) { c } else { ' ' })
        .collect();
    if clean.len() <= most {
        return clean.into_iter().collect();
    }
    let keep = most.saturating_sub(1);
    let (head, tail) = (keep - keep / 2, keep / 2);
    let mut short: String = clean[..head].iter().collect();
    short.push('…');
    short.extend(&clean[clean.len() - tail..]);
    short
}

/// Short names for composition ids: of each, the components that are not in all of them. Where
/// that does not tell one from another, the whole id.
pub(crate) fn short_names<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let ids: BTreeSet<&str> = ids.collect();
    let parts = |id: &'a str| -> Vec<&'a str> {
        let components = id.split('|').next().unwrap_or(id).trim();
        let components = components.strip_prefix('{').unwrap_or(components);
        components
            .trim_end_matches('}')
            .split(',')
            .map(str::trim)
            .collect()
    };
    let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
    for id in &ids {
        for part in parts(id).into_iter().collect::<BTreeSet<_>>() {
            *holders.entry(part).or_default() += 1;
        }
    }
    let telling = |id: &'a str| -> String {
        let own = parts(id)
            .into_iter()
            .filter(|part| holders[part] < ids.len());
        own.collect::<Vec<_>>().join(" + ")
    };
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for id in &ids {
        *uses.entry(telling(id)).or_default() += 1;
    }
    let name = |id: &'a str| {
        let short = telling(id);
        if short.is_empty() || uses[&short] > 1 {
            id.to_owned()
        } else {
            short
        }
    };
    ids.iter().map(|id| ((*id).to_owned(), name(id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_in_the_middle_and_freed_of_control_characters() {
        assert_eq!(plain("a\u{0}b\n<c>", 10), "a b <c>");
        assert_eq!(plain("abcdefghij", 5), "ab…ij");
        assert_eq!(plain("abcdefghij", 1), "…");
        assert_eq!(plain("äöü", 3), "äöü");
    }

    #[test]
    fn compositions_are_named_by_what_tells_them_apart() {
        let names = short_names(
            [
                "{main, Cache.lru, gzip | 0:C:1}",
                "{main, Cache.none, gzip | 0:C:1}",
            ]
            .into_iter(),
        );
        let names: Vec<&str> = names.values().map(String::as_str).collect();
        assert_eq!(names, ["Cache.lru", "Cache.none"]);
        // They differ in their wiring only.
        let ids = ["{a, b | 0:X:1}", "{a, b | 0:X:2}", "{a, c | 0:X:1}"];
        let names = short_names(ids.into_iter());
        assert_eq!(names[ids[0]], ids[0]);
        assert_eq!(names[ids[2]], "c");
        assert_eq!(short_names(["{a}"].into_iter())["{a}"], "{a}");
        assert_eq!(short_names(["", "}}{"].into_iter()).len(), 2);
    }
}
