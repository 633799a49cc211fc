//! The unit tests in a folder of sources, each compiled with what it requires, ready to be run.
//!
//! A unit test is a component that provides a certain interface, whose one function says whether it
//! went well. Names are looked up in the test's own root first, then in the standard library, then
//! in the other roots of the folder; so are components. Of the own root all components that are no
//! tests belong to a test, because it may load them by name; of others, those that are required.
//! Nothing is run here: a test's parts are images, with a program that runs it.

use crate::compat::shown;
use crate::pipeline::{self, Compiled, Unit};
use crate::root::Root;
use crate::session::Session;
use crate::universe::Universe;
use crate::{compat, files};
use em_diagnostics::{Diagnostic, SourceMap, codes};
use em_ir::{Component, IfaceId, SourceInfo};
use em_syntax::ast;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// What the program that runs a test is called, and its image.
pub const TEST_PROGRAM: &str = "run_unit_test";
/// What that program returns when the test says that something is wrong.
pub const TEST_SAYS_NO: u8 = 3;

/// The function that is a test: `UnitTest:runTest` as Dana has it, or another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFunction {
    /// The interface, without its package.
    pub interface: String,
    /// Its function, without parameters and with a `bool` as its result.
    pub function: String,
}

impl Default for TestFunction {
    fn default() -> TestFunction {
        TestFunction {
            interface: "UnitTest".to_owned(),
            function: "runTest".to_owned(),
        }
    }
}

impl fmt::Display for TestFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.interface, self.function)
    }
}

impl FromStr for TestFunction {
    type Err = String;

    fn from_str(text: &str) -> Result<TestFunction, String> {
        let name = |text: &str| {
            let mut chars = text.chars();
            let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
            chars.next().is_some_and(letter) && chars.all(|c| letter(c) || c.is_ascii_digit())
        };
        match text.split_once(':') {
            Some((interface, function)) if name(interface) && name(function) => Ok(TestFunction {
                interface: interface.to_owned(),
                function: function.to_owned(),
            }),
            _ => Err(format!("`{text}` is not INTERFACE:FUNCTION")),
        }
    }
}

/// A unit test.
#[derive(Debug)]
pub struct UnitTest {
    /// Path of its source below the folder, with `/`.
    pub path: String,
    /// The folder of its root, in which it expects to be run.
    pub root: PathBuf,
    /// The images that it is assembled from, the program among them, or why there are none.
    pub images: Result<Vec<Arc<Image>>, Problem>,
}

/// A compiled component.
#[derive(Debug)]
pub struct Image {
    /// The component's dotted name.
    pub name: String,
    /// Its image.
    pub bytes: Vec<u8>,
    provides: Vec<String>,
    requires: Vec<String>,
}

/// Why a test can't be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The diagnostic's code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where it is, as `file:line`.
    pub place: String,
}

