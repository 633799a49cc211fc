component provides App requires Engine engine {
    int App:main(AppParam params[]) {
        return engine.start()
    }
}
