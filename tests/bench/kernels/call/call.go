// n calls of a method through an interface, of which the compiler does not know who implements it.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

type Step interface {
	step(x int) int
}

type up struct{}

func (up) step(x int) int { return x + 1 }

type down struct{}

func (down) step(x int) int { return x - 1 }

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	var step Step = down{}
	if len(os.Args) == 3 {
		step = up{}
	}
	for i := 0; i < repeats; i++ {
		x := 0
		begin := time.Now()
		for call := 0; call < n; call++ {
			x = step.step(x)
		}
		fmt.Printf("%d %d\n", x, time.Since(begin).Nanoseconds())
	}
}
