// Files and folders of the host.

uses io.FileInfo
uses data.String

component provides io.FileSystem requires native host.Files files {
    const int CHUNK = 1048576

    const int FILE = 1
    const int DIRECTORY = 2

    bool FileSystem:exists(char path[]) {
        int facts[] = files.stat(path)
        return facts[0] != 0
    }

    bool FileSystem:isDirectory(char path[]) {
        int facts[] = files.stat(path)
        return facts[0] == DIRECTORY
    }

    FileInfo FileSystem:getInfo(char path[]) {
        int facts[] = files.stat(path)
        FileInfo info = new FileInfo()
        info.exists = facts[0] != 0
        info.isDirectory = facts[0] == DIRECTORY
        info.isFile = facts[0] == FILE
        info.size = facts[1]
        info.modified = facts[2]
        return info
    }

    String[] FileSystem:getDirectoryContents(char path[]) {
        char[][] names = files.list(path)
        String found[] = new String[names.arrayLength]
        for (int i = 0; i < names.arrayLength; i++) {
            found[i] = new String(names[i])
        }
        return found
    }

    // One read is enough unless the file grows meanwhile.
    char[] FileSystem:readFile(char path[]) {
        resource file = files.open(path, 0)
        char content[] = new char[0]
        try {
            content = files.read(file, files.size(file))
            char more[] = files.read(file, CHUNK)
            while (more.arrayLength > 0) {
                content = content + more
                more = files.read(file, CHUNK)
            }
        } catch (Exception e) {
            files.close(file)
            throw e
        }
        files.close(file)
        return content
    }

    void FileSystem:writeFile(char path[], char content[]) {
        resource file = files.open(path, 2)
        try {
            files.write(file, content)
        } catch (Exception e) {
            files.close(file)
            throw e
        }
        files.close(file)
    }

    void FileSystem:delete(char path[]) {
        files.remove(path)
    }

    void FileSystem:createDirectory(char path[]) {
        files.createDirectory(path)
    }

    void FileSystem:move(char path[], char target[]) {
        files.move(path, target)
    }
}
