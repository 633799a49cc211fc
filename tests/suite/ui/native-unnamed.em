component provides App requires native host.Clock {
    int App:main(AppParam params[]) { return 0 }
}
