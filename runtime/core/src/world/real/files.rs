//! Files and folders of the host.
//!
//! What a path leads to is looked at before it is opened: opening a pipe or device can block, and
//! with it every green thread.

use crate::world::{
    CHUNK_BYTES_MAX, Fallible, FileKind, FileStat, Files, OpenFile, OpenMode, Reason,
};
use std::cell::RefCell;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

pub(super) struct RealFiles;

struct RealFile {
    /// `None` when closed.
    file: RefCell<Option<File>>,
}

impl Files for RealFiles {
    fn open(&self, path: &Path, mode: OpenMode) -> Fallible<Rc<dyn OpenFile>> {
        match self.stat(path)?.kind {
            FileKind::None | FileKind::File => {}
            FileKind::Directory => return Err(Reason("is a directory".into())),
            FileKind::Other => return Err(Reason("not a regular file".into())),
        }
        let file = match mode {
            OpenMode::Read => File::open(path)?,
            OpenMode::Write | OpenMode::Create => OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(mode == OpenMode::Create)
                .open(path)?,
        };
        Ok(Rc::new(RealFile {
            file: RefCell::new(Some(file)),
        }))
    }

    fn stat(&self, path: &Path) -> Fallible<FileStat> {
        let found = match fs::metadata(path) {
            Ok(found) => found,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(FileStat {
                    kind: FileKind::None,
                    bytes: 0,
                    modified_ms: 0,
                });
            }
            Err(error) => return Err(error.into()),
        };
        let kind = if found.is_file() {
            FileKind::File
        } else if found.is_dir() {
            FileKind::Directory
        } else {
            FileKind::Other
        };
        let modified_ms = found.modified().map_or(0, super::unix_ms);
        Ok(FileStat {
            kind,
            bytes: found.len(),
            modified_ms,
        })
    }

    fn list(&self, path: &Path) -> Fallible<Vec<Vec<u8>>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(path)? {
            names.push(entry?.file_name().as_encoded_bytes().to_vec());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn remove(&self, path: &Path) -> Fallible<()> {
        if fs::symlink_metadata(path)?.is_dir() {
            fs::remove_dir(path)?;
        } else {
            fs::remove_file(path)?;
        }
        Ok(())
    }

    fn create_directory(&self, path: &Path) -> Fallible<()> {
        Ok(fs::create_dir_all(path)?)
    }

    fn rename(&self, path: &Path, target: &Path) -> Fallible<()> {
        Ok(fs::rename(path, target)?)
    }
}

impl RealFile {
    fn with<T>(&self, work: impl FnOnce(&mut File) -> std::io::Result<T>) -> Fallible<T> {
        match &mut *self.file.borrow_mut() {
            Some(file) => Ok(work(file)?),
            None => Err(Reason::closed()),
        }
    }
}

impl OpenFile for RealFile {
    fn read(&self, max: usize) -> Fallible<Vec<u8>> {
        self.with(|file| {
            let max = max.min(CHUNK_BYTES_MAX) as u64;
            let left = file
                .metadata()?
                .len()
                .saturating_sub(file.stream_position()?);
            let mut content = Vec::with_capacity(left.min(max) as usize);
            file.take(max).read_to_end(&mut content)?;
            Ok(content)
        })
    }

    fn write(&self, data: &[u8]) -> Fallible<usize> {
        self.with(|file| {
            let chunk = &data[..data.len().min(CHUNK_BYTES_MAX)];
            file.write_all(chunk)?;
            Ok(chunk.len())
        })
    }

    fn seek(&self, position: u64) -> Fallible<()> {
        self.with(|file| file.seek(SeekFrom::Start(position)).map(drop))
    }

    fn position(&self) -> Fallible<u64> {
        self.with(|file| file.stream_position())
    }

    fn size(&self) -> Fallible<u64> {
        self.with(|file| Ok(file.metadata()?.len()))
    }

    fn close(&self) {
        self.file.take();
    }
}
