//! Finding, reading, writing and reusing files.

use em_diagnostics::Diagnostic;
use em_driver::{BuildOptions, BuildOutcome, Project, Session};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

/// A project with a program, an interface, two variants of it, and a small standard library.
struct Case {
    folder: TempDir,
}

impl Case {
    fn new() -> Case {
        let case = Case {
            folder: TempDir::new().expect("a folder can be made"),
        };
        case.put(
            "std/interfaces/App.em",
            "interface App { int main(AppParam params[]) }",
        );
        case.put(
            "std/interfaces/AppParam.em",
            "data AppParam { char string[] }",
        );
        case.put(
            "std/interfaces/util/Id.em",
            "interface Id { int same(int value) }",
        );
        case.put(
            "std/components/util/Id.em",
            "component provides util.Id { int Id:same(int value) { return value } }",
        );
        case.put(
            "p/interfaces/num/Twice.em",
            "interface Twice { int twice(int value) }",
        );
        case.put(
            "p/main.em",
            "component provides App requires num.Twice t, util.Id id {
                int App:main(AppParam params[]) { return id.same(t.twice(2)) } }",
        );
        case.put("p/num/Twice.add.em", &twice("value + value"));
        case.put("p/num/Twice.mul.em", &twice("value * 2"));
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("can be made");
        fs::write(path, text).expect("can be written");
    }

    fn session(&self) -> Session {
        Session::with_stdlib(Some(&self.path("std")))
    }

    fn project(&self) -> Project {
        self.session().compile_project(&self.path("p/main.em"))
    }

    fn build(&self, name: &str) -> BuildOutcome {
        self.session()
            .build(&[self.path(name)], &BuildOptions::default())
    }

    /// When each image was written.
    fn images(&self, folder: &str) -> Vec<(String, SystemTime)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("readable").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "emo") {
                    let time = entry.metadata().and_then(|data| data.modified());
                    let name = path.file_stem().unwrap_or_default().to_string_lossy();
                    found.push((name.into_owned(), time.expect("files have times")));
                }
            }
        }
        found.sort();
        found
    }

    /// Which images were written anew by `change` and another run.
    fn rewritten(&self, change: impl FnOnce()) -> Vec<String> {
        let before = self.images("p/.em-build");
        change();
        self.project();
        let after = self.images("p/.em-build");
        let changed = after.into_iter().filter(|image| !before.contains(image));
        changed.map(|(name, _)| name).collect()
    }
}

fn twice(expression: &str) -> String {
    format!(
        "component provides num.Twice {{ int Twice:twice(int value) {{ return {expression} }} }}"
    )
}

fn names(project: &Project) -> Vec<&str> {
    project
        .components
        .iter()
        .map(|built| built.component.name.as_str())
        .collect()
}

fn codes(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.id)
        .collect()
}

#[test]
fn a_project_is_its_components_and_the_library() {
    let case = Case::new();
    let project = case.project();
    assert!(
        project.has_main && project.diagnostics.is_empty(),
        "{:?}",
        project.diagnostics
    );
    assert_eq!(
        names(&project),
        ["main", "num.Twice.add", "num.Twice.mul", "util.Id"]
    );
    for built in &project.components {
        let image = fs::read(built.image.as_ref().expect("written")).expect("readable");
        assert_eq!(em_ir::image::content_hash(&image), built.hash);
        assert_eq!(em_ir::image::decode(&image).as_ref(), Ok(&built.component));
    }
}

#[test]
fn other_programs_tests_and_projects_are_no_parts() {
    let case = Case::new();
    let other = "component provides App { int App:main(AppParam params[]) { return broken } }";
    case.put("p/tools/other.em", other);
    case.put("p/tests/check.em", other);
    case.put("p/.hidden/x.em", other);
    case.put("p/vendor/interfaces/num/Twice.em", "interface Twice { }");
    case.put(
        "p/vendor/num/Twice.none.em",
        "component provides num.Twice { }",
    );
    let project = case.project();
    assert_eq!(codes(&project.diagnostics), [""; 0]);
    assert_eq!(project.components.len(), 4);
}

#[test]
fn a_broken_variant_is_told_and_left_out() {
    let case = Case::new();
    case.put("p/num/Twice.mul.em", &twice("nothing"));
    for _ in 0..2 {
        let project = case.project();
        assert!(project.has_main);
        assert_eq!(codes(&project.diagnostics), ["E0201"]);
        assert_eq!(names(&project), ["main", "num.Twice.add", "util.Id"]);
    }
}

