// A deflate stream being written: whole bytes in `bytes`, and up to seven bits that still wait.

data BitWriter {
    char bytes[]
    int at              // bytes written
    int bits            // lowest bit first
    int count           // how many bits wait
}
