// Insertion sort: each number moves left to its place. Quadratic, but nothing is cheaper for a few
// numbers or for nearly sorted ones, where hardly any number moves.

component provides data.query.Sort {
    int[] Sort:sortInts(int values[]) {
        int result[] = clone values
        for (int i = 1; i < result.arrayLength; i++) {
            int value = result[i]
            int hole = i
            while (hole > 0 && result[hole - 1] > value) {
                result[hole] = result[hole - 1]
                hole -= 1
            }
            result[hole] = value
        }
        return result
    }
}
