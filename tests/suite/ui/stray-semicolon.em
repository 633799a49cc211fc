component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int a = 1;
        out.println("$a");
        return 0
    }
}
