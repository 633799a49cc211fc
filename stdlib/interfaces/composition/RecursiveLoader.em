// Loads a component together with what it requires, by default components.

uses data.String
uses lang.IDC

data LoadedComponent {
    IDC class
    char path[]
}

data LoadedComponents {
    IDC mainComponent
    // `path,path,…|from:interface:to,…`, components by their positions.
    char graph[]
    LoadedComponent loadedComponents[]
}

interface RecursiveLoader {
    // Interfaces in `ignoreIntfs` are left unconnected, and so are those that nobody provides.
    LoadedComponents load(char path[], opt String ignoreIntfs[])
}
