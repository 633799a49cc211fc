component provides App requires Lamp lamp {
    int App:main(AppParam params[]) {
        lamp.press()
        return 0
    }
}
