uses Animal
component provides App requires io.Output out, time.Timer timer, Dog {
    char[] ask(Animal animal) {
        animal.feed()
        return animal.call()
    }
    int App:main(AppParam params[]) {
        Dog a = new Dog("Rex", 4)
        Dog b = new Dog("Bo", 3)
        out.println(ask(a)) // prints: dog Rex makes a noise and barks
        out.println(b.call()) // prints: dog Bo makes a noise and barks
        out.println("$(a.fed()) $(b.fed()) $(a.legs()) $(b.legs())") // prints: 2 1 6 4
        a = null
        timer.sleep(1)
        out.println("next $(b.fed())")
        return 0
    }
}
// prints: dog Rex is gone
// prints: next 1
// prints: dog Bo is gone
