// Objects of an interface that extends others, used as objects of those.

uses Animal

component provides App requires io.Output out, Dog, Puppy puppy {
    char[] ask(Animal a, int times) { return "$(a.call(times)) $(a.legs())" }
    int dig(Dog dog) { return dog.dig() }

    int App:main(AppParam params[]) {
        Dog dog = new Dog("rex")
        Animal first = dog
        Animal all[] = new Animal[](dog, puppy, first)
        foreach (Animal a in all) out.println(ask(a, 1))
        // prints: rex woof 4
        // prints: yap 3
        // prints: rex woof 4
        out.println("$(dig(dog)) $(dig(puppy)) $(dig(dog)) $(puppy.dig())") // prints: 1 10 2 20
        Animal either = params.arrayLength == 0 ? puppy : dog
        out.println("$(either.legs()) $(first === dog) $(either == dog) $(Dog.LEGS) $(puppy.small())")
        // prints: 3 true false 4 true
        return 0
    }
}
