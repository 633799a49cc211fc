component provides App requires Cat cat {
    int App:main(AppParam params[]) {
        return super(params)
    }
}
