interface Part { int x() 
