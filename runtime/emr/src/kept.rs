//! Where native code is kept between runs: `--cache`, `EM_CACHE`, or the user's own place for such.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use em_runtime::cache::{Cache, LIMIT_BYTES};

/// Where native code is kept.
#[derive(Args, Clone, Debug)]
pub(crate) struct CacheArgs {
    /// Where native code is kept, up to 256 MiB of it, or off; without, where EM_CACHE says, or
    /// $XDG_CACHE_HOME/em or ~/.cache/em
    // The variable is not clap's to read: it would name the option in every usage line then.
    #[arg(long, value_name = "DIR|off")]
    cache: Option<OsString>,
}

impl CacheArgs {
    /// The cache, if there is one: nothing depends on it but time.
    pub(crate) fn open(&self) -> Option<Arc<Cache>> {
        let folder = self.folder()?;
        match Cache::open(&folder, LIMIT_BYTES) {
            Ok(cache) => Some(Arc::new(cache)),
            Err(error) => {
                tracing::warn!("no code is kept in {}: {error}", folder.display());
                None
            }
        }
    }

    fn folder(&self) -> Option<PathBuf> {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        match self.cache.clone().or_else(|| std::env::var_os("EM_CACHE")) {
            Some(told) if told == "off" || told.is_empty() => None,
            Some(told) => Some(PathBuf::from(told)),
            None => {
                // The convention is that a relative path there is to be ignored.
                let set = variable("XDG_CACHE_HOME").map(PathBuf::from);
                let set = set.filter(|path| path.is_absolute());
                let home = || Some(Path::new(&variable("HOME")?).join(".cache"));
                Some(set.or_else(home)?.join("em"))
            }
        }
    }
}