impl Session {
    /// Compiles the unit tests below a folder that `wanted` chooses, in order of their paths.
    pub fn unit_tests(
        &mut self,
        folder: &Path,
        test: &TestFunction,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Vec<UnitTest> {
        let provided = self.stdlib.clone().map(|stdlib| self.provided_by(&stdlib));
        let by_root = compat::roots_below(folder);
        let mut places = Vec::new();
        for (root, files) in by_root.values() {
            for file in files.iter().filter(|file| !root.has_interface(file)) {
                places.extend(self.source(root, file));
            }
        }
        let roots: Vec<Root> = by_root.into_values().map(|(root, _)| root).collect();
        let mut tests = Vec::new();
        for root in &roots {
            let own = places.iter().filter(|place| place.root == *root);
            let (own_tests, _): (Vec<_>, Vec<_>) = own.partition(|place| place.is_test(test));
            let others = roots.iter().filter(|other| *other != root);
            let stdlib = self.stdlib.clone();
            let seen: Vec<&Root> = std::iter::once(root).chain(&stdlib).chain(others).collect();
            let mut workshop = Workshop {
                folder,
                test,
                root,
                places: &places,
                library: provided.clone().unwrap_or_default(),
                universe: Universe::scan(seen.iter().copied()),
                programs: Universe::scan(stdlib.iter().chain([root])),
                sources: &mut self.sources,
                made: HashMap::new(),
            };
            for place in own_tests {
                let path = shown(folder, &place.file);
                if wanted(&path) {
                    let images = workshop.images(place);
                    let root = root.dir.clone();
                    tests.push(UnitTest { path, root, images });
                }
            }
        }
        tests.sort_by(|a, b| a.path.cmp(&b.path));
        tests
    }

    /// The interfaces that a library's components provide.
    fn provided_by(&mut self, root: &Root) -> BTreeSet<String> {
        let components = files::sources_below(&root.components, &|_| true);
        let places = components.iter().filter_map(|file| self.source(root, file));
        places.flat_map(|place| place.provides).collect()
    }

    /// A component's source, as far as its head tells.
    fn source(&mut self, root: &Root, file: &Path) -> Option<Place> {
        let text = files::read_source(file).ok()?;
        let id = self.sources.add(file, text);
        let tree = pipeline::parse(&self.sources, id).file;
        let package = root.package(file);
        let component = tree.component.as_ref()?;
        Some(Place {
            file: file.to_path_buf(),
            root: root.clone(),
            provides: provided(component, &package),
        })
    }
}

/// The interfaces in a component's head, without semantic variants. A short name may be one of the
/// component's own package.
fn provided(component: &ast::Component, package: &str) -> Vec<String> {
    let mut names = Vec::new();
    for provide in &component.provides {
        let name = provide.path.to_string();
        if !package.is_empty() {
            names.push(format!("{package}.{name}"));
        }
        names.push(name);
    }
    names
}

/// A source file with a component in it.
struct Place {
    file: PathBuf,
    root: Root,
    provides: Vec<String>,
}

impl Place {
    fn is_test(&self, test: &TestFunction) -> bool {
        let last = |path: &String| path.rsplit('.').next() == Some(&test.interface);
        self.provides.iter().any(last)
    }
}

/// Compiles the parts of the tests of one root.
struct Workshop<'a> {
    folder: &'a Path,
    test: &'a TestFunction,
    root: &'a Root,
    places: &'a [Place],
    /// Interfaces that the standard library's components provide.
    library: BTreeSet<String>,
    universe: Universe,
    /// What the programs that run tests see: `App` is the standard library's there.
    programs: Universe,
    sources: &'a mut SourceMap,
    made: HashMap<PathBuf, Result<Arc<Image>, Problem>>,
}

