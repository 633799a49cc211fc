// A program with one interface that two components provide: `emr compositions main.em` lists
// what it can be assembled to.

component provides App requires io.Output out, text.Greeting greeting {
    int App:main(AppParam params[]) {
        char name[] = "world"
        if (params.arrayLength > 0) name = params[0].string
        out.println(greeting.greet(name))
        return 0
    }
}
