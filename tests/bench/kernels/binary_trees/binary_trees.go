// Builds complete binary trees of many depths, counts their nodes and drops them. Prints the sum.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

const least = 4

type Node struct {
	left, right *Node
}

func tree(depth int) *Node {
	if depth == 0 {
		return &Node{}
	}
	return &Node{tree(depth - 1), tree(depth - 1)}
}

func (node *Node) count() int {
	if node.left == nil {
		return 1
	}
	return 1 + node.left.count() + node.right.count()
}

func trees(most int) int {
	sum := tree(most + 1).count()
	kept := tree(most)
	for depth := least; depth <= most; depth += 2 {
		rounds := 1 << (most - depth + least)
		for i := 0; i < rounds; i++ {
			sum += tree(depth).count()
		}
	}
	return sum + kept.count()
}

func main() {
	depth, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		sum := trees(depth)
		fmt.Printf("%d %d\n", sum, time.Since(begin).Nanoseconds())
	}
}
