//! `host.Files`: files and folders.
//!
//! A call moves as many bytes as it is asked for, but in pieces of bounded size with turns for
//! others in between. A piece is read or written inline: local disks are faster than a switch to
//! another thread and back.

use super::{attempt, done, is_null, resource};
use crate::native::{
    Call, NativeFault, NativeFn, NativeModule, NativeResult, NativeTy, Outcome, Value,
};
use crate::world::{CHUNK_BYTES_MAX, FileKind, OpenFile, OpenMode, Reason, World};
use std::path::{Path, PathBuf};
use std::rc::Rc;

const RESOURCE: NativeTy = NativeTy::Resource;
const TEXT: NativeTy = NativeTy::Text;
const INT: NativeTy = NativeTy::Int;

pub(super) static MODULE: NativeModule = NativeModule {
    path: "host.Files",
    functions: &[
        NativeFn {
            name: "open",
            params: &[TEXT, INT],
            ret: Some(RESOURCE),
            run: open,
        },
        NativeFn {
            name: "read",
            params: &[RESOURCE, INT],
            ret: Some(TEXT),
            run: read,
        },
        NativeFn {
            name: "write",
            params: &[RESOURCE, TEXT],
            ret: Some(INT),
            run: write,
        },
        NativeFn {
            name: "seek",
            params: &[RESOURCE, INT],
            ret: None,
            run: seek,
        },
        NativeFn {
            name: "position",
            params: &[RESOURCE],
            ret: Some(INT),
            run: position,
        },
        NativeFn {
            name: "size",
            params: &[RESOURCE],
            ret: Some(INT),
            run: size,
        },
        NativeFn {
            name: "close",
            params: &[RESOURCE],
            ret: None,
            run: close,
        },
        NativeFn {
            name: "stat",
            params: &[TEXT],
            ret: Some(NativeTy::Ints),
            run: stat,
        },
        NativeFn {
            name: "list",
            params: &[TEXT],
            ret: Some(NativeTy::Texts),
            run: list,
        },
        NativeFn {
            name: "remove",
            params: &[TEXT],
            ret: None,
            run: remove,
        },
        NativeFn {
            name: "createDirectory",
            params: &[TEXT],
            ret: None,
            run: create_directory,
        },
        NativeFn {
            name: "move",
            params: &[TEXT, TEXT],
            ret: None,
            run: move_,
        },
    ],
};

/// An open file with the path that messages name.
struct File {
    file: Rc<dyn OpenFile>,
    path: PathBuf,
}

impl File {
    fn fault(&self, what: &str, reason: Reason) -> NativeFault {
        fault(what, &self.path, &reason)
    }
}

fn fault(what: &str, path: &Path, reason: &Reason) -> NativeFault {
    NativeFault::io(format!("cannot {what} {}: {reason}", path.display()))
}

fn file(call: &Call<'_>) -> Result<Rc<File>, NativeFault> {
    call.resource(0, "an open file")
}

fn path(call: &Call<'_>, index: usize) -> Result<PathBuf, NativeFault> {
    let bytes = call.bytes(index)?;
    if bytes.is_empty() {
        return Err(NativeFault::io("a path is empty"));
    }
    path_of(bytes).ok_or_else(|| {
        let shown = String::from_utf8_lossy(bytes);
        NativeFault::io(format!("not a path on this system: {shown}"))
    })
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

fn int(value: u64) -> Value {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

fn open(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let path = path(call, 0)?;
        let mode = match call.int(1)? {
            0 => OpenMode::Read,
            1 => OpenMode::Write,
            2 => OpenMode::Create,
            other => {
                return Err(NativeFault::io(format!(
                    "{other} is not a way to open a file"
                )));
            }
        };
        let file = call.world.files().open(&path, mode);
        let file = file.map_err(|reason| fault("open", &path, &reason))?;
        Ok(resource(File { file, path }))
    })
}

fn read(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let file = file(call)?;
        let asked = call.int(1)?;
        let max = usize::try_from(asked)
            .map_err(|_| NativeFault::io(format!("cannot read {asked} bytes")))?;
        let content = file
            .file
            .read(max)
            .map_err(|reason| file.fault("read", reason))?;
        if content.len() < CHUNK_BYTES_MAX || content.len() >= max {
            return Ok(Outcome::Done(Ok(Value::Bytes(content))));
        }
        Ok(Outcome::Wait(Box::pin(read_on(
            file,
            content,
            max,
            Rc::clone(call.world),
        ))))
    })
}

