//! The repository's own programs, changed at random.
//!
//! A project is one text: a line `// file: PATH` before each of its files, as in `lang-spec`.

use arbitrary::{Result as Drawn, Unstructured};
use em_tests::{files, root};
use std::path::Path;

/// Longest text that is changed: longer ones say nothing more, and slow the search down.
const BYTES_MOST: usize = 12_000;

/// Pieces that changes may bring in.
const WORDS: [&str; 40] = [
    "component",
    "provides",
    "requires",
    "interface",
    "data",
    "extends",
    "enum",
    "const",
    "opt",
    "store",
    "transfer",
    "static",
    "new",
    "from",
    "clone",
    "null",
    "this",
    "super",
    "asynch",
    "::",
    "int",
    "char",
    "dec",
    "void",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "===",
    "=[]",
    "$(",
    "\"",
    "?",
    ":",
    ".",
    "9223372036854775808",
    "\u{e9}",
    "/*",
];

/// Projects to change.
pub(crate) struct Corpus {
    projects: Vec<String>,
}

impl Corpus {
    pub(crate) fn of_repository() -> Corpus {
        let mut projects = Vec::new();
        for folder in [
            "tests/suite/run",
            "tests/suite/ui",
            "tests/suite/cli",
            "examples",
        ] {
            let folder = root().join(folder);
            for file in files(&folder, &[".em", ".dn"]) {
                let around = file.parent().unwrap_or(&folder);
                let inside = file
                    .ancestors()
                    .skip(2)
                    .any(|dir| dir.join("main.em").is_file());
                let whole = file.ends_with("main.em");
                let part = !whole && (inside || around.join("main.em").is_file());
                if !part {
                    projects.push(if whole { project(around) } else { read(&file) });
                }
            }
        }
        for file in files(&root().join("stdlib"), &[".em", ".dn"]) {
            projects.push(read(&file));
        }
        for chapter in files(&root().join("lang-spec"), &[".md"]) {
            let text = read(&chapter);
            let blocks = text.split("\n```").skip(1).step_by(2);
            let em = blocks.filter(|block| block.starts_with("em"));
            projects.extend(em.filter_map(|b| Some(b.split_once('\n')?.1.to_owned())));
        }
        projects.retain(|text| text.len() < BYTES_MOST && !text.is_empty());
        assert!(projects.len() > 200, "{} projects", projects.len());
        Corpus { projects }
    }

    /// A text that is probably no program any more.
    pub(crate) fn mutated_text(&self, data: &mut Unstructured<'_>) -> Drawn<String> {
        let mut text = data.choose(&self.projects)?.clone();
        for _ in 0..data.int_in_range(1..=6)? {
            let at = place(data, &text)?;
            match data.int_in_range(0..=4)? {
                0 => text.truncate(at),
                1 => text.insert_str(at, data.choose(&WORDS)?),
                2 => {
                    let other = data.choose(&self.projects)?;
                    let (a, b) = (place(data, other)?, place(data, other)?);
                    text.insert_str(at, &other[a.min(b)..a.max(b)]);
                }
                3 => text.insert(at, data.arbitrary()?),
                _ => {
                    let other = place(data, &text)?;
                    text.replace_range(at.min(other)..at.max(other), "");
                }
            }
        }
        Ok(text)
    }

    /// A project with a few pieces removed, doubled, swapped or replaced.
    pub(crate) fn mutated_project(&self, data: &mut Unstructured<'_>) -> Drawn<String> {
        let text = data.choose(&self.projects)?.clone();
        self.mutated(data, &|_| Ok(text.clone()))
    }

    /// The same with what `make` makes.
    pub(crate) fn mutated(
        &self,
        data: &mut Unstructured<'_>,
        make: &dyn Fn(&mut Unstructured<'_>) -> Drawn<String>,
    ) -> Drawn<String> {
        let changes = data.int_in_range(1..=4)?;
        let mut draws = Vec::new();
        for _ in 0..changes {
            draws.push(data.arbitrary::<[u32; 4]>()?);
        }
        let other = data.choose(&self.projects)?;
        let text = make(data)?;
        let (mut pieces, others) = (pieces(&text), pieces(other));
        for [what, at, from, word] in draws {
            if pieces.is_empty() || others.is_empty() {
                break;
            }
            let at = at as usize % pieces.len();
            let from_own = from as usize % pieces.len();
            match what % 7 {
                0 => drop(pieces.remove(at)),
                1 => pieces.insert(at, pieces[from_own]),
                2 => pieces.swap(at, from_own),
                3 => pieces[at] = pieces[from_own],
                4 => pieces[at] = others[from as usize % others.len()],
                5 => pieces.insert(at, WORDS[word as usize % WORDS.len()]),
                _ => pieces[at] = WORDS[word as usize % WORDS.len()],
            }
        }
        Ok(pieces.concat())
    }
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

/// All files of a folder as one text.
fn project(folder: &Path) -> String {
    let mut text = String::new();
    for file in files(folder, &[".em", ".dn"]) {
        let path = file.strip_prefix(folder).unwrap_or(&file);
        text.push_str(&format!("// file: {}\n{}\n", path.display(), read(&file)));
    }
    text
}

/// A place between two characters.
fn place(data: &mut Unstructured<'_>, text: &str) -> Drawn<usize> {
    let mut at = data.int_in_range(0..=text.len())?;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    Ok(at)
}

/// Words, numbers and single other characters; the lines that begin files stay whole.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            '/' if rest.starts_with("// file: ") => rest.find('\n').unwrap_or(rest.len()),
            _ if word(first) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        pieces.push(piece);
        rest = after;
    }
    pieces
}
