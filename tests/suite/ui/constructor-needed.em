component provides App requires shapes.Pen pen {
    int App:main(AppParam params[]) { return 0 }
}
