// Files and folders in a folder of their own below the current one.

uses data.String
uses io.FileInfo

component provides App requires
        io.FileSystem files, io.File, util.Seed seed, data.IntUtil numbers, io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    bool faults(int action, char path[]) {
        try {
            if (action == 0) files.readFile(path)
            if (action == 1) files.delete(path)
            if (action == 2) files.getDirectoryContents(path)
            if (action == 3) files.writeFile(path, "x")
            if (action == 4) new File(path, File.READ)
        } catch (Exception e) {
            return e.kind == "io" && e.message.arrayLength > 0
        }
        return false
    }

    void wholeFiles(char root[]) {
        char path[] = root + "/a.txt"
        check(!files.exists(path), "the file is there already")
        files.writeFile(path, "some\0bytes\xff")
        check(files.exists(path) && !files.isDirectory(path), "the file is not there")
        check(files.readFile(path) == "some\0bytes\xff", "the file has another content")
        FileInfo info = files.getInfo(path)
        check(info.exists && info.isFile && info.size == 11 && info.modified > 0, "wrong facts")
        files.writeFile(path, "less")
        check(files.readFile(path) == "less", "the old content shows through")
        files.move(path, root + "/b.txt")
        check(!files.exists(path) && files.readFile(root + "/b.txt") == "less", "move")
        files.writeFile(root + "/empty", "")
        check(files.readFile(root + "/empty").arrayLength == 0, "the empty file")
        files.delete(root + "/empty")
    }

    void openFiles(char root[]) {
        File file = new File(root + "/c.bin", File.CREATE)
        check(file.write("0123456789") == 10 && file.getPos() == 10, "write")
        file.setPos(4)
        file.write("xy")
        file.close()
        file = new File(root + "/c.bin", File.READ)
        check(file.getSize() == 10 && !file.eof(), "size")
        check(file.read(4) == "0123" && file.read(4) == "xy67" && !file.eof(), "read")
        check(file.read(4) == "89" && file.eof() && file.read(4).arrayLength == 0, "the end")
        file.setPos(1)
        check(file.read(1) == "1", "setPos")
        file.close()
        File again = new File(root + "/c.bin", File.WRITE)
        check(again.getSize() == 10, "WRITE emptied the file")
        again.close()
    }

    int App:main(AppParam params[]) {
        char name[] = numbers.toHex(seed.next())
        char root[] = "em-test-$name"
        files.createDirectory(root + "/deep/er")
        files.createDirectory(root + "/deep/er")
        check(files.isDirectory(root + "/deep/er"), "createDirectory")
        wholeFiles(root)
        openFiles(root)
        String names[] = files.getDirectoryContents(root)
        check(names.arrayLength == 3 && names[0].string == "b.txt" && names[2].string == "deep",
            "contents")
        for (int action = 0; action < 5; action++) {
            check(faults(action, root + "/none/none"), "no fault $action")
        }
        check(!files.getInfo(root + "/none").exists, "a file that is not there")
        files.delete(root + "/b.txt")
        files.delete(root + "/c.bin")
        files.delete(root + "/deep/er")
        files.delete(root + "/deep")
        files.delete(root)
        check(!files.exists(root), "delete")
        out.println("ok $checks")
        return 0
    }
}
