uses data.Pair, data.String

component provides App requires io.Output out, data.adt.List {
    public int add(int a, int b) { return a + b }
    int twice(int a = 1) { return 2 * a }
    int App:main(AppParam params[]) {
        let x = 1
        string name = "Ada"
        int a[] = new int[](1, 2)
        # comment
        if (x == 1 and true) out.println("one")
        elif (x == 2) out.println("two")
        for (int n : a) out.println("$n")
        raise new Exception("a", "b")
        boolean same = name == nil
        sleep(10)
        System.out.println(su.split(name, ","))
        float f = (float) x
        int k = 2 ** 3
        int big = 1_000
        List<Pair> list = new List<Pair>()
        return 0
    }
}
