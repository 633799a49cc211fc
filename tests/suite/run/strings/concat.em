// `+` joins strings and characters, and makes a new string each time.
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        char a[] = "ab" + "cd"
        out.println(a + 'e') // prints: abcde
        out.println('x' + a) // prints: xabcd
        char s[] = ""
        for (int i = 0; i < 5; i++) s += "$i,"
        out.println(s) // prints: 0,1,2,3,4,
        char copy[] = s
        s += '!'
        out.println("$copy $s") // prints: 0,1,2,3,4, 0,1,2,3,4,!
        char none[] = null
        out.println(none + "z" + none) // prints: z
        char long[] = ""
        for (int i = 0; i < 1000; i++) long = long + "0123456789"
        out.println("$(long.arrayLength) $(long[9999])") // prints: 10000 9
        char utf8[] = "é"
        out.println("$(utf8.arrayLength) $utf8") // prints: 2 é
        return 0
    }
}