async fn read_on(
    file: Rc<File>,
    mut content: Vec<u8>,
    max: usize,
    world: Rc<dyn World>,
) -> NativeResult {
    while content.len() < max {
        world.sleep_us(0).await;
        let piece = file.file.read(max - content.len());
        let piece = piece.map_err(|reason| file.fault("read", reason))?;
        if piece.is_empty() {
            break;
        }
        content.extend(piece);
    }
    Ok(Value::Bytes(content))
}

fn write(call: &mut Call<'_>) -> Outcome {
    attempt(|| {
        let file = file(call)?;
        let data = call.bytes(1)?;
        let written = file
            .file
            .write(data)
            .map_err(|reason| file.fault("write", reason))?;
        if written == data.len() {
            return Ok(Outcome::Done(Ok(int(written as u64))));
        }
        let rest = data[written..].to_vec();
        Ok(Outcome::Wait(Box::pin(write_on(
            file,
            rest,
            written,
            Rc::clone(call.world),
        ))))
    })
}

async fn write_on(
    file: Rc<File>,
    rest: Vec<u8>,
    written: usize,
    world: Rc<dyn World>,
) -> NativeResult {
    let mut done = 0;
    while done < rest.len() {
        world.sleep_us(0).await;
        done += file
            .file
            .write(&rest[done..])
            .map_err(|reason| file.fault("write", reason))?;
    }
    Ok(int((written + done) as u64))
}

fn seek(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let file = file(call)?;
        let asked = call.int(1)?;
        let position = u64::try_from(asked).map_err(|_| {
            NativeFault::io(format!(
                "cannot go to position {asked} of {}",
                file.path.display()
            ))
        })?;
        file.file
            .seek(position)
            .map_err(|reason| file.fault("seek in", reason))?;
        Ok(Value::Unit)
    })
}

fn position(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let file = file(call)?;
        let position = file.file.position();
        Ok(int(position.map_err(|reason| {
            file.fault("tell the position in", reason)
        })?))
    })
}

fn size(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let file = file(call)?;
        Ok(int(file.file.size().map_err(|reason| {
            file.fault("tell the size of", reason)
        })?))
    })
}

fn close(call: &mut Call<'_>) -> Outcome {
    done(|| {
        if !is_null(call) {
            file(call)?.file.close();
        }
        Ok(Value::Unit)
    })
}

fn stat(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let path = path(call, 0)?;
        let stat = call.world.files().stat(&path);
        let stat = stat.map_err(|reason| fault("look at", &path, &reason))?;
        let kind = match stat.kind {
            FileKind::None => 0,
            FileKind::File => 1,
            FileKind::Directory => 2,
            FileKind::Other => 3,
        };
        let bytes = i64::try_from(stat.bytes).unwrap_or(i64::MAX);
        Ok(Value::Ints(vec![kind, bytes, stat.modified_ms]))
    })
}

fn list(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let path = path(call, 0)?;
        let names = call.world.files().list(&path);
        Ok(Value::Texts(
            names.map_err(|reason| fault("list", &path, &reason))?,
        ))
    })
}

fn remove(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let path = path(call, 0)?;
        let removed = call.world.files().remove(&path);
        removed.map_err(|reason| fault("remove", &path, &reason))?;
        Ok(Value::Unit)
    })
}

fn create_directory(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let path = path(call, 0)?;
        let made = call.world.files().create_directory(&path);
        made.map_err(|reason| fault("make the folder", &path, &reason))?;
        Ok(Value::Unit)
    })
}

fn move_(call: &mut Call<'_>) -> Outcome {
    done(|| {
        let (path, target) = (path(call, 0)?, path(call, 1)?);
        call.world
            .files()
            .rename(&path, &target)
            .map_err(|reason| {
                let (path, target) = (path.display(), target.display());
                NativeFault::io(format!("cannot move {path} to {target}: {reason}"))
            })?;
        Ok(Value::Unit)
    })
}
