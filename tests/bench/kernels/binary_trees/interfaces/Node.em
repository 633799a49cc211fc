// A node of a binary tree; a leaf has no children.

data Node {
    Node left
    Node right
}
