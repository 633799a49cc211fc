data Person {
    char name[]
    int age
    float weight
    byte rank
    Person friend
    int marks[]
}
data Employee extends Person {
    int salary
}
