data Shape {
    int sides
}
data Square extends Shape {
    int edge
}
