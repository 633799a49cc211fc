// A file of DNA: one sequence repeated, and two of letters drawn by their frequency, in lines of 60
// after a title each. Prints the file's length and a checksum.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

const line = 60

const alu = "GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGGGAGGCCGAGGCGGGCGGATCACCTGAGGTCAGGA"

var last int

func random() float64 {
	last = (last*3877 + 29573) % 139968
	return float64(last) / 139968
}

func repeated(text []byte, title string, n int) []byte {
	text = append(text, title...)
	at := 0
	for i := 0; i < n; i++ {
		text = append(text, alu[at])
		at++
		if at == len(alu) {
			at = 0
		}
		if i%line == line-1 || i == n-1 {
			text = append(text, '\n')
		}
	}
	return text
}

func drawn(letters string, chances []float64) byte {
	r := random()
	i := 0
	for r >= chances[i] {
		i++
	}
	return letters[i]
}

// shares are the letters' frequencies; the last one gets what is missing to 1.
func randomLetters(text []byte, title, letters string, shares []float64, n int) []byte {
	chances := append([]float64(nil), shares...)
	for i := 1; i < len(chances); i++ {
		chances[i] += chances[i-1]
	}
	chances[len(chances)-1] = 1
	text = append(text, title...)
	for i := 0; i < n; i++ {
		text = append(text, drawn(letters, chances))
		if i%line == line-1 || i == n-1 {
			text = append(text, '\n')
		}
	}
	return text
}

func file(n int) []byte {
	last = 42
	text := repeated(nil, ">ONE Homo sapiens alu\n", 2*n)
	text = randomLetters(text, ">TWO IUB ambiguity codes\n", "acgtBDHKMNRSVWY",
		[]float64{0.27, 0.12, 0.12, 0.27, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02,
			0.02}, 3*n)
	return randomLetters(text, ">THREE Homo sapiens frequency\n", "acgt",
		[]float64{0.3029549426680, 0.1979883004921, 0.1975473066391, 0.3015094502008}, 5*n)
}

func checksum(text []byte) int {
	hash := 0
	for _, b := range text {
		hash = (hash*31 + int(b)) % 1000003
	}
	return hash
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		text := file(n)
		hash := checksum(text)
		fmt.Printf("%d/%d %d\n", len(text), hash, time.Since(begin).Nanoseconds())
	}
}
