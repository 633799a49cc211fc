uses Animal

component provides App requires Dog dog, Animal animal {
    int App:main(AppParam params[]) {
        Animal a = dog
        Dog d = animal
        a.dig()
        Dog pack[] = new Animal[2]
        return d.legs()
    }
}
