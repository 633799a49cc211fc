data Node { int value  Node next }
