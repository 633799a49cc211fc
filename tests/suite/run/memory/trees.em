// Trees, arrays of arrays, and values replaced again and again leave nothing behind.
uses Tree

component provides App requires io.Output out {
    Tree kept = null
    int made = 0

    Tree grow(int depth) {
        made++
        if (depth == 0) return new Tree(null, null, "leaf$made")
        return new Tree(grow(depth - 1), grow(depth - 1), null)
    }
    int leaves(Tree t) {
        if (t === null) return 0
        if (t.name !== null) return 1
        return leaves(t.left) + leaves(t.right)
    }
    Tree swap(Tree t) {
        Tree left = t.left
        t.left = t.right
        t.right = left
        return t
    }
    int App:main(AppParam params[]) {
        for (int i = 0; i < 20; i++) {
            kept = grow(8)
            kept = swap(kept)
            kept.left = kept.right
        }
        out.println("$(leaves(kept)) $made") // prints: 256 10220
        char rows[][] = new char[100][]
        for (int i = 0; i < 10000; i++) rows[i % 100] = "row $i"
        out.println(rows[99]) // prints: row 9999
        return 0
    }
}
