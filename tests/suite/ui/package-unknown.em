uses shapes.Pointt
uses nowhere.Thing
component provides App requires io.Ouptut out, Output other {
    int App:main(AppParam params[]) {
        return 0
    }
}
