uses Shape

interface Shapes {
    transfer Shape kept[]
    Data[] reversed(Data items[])
    void put(Data items[], int at, Data item)
    void keep(store Shape items[])
    Shape[] back()
}
