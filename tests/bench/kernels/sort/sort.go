// Sorts n numbers with the library's sort. Prints a checksum of the order.
package main

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"time"
)

func numbers(n int) []int {
	values := make([]int, n)
	last := 42
	for i := range values {
		last = (last*3877 + 29573) % 139968
		values[i] = last
	}
	return values
}

func checksum(values []int) int {
	hash := 0
	for _, value := range values {
		hash = (hash*31 + value) % 1000003
	}
	return hash
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		values := numbers(n)
		sort.Ints(values)
		hash := checksum(values)
		fmt.Printf("%d %d\n", hash, time.Since(begin).Nanoseconds())
	}
}
