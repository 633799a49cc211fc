// Asks the runtime.

uses data.String

component provides System requires native host.Component host {
    byte[] bytes(char text[]) {
        byte result[] = new byte[text.arrayLength]
        for (int i = 0; i < text.arrayLength; i++) result[i] = byte(text[i])
        return result
    }

    String[] strings(char texts[][]) {
        String result[] = new String[texts.arrayLength]
        for (int i = 0; i < texts.arrayLength; i++) result[i] = new String(texts[i])
        return result
    }

    byte[] System:getVMType() {
        return bytes(host.platform()[2])
    }

    byte[] System:getHostType() {
        char platform[][] = host.platform()
        return bytes(new char[](platform[0], ".", platform[1]))
    }

    int System:getVersion() {
        return host.versions()[0]
    }

    PlatformInfo System:getPlatform() {
        char platform[][] = host.platform()
        return new PlatformInfo(platform[0], platform[1])
    }

    int System:getLibAPIVersion() {
        return 0
    }

    int System:getFrameworkVersion() {
        return host.versions()[1]
    }

    char[] System:getDanaHome() {
        return host.home()
    }

    String[] System:getSearchPaths() {
        return strings(host.searchPaths())
    }

    String[] System:getAutoBindings() {
        return strings(host.interfaces())
    }
}
