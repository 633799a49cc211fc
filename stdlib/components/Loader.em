// Loads through the runtime.

uses lang.IDC

component provides Loader requires lang.IDC, native host.Component host {
    IDC Loader:load(char path[], opt bool noAutoWire) {
        return new IDC(host.load(path, !noAutoWire))
    }

    IDC Loader:loadFrom(byte objectFile[], opt bool noAutoWire) {
        return new IDC(host.loadFrom(objectFile, !noAutoWire))
    }
}
