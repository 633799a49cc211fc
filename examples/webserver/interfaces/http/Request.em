// A request, as far as a file server needs to know it.

data Request {
    int problem             // 0, or the status that a bad request is answered with
    char method[]
    char path[]             // decoded, starts with '/', without "." and ".." and empty parts
    bool keepAlive
    bool gzip               // does the client take it?
    char ifNoneMatch[]      // null where the header is missing
    char ifModifiedSince[]
    char ifRange[]
    char range[]
}
