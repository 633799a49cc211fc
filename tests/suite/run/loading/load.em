// A component is loaded by its name, asked what it is, and objects are made of it.
// prints: data.query.Sort.quick
// prints: true false true
// prints: 1 2 3
// prints: load: there is no component `data/query/Sort.slow`
// prints: wiring: `data.query.Sort.quick` does not provide `io.Output`
// prints: null: a value is null

uses data.query.Sort
uses io.Output
uses lang.IDC

component provides App requires Loader loader, io.Output out {
    void tryLoad(char path[]) {
        try {
            loader.load(path)
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)")
        }
    }

    void tryMake(IDC made) {
        try {
            Output o = new Output() from made
            o.println("not reached")
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)")
        }
    }

    int App:main(AppParam params[]) {
        IDC quick = loader.load("data/query/Sort.quick")
        out.println(quick.getName())
        out.println("$(quick.hasProvides("data.query.Sort")) $(quick.hasProvides("App")) $(quick.hasProvides("Sort"))")
        Sort sort = new Sort() from quick
        int numbers[] = sort.sortInts(new int[](3, 1, 2))
        out.println("$(numbers[0]) $(numbers[1]) $(numbers[2])")
        tryLoad("data/query/Sort.slow")
        tryMake(quick)
        tryMake(null)
        return 0
    }
}
