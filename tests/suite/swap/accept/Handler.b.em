component provides Handler {
    char[] Handler:answer(char request[]) {
        served++
        return "b $served $request"
    }
}
