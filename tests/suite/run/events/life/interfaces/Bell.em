data Ring { int count }
interface Bell {
    event rung(Ring ring)
    void ring()
    void done()
}
interface Ear {
    void hear(store Bell bell)
}
