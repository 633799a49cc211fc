component provides text.Greeting requires data.StringUtil su {
    char[] Greeting:greet(char name[]) {
        return "HELLO, $(name.uppercase())!"
    }
}
