// Files and folders of the host. Every failure is an Exception of kind "io" whose message names
// the path. Open files are resources; the last reference that goes away closes them.

interface Files {
    const int READ = 0      // must exist, position 0
    const int WRITE = 1     // made if missing, content kept, position 0
    const int CREATE = 2    // made if missing, emptied if not

    const int NONE = 0      // kinds of stat()[0]
    const int FILE = 1
    const int DIRECTORY = 2
    const int OTHER = 3

    resource open(char path[], int mode)

    // Up to `max` bytes from the position on; fewer only at the end, empty at the end.
    char[] read(resource file, int max)

    // Writes all of `data` at the position; returns its length.
    int write(resource file, char data[])

    void seek(resource file, int position)
    int position(resource file)
    int size(resource file)

    // Closing twice is allowed; every other use of a closed file is an "io" exception.
    void close(resource file)

    // Always three numbers: kind (see above), size in bytes, time of last change in milliseconds
    // since 1970. A path that does not exist is kind NONE, not an exception. Links are followed.
    int[] stat(char path[])

    // Names (not paths) of what is in a folder, in byte order, without "." and "..".
    char[][] list(char path[])

    // Removes a file or an empty folder.
    void remove(char path[])

    // Makes a folder and what is missing of the way to it; an existing folder is no error.
    void createDirectory(char path[])

    // Renames, replacing a file that is there.
    void move(char path[], char target[])
}
