// How long a program takes that does nothing.
package main

import "fmt"

func main() {
	fmt.Println("hello")
}