#[test]
fn without_a_program_nothing_is_compiled() {
    let case = Case::new();
    let part = case
        .session()
        .compile_project(&case.path("p/num/Twice.add.em"));
    assert_eq!(
        (part.has_main, codes(&part.diagnostics)),
        (false, vec!["E0002"])
    );
    let missing = case.session().compile_project(&case.path("p/absent.em"));
    assert_eq!(
        (missing.has_main, codes(&missing.diagnostics)),
        (false, vec!["E0002"])
    );
    case.put("p/main.em", "component provides App { }");
    let broken = case.project();
    assert_eq!(
        (broken.has_main, codes(&broken.diagnostics)),
        (false, vec!["E0402"])
    );
}

#[test]
fn only_what_is_stale_is_compiled_again() {
    let case = Case::new();
    case.project();
    assert_eq!(case.rewritten(|| ()), [""; 0]);
    let touched = case.rewritten(|| case.put("p/num/Twice.mul.em", &twice("value * 2")));
    assert_eq!(touched, [""; 0], "the content is the same");
    let changed = case.rewritten(|| case.put("p/num/Twice.mul.em", &twice("2 * value")));
    assert_eq!(changed, ["Twice.mul"]);
    let interface = "interface Twice { const int A = 1 int twice(int value) }";
    let users = case.rewritten(|| case.put("p/interfaces/num/Twice.em", interface));
    assert_eq!(users, ["Twice.add", "Twice.mul", "main"]);
}

#[test]
fn a_damaged_image_is_made_again() {
    let case = Case::new();
    let first = case.project();
    let image = first.components[1].image.clone().expect("written");
    let mut bytes = fs::read(&image).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(&image, &bytes).expect("writable");
    let again = case.project();
    assert_eq!(again.components[1].component, first.components[1].component);
    assert_eq!(
        fs::read(&image)
            .map(|b| em_ir::image::decode(&b).is_ok())
            .ok(),
        Some(true)
    );
}

#[test]
fn a_new_interface_file_may_hide_one_of_the_library() {
    let case = Case::new();
    case.project();
    case.put(
        "p/interfaces/util/Id.em",
        "interface Id { bool same(int value) }",
    );
    let project = case.project();
    assert!(!project.has_main);
    assert_eq!(codes(&project.diagnostics), ["E0301"]);
}

#[test]
fn errors_in_an_interface_are_told_once_and_stop_its_users() {
    let case = Case::new();
    case.put(
        "p/interfaces/num/Twice.em",
        "interface Twice { int twice(Missing value) }",
    );
    let outcome = case.build("p");
    assert_eq!(codes(&outcome.diagnostics), ["E0202"]);
    assert!(outcome.components.is_empty());
}

#[test]
fn warnings_are_told_at_every_build() {
    let case = Case::new();
    case.put(
        "p/num/Twice.mul.em",
        &twice("value } int unused() { return 1 return 2"),
    );
    for _ in 0..2 {
        let outcome = case.build("p");
        assert_eq!(codes(&outcome.diagnostics), ["E0503"]);
        assert_eq!(outcome.components.len(), 3);
    }
}

#[test]
fn files_that_cant_be_used_are_named() {
    let case = Case::new();
    assert_eq!(codes(&case.build("p/absent").diagnostics), ["E0001"]);
    fs::create_dir_all(case.path("empty")).expect("can be made");
    assert_eq!(codes(&case.build("empty").diagnostics), ["E0005"]);
    fs::write(case.path("p/num/Twice.mul.em"), [0xff, 0xfe]).expect("writable");
    assert_eq!(codes(&case.build("p").diagnostics), ["E0001"]);
    let large = vec![b' '; 16 * 1024 * 1024 + 1];
    fs::write(case.path("p/num/Twice.mul.em"), large).expect("writable");
    assert_eq!(codes(&case.build("p").diagnostics), ["E0004"]);
}

#[test]
fn an_output_folder_that_is_a_file_is_an_error() {
    let case = Case::new();
    case.put("out", "a file");
    let options = BuildOptions {
        out: Some(case.path("out")),
        write: true,
    };
    let outcome = case.session().build(&[case.path("p/main.em")], &options);
    assert_eq!(codes(&outcome.diagnostics), ["E0003"]);
}

#[test]
fn a_component_beyond_the_limits_is_refused_as_such() {
    let case = Case::new();
    let params: Vec<String> = (0..33).map(|i| format!("int p{i}")).collect();
    let wide = format!(
        "return value }} int wide({}) {{ return p0",
        params.join(", ")
    );
    let args = vec!["1"; 33].join(", ");
    let body = twice("value").replace("return value", &wide);
    case.put(
        "p/num/Twice.mul.em",
        &body.replace("return value }", &format!("return wide({args}) }}")),
    );
    assert_eq!(codes(&case.build("p/num").diagnostics), ["E0007"]);
}

#[test]
fn checking_writes_nothing() {
    let case = Case::new();
    let options = BuildOptions {
        out: None,
        write: false,
    };
    let outcome = case.session().build(&[case.path("p")], &options);
    assert_eq!(outcome.components.len(), 3);
    assert!(!Path::new(&case.path("p/.em-build")).exists());
}
