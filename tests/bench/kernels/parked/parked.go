// n goroutines that wait for a mutex. Says so when all do, and keeps them.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	var lock sync.Mutex
	var waiting int64
	lock.Lock()
	for i := 0; i < n; i++ {
		go func() {
			atomic.AddInt64(&waiting, 1)
			lock.Lock()
			lock.Unlock()
		}()
	}
	for atomic.LoadInt64(&waiting) < int64(n) {
		runtime.Gosched()
	}
	fmt.Println("parked")
	time.Sleep(600 * time.Second)
}
