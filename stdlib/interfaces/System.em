// The runtime, as seen from a program that loads components.

uses data.String

data PlatformInfo {
    char osCode[]
    char chipCode[]
}

interface System {
    // What each component image begins with.
    byte[] getVMType()

    // System and processor, as in `linux.x86_64`.
    byte[] getHostType()

    // Version of the image form, which images must have to be loaded.
    int getVersion()

    PlatformInfo getPlatform()

    // 0: there are no native libraries to load.
    int getLibAPIVersion()

    // Em's major version.
    int getFrameworkVersion()

    // The library's folder: `Loader` finds its components below `components/` there.
    char[] getDanaHome()

    // Further folders in which `Loader` looks for components.
    String[] getSearchPaths()

    // The interfaces that `Loader` wires by itself: those that somebody known provides.
    String[] getAutoBindings()
}
