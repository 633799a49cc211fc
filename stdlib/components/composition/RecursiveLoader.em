// Breadth first: each component is loaded once and wired to the default for each requirement.

uses composition.LoadedComponent
uses composition.LoadedComponents
uses data.String
uses lang.IDC
uses lang.InterfaceSpec

component provides composition.RecursiveLoader requires Loader loader, composition.Search search {
    char[] fullName(InterfaceSpec spec) {
        char name[] = spec.alias
        if (spec.package.arrayLength > 0) name = new char[](spec.package, ".", name)
        if (spec.variant.arrayLength > 0) name = new char[](name, ":", spec.variant)
        return name
    }

    bool isIgnored(char name[], String ignored[]) {
        for (int i = 0; i < ignored.arrayLength; i++) {
            if (ignored[i].string == name) return true
        }
        return false
    }

    int find(LoadedComponent all[], char path[]) {
        for (int i = 0; i < all.arrayLength; i++) {
            if (all[i].path == path) return i
        }
        return -1
    }

    char[] list(char before[], char next[]) {
        return before.arrayLength == 0 ? next : new char[](before, ",", next)
    }

    LoadedComponents RecursiveLoader:load(char path[], opt String ignoreIntfs[]) {
        IDC main = loader.load(path, noAutoWire = true)
        LoadedComponent all[] = new LoadedComponent[](new LoadedComponent(main, path))
        char wires[] = ""
        for (int i = 0; i < all.arrayLength; i++) {
            foreach (InterfaceSpec spec in all[i].class.getRequires()) {
                char name[] = fullName(spec)
                if (spec.flags == InterfaceSpec.F_NATIVE || isIgnored(name, ignoreIntfs)) continue
                char provider[] = search.getDefaultComponent(name)
                if (provider === null) continue
                int to = find(all, provider)
                if (to < 0) {
                    to = all.arrayLength
                    IDC made = loader.load(provider, noAutoWire = true)
                    all = new LoadedComponent[](all, new LoadedComponent(made, provider))
                }
                all[i].class.wire(name, all[to].class, name)
                wires = list(wires, "$i:$name:$to")
            }
        }
        char paths[] = ""
        foreach (LoadedComponent one in all) paths = list(paths, one.path)
        return new LoadedComponents(main, new char[](paths, "|", wires), all)
    }
}
