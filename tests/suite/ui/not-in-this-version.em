component provides App {
    int App:main(AppParam params[]) {
        Type t = typeof(AppParam)
        Data grid[][] = new Data[2][3] from t
        return grid.arrayLength
    }
}
