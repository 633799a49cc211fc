// Fills a folder with a site: `makesite.em -- --root DIR`.

component provides App requires http.Site site, io.Output out, io.ErrorOutput err {
    int App:main(AppParam params[]) {
        if (params.arrayLength != 2 || params[0].string != "--root") {
            err.println("usage: makesite --root DIR")
            return 2
        }
        char root[] = params[1].string
        try {
            if (site.fill(root)) out.println("made a site in $root")
            else out.println("there is a site in $root already")
        } catch (Exception e) {
            err.println("makesite: $(e.message)")
            return 1
        }
        return 0
    }
}
