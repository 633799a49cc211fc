// Objects that come and go.
component provides App requires Cell, io.Output out {
    int App:main(AppParam params[]) {
        Cell kept[] = new Cell[3]
        for (int i = 0; i < 6; i++) {
            Cell fresh = new Cell()
            fresh.add(i)
            kept[i % 3] = fresh
            kept[0].add(1)
        }
        char text[] = ""
        foreach (Cell cell in kept) text += cell.report() + "; "
        out.println(text)
        return 0
    }
}
