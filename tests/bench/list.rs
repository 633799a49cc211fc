//! The kernels: their names, which are those of their folders, and sizes.

/// One problem, solved by a program in each language.
pub(crate) struct Kernel {
    /// What it is called in tables and on the command line.
    pub(crate) name: &'static str,
    /// Its folder under `kernels`.
    pub(crate) folder: &'static str,
    /// So that C takes some milliseconds: short enough to find a quiet moment on a busy machine.
    pub(crate) size: u64,
    /// So that the interpreter takes well under a second.
    pub(crate) small: u64,
    /// What is printed for the small size.
    pub(crate) checksum: &'static str,
    /// What is pinned in Em, where there are variants: a site and a component.
    pub(crate) pin: Option<&'static str>,
    /// Whether small functions of other components stand in for calls of them in Em.
    pub(crate) inlined: bool,
    /// What one of `size` is, if that is what takes time, and the table tells the time of one.
    pub(crate) unit: Option<&'static str>,
}

const fn kernel(name: &'static str, size: u64, small: u64, checksum: &'static str) -> Kernel {
    Kernel {
        name,
        folder: name,
        size,
        small,
        checksum,
        pin: None,
        inlined: true,
        unit: None,
    }
}

/// All kernels, in the order of the table.
pub(crate) const KERNELS: &[Kernel] = &[
    kernel("nbody", 20_000, 100, "-0.169050762"),
    kernel("spectral_norm", 300, 10, "1.271844019"),
    kernel("fannkuch", 8, 5, "11/7"),
    kernel("mandelbrot", 200, 16, "182792"),
    kernel("matmul", 200, 10, "-1.466600000"),
    kernel("binary_trees", 12, 5, "1182"),
    kernel("fasta", 10_000, 50, "587/134407"),
    Kernel {
        pin: Some("Sort=data.query.Sort.quick"),
        ..kernel("sort", 20_000, 200, "715931")
    },
    kernel("strings", 5000, 50, "623/392018"),
    kernel("json", 1000, 5, "51/21.25/100"),
    Kernel {
        unit: Some("call of another component"),
        ..kernel("call", 1_000_000, 100, "100")
    },
    Kernel {
        folder: "call",
        inlined: false,
        unit: Some("call of another component, made"),
        ..kernel("call_made", 1_000_000, 100, "100")
    },
    Kernel {
        unit: Some("switch of green threads"),
        ..kernel("switch", 100_000, 100, "100")
    },
];
