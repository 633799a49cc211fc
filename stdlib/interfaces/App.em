// A program: what `emr run` starts. The result of main is the exit code.

interface App {
    int main(AppParam params[])
}
