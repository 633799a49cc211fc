// Two matrices of n by n multiplied; the second is turned first, so that both are read by rows.

component provides App requires
        io.Output out, time.Clock clock, data.IntUtil ints, data.FloatUtil floats {
    float[][] matrix(int n, float seed) {
        float scale = seed / float(n) / float(n)
        float rows[][] = new float[n][]
        for (int i = 0; i < n; i++) {
            float row[] = new float[n]
            for (int j = 0; j < n; j++) row[j] = scale * float(i - j) * float(i + j)
            rows[i] = row
        }
        return rows
    }

    float[][] transposed(float rows[][]) {
        int n = rows.arrayLength
        float result[][] = new float[n][]
        for (int i = 0; i < n; i++) {
            float row[] = new float[n]
            for (int j = 0; j < n; j++) row[j] = rows[j][i]
            result[i] = row
        }
        return result
    }

    float[][] multiply(float a[][], float b[][]) {
        int n = a.arrayLength
        float columns[][] = transposed(b)
        float result[][] = new float[n][]
        for (int i = 0; i < n; i++) {
            float row[] = new float[n]
            float left[] = a[i]
            for (int j = 0; j < n; j++) {
                float right[] = columns[j]
                float sum = 0.0
                for (int k = 0; k < n; k++) sum += left[k] * right[k]
                row[j] = sum
            }
            result[i] = row
        }
        return result
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            float product[][] = multiply(matrix(n, 1.0), matrix(n, 2.0))
            float middle = product[n / 2][n / 2]
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$(floats.fixed(middle, 9)) $ns")
        }
        return 0
    }
}
