// Among what the runtime knows, and in folders.

uses data.String

component provides composition.Search requires native host.Component host, io.FileSystem fs {
    bool ends(char text[], char end[]) {
        int at = text.arrayLength - end.arrayLength
        return at >= 0 && text.slice(at, text.arrayLength) == end
    }

    // Whether an interface's full name is meant by one that may end with `:*`.
    bool isMeant(char name[], char wanted[]) {
        if (!ends(wanted, ":*")) return name == wanted
        int plain = wanted.arrayLength - 1
        return name.arrayLength > plain && name.slice(0, plain) == wanted.slice(0, plain)
    }

    bool Search:isDanaComponent(char path[]) {
        return host.providedBy(path).arrayLength > 0
    }

    String[] Search:getComponents(char intfPackage[]) {
        String found[] = new String[0]
        foreach (char name[] in host.interfaces()) {
            if (!isMeant(name, intfPackage)) continue
            foreach (char path[] in host.components(name)) {
                found = new String[](found, new String(path))
            }
        }
        return found
    }

    bool isProvider(char path[], char wanted[]) {
        foreach (char name[] in host.providedBy(path)) {
            if (isMeant(name, wanted)) return true
        }
        return false
    }

    // The folder of an interface's package below another one.
    char[] packageFolder(char root[], char intfPackage[]) {
        char folder[] = new char[](root, "/")
        int from = 0
        for (int i = 0; i < intfPackage.arrayLength; i++) {
            if (intfPackage[i] != '.') continue
            folder = new char[](folder, intfPackage.slice(from, i), "/")
            from = i + 1
        }
        return folder
    }

    String[] Search:getComponentsIn(char intfPackage[], String searchPaths[]) {
        String found[] = new String[0]
        foreach (String root in searchPaths) {
            char folder[] = packageFolder(root.string, intfPackage)
            if (!fs.isDirectory(folder)) continue
            foreach (String entry in fs.getDirectoryContents(folder)) {
                char name[] = entry.string
                char path[] = new char[](folder, name)
                if (ends(name, ".emo") && isProvider(path, intfPackage)) {
                    found = new String[](found, new String(path))
                }
            }
        }
        return found
    }

    char[] Search:getDefaultComponent(char intfPackage[]) {
        char components[][] = host.components(intfPackage)
        return components.arrayLength > 0 ? components[0] : null
    }
}
