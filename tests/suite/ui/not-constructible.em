component provides App requires shapes.Half half, native host.Console console {
    int App:main(AppParam params[]) {
        Half other = new Half()
        host.Console mine = new host.Console()
        return new shapes.Area().twice(2) + new Half:small().twice(3)
    }
}
