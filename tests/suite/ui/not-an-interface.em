component provides App requires shapes.Point p {
    int App:main(AppParam params[]) { return 0 }
}
