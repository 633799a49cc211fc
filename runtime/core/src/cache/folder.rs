//! The folder of a cache: its secret, files that appear whole or not at all, and how old ones go.

use rand::TryRng;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Bytes of the secret.
pub(super) const SECRET_BYTES: usize = 32;
/// How entries' names end.
pub(super) const ENTRY: &str = ".native";
/// The file with the secret.
const SECRET: &str = "secret";
/// How names of files begin that are being written.
const UNFINISHED: &str = "unfinished-";
/// Whoever writes a file is dead by then.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Bits of a mode with which others may change something.
const OTHERS_WRITE: u32 = 0o022;
/// Bits of a mode with which others may do anything.
const OTHERS: u32 = 0o077;

/// The folder's secret. Makes it, and the folder, if it is not there.
pub(super) fn secret(folder: &Path) -> io::Result<[u8; SECRET_BYTES]> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    check_own(&fs::metadata(folder)?, OTHERS_WRITE)?;
    let path = folder.join(SECRET);
    let known = read_secret(&path);
    match known {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        known => return known,
    }
    let mut secret = [0; SECRET_BYTES];
    rand::rngs::SysRng
        .try_fill_bytes(&mut secret)
        .map_err(io::Error::other)?;
    let (unfinished, mut file) = create(folder)?;
    let made = file
        .write_all(&secret)
        // Unlike renaming, this fails if another process was first; then its secret counts.
        .and_then(|()| fs::hard_link(&unfinished, &path));
    let _ = fs::remove_file(&unfinished);
    match made {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => read_secret(&path),
    }
}

fn read_secret(path: &Path) -> io::Result<[u8; SECRET_BYTES]> {
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)?;
    let about = file.metadata()?;
    check_own(&about, OTHERS)?;
    if about.len() != SECRET_BYTES as u64 {
        return Err(io::Error::other("its secret is damaged"));
    }
    let mut secret = [0; SECRET_BYTES];
    file.read_exact(&mut secret)?;
    Ok(secret)
}

/// Refuses what others own or, by the bits `mode`, have access to.
fn check_own(about: &fs::Metadata, mode: u32) -> io::Result<()> {
    // SAFETY: it has no arguments, and can't fail.
    let own = unsafe { libc::geteuid() };
    if about.uid() != own || about.mode() & mode != 0 {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "others have access to it",
        ));
    }
    Ok(())
}

/// A new file that only this user has access to.
fn create(folder: &Path) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{UNFINISHED}{}-{number}", std::process::id());
        let path = folder.join(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        match file {
            // Left by a process that had the same number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            file => return Ok((path, file?)),
        }
    }
}

/// Has a file have this content: whoever opens it sees all of it or what was there before.
pub(super) fn replace(folder: &Path, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let (unfinished, mut file) = create(folder)?;
    let written = parts
        .iter()
        .try_for_each(|part| file.write_all(part))
        .and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Removes what was abandoned and, if there is more than `limit`, the entries that were not used
/// for longest, until a quarter is free.
pub(super) fn shrink(folder: &Path, limit: u64) -> io::Result<()> {
    let mut entries = Vec::new();
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Another process may have removed it.
        let Ok(about) = entry.metadata() else {
            continue;
        };
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let used = about.modified()?;
        if name.ends_with(ENTRY) {
            total += about.len();
            entries.push((used, about.len(), entry.path()));
        } else if name.starts_with(UNFINISHED) && is_abandoned(used) {
            let _ = fs::remove_file(entry.path());
        }
    }
    if total <= limit {
        return Ok(());
    }
    entries.sort();
    for (_, size, path) in entries {
        if total <= limit / 4 * 3 {
            break;
        }
        let _ = fs::remove_file(path);
        total -= size;
    }
    Ok(())
}

fn is_abandoned(used: SystemTime) -> bool {
    used.elapsed().is_ok_and(|age| age > ABANDONED)
}
