// The Mandelbrot set as an image of n by n bits, n a multiple of 8. Prints a checksum of its bytes.

component provides App requires io.Output out, time.Clock clock, data.IntUtil ints {
    const int ROUNDS = 50

    bool stays(float cr, float ci) {
        float zr = 0.0
        float zi = 0.0
        float rr = 0.0
        float ii = 0.0
        for (int i = 0; i < ROUNDS && rr + ii <= 4.0; i++) {
            zi = 2.0 * zr * zi + ci
            zr = rr - ii + cr
            rr = zr * zr
            ii = zi * zi
        }
        return rr + ii <= 4.0
    }

    byte[] image(int n) {
        byte bits[] = new byte[n * n / 8]
        int at = 0
        for (int y = 0; y < n; y++) {
            float ci = 2.0 * float(y) / float(n) - 1.0
            for (int x = 0; x < n; x += 8) {
                int eight = 0
                for (int bit = 0; bit < 8; bit++) {
                    float cr = 2.0 * float(x + bit) / float(n) - 1.5
                    eight = eight << 1
                    if (stays(cr, ci)) eight++
                }
                bits[at] = byte(eight)
                at++
            }
        }
        return bits
    }

    int checksum(byte bits[]) {
        int hash = 0
        foreach (byte b in bits) hash = (hash * 31 + b) % 1000003
        return hash
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            int hash = checksum(image(n))
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$hash $ns")
        }
        return 0
    }
}
