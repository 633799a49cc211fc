interface Part {
    transfer int count
    transfer char text[]
    int use()
}
