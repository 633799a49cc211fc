// The spectral norm of the infinite matrix 1, 1/2, 1/3 …, cut to n rows, by the power method.

component provides App requires
        io.Output out, time.Clock clock, data.IntUtil ints, data.FloatUtil floats {
    float element(int i, int j) {
        return 1.0 / float((i + j) * (i + j + 1) / 2 + i + 1)
    }

    void multiply(float v[], float result[]) {
        for (int i = 0; i < v.arrayLength; i++) {
            float sum = 0.0
            for (int j = 0; j < v.arrayLength; j++) sum += element(i, j) * v[j]
            result[i] = sum
        }
    }

    void multiplyTransposed(float v[], float result[]) {
        for (int i = 0; i < v.arrayLength; i++) {
            float sum = 0.0
            for (int j = 0; j < v.arrayLength; j++) sum += element(j, i) * v[j]
            result[i] = sum
        }
    }

    float norm(int n) {
        float u[] = new float[n]
        float v[] = new float[n]
        float w[] = new float[n]
        for (int i = 0; i < n; i++) u[i] = 1.0
        for (int round = 0; round < 10; round++) {
            multiply(u, w)
            multiplyTransposed(w, v)
            multiply(v, w)
            multiplyTransposed(w, u)
        }
        float uv = 0.0
        float vv = 0.0
        for (int i = 0; i < n; i++) {
            uv += u[i] * v[i]
            vv += v[i] * v[i]
        }
        return floats.sqrt(uv / vv)
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            float result = norm(n)
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$(floats.fixed(result, 9)) $ns")
        }
        return 0
    }
}
