// A buffer against a text that is cut by hand.

component provides App requires data.StreamBuffer buffer, util.Random, io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    byte[] bytes(char text[]) {
        byte result[] = new byte[text.arrayLength]
        for (int i = 0; i < text.arrayLength; i++) result[i] = byte(text[i])
        return result
    }

    int App:main(AppParam params[]) {
        check(buffer.read(5).arrayLength == 0 && buffer.getSize() == 0, "an empty one has bytes")
        buffer.write(bytes("hi"))
        buffer.write(bytes(" there and more"), 6)
        check(buffer.getSize() == 8 && buffer.read(8) == bytes("hi there"), "not what was written")
        buffer.write(bytes("abc"), 0)
        buffer.write(bytes("abc"), -1)
        buffer.write(bytes("abc"), 7)
        check(buffer.read(9) == bytes("abc"), "more or fewer bytes than there are")
        Random random = new Random(5)
        byte model[] = new byte[0]
        int next = 0
        for (int i = 0; i < 2000; i++) {
            byte part[] = new byte[random.next(90)]
            for (int k = 0; k < part.arrayLength; k++) {
                part[k] = byte(next)
                next++
            }
            buffer.write(part)
            model = new byte[](model, part)
            int count = random.next(100)
            byte taken[] = buffer.read(count)
            if (count > model.arrayLength) count = model.arrayLength
            check(taken == model.slice(0, count), "bytes differ in round $i")
            model = model.slice(count, model.arrayLength)
            check(buffer.getSize() == model.arrayLength, "the size is wrong in round $i")
        }
        out.println("ok $checks")
        return 0
    }
}
