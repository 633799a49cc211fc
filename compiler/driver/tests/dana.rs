//! Dana sources: where their types are found, and how far each file gets.

use em_diagnostics::Diagnostic;
use em_driver::{BuildOptions, CompatFile, Session, Stage};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("can be made");
        fs::write(path, text).expect("can be written");
    }
    folder
}

fn compat(folder: &Path) -> Vec<CompatFile> {
    Session::with_stdlib(None).compat(folder, &|_| true)
}

fn stdlib() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib")
}

#[test]
fn each_file_gets_as_far_as_what_it_depends_on() {
    let folder = folder(&[
        (
            "lib/resources/num/Twice.dn",
            "interface Twice { int twice(int value) }",
        ),
        (
            "lib/resources/num/Odd.dn",
            "interface Odd { Missing odd() }",
        ),
        (
            "lib/num/Twice.dn",
            "component provides num.Twice { int Twice:twice(int case) { return case + case } }",
        ),
        (
            "lib/num/Odd.dn",
            "component provides num.Odd { Missing Odd:odd() { return null } }",
        ),
        (
            "lib/num/Wrong.dn",
            "component provides num.Twice {\n int Twice:twice(int value) { = }\n}",
        ),
        ("lib/num/Ignored.em", "component component"),
        (
            "tests/Test.dn",
            "component provides num.Twice requires num.Twice t {
                int Twice:twice(int value) { return t.twice(value) } }",
        ),
    ]);
    let files = compat(folder.path());
    let stages: Vec<_> = files
        .iter()
        .map(|file| (file.path.as_str(), file.stage))
        .collect();
    let expected = [
        ("lib/num/Odd.dn", Stage::Parses),
        ("lib/num/Twice.dn", Stage::Checks),
        ("lib/num/Wrong.dn", Stage::Fails),
        ("lib/resources/num/Odd.dn", Stage::Parses),
        ("lib/resources/num/Twice.dn", Stage::Checks),
        ("tests/Test.dn", Stage::Checks),
    ];
    assert_eq!(stages, expected);
    let wrong = &files[2];
    assert_eq!(
        (wrong.code, wrong.line, wrong.lines),
        (Some("E0101"), Some(2), 3)
    );
    assert_eq!(files[3].code, Some("E0202"));
}

#[test]
fn a_dana_program_compiles_against_the_standard_library() {
    let folder = folder(&[
        (
            "resources/num/Twice.dn",
            "interface Twice { int twice(int value) }",
        ),
        (
            "num/Twice.dn",
            "component provides num.Twice { int Twice:twice(int value) { return value * 2 } }",
        ),
        (
            "Main.dn",
            "component provides App requires num.Twice t, io.Output out {
                int App:main(AppParam params[]) {
                    int2 float = 3
                    out.println(\"$float\")
                    return t.twice(2)
                } }",
        ),
    ]);
    let mut session = Session::with_stdlib(Some(&stdlib()));
    let options = BuildOptions {
        out: None,
        write: false,
    };
    let outcome = session.build(&[folder.path().to_path_buf()], &options);
    let messages: Vec<&Diagnostic> = outcome.diagnostics.iter().collect();
    assert!(messages.is_empty(), "{messages:?}");
    let names: Vec<_> = outcome
        .components
        .iter()
        .map(|it| it.component.name.as_str())
        .collect();
    assert_eq!(names, ["Main", "num.Twice"]);
}

#[test]
fn a_component_sees_the_types_that_its_imports_import() {
    let folder = folder(&[
        ("resources/data/Text.dn", "data Text { char string[] }"),
        (
            "resources/data/Texts.dn",
            "uses data.Text\ninterface Texts { Text[] split(char s[]) }",
        ),
        (
            "resources/data/Words.dn",
            "interface Words extends data.Texts { Text longest() }",
        ),
        (
            "Through.dn",
            "const char NAME[] = \"x\"
            data Pair { Text left Text right }
            component provides App requires data.Words words {
                int App:main(AppParam params[]) {
                    Pair p = new Pair(words.longest(), new Text(NAME))
                    Text all[] = words.split(p.left.string)
                    return all.arrayLength
                }
            }",
        ),
        (
            "Without.dn",
            "component provides App {
                int App:main(AppParam params[]) { Text t return 0 }
            }",
        ),
        (
            "resources/App.dn",
            "data AppParam { char string[] }
            interface App { int main(AppParam params[]) }",
        ),
    ]);
    let files = compat(folder.path());
    let told: Vec<_> = files
        .iter()
        .map(|file| (file.path.as_str(), file.problem.as_deref()))
        .filter(|(_, problem)| problem.is_some())
        .collect();
    let expected = [("Without.dn", Some("there is no type `Text` here"))];
    assert_eq!(told, expected);
}
