interface Part { int x() }
