//! The kernels: their names, which are those of their folders, and sizes.

/// One problem, solved by a program in each language.
pub(crate) struct Kernel {
    /// Its folder under `kernels`.
    pub(crate) name: &'static str,
    /// So that C takes some ten milliseconds.
    pub(crate) size: u64,
    /// So that the interpreter takes well under a second.
    pub(crate) small: u64,
    /// What is printed for the small size.
    pub(crate) checksum: &'static str,
}

/// All kernels, in the order of the table.
pub(crate) const KERNELS: &[Kernel] = &[
    Kernel {
        name: "nbody",
        size: 500_000,
        small: 100,
        checksum: "-0.169050762",
    },
    Kernel {
        name: "spectral_norm",
        size: 1000,
        small: 10,
        checksum: "1.271844019",
    },
    Kernel {
        name: "fannkuch",
        size: 9,
        small: 5,
        checksum: "11/7",
    },
    Kernel {
        name: "matmul",
        size: 400,
        small: 10,
        checksum: "-1.466600000",
    },
];
