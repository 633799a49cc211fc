// A folder full of files to serve, the same at every place and time for the same seed.

interface Site {
    // Fills the folder if there is no manifest.txt in it. True if it did.
    //
    // The manifest has a line for each file: kind (text, image, small), path, size, checksum
    // (util.Checksum.fnv in hexadecimal), separated by blanks.
    bool fill(char folder[])
}
