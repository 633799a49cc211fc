// Parses a JSON text of n records to values, and walks over them: how many, the sum of all numbers,
// and the length of all texts.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func document(n int) []byte {
	records := make([]string, n)
	for i := range records {
		records[i] = fmt.Sprintf(`{"id": %d, "name": "item \"%d\"", "price": %d.25, `+
			`"tags": ["red", "green", "blue"], "active": %v, "parent": null}`,
			i, i, i%100, i%2 == 0)
	}
	return []byte("[" + strings.Join(records, ",\n") + "]")
}

type Total struct {
	values int
	sum    float64
	bytes  int
}

func (total *Total) walk(value any) {
	total.values++
	switch value := value.(type) {
	case float64:
		total.sum += value
	case string:
		total.bytes += len(value)
	case []any:
		for _, item := range value {
			total.walk(item)
		}
	case map[string]any:
		for _, item := range value {
			total.walk(item)
		}
	}
}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	repeats, _ := strconv.Atoi(os.Args[2])
	text := document(n)
	for i := 0; i < repeats; i++ {
		begin := time.Now()
		var root any
		if err := json.Unmarshal(text, &root); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		var total Total
		total.walk(root)
		ns := time.Since(begin).Nanoseconds()
		fmt.Printf("%d/%.2f/%d %d\n", total.values, total.sum, total.bytes, ns)
	}
}
