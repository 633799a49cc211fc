// Standard input of the host. The end is final: after it the host is not asked again.

component provides io.Input(AdaptEvents) requires native host.Console console {
    bool ended = false

    char[] Input:readln() {
        if (ended) return null
        char line[] = console.readLine()
        if (line === null) {
            ended = true
            return null
        }
        int length = line.arrayLength
        if (length > 0 && line[length - 1] == '\r') return line.slice(0, length - 1)
        return line
    }

    bool Input:eof() {
        return ended
    }

    void AdaptEvents:active() {
    }

    void AdaptEvents:inactive() {
    }
}
