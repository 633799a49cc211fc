data Stroke {
    int number
}
interface Bell {
    transfer int strokes
    event stroke(Stroke stroke)
    void ring(int times)
}
