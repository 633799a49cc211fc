component provides text.Greeting {
    char[] Greeting:greet(char name[]) {
        return "Hello, $name."
    }
}
