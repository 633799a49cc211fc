//! The images that the suite, the library and the examples compile to, by program, in a folder that
//! workers read.

use em_adaptation::repository::Known;
use em_ir::image;
use em_tests::program::Program;
use em_tests::suite::{self, Case};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// Programs, each with the components of its first composition.
pub(crate) struct Stock {
    pub(crate) programs: Vec<Stocked>,
}

/// One program.
pub(crate) struct Stocked {
    pub(crate) title: String,
    /// The program's own component is the first.
    pub(crate) components: Vec<Known>,
    /// Their images.
    pub(crate) images: Vec<Vec<u8>>,
    pub(crate) args: Vec<String>,
    pub(crate) input: String,
}

#[derive(Serialize, Deserialize)]
struct Listed {
    title: String,
    components: Vec<String>,
    args: Vec<String>,
    input: String,
}

fn images_of(components: &[Known]) -> Vec<Vec<u8>> {
    let images = components
        .iter()
        .map(|known| image::encode(&known.component));
    images.collect()
}

fn cases() -> impl Iterator<Item = Case> {
    let cases = suite::programs().into_iter();
    cases.chain(suite::library_tests()).chain(suite::examples())
}

const LIST: &str = "programs.json";

impl Stock {
    /// Compiles every `step`th program of the repository, from the one at `first` on. Those of
    /// which `keep` is false are left out.
    pub(crate) fn compile(first: usize, step: usize, keep: &dyn Fn(&Stocked) -> bool) -> Stock {
        let cases = cases().skip(first % step).step_by(step);
        let programs = cases.filter_map(|case| Stocked::compile(&case).ok());
        Stock {
            programs: programs.filter(keep).collect(),
        }
    }

    /// Compiles the programs of these titles.
    pub(crate) fn of(titles: &[String]) -> Stock {
        let cases = cases().filter(|case| titles.contains(&case.title));
        Stock {
            programs: cases
                .filter_map(|case| Stocked::compile(&case).ok())
                .collect(),
        }
    }

    /// Writes all images, each once.
    pub(crate) fn write(&self, folder: &Path) -> std::io::Result<()> {
        let mut listed = Vec::new();
        for program in &self.programs {
            let mut names = Vec::new();
            for (known, image) in program.components.iter().zip(&program.images) {
                let name = format!("{}.emo", blake3::Hash::from(known.hash).to_hex());
                let path = folder.join(&name);
                if !path.exists() {
                    std::fs::write(path, image)?;
                }
                names.push(name);
            }
            listed.push(Listed {
                title: program.title.clone(),
                components: names,
                args: program.args.clone(),
                input: program.input.clone(),
            });
        }
        std::fs::write(folder.join(LIST), serde_json::to_vec(&listed)?)
    }

    /// Reads them.
    pub(crate) fn read(folder: &Path) -> Stock {
        let list = std::fs::read(folder.join(LIST)).expect("the stock is listed");
        let list: Vec<Listed> = serde_json::from_slice(&list).expect("the list is JSON");
        let known = |name: &String| {
            let bytes = std::fs::read(folder.join(name)).expect("an image of the stock");
            let component = image::decode(&bytes).expect("the stock is sound");
            Known {
                hash: image::content_hash(&bytes),
                path: name.into(),
                component: Arc::new(component),
            }
        };
        let programs = list.into_iter().map(|listed| {
            let components: Vec<Known> = listed.components.iter().map(known).collect();
            Stocked {
                title: listed.title,
                images: images_of(&components),
                components,
                args: listed.args,
                input: listed.input,
            }
        });
        Stock {
            programs: programs.collect(),
        }
    }

    /// The program of this title.
    pub(crate) fn find(&self, title: &str) -> Option<&Stocked> {
        self.programs.iter().find(|program| program.title == title)
    }
}

impl Stocked {
    /// Compiles a program and keeps the components of its first composition.
    pub(crate) fn compile(case: &Case) -> Result<Stocked, String> {
        let (expectation, program) = (case.expectation()?, case.compile()?);
        let composition = program.composition(&[])?;
        let mut places: Vec<usize> = composition.sites.iter().map(|site| site.known).collect();
        places.sort_by_key(|place| (*place != program.main, *place));
        places.dedup();
        let known = |place: &usize| program.repository.get(*place).clone();
        let components: Vec<Known> = places.iter().map(known).collect();
        Ok(Stocked {
            title: case.title.clone(),
            images: images_of(&components),
            components,
            args: expectation.args,
            input: expectation.input,
        })
    }

    /// The program with an image in a component's place.
    pub(crate) fn with(&self, place: usize, known: Known) -> Option<Program> {
        let name = match place {
            0 => known.component.name.clone(),
            _ => self.components[0].component.name.clone(),
        };
        let mut components = self.components.clone();
        components[place] = known;
        let repository = em_adaptation::repository::Repository::new(components);
        let main = repository.find(&name)?;
        Some(Program {
            repository: Arc::new(repository),
            main,
        })
    }
}
