//! Constraints: what an operator allows at a site, as `SITE=VARIANT`.
//!
//! A site is named by its interface (`cache.Cache`, or `Cache`, then every site of it is meant), by
//! whose requirement it is (`http.Get:cache.Cache`), or by its whole path from the program. A
//! variant is named by its component, or by the end of its name (`Cache.lru`, `lru`). A pin leaves
//! only what it names, several pins of one site leave each of theirs; a ban takes away.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a rule does with the variant that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleKind {
    /// Nothing else may be chosen.
    Pin,
    /// It may not be chosen.
    Forbid,
}

/// One constraint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What it does.
    pub kind: RuleKind,
    /// Which sites.
    pub site: String,
    /// Which variant.
    pub variant: String,
}

impl Rule {
    /// A rule from `SITE=VARIANT`; none if it has not that form.
    #[must_use]
    pub fn parse(kind: RuleKind, text: &str) -> Option<Self> {
        let (site, variant) = text.split_once('=')?;
        let (site, variant) = (site.trim(), variant.trim());
        let whole = !site.is_empty() && !variant.is_empty() && !variant.contains('=');
        whole.then(|| Self {
            kind,
            site: site.to_owned(),
            variant: variant.to_owned(),
        })
    }

    /// Whether it means this component.
    #[must_use]
    pub fn names(&self, component: &str) -> bool {
        ends_with_part(component, &self.variant)
    }

    /// Whether it means every site of this interface, or of this requirement.
    pub(crate) fn means(&self, interface: &str, segment: &str) -> bool {
        let path = interface
            .split_once(':')
            .map_or(interface, |(path, _)| path);
        self.site == segment
            || ends_with_part(interface, &self.site)
            || ends_with_part(path, &self.site)
    }

    /// The requirements on the way to its one site, if it is named by a path.
    pub(crate) fn path(&self) -> Option<Vec<&str>> {
        self.site
            .contains('/')
            .then(|| self.site.split('/').collect())
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.kind {
            RuleKind::Pin => "pin",
            RuleKind::Forbid => "forbid",
        };
        write!(f, "{verb} {}={}", self.site, self.variant)
    }
}

/// Whether `name` is `end`, or ends with it after a dot.
fn ends_with_part(name: &str, end: &str) -> bool {
    name.strip_suffix(end)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_a_site_and_a_variant() {
        let rule = Rule::parse(RuleKind::Pin, " Cache = lru ").unwrap();
        assert_eq!(rule.to_string(), "pin Cache=lru");
        for wrong in ["", "Cache", "=lru", "Cache=", "a=b=c"] {
            assert_eq!(Rule::parse(RuleKind::Pin, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_may_be_cut_at_dots_only() {
        let rule = |text: &str| Rule::parse(RuleKind::Pin, text).unwrap();
        for variant in ["lru", "Cache.lru", "cache.Cache.lru"] {
            assert!(rule(&format!("Cache={variant}")).names("cache.Cache.lru"));
        }
        assert!(!rule("Cache=ru").names("cache.Cache.lru"));
        for site in ["Cache", "cache.Cache", "http.Get:cache.Cache"] {
            let rule = rule(&format!("{site}=lru"));
            assert!(rule.means("cache.Cache", "http.Get:cache.Cache"), "{site}");
            assert!(!rule.means("cache.CacheEntry", "http.Get:cache.CacheEntry"));
        }
        assert!(rule("Encoder=a").means("Encoder:base64", "m:Encoder:base64"));
        assert!(!rule("Encoder:hex=a").means("Encoder:base64", "m:Encoder:base64"));
    }
}
