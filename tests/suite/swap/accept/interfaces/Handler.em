interface Handler {
    transfer int served
    char[] answer(char request[])
}
