// Two matrices of n by n multiplied; the second is turned first, so that both are read by rows.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func empty(n int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, n)
	}
	return rows
}

func matrix(n int, seed float64) [][]float64 {
	scale := seed / float64(n) / float64(n)
	rows := empty(n)
	for i, row := range rows {
		for j := range row {
			row[j] = scale * float64(i-j) * float64(i+j)
		}
	}
	return rows
}

func transposed(rows [][]float64) [][]float64 {
	result := empty(len(rows))
	for i, row := range result {
		for j := range row {
			row[j] = rows[j][i]
		}
	}
	return result
}

func multiply(a, b [][]float64) [][]float64 {
	columns := transposed(b)
	result := empty(len(a))
	for i, left := range a {
		for j, right := range columns {
			sum := 0.0
			for k, x := range left {
				sum += x * right[k]
			}
			result[i][j] = sum
		}
	}
	return result
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		product := multiply(matrix(n, 1), matrix(n, 2))
		middle := product[n/2][n/2]
		fmt.Printf("%.9f %d\n", middle, time.Since(begin).Nanoseconds())
	}
}
