// `new T[n][m]` makes all the rows; `=[]` copies cells, as many as there are and fit.
component provides App requires io.Output out {
    const int TABLE[] = new int[](1, 2)
    int grid[][] = new int[2][3]
    int cube[][][]

    int App:main(AppParam params[]) {
        grid[1][2] = 7
        out.println("$(grid.arrayLength) $(grid[0].arrayLength) $(grid[1][2]) $(grid[0][2])") // prints: 2 3 7 0
        cube = new int[2][3][4]
        cube[1][2][3] = 5
        out.println("$(cube[1][2].arrayLength) $(cube[1][2][3]) $(cube[0][2][3])") // prints: 4 5 0
        char names[][][] = new char[2][1][]
        out.println("$(names[1].arrayLength) $(names[1][0] === null)") // prints: 1 true
        int none[][] = new int[0][5]
        out.println("$(none.arrayLength)") // prints: 0
        try {
            int bad[][] = new int[2][-1]
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)") // prints: length: array length -1 is negative
        }
        int a[] = new int[](1, 2, 3, 4)
        int b[] = a
        a =[] new int[](9, 8)
        out.println("$(a[0]) $(a[1]) $(a[2]) $(b === a)") // prints: 9 8 3 true
        a =[] new int[](5, 6, 7, 8, 9, 10)
        out.println("$(a[3]) $(a.arrayLength)") // prints: 8 4
        a =[] a
        a =[] null
        out.println("$(a[0])") // prints: 5
        grid[0] =[] grid[1]
        out.println("$(grid[0][2])") // prints: 7
        try {
            b = null
            b =[] a
        } catch (Exception e) {
            out.println(e.kind) // prints: null
        }
        try {
            TABLE =[] a
        } catch (Exception e) {
            out.println(e.kind) // prints: read-only
        }
        return 0
    }
}
