uses Color
uses Dye

component provides App requires Color paint {
    int App:main(AppParam params[]) {
        Color c = Color.PINK
        int n = Color.RED
        Color d = 1
        bool less = c < Color.GREEN
        new Color()
        switch (c) {
            case RED: n = 1
        }
        switch (c) {
            case RED, BLACK: n = 1
            case Color.RED: n = 2
            default: n = 3
            default: n = 4
        }
        switch (n) {
            case n: return 1
            case "a": return 2
            case 3, 1 + 2: return 3
        }
        switch (1.5) { case 1.5: return 4 }
        switch (new Dye()) { default: return 5 }
        Empty none
        switch (none) { }
        return n
    }
}
