// A loaded component by the runtime's handle of it.

uses lang.InterfaceSpec

component provides lang.IDC requires lang.IDC, native host.Component host {
    const char NATIVE[] = "native "

    IDC:IDC(resource made) {
        loaded = made
    }

    resource IDC:handle() {
        return loaded
    }

    char[] IDC:getName() {
        return host.name(loaded)
    }

    bool IDC:wire(char reqIntf[], IDC com, char proIntf[]) {
        return host.wire(loaded, reqIntf, com.handle(), proIntf)
    }

    bool begins(char text[], char start[]) {
        return text.arrayLength >= start.arrayLength
            && text.slice(0, start.arrayLength) == start
    }

    int last(char text[], char wanted) {
        for (int i = text.arrayLength - 1; i >= 0; i--) {
            if (text[i] == wanted) return i
        }
        return -1
    }

    // A name such as `native host.Net` or `data.Encoder:base64` in its parts.
    InterfaceSpec described(char name[]) {
        InterfaceSpec spec = new InterfaceSpec()
        if (begins(name, NATIVE)) {
            name = name.slice(NATIVE.arrayLength, name.arrayLength)
            spec.flags = InterfaceSpec.F_NATIVE
        }
        int colon = last(name, ':')
        spec.variant = ""
        if (colon >= 0) {
            spec.variant = name.slice(colon + 1, name.arrayLength)
            name = name.slice(0, colon)
        }
        int dot = last(name, '.')
        spec.package = dot < 0 ? "" : name.slice(0, dot)
        spec.alias = name.slice(dot + 1, name.arrayLength)
        return spec
    }

    InterfaceSpec[] allDescribed(char names[][]) {
        InterfaceSpec specs[] = new InterfaceSpec[names.arrayLength]
        for (int i = 0; i < names.arrayLength; i++) specs[i] = described(names[i])
        return specs
    }

    InterfaceSpec[] IDC:getProvides() {
        return allDescribed(host.provided(loaded))
    }

    InterfaceSpec[] IDC:getRequires() {
        return allDescribed(host.required(loaded))
    }

    // Whether a name, which may be without its package, is among others.
    bool isAmong(char name[], char names[][]) {
        foreach (char full[] in names) {
            if (begins(full, NATIVE)) full = full.slice(NATIVE.arrayLength, full.arrayLength)
            if (full == name) return true
            if (full.slice(last(full, '.') + 1, full.arrayLength) == name) return true
        }
        return false
    }

    bool IDC:hasProvides(char proIntf[]) {
        return isAmong(proIntf, host.provided(loaded))
    }

    bool IDC:hasRequires(char reqIntf[]) {
        return isAmong(reqIntf, host.required(loaded))
    }

    bool IDC:isConnected(char reqIntf[]) {
        return isAmong(reqIntf, host.required(loaded)) && host.provider(loaded, reqIntf) !== null
    }

    IDC IDC:getComponent(char reqIntf[]) {
        resource provider = host.provider(loaded, reqIntf)
        return provider === null ? null : new IDC(provider)
    }

    bool IDC:pause(char reqIntf[]) {
        if (!isAmong(reqIntf, host.required(loaded))) return false
        host.pause(loaded, reqIntf)
        return true
    }

    bool IDC:resume(char reqIntf[]) {
        return isAmong(reqIntf, host.required(loaded)) && host.resume(loaded, reqIntf)
    }

    Object[] IDC:getObjects(char reqIntf[]) {
        return host.objects(loaded, reqIntf)
    }

    Object IDC:initObject(char reqIntf[]) {
        return host.initObject(loaded, reqIntf)
    }

    bool IDC:hasTransferState(Object o) {
        return host.hasTransferState(o)
    }
}
