component provides shapes.Half requires io.Output out, io.File {
    const int A = 2 * B
    const int B = 3
    const int C = three()
    const int ROUND = AGAIN + 1
    const int AGAIN = ROUND
    const int D = 1 / 0
    const Object LIST[] = new Object[](null)
    const int LONG[] = new int[100000]
    int e = three()
    int f = g
    int g = f
    File h = new File("a", 1)
    static Object i = new Object()
    static int j = f
    int three() { return 3 }
    int Half:twice(int value) { return value * A }
}
