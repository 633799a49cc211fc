component provides App requires io.Output out {
    int deeper(int a[]) {
        return a[3]
    }
    int App:main(AppParam params[]) {
        out.println("before")
        return deeper(new int[2])
    }
}
