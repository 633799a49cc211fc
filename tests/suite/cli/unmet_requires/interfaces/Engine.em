interface Engine { int start() }
