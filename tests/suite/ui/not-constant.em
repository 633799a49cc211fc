component provides shapes.Half requires io.Output out, data.adt.List {
    const int A = 2 * B
    const int B = 3
    const int C = three()
    const int ROUND = AGAIN + 1
    const int AGAIN = ROUND
    const int D = 1 / 0
    int e = three()
    int f = e
    List g = new List()
    int three() { return 3 }
    int Half:twice(int value) { return value * A }
}
