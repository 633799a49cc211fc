// What a file system knows of a path.

data FileInfo {
    bool exists
    bool isDirectory
    bool isFile
    int size            // bytes
    int modified        // milliseconds since 1970
}
