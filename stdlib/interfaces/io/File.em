// An open file. What fails is an Exception of kind "io"; a file that is not closed is closed when
// the object goes.

interface File {
    const int READ = 0          // must exist
    const int WRITE = 1         // made if missing, content kept
    const int CREATE = 2        // made if missing, emptied if not

    transfer resource handle
    transfer bool ended

    File(char path[], int mode)

    // Up to `max` bytes; fewer only at the end of the file, empty when there are no more.
    char[] read(int max)

    int write(char content[])
    void setPos(int position)
    int getPos()
    int getSize()

    // Has read come to the end?
    bool eof()

    void close()
}
