uses Files

component provides Files {
    char[] Files:read(char path[]) {
        switch (path) {
            case "full": throw new Full(message = "no room", code = 3)
            case "plain": throw new Exception("plain", "nothing special")
            case "zero": return "$(1 / (path.arrayLength - 4))"
            case "there": return "text"
        }
        throw new NotFound("not-there", "no such file", code = 2, path = clone path)
    }
}
