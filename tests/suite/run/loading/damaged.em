// What is no image, or not a whole one, is refused when it is loaded, and the program goes on.
// prints: load
// prints: load
// prints: load
// prints: load
// prints: load
// prints: done
component provides App requires Loader loader, io.Output out {
    void attempt(byte bytes[]) {
        try {
            loader.loadFrom(bytes)
            out.println("loaded")
        } catch (Exception e) {
            out.println(e.kind)
        }
    }

    int App:main(AppParam params[]) {
        attempt(new byte[0])
        attempt(new byte[](1, 2, 3))
        byte noise[] = new byte[5000]
        for (int i = 0; i < noise.arrayLength; i++) noise[i] = byte(i * 31)
        attempt(noise)
        byte start[] = new byte[64]
        start[0] = byte('E')
        start[1] = byte('M')
        start[2] = byte('O')
        attempt(start)
        attempt(null)
        out.println("done")
        return 0
    }
}
