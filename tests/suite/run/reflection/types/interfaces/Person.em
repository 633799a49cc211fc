data Person {
    char name[]
    int age
    float weight
    Person friend
}
data Employee extends Person {
    int salary
}
