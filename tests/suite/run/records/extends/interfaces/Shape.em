// Shapes that extend each other, and who keeps them.

data Shape { const int SIDES = 0  char name[]  bool solid }
data Circle extends Shape { float radius }
data Ring extends Circle { byte colour  Shape inside }

interface Store {
    void put(store Shape shape)
    Shape any(int index)
    Circle widest()
    void rename(int index)
}
