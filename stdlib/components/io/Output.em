// Standard output of the host.

component provides io.Output requires native host.Console console {
    void Output:print(char text[]) {
        console.print(text)
    }

    void Output:println(char text[]) {
        console.print(text + '\n')
    }
}
