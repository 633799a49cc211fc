// Declared by Em: its `int` has a sign, also for those who implement it in Dana.

interface Count {
    int less(int a, int b)
    int twice(int a)
}
