component provides App {
    char text[] = "é"
}
