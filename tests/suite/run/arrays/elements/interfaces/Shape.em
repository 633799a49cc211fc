data Shape {
    int id
}

data Circle extends Shape {
    int radius
}

data Square extends Shape {
    int side
}
