// Files of the host. All state is transfer state, so an open file survives a swap.

component provides io.File(Destructor) requires native host.Files files {
    File:File(char path[], int mode) {
        handle = files.open(path, mode)
    }

    char[] File:read(int max) {
        char content[] = files.read(handle, max)
        if (content.arrayLength < max) ended = true
        return content
    }

    int File:write(char content[]) {
        return files.write(handle, content)
    }

    void File:setPos(int position) {
        files.seek(handle, position)
        ended = false
    }

    int File:getPos() {
        return files.position(handle)
    }

    int File:getSize() {
        return files.size(handle)
    }

    bool File:eof() {
        return ended
    }

    void File:close() {
        files.close(handle)
    }

    void Destructor:destroy() {
        files.close(handle)
    }
}
