component provides App requires io.Output out, time.Timer timer, Dog {
    int App:main(AppParam params[]) {
        Dog dog = new Dog("Rex")
        for (int i = 0; i < 3; i++) {
            out.println(dog.bark())
            timer.sleep(1)
        }
        return 0
    }
}
