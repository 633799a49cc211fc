// A table of endings.

component provides http.Types requires data.StringUtil strings {
    char[] ending(char path[]) {
        int dot = strings.rfind(path, ".")
        int slash = strings.rfind(path, "/")
        if (dot == strings.NOT_FOUND) return ""
        if (slash != strings.NOT_FOUND && slash > dot) return ""
        return strings.lowercase(path.slice(dot + 1, path.arrayLength))
    }

    char[] Types:mime(char path[]) {
        char end[] = ending(path)
        if (end == "html" || end == "htm") return "text/html; charset=utf-8"
        if (end == "css") return "text/css; charset=utf-8"
        if (end == "js" || end == "mjs") return "text/javascript; charset=utf-8"
        if (end == "txt") return "text/plain; charset=utf-8"
        if (end == "md") return "text/markdown; charset=utf-8"
        if (end == "csv") return "text/csv; charset=utf-8"
        if (end == "xml") return "application/xml"
        if (end == "json") return "application/json"
        if (end == "png") return "image/png"
        if (end == "jpg" || end == "jpeg") return "image/jpeg"
        if (end == "gif") return "image/gif"
        if (end == "webp") return "image/webp"
        if (end == "svg") return "image/svg+xml"
        if (end == "ico") return "image/x-icon"
        if (end == "pdf") return "application/pdf"
        if (end == "wasm") return "application/wasm"
        return "application/octet-stream"
    }

    char[] Types:kind(char path[]) {
        char type[] = mime(path)
        if (strings.startsWith(type, "image/")) return "image"
        if (strings.startsWith(type, "text/")) return "text"
        if (type == "application/json" || type == "application/xml") return "text"
        return "other"
    }
}
