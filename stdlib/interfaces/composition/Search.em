// Finds components.

uses data.String

interface Search {
    // Whether a path leads to a component that can be loaded.
    bool isDanaComponent(char path[])

    // Paths of the known components that provide an interface, named with its package, the default
    // first. `pkg.Name:variant` means one semantic variant, `pkg.Name:*` any of them.
    String[] getComponents(char intfPackage[])

    // Paths of the images in these folders that provide it, in the order of the folders.
    String[] getComponentsIn(char intfPackage[], String searchPaths[])

    // The component that `Loader` wires to an interface; null if there is none.
    char[] getDefaultComponent(char intfPackage[])
}
