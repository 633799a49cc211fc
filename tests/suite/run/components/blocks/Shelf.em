// Two interfaces, each with fields and private functions of its own that have the same names.
component provides Shelf, Label(Destructor) requires io.Output out {
    const int STEP = 10
    int shared = 1

    implementation Shelf {
        const int WIDTH = 2
        int count = 100

        void add(int n) {
            count += n * WIDTH
            shared++
        }

        void Shelf:put(int n) {
            used++
            add(n)
        }

        int Shelf:total() {
            return count + used * STEP + shared
        }
    }

    implementation Label {
        const char WIDTH[] = "wide"
        char count[] = "none"

        void add(char more[]) {
            count = more
            shared += 5
        }

        Label:Label(char first[]) {
            text = first
            add(first)
        }

        char[] Label:show() {
            return "$text $count $WIDTH $shared"
        }

        void Destructor:destroy() {
            out.println("$text is gone")
        }
    }
}
