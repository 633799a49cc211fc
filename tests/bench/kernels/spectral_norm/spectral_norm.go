// The spectral norm of the infinite matrix 1, 1/2, 1/3 …, cut to n rows, by the power method.
package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"time"
)

func element(i, j int) float64 {
	return 1 / float64((i+j)*(i+j+1)/2+i+1)
}

func multiply(v, result []float64) {
	for i := range result {
		sum := 0.0
		for j, x := range v {
			sum += element(i, j) * x
		}
		result[i] = sum
	}
}

func multiplyTransposed(v, result []float64) {
	for i := range result {
		sum := 0.0
		for j, x := range v {
			sum += element(j, i) * x
		}
		result[i] = sum
	}
}

func norm(n int) float64 {
	u := make([]float64, n)
	v := make([]float64, n)
	w := make([]float64, n)
	for i := range u {
		u[i] = 1
	}
	for round := 0; round < 10; round++ {
		multiply(u, w)
		multiplyTransposed(w, v)
		multiply(v, w)
		multiplyTransposed(w, u)
	}
	uv, vv := 0.0, 0.0
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	return math.Sqrt(uv / vv)
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		result := norm(n)
		fmt.Printf("%.9f %d\n", result, time.Since(begin).Nanoseconds())
	}
}
