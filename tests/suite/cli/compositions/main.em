component provides App requires data.query.Sort sort, io.Output out {
    int App:main(AppParam params[]) {
        int sorted[] = sort.sortInts(new int[](3, 1, 2))
        out.println("$(sorted[0])$(sorted[1])$(sorted[2])")
        return 0
    }
}
