// Looks at two parts, one straight after the other: they are changed together or not at all.
component provides App requires Left left, Right right, io.Output out, time.Timer timer {
    int mixed = 0
    int looks = 0
    int changes = 0

    void look(int rounds) {
        int before = 0
        for (int i = 0; i < rounds; i++) {
            int l = left.version()
            int r = right.version()
            if (l != r) mixed++
            if (l != before) changes++
            before = l
            looks++
        }
    }

    int App:main(AppParam params[]) {
        Thread a = asynch::look(300000)
        Thread b = asynch::look(300000)
        a.join()
        b.join()
        out.println("$looks looks, $mixed mixed, $(changes > 10)")
        return 0
    }
}
