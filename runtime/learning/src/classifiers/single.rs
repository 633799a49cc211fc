//! `single`: every window is in the same environment. For systems whose surroundings never
//! change, and to measure what classifying is worth.

use crate::classifier::{
    Classification, Classifier, ClassifierError, ClassifierOptions, ClassifierState, Environment,
    EnvironmentId, Values, check_environments,
};

pub(super) const NAME: &str = "single";
pub(super) const ABOUT: &str = "one environment for everything";

struct Single {
    /// Empty before the first window, then one.
    known: Vec<Environment>,
}

pub(super) fn make(
    _options: &ClassifierOptions,
    kept: Option<&ClassifierState>,
) -> Result<Box<dyn Classifier>, ClassifierError> {
    let known: Vec<Environment> = kept.map_or_else(|| Ok(Vec::new()), ClassifierState::read)?;
    check_environments(&known)?;
    if known.len() > 1 {
        let detail = "there is more than one environment".to_owned();
        return Err(ClassifierError::State { detail });
    }
    Ok(Box::new(Single { known }))
}

impl Classifier for Single {
    fn name(&self) -> &'static str {
        NAME
    }

    fn classify(&mut self, _values: &Values) -> Classification {
        let id = EnvironmentId(0);
        let is_new = self.known.is_empty();
        if is_new {
            self.known.push(Environment {
                id,
                values: Values::new(),
                windows: 0,
            });
        }
        self.known[0].windows += 1;
        Classification {
            environment: id,
            is_new,
            why: "there is one environment".to_owned(),
        }
    }

    fn environments(&self) -> Vec<Environment> {
        self.known.clone()
    }

    fn save(&self) -> ClassifierState {
        ClassifierState::of(NAME, &self.known)
    }
}