impl Workshop<'_> {
    /// A test with what it requires and the program that runs it.
    fn images(&mut self, test: &Place) -> Result<Vec<Arc<Image>>, Problem> {
        let image = self.make(test)?;
        let ours = |path: &&String| path.rsplit('.').next() == Some(&self.test.interface);
        let interface = image
            .provides
            .iter()
            .find(ours)
            .cloned()
            .unwrap_or_default();
        let mut images = vec![self.program(&interface)?, image.clone()];
        let mut names: BTreeSet<String> = images.iter().map(|it| it.name.clone()).collect();
        let mut open: Vec<String> = image.requires.clone();
        let places = self.places;
        let parts = places.iter().filter(|place| !place.is_test(self.test));
        let parts: Vec<&Place> = parts.collect();
        for part in parts.iter().filter(|part| part.root == *self.root) {
            self.add(part, &mut images, &mut names, &mut open);
        }
        let mut asked = BTreeSet::new();
        while let Some(required) = open.pop() {
            if self.library.contains(&required) || !asked.insert(required.clone()) {
                continue;
            }
            for part in parts.iter().filter(|part| part.root != *self.root) {
                if part.provides.contains(&required) {
                    self.add(part, &mut images, &mut names, &mut open);
                }
            }
        }
        Ok(images)
    }

    /// Adds a component that compiles, unless there is one of its name already.
    fn add(
        &mut self,
        part: &Place,
        images: &mut Vec<Arc<Image>>,
        names: &mut BTreeSet<String>,
        open: &mut Vec<String>,
    ) {
        if let Ok(image) = self.make(part)
            && names.insert(image.name.clone())
        {
            open.extend(image.requires.iter().cloned());
            images.push(image);
        }
    }

    fn make(&mut self, place: &Place) -> Result<Arc<Image>, Problem> {
        if let Some(made) = self.made.get(&place.file) {
            return made.clone();
        }
        let made = self.compile(place).map(Arc::new);
        self.made.insert(place.file.clone(), made.clone());
        made
    }

    fn compile(&mut self, place: &Place) -> Result<Image, Problem> {
        let text = files::read_source(&place.file).map_err(|problem| self.problem(&problem))?;
        let name = place.root.component_name(&place.file);
        let package = place.root.package(&place.file);
        let (compiled, interfaces) = {
            let resolved = self.universe.resolve(self.sources);
            let source = Source {
                file: &place.file,
                text,
                name,
                package,
            };
            let compiled = source.compile(self.sources, resolved);
            let used: BTreeSet<String> = compiled.used.iter().cloned().collect();
            (compiled, resolved.problems_of(&used))
        };
        self.image(compiled, &interfaces)
    }

    /// The program that runs tests of an interface.
    fn program(&mut self, interface: &str) -> Result<Arc<Image>, Problem> {
        let file = PathBuf::from(format!("{TEST_PROGRAM}.em"));
        let key = PathBuf::from(format!("{TEST_PROGRAM} {interface}"));
        if let Some(made) = self.made.get(&key) {
            return made.clone();
        }
        let function = &self.test.function;
        let text = format!(
            "component provides App requires {interface} test {{\n    \
             int App:main(AppParam params[]) {{\n        \
             if (test.{function}()) {{ return 0 }}\n        \
             return {TEST_SAYS_NO}\n    }}\n}}\n"
        );
        let (name, package) = (TEST_PROGRAM.to_owned(), String::new());
        let source = Source {
            file: &file,
            text,
            name,
            package,
        };
        let resolved = self.programs.resolve(self.sources);
        let compiled = source.compile(self.sources, resolved);
        let made = self.image(compiled, &[]).map(Arc::new);
        self.made.insert(key, made.clone());
        made
    }

    fn image(&self, compiled: Compiled, interfaces: &[Diagnostic]) -> Result<Image, Problem> {
        let problems = compiled.diagnostics.iter().chain(interfaces);
        let first = problems.into_iter().find(|problem| problem.is_error());
        let path = |iface: IfaceId, component: &Component| {
            component.interfaces[iface.index()].path.clone()
        };
        match (compiled.result, first) {
            (Some((component, bytes)), None) => Ok(Image {
                name: component.name.clone(),
                bytes,
                provides: component
                    .provides
                    .iter()
                    .map(|it| path(it.iface, &component))
                    .collect(),
                requires: component
                    .requires
                    .iter()
                    .map(|it| path(it.iface, &component))
                    .collect(),
            }),
            (_, Some(first)) => Err(self.problem(first)),
            (None, None) => Err(Problem {
                code: codes::FILE_MISPLACED.id,
                message: "an interface file that it depends on has errors".to_owned(),
                place: String::new(),
            }),
        }
    }

    fn problem(&self, diagnostic: &Diagnostic) -> Problem {
        let span = diagnostic.span();
        let file = span.and_then(|span| self.sources.get(span.file));
        let position = span.and_then(|span| self.sources.position(span));
        let place = file.zip(position).map(|(file, position)| {
            format!("{}:{}", shown(self.folder, file.path()), position.line)
        });
        Problem {
            code: diagnostic.code.id,
            message: diagnostic.message.clone(),
            place: place.unwrap_or_default(),
        }
    }
}

/// A text that is to become a component.
struct Source<'a> {
    file: &'a Path,
    text: String,
    name: String,
    package: String,
}

impl Source<'_> {
    fn compile(self, sources: &mut SourceMap, resolved: &crate::universe::Resolved) -> Compiled {
        let hash = *blake3::hash(self.text.as_bytes()).as_bytes();
        let id = sources.add(self.file, self.text);
        let parsed = pipeline::parse(sources, id);
        let path = self.file.to_string_lossy().replace('\\', "/");
        let unit = Unit {
            file: id,
            name: self.name,
            package: self.package,
            source: SourceInfo { path, hash },
        };
        pipeline::compile(sources, resolved, parsed, unit)
    }
}
