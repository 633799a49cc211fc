// Bytes made smaller for the way to somebody who can expand them.
//
// Variants: `store` does nothing, `fast` looks once for each repetition, `best` looks long and
// fits the code to the data, `zlib` is the host's own in the middle.

interface Compressor {
    // One complete gzip member, or null: send the content as it is. Whoever calls goes by this
    // answer alone, because the variant may be another one since encoding() was asked.
    char[] compress(char content[])

    // The HTTP name of what compress makes: "gzip", or "identity" if that is always null.
    char[] encoding()

    // A name of its own for each variant, because results of different variants differ.
    char[] label()
}
