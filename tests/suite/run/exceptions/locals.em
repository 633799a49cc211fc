// Variables keep what they had when the exception came, and loops go on.
component provides App requires io.Output out {
    int half(int x) {
        if (x % 2 == 1) throw new Exception("odd", "$x")
        return x / 2
    }
    int App:main(AppParam params[]) {
        int good = 0
        char bad[] = ""
        for (int i = 0; i < 6; i++) {
            char word[] = "w$i"
            try {
                int h = half(i)
                good += h
                word += "!"
                if (i == 4) break
            } catch (Exception e) {
                bad += "$(e.message)$word "
                continue
            }
        }
        out.println("$good [$bad]") // prints: 3 [1w1 3w3 ]
        out.println("$(deep(0))") // prints: 100
        return 0
    }
    int deep(int n) {
        if (n == 100) throw new Exception("end", "$n")
        try {
            return deep(n + 1)
        } catch (Exception e) {
            if (n > 0) throw e
            int lines = 0
            foreach (char c in e.message) lines++
            return lines == 3 ? 100 : -1
        }
    }
}
