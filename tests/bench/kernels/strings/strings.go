// A text of n lines, put together piece by piece. Prints its length and a checksum of some bytes.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func build(n int) string {
	var text strings.Builder
	for i := 0; i < n; i++ {
		text.WriteString("item ")
		text.WriteString(strconv.Itoa(i))
		text.WriteString(": ")
		text.WriteString(strconv.Itoa(i * i % 1000))
		text.WriteByte('\n')
	}
	return text.String()
}

func checksum(text string) int {
	hash := 0
	for i := 0; i < len(text); i += 97 {
		hash = (hash*31 + int(text[i])) % 1000003
	}
	return hash
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		text := build(n)
		hash := checksum(text)
		fmt.Printf("%d/%d %d\n", len(text), hash, time.Since(begin).Nanoseconds())
	}
}
