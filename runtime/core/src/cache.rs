//! Native code that is kept on disk, so that a component is compiled once per machine.
//!
//! An entry's name is a hash of all that its code depends on: the component's content and what the
//! code generator calls its fingerprint. An entry begins with a keyed hash of its name and content
//! under a secret of the user's, without which nobody can make one: what is damaged, cut off, in
//! another's place or by somebody else is not executed but compiled anew and overwritten. Entries
//! are written to a file of their own and then renamed, so that readers and other writers never see
//! half of one. Where the folder can't be used there is no cache, and all goes on without. It is
//! the host's own file access, which programs know nothing of, so it does not go through the world.

mod folder;

use em_codegen::Object;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Bytes that a cache may occupy, unless told otherwise.
pub const LIMIT_BYTES: u64 = 256 << 20;
/// Bytes of the keyed hash that an entry begins with.
const MAC_BYTES: usize = 32;
/// How old an entry's last use may be before the next one is noted.
const USE_IS_NOTED: Duration = Duration::from_secs(3600);

/// A folder of native code.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    secret: [u8; folder::SECRET_BYTES],
    limit: u64,
    /// Bytes written until the folder's size is looked at again.
    allowance: AtomicU64,
    /// Whether it was said that nothing can be written.
    is_told: AtomicBool,
    hits: AtomicU64,
}

/// The name of an entry: what its code depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name(blake3::Hash);

impl Name {
    /// The name of a component's code, by its content hash and the code generator's fingerprint.
    pub(crate) fn of(component: &[u8; 32], fingerprint: &[u8]) -> Name {
        let mut hasher = blake3::Hasher::new();
        hasher.update(component).update(fingerprint);
        Name(hasher.finalize())
    }
}

impl Cache {
    /// The cache in a folder, which is made if it is not there; it occupies `limit` bytes at most,
    /// a little more for a while.
    ///
    /// # Errors
    /// When the folder or the secret in it can't be made or read, or others could change them.
    pub fn open(folder: &Path, limit: u64) -> io::Result<Cache> {
        Ok(Cache {
            secret: folder::secret(folder)?,
            folder: folder.to_owned(),
            limit,
            allowance: AtomicU64::new(0),
            is_told: AtomicBool::new(false),
            hits: AtomicU64::new(0),
        })
    }

    /// How often it had what was asked for.
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed)
    }

    fn path(&self, name: &Name) -> PathBuf {
        self.folder
            .join(format!("{}{}", name.0.to_hex(), folder::ENTRY))
    }

    fn mac(&self, name: &Name, content: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        hasher.update(name.0.as_bytes()).update(content);
        hasher.finalize()
    }

    /// The code of this name, if it is there and genuine.
    pub(crate) fn get(&self, name: &Name) -> Option<Object> {
        let path = self.path(name);
        let mut file = File::open(&path).ok()?;
        let bytes = match self.read(&mut file) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!("cached code {} can't be read: {error}", path.display());
                return None;
            }
        };
        let object = bytes.split_first_chunk::<MAC_BYTES>();
        let object = object.filter(|(mac, content)| {
            // Comparing hashes takes the same time wherever they differ.
            self.mac(name, content) == blake3::Hash::from_bytes(**mac)
        });
        let object = object.and_then(|(_, content)| Object::decode(content));
        if object.is_some() {
            self.hits.fetch_add(1, Ordering::Relaxed);
        } else {
            let place = path.display();
            tracing::warn!("cached code {place} is not what was written; it is compiled anew");
        }
        object
    }

    fn read(&self, file: &mut File) -> io::Result<Vec<u8>> {
        let about = file.metadata()?;
        let mut bytes = Vec::with_capacity(about.len().min(self.limit) as usize);
        file.take(self.limit).read_to_end(&mut bytes)?;
        let age = about.modified()?.elapsed().unwrap_or_default();
        if age > USE_IS_NOTED {
            // Only the order in which entries go depends on it.
            let _ = file.set_modified(SystemTime::now());
        }
        Ok(bytes)
    }

    /// Keeps code, if that is possible.
    pub(crate) fn put(&self, name: &Name, object: &Object) {
        let Some(content) = object.encode() else {
            return;
        };
        let size = (MAC_BYTES + content.len()) as u64;
        if size > self.limit / 4 {
            return;
        }
        let mac = self.mac(name, &content);
        let parts = [mac.as_bytes().as_slice(), &content];
        let written = self
            .make_room(size)
            .and_then(|()| folder::replace(&self.folder, &self.path(name), &parts));
        if let Err(error) = written
            && !self.is_told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!("no code is kept in {}: {error}", self.folder.display());
        }
    }

    /// Removes the entries that were not used for longest if there are too many. Looks seldom:
    /// first, and after each eighth of the limit that was written.
    fn make_room(&self, size: u64) -> io::Result<()> {
        let take = |left: u64| left.checked_sub(size);
        let taken = { &self.allowance }.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        if taken.is_err() {
            self.allowance.store(self.limit / 8, Ordering::Relaxed);
            folder::shrink(&self.folder, self.limit)?;
        }
        Ok(())
    }
}
