component provides App, Object requires shapes.Point p {
    int App:main(AppParam params[]) { return 0 }
}
