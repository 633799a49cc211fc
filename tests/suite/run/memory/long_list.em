// A list of a million nodes is released without deep recursion.
uses Node

component provides App requires io.Output out {
    int build(int n) {
        Node list = null
        for (int i = 0; i < n; i++) list = new Node(i, list)
        return list.value
    }
    int App:main(AppParam params[]) {
        out.println("$(build(1000000))") // prints: 999999
        return 0
    }
}
