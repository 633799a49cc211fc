component provides App requires native shapes.Raw raw {
    int App:main(AppParam params[]) { return 0 }
}
