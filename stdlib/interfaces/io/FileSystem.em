// Files and folders by path. What fails is an Exception of kind "io".

uses io.FileInfo
uses data.String

interface FileSystem {
    bool exists(char path[])
    bool isDirectory(char path[])

    // For a path that does not exist, `exists` is false and the rest is zero.
    FileInfo getInfo(char path[])

    // Names in byte order.
    String[] getDirectoryContents(char path[])

    // The whole content of a file.
    char[] readFile(char path[])

    // Makes or replaces a file.
    void writeFile(char path[], char content[])

    // Removes a file or an empty folder.
    void delete(char path[])

    // With what is missing of the way to it.
    void createDirectory(char path[])

    void move(char path[], char target[])
}
