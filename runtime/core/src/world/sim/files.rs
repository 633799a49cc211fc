//! The files of a simulated host: a tree in memory.
//!
//! Failures have the words of Linux. There are no links, rights or devices; the current folder is
//! the root, and `..` is taken out of a path before it is looked up.

use super::Universe;
use super::executor::HostClock;
use crate::world::{
    CHUNK_BYTES_MAX, Fallible, FileKind, FileStat, Files, OpenFile, OpenMode, Reason,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

/// Bytes of the largest file, since a write far beyond the end fills up with zeros.
const FILE_BYTES_MAX: u64 = 1 << 30;

pub(super) struct SimFiles {
    /// By path without root; the root itself is always there.
    nodes: RefCell<BTreeMap<PathBuf, Node>>,
    time: Time,
}

/// Tells the time of changes.
#[derive(Clone)]
struct Time {
    universe: Rc<Universe>,
    clock: Rc<HostClock>,
}

#[derive(Clone)]
enum Node {
    File(Rc<Content>),
    Directory { modified_ms: i64 },
}

/// Content of a file; lives on in open files when the file is removed.
struct Content {
    bytes: RefCell<Vec<u8>>,
    modified_ms: Cell<i64>,
}

struct SimFile {
    /// `None` when closed.
    content: RefCell<Option<Rc<Content>>>,
    position: Cell<u64>,
    mode: OpenMode,
    time: Time,
}

impl Time {
    fn now_ms(&self) -> i64 {
        self.universe.wall_ms(&self.clock)
    }
}

fn reason(words: &'static str) -> Reason {
    Reason(words.into())
}

fn missing() -> Reason {
    reason("no such file or directory")
}

/// The names on the way from the root.
fn normal(path: &Path) -> PathBuf {
    let mut names = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => names.push(name),
            Component::ParentDir => {
                names.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    names
}

impl SimFiles {
    pub(super) fn new(universe: Rc<Universe>, clock: Rc<HostClock>) -> SimFiles {
        SimFiles {
            nodes: RefCell::default(),
            time: Time { universe, clock },
        }
    }

    pub(super) fn copy_in(&self, real: &Path, at: &Path) -> std::io::Result<()> {
        let at = normal(at);
        if let Some(above) = at.parent() {
            self.create_directory(above)
                .map_err(|reason| std::io::Error::other(reason.to_string()))?;
        }
        let mut waiting = vec![(real.to_owned(), at)];
        while let Some((real, at)) = waiting.pop() {
            if real.is_dir() {
                for entry in std::fs::read_dir(&real)? {
                    let name = entry?.file_name();
                    waiting.push((real.join(&name), at.join(&name)));
                }
                self.add(
                    at,
                    Node::Directory {
                        modified_ms: self.time.now_ms(),
                    },
                );
            } else {
                self.add(at, self.file(std::fs::read(&real)?));
            }
        }
        Ok(())
    }

    fn file(&self, bytes: Vec<u8>) -> Node {
        let modified_ms = Cell::new(self.time.now_ms());
        Node::File(Rc::new(Content {
            bytes: RefCell::new(bytes),
            modified_ms,
        }))
    }

    fn add(&self, path: PathBuf, node: Node) {
        // The root is not a node.
        if path.file_name().is_some() {
            self.nodes.borrow_mut().insert(path, node);
        }
    }

    /// What is at a normal path; a failure if a file stands on the way to it.
    fn find(&self, path: &Path) -> Fallible<Option<Node>> {
        let nodes = self.nodes.borrow();
        if path.file_name().is_none() {
            return Ok(Some(Node::Directory { modified_ms: 0 }));
        }
        let above = path.ancestors().skip(1);
        if above
            .into_iter()
            .any(|above| matches!(nodes.get(above), Some(Node::File(_))))
        {
            return Err(reason("not a directory"));
        }
        Ok(nodes.get(path).cloned())
    }

    /// Fails unless the folder of a normal path is there.
    fn find_parent(&self, path: &Path) -> Fallible<()> {
        match path.parent() {
            Some(parent) if self.find(parent)?.is_none() => Err(missing()),
            _ => Ok(()),
        }
    }

    fn is_empty(&self, directory: &Path) -> bool {
        let nodes = self.nodes.borrow();
        !nodes.keys().any(|path| path.parent() == Some(directory))
    }

    /// Whether a rename may go over what is at its target.
    fn may_replace(&self, node: &Node, target: &Path) -> Fallible<()> {
        match (node, self.find(target)?) {
            (_, None) | (Node::File(_), Some(Node::File(_))) => Ok(()),
            (Node::File(_), Some(Node::Directory { .. })) => Err(reason("is a directory")),
            (Node::Directory { .. }, Some(Node::File(_))) => Err(reason("not a directory")),
            (Node::Directory { .. }, Some(_)) if self.is_empty(target) => Ok(()),
            (Node::Directory { .. }, Some(_)) => Err(reason("directory not empty")),
        }
    }
}

impl Files for SimFiles {
    fn open(&self, path: &Path, mode: OpenMode) -> Fallible<Rc<dyn OpenFile>> {
        let path = normal(path);
        let content = match self.find(&path)? {
            Some(Node::Directory { .. }) => return Err(reason("is a directory")),
            Some(Node::File(content)) => content,
            None if mode == OpenMode::Read => return Err(missing()),
            None => {
                self.find_parent(&path)?;
                let node = self.file(Vec::new());
                self.add(path.clone(), node.clone());
                let Node::File(content) = node else {
                    return Err(missing());
                };
                content
            }
        };
        if mode == OpenMode::Create {
            content.bytes.take();
            content.modified_ms.set(self.time.now_ms());
        }
        Ok(Rc::new(SimFile {
            content: RefCell::new(Some(content)),
            position: Cell::new(0),
            mode,
            time: self.time.clone(),
        }))
    }

    fn stat(&self, path: &Path) -> Fallible<FileStat> {
        Ok(match self.find(&normal(path)) {
            Ok(Some(Node::File(content))) => FileStat {
                kind: FileKind::File,
                bytes: content.bytes.borrow().len() as u64,
                modified_ms: content.modified_ms.get(),
            },
            Ok(Some(Node::Directory { modified_ms })) => FileStat {
                kind: FileKind::Directory,
                bytes: 0,
                modified_ms,
            },
            Ok(None) | Err(_) => FileStat {
                kind: FileKind::None,
                bytes: 0,
                modified_ms: 0,
            },
        })
    }

    fn list(&self, path: &Path) -> Fallible<Vec<Vec<u8>>> {
        let path = normal(path);
        match self.find(&path)? {
            None => return Err(missing()),
            Some(Node::File(_)) => return Err(reason("not a directory")),
            Some(Node::Directory { .. }) => {}
        }
        let nodes = self.nodes.borrow();
        let inside = nodes.keys().filter(|inside| inside.parent() == Some(&path));
        let names = inside.filter_map(|inside| inside.file_name());
        let mut names: Vec<_> = names.map(|name| name.as_encoded_bytes().to_vec()).collect();
        names.sort_unstable();
        Ok(names)
    }

    fn remove(&self, path: &Path) -> Fallible<()> {
        let path = normal(path);
        match self.find(&path)? {
            None => return Err(missing()),
            Some(Node::Directory { .. }) if path.file_name().is_none() => {
                return Err(reason("device or resource busy"));
            }
            Some(Node::Directory { .. }) if !self.is_empty(&path) => {
                return Err(reason("directory not empty"));
            }
            Some(_) => {}
        }
        self.nodes.borrow_mut().remove(&path);
        Ok(())
    }

    fn create_directory(&self, path: &Path) -> Fallible<()> {
        let path = normal(path);
        if let Some(Node::File(_)) = self.find(&path)? {
            return Err(reason("file exists"));
        }
        let modified_ms = self.time.now_ms();
        for folder in path.ancestors() {
            if self.find(folder)?.is_none() {
                self.add(folder.to_owned(), Node::Directory { modified_ms });
            }
        }
        Ok(())
    }

    fn rename(&self, path: &Path, target: &Path) -> Fallible<()> {
        let (path, target) = (normal(path), normal(target));
        let node = self.find(&path)?.ok_or_else(missing)?;
        self.find_parent(&target)?;
        if path == target {
            return Ok(());
        }
        if target.starts_with(&path) {
            return Err(reason("invalid argument"));
        }
        self.may_replace(&node, &target)?;
        let mut nodes = self.nodes.borrow_mut();
        let moved: Vec<_> = nodes
            .keys()
            .filter(|key| key.starts_with(&path))
            .cloned()
            .collect();
        for old in moved {
            let below = old.strip_prefix(&path).unwrap_or(Path::new(""));
            // Joining an empty path would end the name with a separator.
            let new = if below.file_name().is_some() {
                target.join(below)
            } else {
                target.clone()
            };
            if let Some(node) = nodes.remove(&old) {
                nodes.insert(new, node);
            }
        }
        Ok(())
    }
}

impl SimFile {
    fn content(&self) -> Fallible<Rc<Content>> {
        self.content.borrow().clone().ok_or_else(Reason::closed)
    }
}

impl OpenFile for SimFile {
    fn read(&self, max: usize) -> Fallible<Vec<u8>> {
        let content = self.content()?;
        let bytes = content.bytes.borrow();
        let from = bytes
            .len()
            .min(usize::try_from(self.position.get()).unwrap_or(usize::MAX));
        let length = max.min(CHUNK_BYTES_MAX).min(bytes.len() - from);
        self.position.set(self.position.get() + length as u64);
        Ok(bytes[from..from + length].to_vec())
    }

    fn write(&self, data: &[u8]) -> Fallible<usize> {
        let content = self.content()?;
        if self.mode == OpenMode::Read {
            return Err(reason("bad file descriptor"));
        }
        let chunk = &data[..data.len().min(CHUNK_BYTES_MAX)];
        let end = self.position.get().saturating_add(chunk.len() as u64);
        if end > FILE_BYTES_MAX {
            return Err(reason("file too large"));
        }
        let (from, end_at) = (self.position.get() as usize, end as usize);
        if !chunk.is_empty() {
            let mut bytes = content.bytes.borrow_mut();
            let length = bytes.len().max(end_at);
            bytes.resize(length, 0);
            bytes[from..end_at].copy_from_slice(chunk);
            content.modified_ms.set(self.time.now_ms());
        }
        self.position.set(end);
        Ok(chunk.len())
    }

    fn seek(&self, position: u64) -> Fallible<()> {
        self.content()?;
        self.position.set(position);
        Ok(())
    }

    fn position(&self) -> Fallible<u64> {
        self.content()?;
        Ok(self.position.get())
    }

    fn size(&self) -> Fallible<u64> {
        Ok(self.content()?.bytes.borrow().len() as u64)
    }

    fn close(&self) {
        self.content.take();
    }
}
