interface Traced {
    transfer int visits
    // Says when it begins and ends, and goes on to others, and back, this deep.
    void visit(Traced all[], int thread, int own, int depth)
    int count()
}
