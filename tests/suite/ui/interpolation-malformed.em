component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("costs 3$ each")
        return 0
    }
}
