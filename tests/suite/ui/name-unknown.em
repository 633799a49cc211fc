component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int count = 0
        cuont = 1
        out.println(missing)
        return count
    }
}
