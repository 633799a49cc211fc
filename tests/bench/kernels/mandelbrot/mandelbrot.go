// The Mandelbrot set as an image of n by n bits, n a multiple of 8. Prints a checksum of its bytes.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

const rounds = 50

func stays(cr, ci float64) bool {
	var zr, zi, rr, ii float64
	for i := 0; i < rounds && rr+ii <= 4; i++ {
		zi = 2*zr*zi + ci
		zr = rr - ii + cr
		rr = zr * zr
		ii = zi * zi
	}
	return rr+ii <= 4
}

func image(n int) []byte {
	bits := make([]byte, 0, n*n/8)
	for y := 0; y < n; y++ {
		ci := 2*float64(y)/float64(n) - 1
		for x := 0; x < n; x += 8 {
			var eight byte
			for bit := 0; bit < 8; bit++ {
				cr := 2*float64(x+bit)/float64(n) - 1.5
				eight <<= 1
				if stays(cr, ci) {
					eight |= 1
				}
			}
			bits = append(bits, eight)
		}
	}
	return bits
}

func checksum(bits []byte) int {
	hash := 0
	for _, b := range bits {
		hash = (hash*31 + int(b)) % 1000003
	}
	return hash
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		hash := checksum(image(n))
		fmt.Printf("%d %d\n", hash, time.Since(begin).Nanoseconds())
	}
}
