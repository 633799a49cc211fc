// Each way to choose: numbers, characters, strings, truth values, enums; leaving from inside.

uses Color
uses Flag

component provides App requires io.Output out {
    const int SEVEN = 7
    int asked = 0

    char[] size(int n) {
        switch (n) {
            case 0: return "none"
            case 1, 2, 1 + 2: return "few"
            case SEVEN: return "lucky"
            case -1:
            default:
                if (n > 100) return "huge"
        }
        return "some"
    }

    int digit(char c) {
        int n = -1
        switch (c) {
            case '0': n = 0
            case '1':
                int twice = 1
                n = twice
            case 'x', 'X': { n = 10 }
        }
        return n
    }

    int code(char word[]) {
        switch (word) {
            case "get", "GET": return 1
            case "": return 0
            case "put": return 2
            default: return -1
        }
    }

    Color next(Color c) {
        switch (c) {
            case RED: return Color.GREEN
            case Color.GREEN: return Color.BLUE
            case BLUE: return Color.RED
        }
    }

    int ask() {
        asked++
        return asked
    }

    int App:main(AppParam params[]) {
        out.println("$(size(0)) $(size(3)) $(size(7)) $(size(-1)) $(size(9)) $(size(101))")
        // prints: none few lucky some some huge
        out.println("$(digit('0')) $(digit('1')) $(digit('X')) $(digit('?'))") // prints: 0 1 10 -1
        char get[] = "g" + "et"
        char nothing[]
        out.println("$(code(get)) $(code(nothing)) $(code("put")) $(code("Put"))") // prints: 1 0 2 -1
        Color c
        out.println("$c $(next(c)) $(next(next(c))) $(int(next(c)))") // prints: RED GREEN BLUE 1
        Flag flag = new Flag(Color.GREEN, stripes = 3)
        out.println("$(flag.top) $(flag.bottom) $(flag.top == Color.GREEN) $FAVOURITE") // prints: GREEN RED true BLUE
        Color both[] = new Color[](flag.top, FAVOURITE)
        out.println("$(both == new Color[](Color.GREEN, Color.BLUE)) $(both[1] != FAVOURITE)") // prints: true false
        switch (ask()) { case 2: out.println("asked twice") }
        switch (asked == 1) {
            case true: out.println("once") // prints: once
            case false: out.println("again")
        }
        int sum = 0
        for (int i = 0; i < 10; i++) {
            switch (i) {
                case 2, 4: continue
                case 7: break
                default: sum += i
            }
        }
        out.println("$sum") // prints: 15
        switch (sum) { }
        switch (sum) { default: return 3 }
    }
}
// exit: 3
