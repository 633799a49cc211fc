component provides Part requires io.Output out {
    int mine = 0
    int Part:use() {
        mine++
        out.println("pinned uses $mine")
        return mine
    }
}
