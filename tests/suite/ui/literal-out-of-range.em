component provides App {
    int App:main(AppParam params[]) {
        byte a = 256
        int8 b = -129
        uint32 c = -1
        int d = 9223372036854775808
        char e = 1000
        uint64 f = 0xffffffffffffffff
        int g = -9223372036854775808
        return 0
    }
}
