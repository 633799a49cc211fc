// Standard error of the host.

component provides io.ErrorOutput requires native host.Console console {
    void ErrorOutput:print(char text[]) {
        console.error(text)
    }

    void ErrorOutput:println(char text[]) {
        console.error(text + '\n')
    }
}
