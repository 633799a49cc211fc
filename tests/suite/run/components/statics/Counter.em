// Two interfaces and several sites: one set of static fields.
component provides Counter, Reader {
    static int count = 40
    static Mutex lock = new Mutex()
    static char texts[][] = new char[3][]
    static int used

    implementation Counter {
        static int own = 1
        int mine

        int Counter:next() {
            mutex (lock) {
                count++
                own++
                mine++
                return count * 100 + own * 10 + mine
            }
        }

        void Counter:note(char text[]) {
            // The array may have been made at another site.
            texts[used] = text
            used++
        }

        char[] Counter:notes() {
            return "$(texts[0])|$(texts[1])|$(texts[2])"
        }
    }

    implementation Reader {
        static int own = 7

        int Reader:seen() {
            return count * 10 + own
        }
    }
}
