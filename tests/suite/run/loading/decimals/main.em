// Decimals are state like any other: they move with their object.
// prints: open 0.3 of 2, last 0.2
// prints: loud 0.3 of 2, last 0.2
// prints: loud 1000000000000000000000000.3 of 3, last 1000000000000000000000000.0
uses lang.IDC
uses Till

component provides App requires Loader loader, composition.Adapt adapt, io.Output out {
    int App:main(AppParam params[]) {
        IDC open = loader.load("Till.open")
        IDC loud = loader.load("Till.loud")
        Till till = new Till() from open
        till.take(0.1)
        till.take(0.2)
        out.println(till.text())
        adapt.adaptObject(open, till, loud, "Till")
        out.println(till.text())
        till.take(1000000000000000000000000.0)
        out.println(till.text())
        return 0
    }
}
