// Two goroutines that give way to each other on one processor, n times together.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

func main() {
	runtime.GOMAXPROCS(1)
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		turns := 0
		giveWay := func(n int, done *sync.WaitGroup) {
			for i := 0; i < n; i++ {
				turns++
				runtime.Gosched()
			}
			done.Done()
		}
		var done sync.WaitGroup
		done.Add(2)
		begin := time.Now()
		go giveWay(n/2, &done)
		go giveWay(n/2, &done)
		done.Wait()
		fmt.Printf("%d %d\n", turns, time.Since(begin).Nanoseconds())
	}
}
