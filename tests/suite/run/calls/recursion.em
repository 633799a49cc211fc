// Functions call each other in any order, with many parameters of all types.
component provides App requires io.Output out {
    bool even(int n) {
        return n == 0 ? true : odd(n - 1)
    }
    bool odd(int n) {
        return n == 0 ? false : even(n - 1)
    }
    int fib(int n) {
        return n < 2 ? n : fib(n - 1) + fib(n - 2)
    }
    int ack(int m, int n) {
        if (m == 0) return n + 1
        if (n == 0) return ack(m - 1, 1)
        return ack(m - 1, ack(m, n - 1))
    }
    char[] many(int8 a, uint16 b, float c, bool d, char e, char f[], int g[], uint64 h, int32 i,
            byte j, float k) {
        return "$a $b $c $d $e $f $(g[0]) $h $i $(int(j)) $k"
    }
    int App:main(AppParam params[]) {
        out.println("$(even(101)) $(odd(101))") // prints: false true
        out.println("$(fib(20)) $(ack(2, 3))") // prints: 6765 9
        uint64 big = 18446744073709551615
        int one[] = new int[](6)
        out.println(many(-1, 2, 3.5, true, '4', "five", one, big, -8, 9, 0.25))
        // prints: -1 2 3.5 true 4 five 6 18446744073709551615 -8 9 0.25
        return 0
    }
}
