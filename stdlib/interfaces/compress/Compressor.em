// Bytes made smaller for the way to somebody who can expand them.
//
// Variants: `store` does nothing, `fast` looks once for each repetition, `best` looks long and
// fits the code to the data, `zlib` is the host's own in the middle.

interface Compressor {
    // For encoding "gzip" one complete gzip member, for "identity" the bytes themselves.
    char[] compress(char content[])

    // The HTTP name of what compress makes: "gzip" or "identity".
    char[] encoding()

    // A name of its own for each variant: results of different variants differ.
    char[] label()
}
