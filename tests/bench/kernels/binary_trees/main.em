// Builds complete binary trees of many depths, counts their nodes and drops them. Prints the sum.

component provides App requires io.Output out, time.Clock clock, data.IntUtil ints {
    const int LEAST = 4

    Node tree(int depth) {
        if (depth == 0) return new Node()
        return new Node(tree(depth - 1), tree(depth - 1))
    }

    int count(Node node) {
        if (node.left === null) return 1
        return 1 + count(node.left) + count(node.right)
    }

    int trees(int most) {
        int sum = count(tree(most + 1))
        Node kept = tree(most)
        for (int depth = LEAST; depth <= most; depth += 2) {
            int rounds = 1 << (most - depth + LEAST)
            for (int i = 0; i < rounds; i++) sum += count(tree(depth))
        }
        return sum + count(kept)
    }

    int App:main(AppParam params[]) {
        int depth = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            int sum = trees(depth)
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$sum $ns")
        }
        return 0
    }
}
