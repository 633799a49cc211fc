interface Shape {
    const int UNIT = 2
    transfer char name[]
    int area()
    void rename(char text[]) {
        name = text
    }
    int units() {
        return area() / UNIT
    }
    char[] describe(opt int times) {
        int n = 1
        if (isset times) n = times
        char all[] = ""
        for (int i = 0; i < n; i++) all += "$name:$(units());"
        return all
    }
    int fail() {
        int none[] = null
        return none[units()]
    }
}

interface Square extends Shape {
    Square(int side)
    int side() {
        return area() / units()
    }
}
