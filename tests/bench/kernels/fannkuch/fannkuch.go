// How often the front of a permutation can be reversed, by its first number, until that is 1: the
// most for any permutation of n numbers, and a checksum over all of them.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func flips(order, work []int) int {
	copy(work, order)
	count := 0
	for first := work[0]; first != 0; first = work[0] {
		for low, high := 0, first; low < high; low, high = low+1, high-1 {
			work[low], work[high] = work[high], work[low]
		}
		count++
	}
	return count
}

// Rotates the first numbers left, more of them each time that a shorter front has come round.
func next(order, counts []int) bool {
	for front := 1; front < len(order); front++ {
		first := order[0]
		copy(order, order[1:front+1])
		order[front] = first
		counts[front]--
		if counts[front] > 0 {
			return true
		}
		counts[front] = front + 1
	}
	return false
}

func fannkuch(n int) (sum, most int) {
	order := make([]int, n)
	work := make([]int, n)
	counts := make([]int, n)
	for i := range order {
		order[i] = i
		counts[i] = i + 1
	}
	sign := 1
	for {
		count := 0
		if order[0] != 0 {
			count = flips(order, work)
		}
		if count > most {
			most = count
		}
		sum += sign * count
		sign = -sign
		if !next(order, counts) {
			return sum, most
		}
	}
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		sum, most := fannkuch(n)
		fmt.Printf("%d/%d %d\n", sum, most, time.Since(begin).Nanoseconds())
	}
}
