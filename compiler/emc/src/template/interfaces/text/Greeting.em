// What to say to somebody.

interface Greeting {
    char[] greet(char name[])
}
